/*
 * digits.h - integers as plain text: an optional "-", then only digits. Leading zeros are allowed.
 */
#ifndef MQB_DIGITS_H
#define MQB_DIGITS_H

#include <mqbind/detail/bytes.h>

/*@ predicate all_digits{L}(char *p, integer from, integer to) =
      \forall integer i; from <= i < to ==> '0' <= p[i] <= '9';
  logic integer decimal{L}(char *p, integer from, integer to) =
      to <= from ? 0 : decimal(p, from, to - 1) * 10 + (p[to - 1] - '0');

  // Where the digits begin.
  logic integer first_digit{L}(char *p, integer len) = 0 < len && p[0] == '-' ? 1 : 0;
  logic integer magnitude{L}(char *p, integer len) = decimal(p, first_digit(p, len), len);
*/

struct mqb_digits {
    bool negative; /**< There is a "-", possibly before a zero. */
    bool beyond; /**< More than 64 bits; the magnitude is then unspecified. */
    uint64_t magnitude;
};

/** False if the text is not such an integer. */
/*@ requires readable_text(text);
    requires \valid(digits) && \separated(digits, text.ptr + (0 .. text.len - 1));
    assigns *digits;
    ensures negative: digits->negative == first_digit(text.ptr, text.len);
    ensures verdict: \result <==> digits->negative < text.len &&
                     all_digits(text.ptr, digits->negative, text.len);
    ensures beyond: \result ==>
                    (digits->beyond <==> magnitude(text.ptr, text.len) > UINT64_MAX);
    ensures value: \result && !digits->beyond ==>
                   digits->magnitude == magnitude(text.ptr, text.len); */
bool mqb_digits_parse(struct mqb_str text, struct mqb_digits *digits);

/* False, with *value unchanged, if it is out of range of the C type. */
/*@ requires \valid_read(digits) && \valid(value) && \separated(digits, value);
    assigns *value;
    ensures verdict: \result <==> !digits->beyond &&
                     digits->magnitude <= INT64_MAX + (digits->negative ? 1 : 0);
    ensures value: *value == (!\result ? \old(*value) :
                              digits->negative ? -digits->magnitude : digits->magnitude); */
bool mqb_digits_int64(const struct mqb_digits *digits, int64_t *value);
/*@ requires \valid_read(digits) && \valid(value) && \separated(digits, value);
    assigns *value;
    ensures verdict: \result <==> !digits->beyond && (digits->negative ==> digits->magnitude == 0);
    ensures value: *value == (\result ? digits->magnitude : \old(*value)); */
bool mqb_digits_uint64(const struct mqb_digits *digits, uint64_t *value);

/**
 * Almost all integers are just a few digits. True, with their value, if there are at most 18 and
 * nothing else. Inline: this is on the path of every integer.
 */
static inline bool mqb_digits_natural(struct mqb_str text, uint64_t *value)
{
    *value = 0;
    if (text.len == 0 || text.len > 18)
        return false;
    return mqb_bytes_number(text.ptr, text.ptr + text.len, value) == text.ptr + text.len;
}

#endif
