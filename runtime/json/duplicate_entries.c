/*
 * Names are sorted by a fast hash. If many collide on purpose, they are sorted by a fingerprint
 * whose key nobody can know beforehand.
 */
#include "json/duplicate_entries.h"

#include "json/duplicate_names.h"
#include "json/hash_rounds.h"
#include "json/hash_sort.h"
#include "json/siphash.h"

static uint64_t hash_of_entry(const struct mqb_entries *entries, uint64_t key, size_t index)
{
    const struct mqb_str name = mqb_entry_name(entries, index);
    if (key != 0)
        return mqb_fingerprint_string(key, MQB_SALT_TEXT, name);
    return (uint64_t)mqb_name_hash(name, name.ptr + name.len) << 32;
}

size_t mqb_entries_repeated(
    const struct mqb_entries *entries,
    const struct mqb_distinct *sorted,
    size_t *patience)
{
    const struct mqb_hashed *items = sorted->items;
    struct mqb_hashed_pair pair = {0, 0};
    size_t twice = entries->count;
    while (*patience != 0 && mqb_hashed_next_pair(items, sorted->count, &pair)) {
        const uint32_t later = items[pair.later].number;
        const struct mqb_str name = mqb_entry_name(entries, later);
        if (!mqb_bytes_equal(name, mqb_entry_name(entries, items[pair.earlier].number))) {
            --*patience;
            continue;
        }
        if (later < twice)
            twice = later;
        pair.earlier = 0;
    }
    return twice;
}

/* With the fast hash, or with a key. */
static size_t sort_entries(
    const struct mqb_entries *entries,
    struct mqb_distinct *names,
    uint64_t key,
    size_t *patience)
{
    size_t twice = entries->count;
    do {
        for (size_t i = 0; i < entries->count; i++)
            mqb_distinct_add(names, hash_of_entry(entries, key, i), i);
        if (!names->full && mqb_hashed_differ(names->items, names->count))
            return twice;
        mqb_distinct_sort(names);
        const size_t found = mqb_entries_repeated(entries, names, patience);
        twice = found < twice ? found : twice;
    } while (*patience != 0 && mqb_distinct_more(names));
    return twice;
}

size_t mqb_entries_twice(const struct mqb_entries *entries, struct mqb_distinct *names)
{
    struct mqb_distinct again = *names;
    size_t patience = MQB_NAMES_PATIENCE;
    uint64_t key = 1;
    const size_t twice = sort_entries(entries, names, 0, &patience);
    if (patience != 0)
        return twice;
    for (size_t i = 0; i < entries->count; i++)
        key = hash_of_entry(entries, key, i) | 1;
    patience = SIZE_MAX;
    return sort_entries(entries, &again, key, &patience);
}
