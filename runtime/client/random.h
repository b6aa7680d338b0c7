/*
 * random.h - ids that others do not choose at the same time, made of a seed.
 *
 * Everything is SipHash-2-4 (Aumasson, Bernstein: SipHash: a fast short-input PRF, 2012) under a
 * key of 128 bits that the seed gives. Draws of 128 bits are its values at 0, 1, 2, ... ("counter
 * mode"). Picks from a range are a permutation of it, made of the same function.
 */
#ifndef MQB_RANDOM_H
#define MQB_RANDOM_H

#include <mqbind/mqbind.h>

/** SipHash-2-4 of the bytes. */
uint64_t mqb_siphash(const uint64_t key[2], const void *bytes, size_t len);

/** Mix bytes into the seed. What has been drawn before says nothing of what comes then. */
void mqb_random_seed(struct mqb_random *random, const void *bytes, size_t len);

/** Draw 128 bits. */
void mqb_random_draw(struct mqb_random *random, uint64_t bits[2]);

/**
 * Pick a number from 0 to `most`, all equally likely. None comes again before `most` others have
 * come, if all picks are from that range.
 */
uint64_t mqb_random_pick(struct mqb_random *random, uint64_t most);

#endif
