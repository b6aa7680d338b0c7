/*
 * hash_sort.h - sorts hashes, so that equal ones are adjacent.
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

#endif
