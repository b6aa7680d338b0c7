/*
 * random.h - ids that are unlikely to collide with those of others, derived from a seed.
 *
 * Everything is SipHash-2-4 (Aumasson, Bernstein: SipHash: a fast short-input PRF, 2012) with a
 * 128-bit key derived from the seed. Draws of 128 bits are its values at 0, 1, 2, ... ("counter
 * mode"). Picks from a range are a permutation of it, built from the same function.
 */
#ifndef MQB_RANDOM_H
#define MQB_RANDOM_H

#include <mqbind/mqbind.h>

/** SipHash-2-4 of the bytes. */
uint64_t mqb_siphash(const uint64_t key[2], const void *bytes, size_t len);

/** Mix bytes into the seed. Earlier draws reveal nothing about later ones. */
void mqb_random_seed(struct mqb_random *random, const void *bytes, size_t len);

/** Draw 128 bits. */
void mqb_random_draw(struct mqb_random *random, uint64_t bits[2]);

/**
 * Pick a number from 0 to `most`, all equally likely. None is repeated before `most` others have
 * been picked, if all picks are from that range.
 */
uint64_t mqb_random_pick(struct mqb_random *random, uint64_t most);

#endif
