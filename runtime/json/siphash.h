/*
 * siphash.h - 64-bit fingerprints that are equal for equal values, and almost never for others:
 * SipHash with one round per eight bytes and three at the end. The key is a hash of all values to
 * be compared, so that nobody can choose values with equal fingerprints: they would change the key.
 */
#ifndef MQB_SIPHASH_H
#define MQB_SIPHASH_H

#include <mqbind/mqbind.h>

/** The kind of value, so that values of different kinds have different fingerprints. */
enum mqb_salt {
    MQB_SALT_TEXT = 1,
    MQB_SALT_NUMBER,
    MQB_SALT_LITERAL,
    MQB_SALT_ITEM,
    MQB_SALT_MEMBER,
    MQB_SALT_ARRAY,
    MQB_SALT_OBJECT,
};

struct mqb_sip {
    uint64_t v[4];
    uint64_t word; /* Number of bytes still to be added. */
    uint64_t count;
};

static inline uint64_t mqb_sip_rotate(uint64_t word, unsigned bits)
{
    return word << bits | word >> (64 - bits);
}

/** One round of SipHash. */
static inline void mqb_sip_round(uint64_t v[4])
{
    v[0] += v[1];
    v[2] += v[3];
    v[1] = mqb_sip_rotate(v[1], 13) ^ v[0];
    v[3] = mqb_sip_rotate(v[3], 16) ^ v[2];
    v[0] = mqb_sip_rotate(v[0], 32) + v[3];
    v[2] += v[1];
    v[1] = mqb_sip_rotate(v[1], 17) ^ v[2];
    v[3] = mqb_sip_rotate(v[3], 21) ^ v[0];
    v[2] = mqb_sip_rotate(v[2], 32);
}

/** The initial state of SipHash, of any number of rounds, with a key of 128 bits. */
static inline struct mqb_sip mqb_sip_start(uint64_t low, uint64_t high)
{
    return (struct mqb_sip){
        .v =
            {
                low ^ UINT64_C(0x736F6D6570736575),
                high ^ UINT64_C(0x646F72616E646F6D),
                low ^ UINT64_C(0x6C7967656E657261),
                high ^ UINT64_C(0x7465646279746573),
            },
    };
}

static inline struct mqb_sip mqb_sip_begin(uint64_t key, enum mqb_salt salt)
{
    return mqb_sip_start(key, (uint64_t)salt);
}

/* Add input: either words, or bytes as the last input. */
void mqb_sip_word(struct mqb_sip *sip, uint64_t word);
void mqb_sip_byte(struct mqb_sip *sip, unsigned byte);
uint64_t mqb_sip_end(struct mqb_sip *sip);

uint64_t mqb_fingerprint_string(uint64_t key, enum mqb_salt salt, struct mqb_str text);
uint64_t mqb_fingerprint_pair(uint64_t key, enum mqb_salt salt, uint64_t first, uint64_t second);

/** The fingerprint of the string that a raw JSON string represents. */
uint64_t mqb_fingerprint_raw(uint64_t key, struct mqb_str raw);

#endif
