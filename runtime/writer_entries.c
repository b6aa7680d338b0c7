/*
 * Objects with any names, of which no two may be equal. Before the entries are written the rest of
 * the buffer is memory: if they fit, they take more of it than their fingerprints do in the rounds
 * that there may be.
 */
#include "writer.h"

#include <string.h>

#include "distinct.h"
#include "fingerprint.h"
#include "rare.h"

/* So many names are compared each with each. */
#define FEW 16

const char mqb_writer_rule_twice[] = "must not appear twice";

/* Structs of `size` bytes that begin with a name. */
struct entries {
    const void *first;
    size_t size;
    size_t count;
};

static struct mqb_str name_at(const struct entries *entries, size_t index)
{
    struct mqb_str name;
    memcpy(&name, (const char *)entries->first + index * entries->size, sizeof(name));
    return name;
}

static inline bool has_name(const struct entries *entries, size_t count, struct mqb_str name)
{
    for (size_t i = 0; i < count; i++) {
        if (mqb_str_equal(name_at(entries, i), name))
            return true;
    }
    return false;
}

bool mqb_has_key(const void *entries, size_t count, size_t size, struct mqb_str name)
{
    return has_name(&(struct entries){entries, size, count}, count, name);
}

/* The first index of a name that repeats one of the sorted ones; not more than `twice`. */
static size_t repeated(
    const struct entries *entries,
    const struct mqb_distinct *names,
    size_t twice)
{
    const struct mqb_distinct_item *items = names->items;
    for (size_t i = 1; i < names->count; i++) {
        const struct mqb_str name = name_at(entries, items[i].number);
        for (size_t j = i; j-- > 0 && items[j].print == items[i].print;) {
            if (!mqb_str_equal(name, name_at(entries, items[j].number)))
                continue;
            if (items[i].number < twice)
                twice = items[i].number;
            break;
        }
    }
    return twice;
}

static size_t find_twice(const struct entries *entries, struct mqb_distinct *names)
{
    size_t twice = entries->count;
    uint64_t key = 0;
    for (size_t i = 0; i < entries->count; i++)
        key = mqb_print_text(key, MQB_SALT_TEXT, name_at(entries, i));
    do {
        for (size_t i = 0; i < entries->count; i++)
            mqb_distinct_add(names, mqb_print_text(key, MQB_SALT_TEXT, name_at(entries, i)), i);
        mqb_distinct_sort(names);
        twice = repeated(entries, names, twice);
    } while (mqb_distinct_more(names));
    return twice;
}

MQB_RARE static size_t find_twice_on_stack(const struct entries *entries)
{
    struct mqb_distinct_item few[MQB_DISTINCT_FEW];
    struct mqb_distinct names;
    mqb_distinct_few(&names, few);
    return find_twice(entries, &names);
}

/* Without memory for the names of many nothing is found. */
MQB_RARE static size_t twice_of_many(const struct mqb_writer *w, const struct entries *entries)
{
    const size_t room = (size_t)(w->end - w->at);
    struct mqb_distinct names;
    if (entries->count > UINT32_MAX)
        return entries->count;
    if (entries->count > MQB_DISTINCT_FEW &&
        mqb_distinct_begin(&names, entries->count, w->at, room))
        return find_twice(entries, &names);
    if (entries->count <= MQB_DISTINCT_FEW * MQB_DISTINCT_ROUNDS)
        return find_twice_on_stack(entries);
    return entries->count;
}

size_t mqb_write_entries(struct mqb_writer *w, const void *first, size_t size, size_t count)
{
    const struct entries entries = {first, size, count};
    mqb_write_object(w);
    if (w->status != MQB_OK)
        return count;
    if (count > FEW)
        return twice_of_many(w, &entries);
    for (size_t i = 1; i < count; i++) {
        if (has_name(&entries, i, name_at(&entries, i)))
            return i;
    }
    return count;
}

void mqb_write_key(struct mqb_writer *w, struct mqb_str key, bool distinct)
{
    mqb_write_item(w);
    const size_t start = mqb_writer_mark(w);
    mqb_write_string(w, key);
    if (!distinct)
        mqb_writer_fail(w, MQB_ERR_DUPLICATE, mqb_writer_rule_twice, start);
    if (!mqb_writer_ok(w))
        return;
    mqb_writer_put(w, ":", 1);
    mqb_writer_next(w);
}

void mqb_write_map(struct mqb_writer *w, const struct mqb_map *map)
{
    const size_t twice = mqb_write_entries(w, map->entries, sizeof(map->entries[0]), map->count);
    for (size_t i = 0; i < map->count && w->status == MQB_OK; i++) {
        mqb_write_key(w, map->entries[i].key, i != twice);
        mqb_write_json(w, map->entries[i].value);
    }
    mqb_write_object_end(w);
}
