/*
 * hash_rounds.h - numbered and sorted fingerprints of items that should differ.
 *
 * If there is not enough memory for all of them, they are collected in rounds, the lowest ones
 * first.
 */
#ifndef MQB_HASH_ROUNDS_H
#define MQB_HASH_ROUNDS_H

#include <mqbind/detail/distinct.h>

/** Number of items whose fingerprints need only the stack. */
#define MQB_DISTINCT_FEW 64

/** Maximum number of rounds, except for a few more if fingerprints are equal. */
#define MQB_DISTINCT_ROUNDS 4

/** Use memory on the stack. */
static inline void mqb_distinct_few(
    struct mqb_distinct *distinct,
    struct mqb_hashed few[MQB_DISTINCT_FEW])
{
    *distinct = (struct mqb_distinct){.items = few, .cap = MQB_DISTINCT_FEW};
}

/** Use the `bytes` bytes at `memory`; false if so many rounds are not enough for `count` items. */
bool mqb_distinct_begin(struct mqb_distinct *distinct, size_t count, char *memory, size_t bytes);

/** One of all, in the order of their numbers. */
void mqb_distinct_add(struct mqb_distinct *distinct, uint64_t print, size_t number);

/** Sort the kept items by fingerprint and number. */
void mqb_distinct_sort(struct mqb_distinct *distinct);

/** True if all items are to be added again, for another round. */
bool mqb_distinct_more(struct mqb_distinct *distinct);

#endif
