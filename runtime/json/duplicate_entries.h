/*
 * duplicate_entries.h - finds duplicate names of entries: structs that begin with a name.
 */
#ifndef MQB_DUPLICATE_ENTRIES_H
#define MQB_DUPLICATE_ENTRIES_H

#include <mqbind/detail/bytes.h>
#include <mqbind/detail/distinct.h>

/** Structs of `size` bytes that begin with a name. */
struct mqb_entries {
    const void *first;
    size_t size;
    size_t count;
};

static inline struct mqb_str mqb_entry_name(const struct mqb_entries *entries, size_t index)
{
    struct mqb_str name;
    memcpy(&name, (const char *)entries->first + index * entries->size, sizeof(name));
    return name;
}

/** True if one of them has that name: for very few names, and without a hash. */
static inline bool mqb_entries_have(const struct mqb_entries *entries, struct mqb_str name)
{
    for (size_t i = 0; i < entries->count; i++) {
        if (mqb_bytes_equal(name, mqb_entry_name(entries, i)))
            return true;
    }
    return false;
}

/**
 * The index of the first name that repeats another one; their number if there is none. *names has
 * memory for fingerprints: of all entries, or of as many as a round needs.
 */
size_t mqb_entries_twice(const struct mqb_entries *entries, struct mqb_distinct *names);

/**
 * The same among some of them, whose hashes are sorted. *patience is the number of different names
 * with equal hashes that may be compared; if it becomes 0, the result is meaningless.
 */
size_t mqb_entries_repeated(
    const struct mqb_entries *entries,
    const struct mqb_distinct *sorted,
    size_t *patience);

#endif
