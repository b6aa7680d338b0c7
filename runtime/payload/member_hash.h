/*
 * member_hash.h - finds the member of an object type with a given name.
 *
 * Object types with more than a few members have a table of them by the hash of their names, so
 * that finding a member costs the same in an object with a thousand, in any order.
 * plan/nodes/member_hash.py generates it, with the same hash: of the first eight bytes of a name,
 * or of as many words of eight as it takes to distinguish the names.
 */
#ifndef MQB_MEMBER_HASH_H
#define MQB_MEMBER_HASH_H

#include "json/hash.h"
#include "json/text.h"

/**
 * The hash of a name as written in JSON, possibly with escapes: of words of eight bytes, the first
 * byte lowest, padded with zeros.
 */
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
