/* UTF-8: sequences, validity and length in code points. */
#include "utf8.h"

#include <mqbind/payload.h>

#include <string.h>

/* The top bit of each byte of a word: set in any byte that is not ASCII. */
#define HIGH_BITS UINT64_C(0x8080808080808080)

static bool is_continuation(unsigned char byte)
{
    return (byte & 0xC0U) == 0x80U;
}

/* Bytes that a first byte announces; 0 if no sequence starts with it. */
static size_t announced(unsigned char first)
{
    if (first < 0x80U)
        return 1;
    if (first < 0xC2U) /* 80..BF continue, C0 and C1 could only be overlong */
        return 0;
    if (first < 0xE0U)
        return 2;
    if (first < 0xF0U)
        return 3;
    return first < 0xF5U ? 4 : 0;
}

/*
 * All that overlong forms, surrogates and the end of Unicode forbid shows in the second byte; that
 * it continues at all is checked with the others.
 */
static bool second_allowed(unsigned char first, unsigned char second)
{
    switch (first) {
    case 0xE0U:
        return second >= 0xA0U;
    case 0xEDU:
        return second < 0xA0U;
    case 0xF0U:
        return second >= 0x90U;
    case 0xF4U:
        return second < 0x90U;
    default:
        return true;
    }
}

size_t mqb_utf8_sequence(const char *ptr, size_t len)
{
    const unsigned char *bytes = (const unsigned char *)ptr;
    size_t count;

    if (len == 0)
        return 0;
    count = announced(bytes[0]);
    if (count > len)
        return 0;
    for (size_t i = 1; i < count; i++) {
        if (!is_continuation(bytes[i]))
            return 0;
    }
    if (count > 1 && !second_allowed(bytes[0], bytes[1]))
        return 0;
    return count;
}

/* Three bytes, of which the second may be anything that continues: most of what is not Latin. */
static bool is_common(const unsigned char *bytes)
{
    return bytes[0] > 0xE0U && bytes[0] < 0xF0U && bytes[0] != 0xEDU && is_continuation(bytes[1]) &&
           is_continuation(bytes[2]);
}

const char *mqb_utf8_pass(const char *at, const char *end)
{
    while (at != end && (unsigned char)*at >= 0x80U) {
        const bool common = end - at >= 3 && is_common((const unsigned char *)at);
        const size_t step = common ? 3 : mqb_utf8_sequence(at, (size_t)(end - at));
        if (step == 0)
            break;
        at += step;
    }
    return at;
}

/* Length of the ASCII run at the start, in whole words: most text is ASCII. */
static size_t ascii_words(const char *ptr, size_t len)
{
    size_t done = 0;

    while (len - done >= sizeof(uint64_t)) {
        uint64_t word;

        memcpy(&word, ptr + done, sizeof word);
        if ((word & HIGH_BITS) != 0)
            return done;
        done += sizeof word;
    }
    return done;
}

bool mqb_utf8_valid(struct mqb_str text)
{
    size_t at = 0;

    while (at < text.len) {
        size_t step = ascii_words(text.ptr + at, text.len - at);

        if (step == 0)
            step = mqb_utf8_sequence(text.ptr + at, text.len - at);
        if (step == 0)
            return false;
        at += step;
    }
    return true;
}

size_t mqb_utf8_length(struct mqb_str text)
{
    size_t count = 0;

    for (size_t i = 0; i < text.len; i++) {
        if (!is_continuation((unsigned char)text.ptr[i]))
            count++;
    }
    return count;
}
