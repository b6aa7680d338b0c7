/*
 * json_bytes.h - bytes by what they may be in JSON, and runs of them.
 */
#ifndef MQB_JSON_BYTES_H
#define MQB_JSON_BYTES_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

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
    uint64_t word;
    memcpy(&word, ptr, sizeof(word));
    return mqb_word_special(word) & MQB_HIGH_BITS;
}

/* The first of eight bytes with a bit in `word`, which is not 0, as memory has them. */
static inline unsigned mqb_bytes_first(uint64_t word)
{
#if defined(__GNUC__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    return (unsigned)__builtin_ctzll(word) >> 3;
#else
    unsigned char bytes[8];
    unsigned first = 0;
    memcpy(bytes, &word, sizeof(word));
    while (bytes[first] == 0)
        first++;
    return first;
#endif
}

/* The end of the spaces from `at` on. */
static inline const char *mqb_bytes_spaces(const char *at, const char *end)
{
    for (; end - at >= 8; at += 8) {
        uint64_t word;
        memcpy(&word, at, sizeof(word));
        word ^= UINT64_C(0x2020202020202020);
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
    while (end - at >= 8) {
        const uint64_t special = mqb_bytes_special(at);
        if (special != 0)
            return at + mqb_bytes_first(special);
        at += 8;
    }
    while (at != end && mqb_byte_is(*at, MQB_PLAIN))
        at++;
    return at;
}

#endif
