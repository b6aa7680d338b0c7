/*
 * hash_sort.h - hashes that are sorted, so that equal ones stand together.
 */
#ifndef MQB_HASH_SORT_H
#define MQB_HASH_SORT_H

#include <mqbind/memory.h>

/**
 * Sort by hash and then by number; at most UINT32_MAX of them, of which no two are the same. Takes
 * no memory but 400 bytes of stack. An item is looked at once for each of its 64 bits, and for a
 * few more, whatever the hashes are.
 */
void mqb_hashed_sort(struct mqb_hashed *items, size_t count);

#endif
