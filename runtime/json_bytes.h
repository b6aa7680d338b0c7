/*
 * json_bytes.h - bytes by what they may be in JSON, and runs of them.
 */
#ifndef MQB_JSON_BYTES_H
#define MQB_JSON_BYTES_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "rare.h"

enum {
    MQB_PLAIN = 1, /* Stands for itself in a string. */
    MQB_BLANK = 2,
    MQB_DIGIT = 4,
    MQB_HEX = 8, /* A digit is one too. */
    MQB_BREAK = 16, /* Cannot be part of a number or literal. */
};

/** The classes of each byte; those beyond ASCII have none. */
extern const unsigned char mqb_json_classes[256];

static inline bool mqb_byte_is(char byte, int kind)
{
    return (mqb_json_classes[(unsigned char)byte] & kind) != 0;
}

static inline const char *mqb_bytes_digits(const char *at, const char *end)
{
    while (at != end && mqb_byte_is(*at, MQB_DIGIT))
        at++;
    return at;
}

/* Eight bytes, the first of them lowest, whatever the machine has first. */
static inline uint64_t mqb_bytes_word(const char *ptr)
{
    uint64_t word;
#if defined(__GNUC__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    memcpy(&word, ptr, sizeof(word));
#else
    word = 0;
    for (int i = 8; i-- > 0;)
        word = word << 8 | (unsigned char)ptr[i];
#endif
    return word;
}

#define MQB_HIGH_BITS UINT64_C(0x8080808080808080)

/*
 * The high bit of each of eight bytes that is a control character, a quote, a backslash or beyond
 * ASCII. Bytes after the first such one may have it in error. The other bits mean nothing.
 */
static inline uint64_t mqb_word_special(uint64_t word)
{
    const uint64_t each = UINT64_C(0x0101010101010101);
    /* With bit 1 flipped, the quote comes to stand right behind the control characters. */
    const uint64_t control = (word ^ each * 2) - each * ('"' - 1);
    const uint64_t backslash = (word ^ each * '\\') - each;
    return word | control | backslash;
}

/* The same for the bytes at `ptr`; the other bits are 0. */
static inline uint64_t mqb_bytes_special(const char *ptr)
{
    return mqb_word_special(mqb_bytes_word(ptr)) & MQB_HIGH_BITS;
}

/* True if there is none among `len` bytes. What is looked at twice does no harm. */
static inline bool mqb_bytes_are_plain(const char *ptr, size_t len)
{
    char word[8];
    if (len >= sizeof(word)) {
        const size_t last = len - sizeof(word);
        for (size_t at = 0; at < last; at += sizeof(word)) {
            if (mqb_bytes_special(ptr + at) != 0)
                return false;
        }
        return mqb_bytes_special(ptr + last) == 0;
    }
    if (len >= 4) {
        memcpy(word, ptr, 4);
        memcpy(word + 4, ptr + len - 4, 4);
        return mqb_bytes_special(word) == 0;
    }
    return len == 0 || (mqb_byte_is(ptr[0], MQB_PLAIN) && mqb_byte_is(ptr[len / 2], MQB_PLAIN) &&
                        mqb_byte_is(ptr[len - 1], MQB_PLAIN));
}

/* The first of eight bytes with a bit in `word`, which is not 0. */
static inline unsigned mqb_bytes_first(uint64_t word)
{
#if defined(__GNUC__)
    return (unsigned)__builtin_ctzll(word) >> 3;
#else
    unsigned first = 0;
    for (; (word & 0xFF) == 0; word >>= 8)
        first++;
    return first;
#endif
}

/* The end of the spaces from `at` on. */
static inline const char *mqb_bytes_spaces(const char *at, const char *end)
{
    for (; !MQB_SMALL && end - at >= 8; at += 8) {
        const uint64_t word = mqb_bytes_word(at) ^ UINT64_C(0x2020202020202020);
        if (word != 0)
            return at + mqb_bytes_first(word);
    }
    while (at != end && *at == ' ')
        at++;
    return at;
}

/* Pass blanks, which are one or indentation. Returns the byte behind them, or -1 at the end. */
static inline int mqb_byte_next(const char **at, const char *end)
{
    for (; *at != end; ++*at) {
        const unsigned char byte = (unsigned char)**at;
        if (byte > ' ' || !mqb_byte_is(**at, MQB_BLANK))
            return byte;
        if (byte == '\n')
            *at = mqb_bytes_spaces(*at + 1, end) - 1;
    }
    return -1;
}

/* The end of the plain bytes from `at` on, eight at a time as far as they go. */
static inline const char *mqb_bytes_plain(const char *at, const char *end)
{
    while (!MQB_SMALL && end - at >= 8) {
        const uint64_t special = mqb_bytes_special(at);
        if (special != 0)
            return at + mqb_bytes_first(special);
        at += 8;
    }
    while (at != end && mqb_byte_is(*at, MQB_PLAIN))
        at++;
    return at;
}

/* Just past the quote that ends the string whose text goes on at `at`; or the end. */
static inline const char *mqb_bytes_string_end(const char *at, const char *end)
{
    for (;;) {
        at = mqb_bytes_plain(at, end);
        if (at == end)
            return end;
        if (*at == '"')
            return at + 1;
        if (*at == '\\' && end - at > 1)
            at++;
        at++;
        while (at != end && (signed char)*at < 0)
            at++;
    }
}

#endif
