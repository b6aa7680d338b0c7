/*
 * Objects with arbitrary names, of which no two may be equal. Before the entries are written, the
 * rest of the buffer serves as memory: if the entries fit, they take more of it than their
 * fingerprints in the allowed number of rounds.
 */
#include "payload/writer.h"

#include <string.h>

#include "compiler.h"
#include "json/duplicate_names.h"
#include "json/hash_rounds.h"
#include "json/siphash.h"

/* Up to this many names are compared pairwise: directly, or by a hash. */
#define HARDLY_ANY 4
#define FEW_ENTRIES 16

/* Structs of `size` bytes that begin with a name. */
struct entries {
    const void *first;
    size_t size;
    size_t count;
};

static struct mqb_str name_of_entry(const struct entries *entries, size_t index)
{
    struct mqb_str name;
    memcpy(&name, (const char *)entries->first + index * entries->size, sizeof(name));
    return name;
}

static inline bool has_name(const struct entries *entries, size_t count, struct mqb_str name)
{
    for (size_t i = 0; i < count; i++) {
        const struct mqb_str other = name_of_entry(entries, i);
        if (name.len == other.len && mqb_str_equal(name, other))
            return true;
    }
    return false;
}

bool mqb_writer_has_key(const void *entries, size_t count, size_t size, struct mqb_str name)
{
    return has_name(&(struct entries){entries, size, count}, count, name);
}

/*
 * Names are sorted by a fast hash. If many collide on purpose, they are sorted by a fingerprint
 * whose key nobody can know beforehand.
 */
struct sorting {
    const struct entries *entries;
    struct mqb_distinct *names;
    uint64_t key; /* 0: the fast hash. */
    size_t misses; /* Different names with equal hashes. */
};

static uint64_t hash_at(const struct sorting *sorting, size_t index)
{
    const struct mqb_str name = name_of_entry(sorting->entries, index);
    if (sorting->key != 0)
        return mqb_fingerprint_string(sorting->key, MQB_SALT_TEXT, name);
    return (uint64_t)mqb_name_hash(name, name.ptr + name.len) << 32;
}

static bool is_in_vain(const struct sorting *sorting)
{
    return sorting->key == 0 && sorting->misses > FEW_ENTRIES;
}

/* The first index of a name that repeats one of the sorted ones; at most `twice`. */
static size_t repeated_entry(struct sorting *sorting, size_t twice)
{
    const struct mqb_hashed *items = sorting->names->items;
    for (size_t i = 1; i < sorting->names->count; i++) {
        const struct mqb_str name = name_of_entry(sorting->entries, items[i].number);
        for (size_t j = i; j-- > 0 && items[j].hash == items[i].hash;) {
            if (!mqb_str_equal(name, name_of_entry(sorting->entries, items[j].number))) {
                sorting->misses++;
                if (is_in_vain(sorting))
                    return twice;
                continue;
            }
            if (items[i].number < twice)
                twice = items[i].number;
            break;
        }
    }
    return twice;
}

static size_t sort_names(struct sorting *sorting)
{
    const size_t count = sorting->entries->count;
    size_t twice = count;
    do {
        for (size_t i = 0; i < count; i++)
            mqb_distinct_add(sorting->names, hash_at(sorting, i), i);
        mqb_distinct_sort(sorting->names);
        twice = repeated_entry(sorting, twice);
    } while (!is_in_vain(sorting) && mqb_distinct_more(sorting->names));
    return twice;
}

static size_t find_twice_in_map(const struct entries *entries, struct mqb_distinct names)
{
    struct mqb_distinct again = names;
    struct sorting sorting = {.entries = entries, .names = &names};
    const size_t twice = sort_names(&sorting);
    if (!is_in_vain(&sorting))
        return twice;
    sorting = (struct sorting){.entries = entries, .names = &again, .key = 1};
    for (size_t i = 0; i < entries->count; i++)
        sorting.key =
            mqb_fingerprint_string(sorting.key, MQB_SALT_TEXT, name_of_entry(entries, i)) | 1;
    return sort_names(&sorting);
}

MQB_RARE static size_t find_twice_in_small_map(const struct entries *entries)
{
    struct mqb_hashed few[MQB_DISTINCT_FEW];
    struct mqb_distinct names;
    mqb_distinct_few(&names, few);
    return find_twice_in_map(entries, names);
}

/* Without memory for many names, no duplicate is found. */
MQB_RARE static size_t twice_of_many(const struct mqb_writer *w, const struct entries *entries)
{
    const size_t room = (size_t)(w->end - w->at);
    struct mqb_distinct names;
    if (entries->count <= MQB_DISTINCT_FEW)
        return find_twice_in_small_map(entries);
    if (entries->count <= UINT32_MAX && mqb_distinct_begin(&names, entries->count, w->at, room))
        return find_twice_in_map(entries, names);
    return entries->count;
}

/*
 * Few names are compared pairwise, by a hash. If different names collide, they may be long and
 * chosen on purpose: then use the functions for many.
 */
MQB_RARE static size_t twice_of_few(const struct mqb_writer *w, const struct entries *entries)
{
    uint32_t hashes[FEW_ENTRIES];
    for (size_t i = 0; i < entries->count; i++) {
        const struct mqb_str name = name_of_entry(entries, i);
        hashes[i] = mqb_name_hash(name, name.ptr + name.len);
        for (size_t j = 0; j < i; j++) {
            if (hashes[i] != hashes[j])
                continue;
            return mqb_str_equal(name, name_of_entry(entries, j)) ? i : twice_of_many(w, entries);
        }
    }
    return entries->count;
}

/* Very few: compare the names themselves. */
static inline size_t twice_of_hardly_any(const struct entries *entries)
{
    for (size_t i = 1; i < entries->count; i++) {
        if (has_name(entries, i, name_of_entry(entries, i)))
            return i;
    }
    return entries->count;
}

size_t mqb_writer_entries(struct mqb_writer *w, const void *first, size_t size, size_t count)
{
    const struct entries entries = {first, size, count};
    mqb_writer_object(w);
    if (w->status != MQB_OK || count < 2 || w->drafting)
        return count;
    if (count <= HARDLY_ANY)
        return twice_of_hardly_any(&entries);
    return count > FEW_ENTRIES ? twice_of_many(w, &entries) : twice_of_few(w, &entries);
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
