/*
 * utf8.h - what is UTF-8 (RFC 3629) and what is not.
 */
#ifndef MQB_UTF8_H
#define MQB_UTF8_H

#include <mqbind/detail/contracts.h>

/*@ predicate utf8_tail(integer byte) = 0x80 <= byte <= 0xBF;

  // What RFC 3629 (chapter 4) allows behind the first byte of a sequence of two, three and four.
  predicate utf8_2{L}(char *p) = 0xC2 <= byte_at(p, 0) <= 0xDF && utf8_tail(byte_at(p, 1));
  predicate utf8_3{L}(char *p) = utf8_tail(byte_at(p, 2)) &&
      ((byte_at(p, 0) == 0xE0 && 0xA0 <= byte_at(p, 1) <= 0xBF) ||
       (0xE1 <= byte_at(p, 0) <= 0xEC && utf8_tail(byte_at(p, 1))) ||
       (byte_at(p, 0) == 0xED && 0x80 <= byte_at(p, 1) <= 0x9F) ||
       (0xEE <= byte_at(p, 0) <= 0xEF && utf8_tail(byte_at(p, 1))));
  predicate utf8_4{L}(char *p) = utf8_tail(byte_at(p, 2)) && utf8_tail(byte_at(p, 3)) &&
      ((byte_at(p, 0) == 0xF0 && 0x90 <= byte_at(p, 1) <= 0xBF) ||
       (0xF1 <= byte_at(p, 0) <= 0xF3 && utf8_tail(byte_at(p, 1))) ||
       (byte_at(p, 0) == 0xF4 && 0x80 <= byte_at(p, 1) <= 0x8F));

  // One sequence of count bytes is at p.
  predicate utf8_sequence{L}(char *p, integer count) =
      (count == 1 && byte_at(p, 0) <= 0x7F) || (count == 2 && utf8_2(p)) ||
      (count == 3 && utf8_3(p)) || (count == 4 && utf8_4(p));
  predicate utf8_nothing{L}(char *p, integer n) =
      \forall integer count; count <= n ==> !utf8_sequence(p, count);

  // The bytes from one place up to another are sequences, one behind the other.
  axiomatic utf8_text {
    predicate utf8_text{L}(char *p, integer from, integer to) reads p[from .. to - 1];
    axiom empty{L}: \forall char *p, integer to; utf8_text(p, to, to);
    axiom more{L}: \forall char *p, integer from, to, count;
        utf8_sequence(p + from, count) && from + count <= to ==>
        (utf8_text(p, from, to) <==> utf8_text(p, from + count, to));
    axiom none{L}: \forall char *p, integer from, to;
        from < to && utf8_nothing(p + from, to - from) ==> !utf8_text(p, from, to);
  }
  predicate ascii{L}(char *p, integer at) = byte_at(p, at) <= 0x7F;
  lemma one_ascii{L}: \forall char *p, integer from, to; from < to && ascii(p, from) ==>
      utf8_sequence(p + from, 1) && (utf8_text(p, from, to) <==> utf8_text(p, from + 1, to));
  lemma two_ascii{L}: \forall char *p, integer from, to;
      from + 2 <= to && ascii(p, from) && ascii(p, from + 1) ==>
      (utf8_text(p, from, to) <==> utf8_text(p, from + 2, to));
  lemma four_ascii{L}: \forall char *p, integer from, to;
      from + 4 <= to && ascii(p, from) && ascii(p, from + 1) && ascii(p, from + 2) &&
      ascii(p, from + 3) ==> (utf8_text(p, from, to) <==> utf8_text(p, from + 4, to));
  predicate eight_ascii{L}(char *p, integer at) =
      ascii(p, at) && ascii(p, at + 1) && ascii(p, at + 2) && ascii(p, at + 3) &&
      ascii(p, at + 4) && ascii(p, at + 5) && ascii(p, at + 6) && ascii(p, at + 7);
  lemma eight_ascii{L}: \forall char *p, integer from, to;
      from + 8 <= to && eight_ascii(p, from) ==>
      (utf8_text(p, from, to) <==> utf8_text(p, from + 8, to));

  // Bytes that begin a sequence.
  logic integer utf8_begun{L}(char *p, integer n) =
      n <= 0 ? 0 : utf8_begun(p, n - 1) + (0x80 <= byte_at(p, n - 1) <= 0xBF ? 0 : 1);
*/

/**
 * Bytes of the valid sequence at `ptr`: 1 to 4; 0 if it is truncated by `len`, overlong, a
 * surrogate, beyond U+10FFFF, or not a sequence at all.
 */
/*@ requires readable(ptr, len);
    assigns \nothing;
    ensures valid: \result != 0 ==> utf8_sequence(ptr, \result) && \result <= len;
    ensures invalid: \result == 0 ==> utf8_nothing(ptr, len); */
size_t mqb_utf8_sequence(const char *ptr, size_t len);

/** The end of the valid sequences from `at` on that are not ASCII. */
/*@ requires between(at, end);
    assigns \nothing;
    ensures place: between(at, \result) && between(\result, end);
    ensures passed: utf8_text(at, 0, end - at) <==> utf8_text(at, \result - at, end - at);
    ensures stopped: \result == end || byte_at(\result, 0) < 0x80 ||
                     utf8_nothing(\result, end - \result); */
const char *mqb_utf8_pass(const char *at, const char *end);

/** True if the whole text is valid UTF-8. */
/*@ requires readable_text(text);
    assigns \nothing;
    ensures verdict: \result <==> utf8_text(text.ptr, 0, text.len); */
bool mqb_utf8_valid(struct mqb_str text);

#endif
