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
#include "payload/json_pointer.h"
#include "payload/places.h"

#define HARDLY_ANY 4

bool mqb_writer_has_key(
    const struct mqb_writer *w,
    const void *entries,
    size_t count,
    size_t size,
    struct mqb_str name)
{
    return w->status == MQB_OK &&
           mqb_entries_have(&(struct mqb_entries){entries, size, count}, name);
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

/* The number of the member with that name, or the number of members. */
static size_t find_member(const struct mqb_members *members, struct mqb_str name)
{
    size_t member = 0;
    while (member < members->count && !mqb_bytes_equal(name, members->names[member]))
        member++;
    return member;
}

/* Whether a member with that name must be set in its field. */
static bool has_field(
    const struct mqb_members *members,
    const uint32_t *fields,
    struct mqb_str name)
{
    const size_t member = find_member(members, name);
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

/* ---- Members of a union that only other forms name ---- */

static const char rule_beside[] = "must be a member that only another form names";

/* Whether an object was written since `mark`. */
static bool is_object(const struct mqb_writer *w, size_t mark)
{
    const size_t len = mqb_writer_mark(w) - mark;
    return len != 0 && (w->beyond != 0 ? w->pointer.last : w->at[-1]) == '}';
}

/* Remove the bracket at the end of an object, both if it is empty. */
static void reopen(struct mqb_writer *w, size_t mark)
{
    const bool empty = mqb_writer_mark(w) - mark == 2;
    const size_t brackets = empty ? 2 : 1;
    const size_t beyond = w->beyond < brackets ? w->beyond : brackets;
    w->beyond -= beyond;
    w->at -= brackets - beyond;
    w->depth++;
    w->before = empty ? '{' : ',';
    if (beyond != 0 && !empty)
        mqb_pointer_reopen(&w->pointer);
}

static bool is_beside(const struct mqb_beside *beside, int form, struct mqb_str name)
{
    const size_t member = find_member(beside->members, name);
    return member < beside->members->count && mqb_is_beside(beside, form, member);
}

struct mqb_beside_start mqb_writer_beside_start(struct mqb_writer *w, const struct mqb_map *map)
{
    const struct mqb_beside_start start = {mqb_writer_mark(w), w->open, w->held_count};
    if (map->count != 0)
        w->open = start.mark + 1;
    return start;
}

static void add_members(
    struct mqb_writer *w,
    const struct mqb_beside *beside,
    int form,
    const struct mqb_map *map)
{
    const size_t repeated =
        twice(w, &(struct mqb_entries){map->entries, sizeof(map->entries[0]), map->count});
    for (size_t i = 0; i < map->count && w->status == MQB_OK; i++) {
        const struct mqb_map_entry *entry = &map->entries[i];
        const size_t start = mqb_writer_mark(w) + 1;
        mqb_writer_key(w, entry->key, i != repeated);
        if (!is_beside(beside, form, entry->key))
            mqb_writer_fail(w, MQB_ERR_VALUE, rule_beside, start);
        mqb_writer_json(w, entry->value);
    }
    mqb_writer_object_end(w);
}

void mqb_writer_beside(
    struct mqb_writer *w,
    struct mqb_beside_start start,
    const struct mqb_beside *beside,
    int form,
    const struct mqb_map *map)
{
    w->open = start.open;
    if (w->status != MQB_OK || map->count == 0)
        return;
    if (is_object(w, start.mark)) {
        reopen(w, start.mark);
        add_members(w, beside, form, map);
    } else {
        mqb_writer_fail(w, MQB_ERR_VALUE, rule_beside, start.mark);
    }
    if (w->open == start.mark + 1)
        return; /* the object gets still more members */
    for (size_t i = start.held_count; i < w->held_count; i++)
        mqb_writer_constrain(w, start.mark, w->held[i]);
    w->held_count = start.held_count;
}
