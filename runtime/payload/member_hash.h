/*
 * member_hash.h - which member of an object type has a name.
 *
 * Object types of more than a few members come with a table of them by the hash of their names, so
 * that a member costs the same in an object of a thousand, in any order. plan/nodes/member_hash.py
 * makes it, and has the same hash: of the first eight bytes of a name, or of as many times eight as
 * it takes to tell the names apart.
 */
#ifndef MQB_MEMBER_HASH_H
#define MQB_MEMBER_HASH_H

#include "payload/reader.h"
#include "json/text.h"

/** Go on with eight bytes, the first one lowest. Zeros stand behind the end of a name. */
static inline uint64_t mqb_hash_word(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * UINT64_C(0x9E3779B97F4A7C15);
    return hash ^ hash >> 32;
}

/** The hash of a name as it stands in JSON, with any escapes. */
static inline uint64_t mqb_hash_name(struct mqb_str raw, size_t words)
{
    struct mqb_json_cursor c = {.raw = raw};
    uint64_t hash = 0;
    for (; words > 0; words--) {
        uint64_t word = 0;
        int byte = 0;
        for (unsigned shift = 0; shift < 64 && byte >= 0; shift += 8) {
            byte = mqb_json_cursor_next(&c);
            word |= byte < 0 ? 0 : (uint64_t)byte << shift;
        }
        hash = mqb_hash_word(hash, word);
        if (byte < 0)
            break;
    }
    return hash;
}

#endif
