#include "payload/reader_maps.h"

#include "json/duplicate_entries.h"

struct mqb_map mqb_reader_any_map(struct mqb_reader *r)
{
    struct mqb_list list;
    struct mqb_map_entry *entries = mqb_reader_entries(r, &list, sizeof(*entries));
    while (mqb_reader_next_entry(r, &list)) {
        entries[list.item].key = list.key;
        entries[list.item].value = mqb_reader_json(r);
    }
    if (r->status != MQB_OK)
        return (struct mqb_map){NULL, 0};
    return (struct mqb_map){entries, list.count};
}

struct mqb_map mqb_reader_other_map(struct mqb_reader *r, const struct mqb_others *others)
{
    struct mqb_list list;
    struct mqb_map_entry *entries = mqb_reader_others(r, &list, others, sizeof(*entries));
    while (mqb_reader_next_other(r, &list, others)) {
        entries[list.item].key = list.key;
        entries[list.item].value = mqb_reader_json(r);
    }
    if (r->status != MQB_OK)
        return (struct mqb_map){NULL, 0};
    return (struct mqb_map){list.count == 0 ? NULL : entries, list.count};
}

struct mqb_map mqb_reader_beside(
    struct mqb_reader *r,
    struct mqb_beside_mark start,
    const struct mqb_beside *beside,
    int form)
{
    const struct mqb_object object = {.members = beside->members, .offset = r->value};
    const struct mqb_others others = {
        .object = &object,
        .mark = start.mark,
        .beside = beside,
        .form = form,
    };
    if (r->status != MQB_OK || r->skipped == start.skipped)
        return (struct mqb_map){NULL, 0};
    mqb_reader_rewind(r, start.mark);
    if (mqb_reader_peek_type(r) == MQB_JSON_OBJECT)
        return mqb_reader_other_map(r, &others);
    mqb_reader_skip(r);
    return (struct mqb_map){NULL, 0};
}

bool mqb_reader_has_key(
    const struct mqb_reader *r,
    const void *entries,
    size_t count,
    size_t size,
    struct mqb_str name)
{
    return r->status == MQB_OK &&
           mqb_entries_have(&(struct mqb_entries){entries, size, count}, name);
}

#ifndef MQB_PARSER_DIRECT
struct mqb_map mqb_reader_map(struct mqb_reader *r)
{
    return mqb_reader_any_map(r);
}
#endif
