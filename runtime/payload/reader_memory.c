/* Memory for what is read, and strings that need it. */
#include "payload/reader_memory.h"

#include <string.h>

#include "json/text.h"
#include "payload/engine.h"
#include "payload/reader.h"

/* Memory for `count` items, not cleared; NULL after an error. */
static void *take_memory(struct mqb_reader *r, size_t count, size_t size, size_t align)
{
#ifdef MQB_PARSER_DIRECT
    if (r->status == MQB_OK && count != 0)
        mqb_direct_settle(r);
#endif
    return mqb_reader_front(r, count, size, align);
}

void *mqb_reader_take(struct mqb_reader *r, size_t count, size_t size)
{
    void *memory = take_memory(r, count, size, _Alignof(union mqb_anything));
    if (memory != NULL)
        memset(memory, 0, count * size);
    return memory;
}

struct mqb_str mqb_reader_unescape(struct mqb_reader *r, struct mqb_str raw)
{
    if (!r->escapes || !mqb_json_text_escaped(raw))
        return raw;
    char *copy = take_memory(r, mqb_json_text_length(raw), 1, 1);
    if (copy == NULL)
        return (struct mqb_str){NULL, 0};
    return (struct mqb_str){copy, mqb_json_text_copy(raw, copy)};
}
