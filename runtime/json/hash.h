/*
 * hash.h - quick hashes, for tables whose keys no peer can choose, or whose collisions are
 * harmless.
 */
#ifndef MQB_HASH_H
#define MQB_HASH_H

#include <stddef.h>
#include <stdint.h>

/** Continue with eight bytes. The high bits are the better ones. */
static inline uint64_t mqb_hash_multiply(uint64_t hash, uint64_t word)
{
    return (hash ^ word) * UINT64_C(0x9E3779B97F4A7C15);
}

/** The same, with good low bits too. */
static inline uint64_t mqb_hash_word(uint64_t hash, uint64_t word)
{
    hash = mqb_hash_multiply(hash, word);
    return hash ^ hash >> 32;
}

/** Continue with any bytes. */
uint64_t mqb_hash_bytes(uint64_t hash, const char *bytes, size_t len);

#endif
