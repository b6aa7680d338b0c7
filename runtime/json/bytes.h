/*
 * bytes.h - classes of bytes in JSON, and runs of bytes.
 */
#ifndef MQB_BYTES_H
#define MQB_BYTES_H

#include <mqbind/detail/bytes.h>
#include <mqbind/detail/contracts.h>

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

/* Just past the literal that begins at `at`, or NULL. */
static inline const char *mqb_bytes_literal(const char *at, const char *end)
{
    if (end - at >= 4 && (mqb_bytes_same_four(at, "true") || mqb_bytes_same_four(at, "null")))
        return at + 4;
    return end - at >= 5 && mqb_bytes_same(at, "false", 5) ? at + 5 : NULL;
}

/* Skip whitespace. Returns the byte after it, or -1 at the end. */
/*@ requires \valid(at) && \separated(at, *at + (0 .. end - *at)) && between(*at, end);
    assigns *at;
    ensures place: between(\old(*at), *at) && between(*at, end);
    ensures blanks: all_blank(\old(*at), *at);
    ensures stopped: *at == end || !is_blank((unsigned char)**at);
    ensures byte: \result == (*at == end ? -1 : (unsigned char)**at); */
static inline int mqb_byte_next(const char **at, const char *end)
{
    *at = mqb_bytes_next(*at, end);
    return *at == end ? -1 : (unsigned char)**at;
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
