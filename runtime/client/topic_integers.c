/* Levels of a topic that are integers in C. */
#include <mqbind/detail/side.h>

#include "json/digits.h"
#include "json/number_writer.h"
#include <mqbind/detail/contracts.h>

/* An integer has one spelling, except for leading zeros: "-0" is not allowed. */
/*@ // No digit is missing, and a "-" precedes a number that is not zero.
  predicate integer_level{L}(char *p, integer len) =
      first_digit(p, len) < len && all_digits(p, first_digit(p, len), len) &&
      (first_digit(p, len) == 1 ==> magnitude(p, len) != 0);
  logic integer level_value{L}(char *p, integer len) =
      first_digit(p, len) == 1 ? -magnitude(p, len) : magnitude(p, len);
*/

/*@ requires readable_text(level);
    requires \valid(digits) && \separated(digits, level.ptr + (0 .. level.len - 1));
    assigns *digits;
    ensures verdict: \result <==> integer_level(level.ptr, level.len);
    ensures negative: digits->negative == first_digit(level.ptr, level.len);
    ensures beyond: \result ==> (digits->beyond <==> magnitude(level.ptr, level.len) > UINT64_MAX);
    ensures value: \result && !digits->beyond ==>
                   digits->magnitude == magnitude(level.ptr, level.len); */
static bool parse_level(struct mqb_str level, struct mqb_digits *digits)
{
    if (!mqb_digits_parse(level, digits))
        return false;
    return !digits->negative || digits->beyond || digits->magnitude != 0;
}

/*@ requires readable_text(level);
    requires \valid(value) && \separated(value, level.ptr + (0 .. level.len - 1));
    assigns *value;
    ensures verdict: \result <==> integer_level(level.ptr, level.len) &&
                     minimum <= level_value(level.ptr, level.len) <= maximum;
    ensures value: *value == (\result ? level_value(level.ptr, level.len) : \old(*value)); */
bool mqb_topic_level_to_int(struct mqb_str level, int64_t minimum, int64_t maximum, int64_t *value)
{
    struct mqb_digits digits;
    int64_t parsed;
    if (!parse_level(level, &digits) || !mqb_digits_int64(&digits, &parsed))
        return false;
    if (parsed < minimum || parsed > maximum)
        return false;
    *value = parsed;
    return true;
}

/*@ requires readable_text(level);
    requires \valid(value) && \separated(value, level.ptr + (0 .. level.len - 1));
    assigns *value;
    ensures verdict: \result <==> integer_level(level.ptr, level.len) &&
                     minimum <= level_value(level.ptr, level.len) <= maximum;
    ensures value: *value == (\result ? level_value(level.ptr, level.len) : \old(*value)); */
bool mqb_topic_level_to_uint(
    struct mqb_str level,
    uint64_t minimum,
    uint64_t maximum,
    uint64_t *value)
{
    struct mqb_digits digits;
    uint64_t parsed;
    if (!parse_level(level, &digits) || !mqb_digits_uint64(&digits, &parsed))
        return false;
    if (parsed < minimum || parsed > maximum)
        return false;
    *value = parsed;
    return true;
}

struct mqb_str mqb_topic_level_from_int(int64_t value, char buf[MQB_NUMBER_BYTES])
{
    return (struct mqb_str){buf, mqb_number_write_int64(value, buf)};
}

struct mqb_str mqb_topic_level_from_uint(uint64_t value, char buf[MQB_NUMBER_BYTES])
{
    return (struct mqb_str){buf, mqb_number_write_uint64(value, buf)};
}
