/*
 * bytes.h - bytes of JSON: whitespace, the type of a value, equal strings.
 */
#ifndef MQBIND_DETAIL_BYTES_H
#define MQBIND_DETAIL_BYTES_H

#include <mqbind/detail/contracts.h>
#include <mqbind/detail/inline.h>

#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/* runtime/json/inline_bytes.c has the functions. */
#ifdef MQB_BYTES_ONCE
#define MQB_BYTES
#define MQB_BYTES_ALWAYS
#else
#define MQB_BYTES MQB_SHARED
#define MQB_BYTES_ALWAYS MQB_SHARED_ALWAYS
#endif

/* ---- Words of eight bytes ---- */

/*@ // Eight bytes as a number, the first of them lowest.
  logic integer word_at{L}(char *p) =
      byte_at(p, 0) + byte_at(p, 1) * 0x100 + byte_at(p, 2) * 0x10000 +
      byte_at(p, 3) * 0x1000000 + byte_at(p, 4) * 0x100000000 + byte_at(p, 5) * 0x10000000000 +
      byte_at(p, 6) * 0x1000000000000 + byte_at(p, 7) * 0x100000000000000;

  // The first byte of a word, from the lowest, that is not 0.
  logic integer first_byte(integer word) =
      word % 0x100 != 0 ? 0 : word % 0x10000 != 0 ? 1 : word % 0x1000000 != 0 ? 2 :
      word % 0x100000000 != 0 ? 3 : word % 0x10000000000 != 0 ? 4 :
      word % 0x1000000000000 != 0 ? 5 : word % 0x100000000000000 != 0 ? 6 : 7;
*/

/* Eight bytes as a little-endian word, whatever the byte order of the machine. Loaded at once. */
/*@ requires readable(ptr, 8);
    assigns \nothing;
    ensures word: \result == word_at(ptr); */
MQB_BYTES uint64_t mqb_bytes_word(const char *ptr)
{
    return (uint64_t)(unsigned char)ptr[0] + ((uint64_t)(unsigned char)ptr[1] << 8) +
           ((uint64_t)(unsigned char)ptr[2] << 16) + ((uint64_t)(unsigned char)ptr[3] << 24) +
           ((uint64_t)(unsigned char)ptr[4] << 32) + ((uint64_t)(unsigned char)ptr[5] << 40) +
           ((uint64_t)(unsigned char)ptr[6] << 48) + ((uint64_t)(unsigned char)ptr[7] << 56);
}

/* The first of eight bytes with a bit in `word`, which is not 0. */
/*@ requires word != 0;
    assigns \nothing;
    ensures first: \result == first_byte(word); */
MQB_BYTES unsigned mqb_bytes_first(uint64_t word)
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

/* ---- Whitespace ---- */

#define MQB_SPACES UINT64_C(0x2020202020202020)

/*@ lemma spaces_word{L}: \forall char *p; word_at(p) == MQB_SPACES ==>
      byte_at(p, 0) == ' ' && byte_at(p, 1) == ' ' && byte_at(p, 2) == ' ' &&
      byte_at(p, 3) == ' ' && byte_at(p, 4) == ' ' && byte_at(p, 5) == ' ' &&
      byte_at(p, 6) == ' ' && byte_at(p, 7) == ' ';
  logic integer from_spaces(integer word) =
      word > MQB_SPACES ? word - MQB_SPACES : MQB_SPACES - word;
  lemma spaces_before{L}: \forall char *p; \let first = first_byte(from_spaces(word_at(p)));
      (0 < first ==> byte_at(p, 0) == ' ') && (1 < first ==> byte_at(p, 1) == ' ') &&
      (2 < first ==> byte_at(p, 2) == ' ') && (3 < first ==> byte_at(p, 3) == ' ') &&
      (4 < first ==> byte_at(p, 4) == ' ') && (5 < first ==> byte_at(p, 5) == ' ') &&
      (6 < first ==> byte_at(p, 6) == ' ');
  lemma spaces_stop{L}: \forall char *p; word_at(p) != MQB_SPACES ==>
      byte_at(p, first_byte(from_spaces(word_at(p)))) != ' ';
*/

/* 0 in each byte that is a space. */
/*@ assigns \nothing;
    ensures none: \result == 0 <==> word == MQB_SPACES;
    ensures first: \result != 0 ==> first_byte(\result) == first_byte(from_spaces(word)); */
MQB_BYTES uint64_t mqb_word_others(uint64_t word)
{
    return word ^ MQB_SPACES;
}

/* The end of the spaces from `at` on. */
/*@ requires between(at, end);
    assigns \nothing;
    ensures place: between(at, \result) && between(\result, end);
    ensures spaces: all_spaces(at, \result);
    ensures stopped: \result == end || (unsigned char)*\result != ' '; */
MQB_BYTES const char *mqb_bytes_spaces(const char *at, const char *end)
{
    /*@ loop invariant between(\at(at, Pre), at) && between(at, end);
        loop invariant all_spaces(\at(at, Pre), at);
        loop assigns at;
        loop variant end - at; */
    for (; !MQB_SMALL && end - at >= 8; at += 8) {
        const uint64_t others = mqb_word_others(mqb_bytes_word(at));
        if (others != 0)
            return at + mqb_bytes_first(others);
    }
    /*@ loop invariant between(\at(at, Pre), at) && between(at, end);
        loop invariant all_spaces(\at(at, Pre), at);
        loop assigns at;
        loop variant end - at; */
    while (at != end && *at == ' ')
        at++;
    return at;
}

/**
 * The end of the whitespace from `at` on, in the general case. Usually it is indentation: spaces
 * are skipped eight at a time.
 */
/*@ requires between(at, end);
    assigns \nothing;
    ensures place: between(at, \result) && between(\result, end);
    ensures blanks: all_blank(at, \result);
    ensures stopped: \result == end || !is_blank((unsigned char)*\result); */
const char *mqb_bytes_blanks(const char *at, const char *end);

/* False for almost all bytes that are not whitespace. */
/*@ assigns \nothing;
    ensures blank: is_blank((unsigned char)byte) ==> \result;
    ensures low: \result <==> (unsigned char)byte <= ' '; */
MQB_BYTES bool mqb_byte_may_be_blank(char byte)
{
    return (unsigned char)byte <= ' ';
}

/* The same: usually there is none, or one space. */
/*@ requires between(at, end);
    assigns \nothing;
    ensures place: between(at, \result) && between(\result, end);
    ensures blanks: all_blank(at, \result);
    ensures stopped: \result == end || !is_blank((unsigned char)*\result); */
MQB_BYTES const char *mqb_bytes_next(const char *at, const char *end)
{
    if (at == end || !mqb_byte_may_be_blank(*at))
        return at;
    if (*at == ' ' && end - at > 1 && !mqb_byte_may_be_blank(at[1]))
        return at + 1;
    return mqb_bytes_blanks(at, end);
}

/*
 * The same without a call, if it is spaces or the indentation of a new line; other whitespace is
 * left. There is a byte at least.
 */
MQB_BYTES const char *mqb_bytes_indent(const char *at, const char *end)
{
    if (!mqb_byte_may_be_blank(*at))
        return at;
    if (*at == ' ' && end - at > 1 && !mqb_byte_may_be_blank(at[1]))
        return at + 1;
    return mqb_bytes_spaces(at + (*at == '\n'), end);
}

/* The same as mqb_bytes_next(), where there is often a new line. */
/*@ requires between(at, end);
    assigns \nothing;
    ensures place: between(at, \result) && between(\result, end);
    ensures blanks: all_blank(at, \result);
    ensures stopped: \result == end || !is_blank((unsigned char)*\result); */
MQB_BYTES const char *mqb_bytes_line(const char *at, const char *end)
{
    if (at == end || !mqb_byte_may_be_blank(*at))
        return at;
    if (*at == '\n')
        at = mqb_bytes_spaces(at + 1, end);
    return at == end || !mqb_byte_may_be_blank(*at) ? at : mqb_bytes_blanks(at, end);
}

/* ---- Digits ---- */

/*
 * The end of the digits from `at` on, which continue the number *value. More than 18 digits may
 * exceed it.
 */
MQB_BYTES const char *mqb_bytes_number(const char *at, const char *end, uint64_t *value)
{
    uint64_t digits = *value;
    for (; at != end; at++) {
        const unsigned digit = (unsigned)(unsigned char)*at - '0';
        if (digit > 9)
            break;
        digits = digits * 10 + digit;
    }
    *value = digits;
    return at;
}

/* The same where something else follows the digits. */
MQB_BYTES_ALWAYS const char *mqb_bytes_ended_number(const char *at, uint64_t *value)
{
    uint64_t digits = *value;
    unsigned digit;
    while ((digit = (unsigned)(unsigned char)*at - '0') <= 9) {
        digits = digits * 10 + digit;
        at++;
    }
    *value = digits;
    return at;
}

/* ---- Types ---- */

/* The JSON type of a value with this first byte; a number if it is not a value at all. */
MQB_BYTES enum mqb_json_type mqb_byte_type(char first)
{
    if (first == '"')
        return MQB_JSON_STRING;
    if (first == '{')
        return MQB_JSON_OBJECT;
    if (first == '[')
        return MQB_JSON_ARRAY;
    if (first == 'n')
        return MQB_JSON_NULL;
    return first == 't' || first == 'f' ? MQB_JSON_BOOLEAN : MQB_JSON_NUMBER;
}

/* ---- Equal bytes ---- */

MQB_BYTES bool mqb_bytes_same_eight(const char *a, const char *b)
{
    uint64_t word;
    uint64_t other;
    memcpy(&word, a, sizeof(word));
    memcpy(&other, b, sizeof(other));
    return word == other;
}

MQB_BYTES bool mqb_bytes_same_four(const char *a, const char *b)
{
    uint32_t word;
    uint32_t other;
    memcpy(&word, a, sizeof(word));
    memcpy(&other, b, sizeof(other));
    return word == other;
}

/* Of eight bytes at least. */
MQB_BYTES_ALWAYS bool mqb_bytes_same_long(const char *a, const char *b, size_t len)
{
    for (size_t at = 8; at + 8 < len; at += 8) {
        if (!mqb_bytes_same_eight(a + at, b + at))
            return false;
    }
    return mqb_bytes_same_eight(a, b) && mqb_bytes_same_eight(a + len - 8, b + len - 8);
}

/* memcmp() == 0 without the call: most names are short. */
MQB_BYTES_ALWAYS bool mqb_bytes_same(const char *a, const char *b, size_t len)
{
    if (MQB_SMALL)
        return len == 0 || memcmp(a, b, len) == 0;
    if (len >= 8)
        return mqb_bytes_same_long(a, b, len);
    if (len >= 4)
        return mqb_bytes_same_four(a, b) && mqb_bytes_same_four(a + len - 4, b + len - 4);
    if (len == 0)
        return true;
    return a[0] == b[0] && a[len / 2] == b[len / 2] && a[len - 1] == b[len - 1];
}

MQB_BYTES_ALWAYS bool mqb_bytes_equal(struct mqb_str a, struct mqb_str b)
{
    return a.len == b.len && mqb_bytes_same(a.ptr, b.ptr, a.len);
}

#ifdef __cplusplus
}
#endif

#endif
