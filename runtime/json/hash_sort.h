/*
 * hash_sort.h - which of many things may be equal: sorts their hashes, so that equal ones are
 * adjacent.
 */
#ifndef MQB_HASH_SORT_H
#define MQB_HASH_SORT_H

#include <mqbind/detail/distinct.h>

/**
 * Sort by hash and then by number; at most UINT32_MAX of them, of which no two are the same. Needs
 * only 400 bytes of stack. Each item is visited once for each of its 64 bits, and a few more times,
 * whatever the hashes are.
 */
void mqb_hashed_sort(struct mqb_hashed *items, size_t count);

/** Up to this many hashes are often seen to differ without sorting. */
#define MQB_HASHED_FEW 16

/** True if no two hashes are equal. False if it takes sorting to find out. */
static inline bool mqb_hashed_differ(const struct mqb_hashed *items, size_t count)
{
    uint64_t seen = 0;
    if (count > MQB_HASHED_FEW)
        return false;
    for (size_t i = 0; i < count; i++) {
        const uint64_t bit = UINT64_C(1) << items[i].hash % 64;
        if ((seen & bit) != 0)
            return false;
        seen |= bit;
    }
    return true;
}

/**
 * Step to the next two of the sorted items with equal hashes; false if there are no more. The pairs
 * of each item follow one another, the nearest earlier item first.
 */
static inline bool mqb_hashed_next_pair(
    const struct mqb_hashed *sorted,
    size_t count,
    struct mqb_hashed_pair *pair)
{
    while (pair->later < count) {
        if (pair->earlier != 0 && sorted[pair->earlier - 1].hash == sorted[pair->later].hash) {
            pair->earlier--;
            return true;
        }
        pair->later++;
        pair->earlier = pair->later;
    }
    return false;
}

#endif
