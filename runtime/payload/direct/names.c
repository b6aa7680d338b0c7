#include "payload/direct/names.h"

#include "json/duplicate_names.h"
#include "payload/direct/direct_reader.h"
#include "payload/engine.h"
#include "payload/reader.h"

struct mqb_str mqb_direct_name(struct mqb_reader *r)
{
    const struct mqb_str none = {NULL, 0};
    struct mqb_str name = mqb_direct_plain(r);
    if (name.ptr == NULL)
        name = mqb_reader_scalar_text(r, MQB_JSON_STRING, "must be JSON");
    if (r->status != MQB_OK || name.ptr == NULL)
        return none;
    const char *at = mqb_bytes_next(r->at, r->end);
    if (at == r->end || *at != ':') {
        mqb_direct_break(r);
        return none;
    }
    r->at = at + 1;
    return name;
}

void mqb_direct_note(struct mqb_reader *r, size_t *count, struct mqb_str name)
{
    const size_t offset = (size_t)(name.ptr - r->json.ptr) - 1;
    if (r->status != MQB_OK)
        return;
    const uint32_t hash = r->escapes ? mqb_name_hash_escaped(name) : mqb_name_hash(name, r->end);
    ++*count;
    if (!mqb_names_push(r->scratch, hash, offset))
        mqb_reader_no_space(r);
}

void mqb_direct_compare(struct mqb_reader *r, size_t count)
{
    struct mqb_names names;
    if (r->status != MQB_OK)
        return;
    mqb_names_begin(&names, r->json, r->scratch, count);
    mqb_names_end(&names);
    if (names.twice != SIZE_MAX)
        mqb_reader_twice(r, names.twice);
}
