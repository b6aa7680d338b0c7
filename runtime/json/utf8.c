/* UTF-8: sequences, validity and length in code points. */
#include "json/utf8.h"

#include <mqbind/detail/values.h>

#include "json/bytes.h"

/*@ assigns \nothing;
    ensures continues: \result <==> utf8_tail(byte); */
static bool is_continuation(unsigned char byte)
{
    return byte >= 0x80U && byte <= 0xBFU;
}

/* Length of the sequence announced by a first byte; 0 if no sequence starts with it. */
/*@ assigns \nothing;
    ensures \result == (first <= 0x7F ? 1 : 0xC2 <= first <= 0xDF ? 2 :
                        0xE0 <= first <= 0xEF ? 3 : 0xF0 <= first <= 0xF4 ? 4 : 0); */
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
 * Overlong forms, surrogates and values beyond Unicode all show in the second byte; that it is a
 * continuation byte at all is checked with the others.
 */
/*@ assigns \nothing;
    ensures allowed: \result <==>
        (first == 0xE0 ==> second >= 0xA0) && (first == 0xED ==> second <= 0x9F) &&
        (first == 0xF0 ==> second >= 0x90) && (first == 0xF4 ==> second <= 0x8F); */
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
    size_t count;

    if (len == 0)
        return 0;
    count = announced((unsigned char)ptr[0]);
    if (count > len)
        return 0;
    /*@ loop invariant 1 <= i && (i <= count || count == 0);
        loop invariant (1 < i ==> utf8_tail(byte_at(ptr, 1))) &&
                       (2 < i ==> utf8_tail(byte_at(ptr, 2))) &&
                       (3 < i ==> utf8_tail(byte_at(ptr, 3)));
        loop assigns i;
        loop variant count - i; */
    for (size_t i = 1; i < count; i++) {
        if (!is_continuation((unsigned char)ptr[i]))
            return 0;
    }
    if (count > 1 && !second_allowed((unsigned char)ptr[0], (unsigned char)ptr[1]))
        return 0;
    return count;
}

/* Three bytes, of which the second may be any continuation byte: most non-Latin text. */
/*@ requires readable(ptr, 3);
    assigns \nothing;
    ensures \result ==> utf8_sequence(ptr, 3); */
static bool is_common(const char *ptr)
{
    const unsigned char first = (unsigned char)ptr[0];
    return first > 0xE0U && first < 0xF0U && first != 0xEDU &&
           is_continuation((unsigned char)ptr[1]) && is_continuation((unsigned char)ptr[2]);
}

const char *mqb_utf8_pass(const char *at, const char *end)
{
    /*@ loop invariant between(\at(at, Pre), at) && between(at, end);
        loop invariant utf8_text(\at(at, Pre), 0, end - \at(at, Pre)) <==>
                       utf8_text(\at(at, Pre), at - \at(at, Pre), end - \at(at, Pre));
        loop assigns at;
        loop variant end - at; */
    while (at != end && (unsigned char)*at >= 0x80U) {
        const bool common = end - at >= 3 && is_common(at);
        const size_t step = common ? 3 : mqb_utf8_sequence(at, (size_t)(end - at));
        if (step == 0)
            break;
        at += step;
    }
    return at;
}

/*@ requires readable_text(text) && at + 8 <= text.len;
    assigns \nothing;
    ensures ascii: \result <==> eight_ascii(text.ptr, at); */
static bool is_ascii_word(struct mqb_str text, size_t at)
{
    return (mqb_bytes_word(text.ptr + at) & MQB_HIGH_BITS) == 0;
}

/* The end of the ASCII run from `at` on, in whole words: most text is ASCII. */
/*@ requires readable_text(text) && at <= text.len;
    assigns \nothing;
    ensures place: at <= \result <= text.len;
    ensures passed: utf8_text(text.ptr, at, text.len) <==>
                    utf8_text(text.ptr, \result, text.len); */
static size_t ascii_words(struct mqb_str text, size_t at)
{
    /*@ loop invariant \at(at, Pre) <= at <= text.len;
        loop invariant utf8_text(text.ptr, \at(at, Pre), text.len) <==>
                       utf8_text(text.ptr, at, text.len);
        loop assigns at;
        loop variant text.len - at; */
    while (text.len - at >= sizeof(uint64_t) && is_ascii_word(text, at)) {
        /*@ assert eight: utf8_text(text.ptr, at, text.len) <==>
                          utf8_text(text.ptr, at + 8, text.len); */
        at += sizeof(uint64_t);
    }
    return at;
}

/*
 * The end of the valid text at `at`: a run of ASCII or one sequence. `at` itself if nothing is
 * valid.
 */
/*@ requires readable_text(text) && at < text.len;
    assigns \nothing;
    ensures place: at <= \result <= text.len;
    ensures valid: utf8_text(text.ptr, at, text.len) <==>
                   utf8_text(text.ptr, \result, text.len);
    ensures invalid: at == \result ==> !utf8_text(text.ptr, at, text.len); */
static size_t pass_valid(struct mqb_str text, size_t at)
{
    const size_t ascii = ascii_words(text, at);
    if (ascii != at)
        return ascii;
    const size_t end = at + mqb_utf8_sequence(text.ptr + at, text.len - at);
    /*@ assert valid: end != at ==> utf8_sequence(text.ptr + at, end - at) && end <= text.len; */
    return end;
}

bool mqb_utf8_valid(struct mqb_str text)
{
    size_t at = 0;

    /*@ loop invariant at <= text.len;
        loop invariant utf8_text(text.ptr, 0, text.len) <==> utf8_text(text.ptr, at, text.len);
        loop assigns at;
        loop variant text.len - at; */
    while (at < text.len) {
        const size_t end = pass_valid(text, at);
        if (end == at)
            return false;
        at = end;
    }
    return true;
}

/*@ requires readable_text(text);
    assigns \nothing;
    ensures points: \result == utf8_begun(text.ptr, text.len); */
size_t mqb_utf8_length(struct mqb_str text)
{
    size_t count = 0;

    /*@ loop invariant i <= text.len;
        loop invariant count == utf8_begun(text.ptr, i) && count <= i;
        loop assigns i, count;
        loop variant text.len - i; */
    for (size_t i = 0; i < text.len; i++) {
        if (!is_continuation((unsigned char)text.ptr[i]))
            count++;
    }
    return count;
}
