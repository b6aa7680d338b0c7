/*
 * hash_rounds.h - fingerprints of things that should differ, numbered and sorted.
 *
 * Where there is not memory for all of them, they are collected in rounds, the lowest ones first.
 */
#ifndef MQB_HASH_ROUNDS_H
#define MQB_HASH_ROUNDS_H

#include <mqbind/payload.h>

/** Things whose fingerprints need no memory but the stack. */
#define MQB_DISTINCT_FEW 64

/** Rounds that there are at most, but for a few more where fingerprints are the same. */
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

/** Sort those that were kept, by fingerprint and number. */
void mqb_distinct_sort(struct mqb_distinct *distinct);

/** True if all are to be added again, for another round. */
bool mqb_distinct_more(struct mqb_distinct *distinct);

#endif
