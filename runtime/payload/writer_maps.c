/*
 * Objects with arbitrary names, of which no two may be equal. Before the entries are written, the
 * rest of the buffer serves as memory: if the entries fit, they take more of it than their
 * fingerprints in the allowed number of rounds.
 */
#include "payload/writer.h"

#include <mqbind/detail/reader.h>

#include "compiler.h"
#include "json/duplicate_entries.h"
#include "json/hash_rounds.h"

#define HARDLY_ANY 4

bool mqb_writer_has_key(const void *entries, size_t count, size_t size, struct mqb_str name)
{
    return mqb_entries_have(&(struct mqb_entries){entries, size, count}, name);
}

/* Very few: compare the names themselves. */
static inline size_t twice_of_hardly_any(const struct mqb_entries *entries)
{
    struct mqb_entries before = {entries->first, entries->size, 1};
    for (; before.count < entries->count; before.count++) {
        if (mqb_entries_have(&before, mqb_entry_name(entries, before.count)))
            break;
    }
    return before.count;
}

MQB_RARE static size_t twice_of_few(const struct mqb_entries *entries)
{
    struct mqb_hashed few[MQB_DISTINCT_FEW];
    struct mqb_distinct names;
    mqb_distinct_few(&names, few);
    return mqb_entries_twice(entries, &names);
}

/* Without memory for many names, no duplicate is found. */
MQB_RARE static size_t twice_of_many(const struct mqb_writer *w, const struct mqb_entries *entries)
{
    const size_t room = (size_t)(w->end - w->at);
    struct mqb_distinct names;
    if (entries->count <= UINT32_MAX && mqb_distinct_begin(&names, entries->count, w->at, room))
        return mqb_entries_twice(entries, &names);
    return entries->count;
}

static size_t twice(const struct mqb_writer *w, const struct mqb_entries *entries)
{
    if (w->status != MQB_OK || entries->count < 2 || w->drafting)
        return entries->count;
    if (entries->count <= HARDLY_ANY)
        return twice_of_hardly_any(entries);
    return entries->count > MQB_DISTINCT_FEW ? twice_of_many(w, entries) : twice_of_few(entries);
}

size_t mqb_writer_entries(struct mqb_writer *w, const void *first, size_t size, size_t count)
{
    mqb_writer_object(w);
    return twice(w, &(struct mqb_entries){first, size, count});
}

/* Whether a member with that name must be set in its field. */
static bool has_field(
    const struct mqb_members *members,
    const uint32_t *fields,
    struct mqb_str name)
{
    size_t member = 0;
    while (member < members->count && !mqb_bytes_equal(name, members->names[member]))
        member++;
    return member < members->count && (fields[member / 32] >> member % 32 & 1) != 0;
}

size_t mqb_writer_others(
    struct mqb_writer *w,
    const struct mqb_members *members,
    const uint32_t *fields,
    const void *first,
    size_t size,
    size_t count)
{
    const struct mqb_entries entries = {first, size, count};
    const size_t repeated = w->status != MQB_OK ? count : twice(w, &entries);
    size_t index = 0;
    while (index < repeated && !has_field(members, fields, mqb_entry_name(&entries, index)))
        index++;
    return index;
}

void mqb_writer_key(struct mqb_writer *w, struct mqb_str key, bool distinct)
{
    mqb_writer_item(w);
    const size_t start = mqb_writer_mark(w);
    mqb_writer_string(w, key);
    if (!distinct)
        mqb_writer_fail(w, MQB_ERR_DUPLICATE, mqb_writer_rule_twice, start);
    if (!mqb_writer_ok(w))
        return;
    mqb_writer_put(w, ":", 1);
    mqb_writer_next(w);
}

void mqb_writer_map(struct mqb_writer *w, const struct mqb_map *map)
{
    const size_t twice = mqb_writer_entries(w, map->entries, sizeof(map->entries[0]), map->count);
    for (size_t i = 0; i < map->count && w->status == MQB_OK; i++) {
        mqb_writer_key(w, map->entries[i].key, i != twice);
        mqb_writer_json(w, map->entries[i].value);
    }
    mqb_writer_object_end(w);
}

void mqb_writer_other_map(
    struct mqb_writer *w,
    const struct mqb_members *members,
    const uint32_t *fields,
    const struct mqb_map *map)
{
    const size_t taken =
        mqb_writer_others(w, members, fields, map->entries, sizeof(map->entries[0]), map->count);
    for (size_t i = 0; i < map->count && w->status == MQB_OK; i++) {
        mqb_writer_key(w, map->entries[i].key, i != taken);
        mqb_writer_json(w, map->entries[i].value);
    }
}
