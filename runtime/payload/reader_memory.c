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

/* Bytes of a string as JSON, with quotes and escapes. */
static size_t quoted_length(struct mqb_str text)
{
    char escape[MQB_JSON_ESCAPE_BYTES];
    size_t len = text.len + 2;
    for (size_t i = 0; i < text.len; i++) {
        const size_t escaped = mqb_json_escape(text.ptr[i], escape);
        len += escaped != 0 ? escaped - 1 : 0;
    }
    return len;
}

struct mqb_json mqb_reader_quoted(struct mqb_reader *r)
{
    const size_t len = quoted_length(r->json);
    char *copy = take_memory(r, len, 1, 1);
    if (copy == NULL)
        return (struct mqb_json){NULL, 0};
    return mqb_json_from_string(r->json, copy, len);
}
