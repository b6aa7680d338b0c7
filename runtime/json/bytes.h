/*
 * bytes.h - classes of bytes in JSON, and runs of bytes.
 */
#ifndef MQB_BYTES_H
#define MQB_BYTES_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "compiler.h"
#include "contracts.h"

enum {
    MQB_PLAIN = 1, /* Represents itself in a string. */
    MQB_BLANK = 2,
    MQB_DIGIT = 4,
    MQB_HEX = 8, /* Digits included. */
    MQB_BREAK = 16, /* Cannot be part of a number or literal. */
};

/** The classes of each byte; bytes beyond ASCII have none. */
extern const unsigned char mqb_json_classes[256];

/*@ predicate is_digit(integer byte) = '0' <= byte <= '9';
  predicate is_blank(integer byte) = byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
  predicate is_plain(integer byte) = 0x20 <= byte <= 0x7F && byte != '"' && byte != '\\';
  predicate is_hex(integer byte) = is_digit(byte) || 'A' <= byte <= 'F' || 'a' <= byte <= 'f';
  predicate is_break(integer byte) = is_blank(byte) || byte == '"' || byte == ',' ||
      byte == ':' || byte == '[' || byte == ']' || byte == '{' || byte == '}';
  predicate is_kind(integer byte, integer kind) =
      (kind == MQB_PLAIN && is_plain(byte)) || (kind == MQB_BLANK && is_blank(byte)) ||
      (kind == MQB_DIGIT && is_digit(byte)) || (kind == MQB_HEX && is_hex(byte)) ||
      (kind == MQB_BREAK && is_break(byte));

  // The bytes from one place up to another are of one kind; the one there is not, or the end.
  predicate all_are{L}(char *at, char *end, integer kind) =
      \forall char *p; within(p, at, end) ==> is_kind((unsigned char)*p, kind);
  predicate stops_at{L}(char *at, char *end, integer kind) =
      at == end || !is_kind((unsigned char)*at, kind);
  predicate all_spaces{L}(char *at, char *end) =
      \forall char *p; within(p, at, end) ==> (unsigned char)*p == ' ';
*/

/*@ requires kind: kind == MQB_PLAIN || kind == MQB_BLANK || kind == MQB_DIGIT ||
                   kind == MQB_HEX || kind == MQB_BREAK;
    assigns \nothing;
    ensures class: \result <==> is_kind((unsigned char)byte, kind); */
static inline bool mqb_byte_is(char byte, int kind)
{
    return (mqb_json_classes[(unsigned char)byte] & kind) != 0;
}

/*@ requires between(at, end);
    assigns \nothing;
    ensures place: between(at, \result) && between(\result, end);
    ensures digits: all_are(at, \result, MQB_DIGIT) && stops_at(\result, end, MQB_DIGIT); */
static inline const char *mqb_bytes_digits(const char *at, const char *end)
{
    /*@ loop invariant between(\at(at, Pre), at) && between(at, end);
        loop invariant all_are(\at(at, Pre), at, MQB_DIGIT);
        loop assigns at;
        loop variant end - at; */
    while (at != end && mqb_byte_is(*at, MQB_DIGIT))
        at++;
    return at;
}

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
static inline uint64_t mqb_bytes_word(const char *ptr)
{
    return (uint64_t)(unsigned char)ptr[0] + ((uint64_t)(unsigned char)ptr[1] << 8) +
           ((uint64_t)(unsigned char)ptr[2] << 16) + ((uint64_t)(unsigned char)ptr[3] << 24) +
           ((uint64_t)(unsigned char)ptr[4] << 32) + ((uint64_t)(unsigned char)ptr[5] << 40) +
           ((uint64_t)(unsigned char)ptr[6] << 48) + ((uint64_t)(unsigned char)ptr[7] << 56);
}

#define MQB_HIGH_BITS UINT64_C(0x8080808080808080)

/*
 * The high bit of each of eight bytes that is a control character, a quote, a backslash or beyond
 * ASCII. After the first such byte, others may be marked by mistake. The other bits are
 * unspecified.
 */
/*@ assigns \nothing; */
static inline uint64_t mqb_word_special(uint64_t word)
{
    const uint64_t each = UINT64_C(0x0101010101010101);
    /* With bit 1 flipped, the quote directly follows the control characters. */
    const uint64_t control = (word ^ each * 2) - each * ('"' - 1);
    const uint64_t backslash = (word ^ each * '\\') - each;
    return word | control | backslash;
}

/* The same for the bytes at `ptr`; the other bits are 0. */
/*@ requires readable(ptr, 8);
    assigns \nothing;
    ensures none: \result == 0 ==> all_are(ptr, ptr + 8, MQB_PLAIN);
    ensures first: \result != 0 ==> all_are(ptr, ptr + first_byte(\result), MQB_PLAIN) &&
                   !is_plain((unsigned char)ptr[first_byte(\result)]); */
static inline uint64_t mqb_bytes_special(const char *ptr)
{
    return mqb_word_special(mqb_bytes_word(ptr)) & MQB_HIGH_BITS;
}

/* True if there is none among `len` bytes. Checking a byte twice does no harm. */
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
/*@ requires word != 0;
    assigns \nothing;
    ensures first: \result == first_byte(word); */
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

/* The end of the spaces from `at` on. */
/*@ requires between(at, end);
    assigns \nothing;
    ensures place: between(at, \result) && between(\result, end);
    ensures spaces: all_spaces(at, \result);
    ensures stopped: \result == end || (unsigned char)*\result != ' '; */
static inline const char *mqb_bytes_spaces(const char *at, const char *end)
{
    /*@ loop invariant between(\at(at, Pre), at) && between(at, end);
        loop invariant all_spaces(\at(at, Pre), at);
        loop assigns at;
        loop variant end - at; */
    for (; !MQB_SMALL && end - at >= 8; at += 8) {
        const uint64_t word = mqb_bytes_word(at);
        /* The first byte that is not a space is the first nonzero one in the difference. */
        if (word != MQB_SPACES)
            return at + mqb_bytes_first(word > MQB_SPACES ? word - MQB_SPACES : MQB_SPACES - word);
    }
    /*@ loop invariant between(\at(at, Pre), at) && between(at, end);
        loop invariant all_spaces(\at(at, Pre), at);
        loop assigns at;
        loop variant end - at; */
    while (at != end && *at == ' ')
        at++;
    return at;
}

/*
 * Skip whitespace: usually one blank, or indentation. Returns the byte after it, or -1 at the end.
 */
/*@ requires \valid(at) && \separated(at, *at + (0 .. end - *at)) && between(*at, end);
    assigns *at;
    ensures place: between(\old(*at), *at) && between(*at, end);
    ensures blanks: all_are(\old(*at), *at, MQB_BLANK) && stops_at(*at, end, MQB_BLANK);
    ensures byte: \result == (*at == end ? -1 : (unsigned char)**at); */
static inline int mqb_byte_next(const char **at, const char *end)
{
    /*@ loop invariant between(\at(*at, Pre), *at) && between(*at, end);
        loop invariant all_are(\at(*at, Pre), *at, MQB_BLANK);
        loop assigns *at;
        loop variant end - *at; */
    while (*at != end) {
        const unsigned char byte = (unsigned char)**at;
        if (byte > ' ' || !mqb_byte_is(**at, MQB_BLANK))
            return byte;
        ++*at;
        /*@ assert blank: all_are(\at(*at, Pre), *at, MQB_BLANK); */
        if (byte == '\n')
            *at = mqb_bytes_spaces(*at, end);
    }
    return -1;
}

/* The end of the plain bytes from `at` on, eight at a time. */
/*@ requires between(at, end);
    assigns \nothing;
    ensures place: between(at, \result) && between(\result, end);
    ensures plain: all_are(at, \result, MQB_PLAIN) && stops_at(\result, end, MQB_PLAIN); */
static inline const char *mqb_bytes_plain(const char *at, const char *end)
{
    /*@ loop invariant between(\at(at, Pre), at) && between(at, end);
        loop invariant all_are(\at(at, Pre), at, MQB_PLAIN);
        loop assigns at;
        loop variant end - at; */
    while (!MQB_SMALL && end - at >= 8) {
        const uint64_t special = mqb_bytes_special(at);
        if (special != 0)
            return at + mqb_bytes_first(special);
        at += 8;
    }
    /*@ loop invariant between(\at(at, Pre), at) && between(at, end);
        loop invariant all_are(\at(at, Pre), at, MQB_PLAIN);
        loop assigns at;
        loop variant end - at; */
    while (at != end && mqb_byte_is(*at, MQB_PLAIN))
        at++;
    return at;
}

/* Just past the closing quote of the string that continues at `at`; or the end. */
/*@ requires between(at, end);
    assigns \nothing;
    ensures place: between(at, \result) && between(\result, end);
    ensures closed: \result == end || (at < \result && \result[-1] == '"'); */
static inline const char *mqb_bytes_string_end(const char *at, const char *end)
{
    /*@ loop invariant between(\at(at, Pre), at) && between(at, end);
        loop assigns at;
        loop variant end - at; */
    for (;;) {
        at = mqb_bytes_plain(at, end);
        if (at == end)
            return end;
        if (*at == '"')
            return at + 1;
        if (*at == '\\' && end - at > 1)
            at++;
        at++;
        /*@ loop invariant between(\at(at, LoopEntry), at) && between(at, end);
            loop assigns at;
            loop variant end - at; */
        while (at != end && (signed char)*at < 0)
            at++;
    }
}

#endif
