#include "json/hash.h"

#include <string.h>

uint64_t mqb_hash_bytes(uint64_t hash, const char *bytes, size_t len)
{
    uint64_t word;
    size_t at = 0;
    hash = mqb_hash_word(hash, len);
    for (; len - at >= sizeof(word); at += sizeof(word)) {
        memcpy(&word, bytes + at, sizeof(word));
        hash = mqb_hash_word(hash, word);
    }
    word = 0;
    for (; at < len; at++)
        word = word << 8 | (unsigned char)bytes[at];
    return mqb_hash_word(hash, word);
}
