/* Reading JSON numbers: integers and common doubles. */
#include "json/number.h"

#include <string.h>

#include "compiler.h"
#include "json/bytes.h"
#include "json/digits.h"
#include "json/double_bits.h"

/* Any number of that many digits fits in 64 bits. */
#define PLAIN_DIGITS 18

/* ---- Reading ---- */

/* A short number without exponent: digits / 10^decimals. */
struct short_number {
    uint64_t digits;
    unsigned decimals;
    bool negative;
};

static bool read_plain(struct mqb_str text, struct short_number *plain)
{
    const char *end = text.ptr + text.len;
    if (text.len > PLAIN_DIGITS)
        return false;
    *plain = (struct short_number){.negative = text.ptr[0] == '-'};
    const char *at = mqb_bytes_number(text.ptr + plain->negative, end, &plain->digits);
    if (at != end && *at == '.') {
        plain->decimals = (unsigned)(end - at) - 1;
        at = mqb_bytes_number(at + 1, end, &plain->digits);
    }
    return at == end;
}

/* Value of the exponent after the "e"; it saturates far beyond the length of any text. */
static int64_t read_power(struct mqb_str power)
{
    const int64_t enough = INT64_MAX / 16;
    bool negative = false;
    int64_t value = 0;
    size_t at = 0;

    if (at < power.len && !mqb_byte_is(power.ptr[at], MQB_DIGIT))
        negative = power.ptr[at++] == '-';
    for (; at < power.len && value < enough; at++)
        value = value * 10 + (power.ptr[at] - '0');
    return negative ? -value : value;
}

/* Offsets in a number; its exponent begins at `end`. */
struct digit_range {
    size_t first; /* SIZE_MAX if all digits are zero */
    size_t last;
    size_t point; /* `end` without a point */
    size_t end;
};

/* Find the digits between leading and trailing zeros. */
static struct digit_range find_digits(struct mqb_str text, size_t at)
{
    struct digit_range found = {.first = SIZE_MAX, .point = SIZE_MAX};
    for (; at < text.len && (mqb_byte_is(text.ptr[at], MQB_DIGIT) || text.ptr[at] == '.'); at++) {
        if (text.ptr[at] == '.')
            found.point = at;
        if (text.ptr[at] == '.' || text.ptr[at] == '0')
            continue;
        if (found.first == SIZE_MAX)
            found.first = at;
        found.last = at;
    }
    found.end = at;
    if (found.point == SIZE_MAX)
        found.point = at;
    return found;
}

struct mqb_decimal mqb_number_decimal(struct mqb_str text)
{
    struct mqb_decimal decimal = {.negative = text.ptr[0] == '-'};
    const struct digit_range digits = find_digits(text, decimal.negative ? 1 : 0);
    if (digits.first == SIZE_MAX)
        return decimal;
    const bool has_point = digits.first < digits.point && digits.point < digits.last;
    decimal.first = text.ptr + digits.first;
    decimal.count = digits.last - digits.first + (has_point ? 0 : 1);
    decimal.shift = (int64_t)digits.point - (int64_t)digits.last;
    if (digits.last < digits.point)
        decimal.shift--; /* the point itself lies between */
    if (digits.end < text.len)
        decimal.power = (struct mqb_str){text.ptr + digits.end + 1, text.len - digits.end - 1};
    decimal.exponent = read_power(decimal.power) + decimal.shift;
    return decimal;
}

/* The magnitude as an integer. */
static enum mqb_status read_magnitude(const struct mqb_decimal *decimal, uint64_t *magnitude)
{
    const char *digit = decimal->first;
    uint64_t value = 0;
    size_t total;

    if (decimal->count == 0) {
        *magnitude = 0;
        return MQB_OK;
    }
    if (decimal->exponent < 0) /* the last digit is not zero */
        return MQB_ERR_TYPE;
    if (decimal->count > 20 || decimal->exponent > 20 - (int64_t)decimal->count)
        return MQB_ERR_LIMIT;
    total = decimal->count + (size_t)decimal->exponent;
    for (size_t i = 0; i < total; i++) {
        uint64_t next = 0;

        if (i < decimal->count) {
            if (*digit == '.')
                digit++;
            next = (uint64_t)(*digit++ - '0');
        }
        if (value > UINT64_MAX / 10 || value * 10 > UINT64_MAX - next)
            return MQB_ERR_LIMIT;
        value = value * 10 + next;
    }
    *magnitude = value;
    return MQB_OK;
}

static enum mqb_status read_integer(struct mqb_str text, struct mqb_digits *integer)
{
    struct short_number plain;

    integer->beyond = false;
    if (!MQB_SMALL && read_plain(text, &plain) && plain.decimals == 0) {
        integer->negative = plain.negative;
        integer->magnitude = plain.digits;
        return MQB_OK;
    }
    const struct mqb_decimal decimal = mqb_number_decimal(text);
    integer->negative = decimal.negative;
    return read_magnitude(&decimal, &integer->magnitude);
}

enum mqb_status mqb_number_int64(struct mqb_str text, int64_t *value)
{
    struct mqb_digits integer;
    const enum mqb_status status = read_integer(text, &integer);

    if (status != MQB_OK)
        return status;
    return mqb_digits_int64(&integer, value) ? MQB_OK : MQB_ERR_LIMIT;
}

enum mqb_status mqb_number_uint64(struct mqb_str text, uint64_t *value)
{
    struct mqb_digits integer;
    const enum mqb_status status = read_integer(text, &integer);

    if (status != MQB_OK)
        return status;
    return mqb_digits_uint64(&integer, value) ? MQB_OK : MQB_ERR_LIMIT;
}

bool mqb_number_is_negative(struct mqb_str text)
{
    return text.ptr[0] == '-' && mqb_number_decimal(text).count != 0;
}

/* ---- Doubles ---- */

#if MQB_SHORT_DECIMALS

/* Each is an exact double, and so is any integer up to 2^53: one operation rounds once. */
static const double powers_of_ten[] = {1e0, 1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,
                                       1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17};

bool mqb_number_divide(uint64_t digits, unsigned decimals, double *value)
{
    if (digits > UINT64_C(1) << 53)
        return false;
    *value = (double)digits / powers_of_ten[decimals];
    return true;
}

/* A leading or trailing point, or a leading zero. */
static bool has_odd_end(struct mqb_str text)
{
    if (text.ptr[0] == '.' || text.ptr[text.len - 1] == '.')
        return true;
    return text.ptr[0] == '0' && text.len > 1 && text.ptr[1] != '.';
}

bool mqb_number_short(struct mqb_str text, double *value)
{
    struct short_number plain;
    if (text.len == 0 || text.ptr[0] == '-' || has_odd_end(text) || !read_plain(text, &plain))
        return false;
    return mqb_number_divide(plain.digits, plain.decimals, value);
}

#else

bool mqb_number_divide(uint64_t digits, unsigned decimals, double *value)
{
    (void)digits;
    (void)decimals;
    (void)value;
    return false;
}

bool mqb_number_short(struct mqb_str text, double *value)
{
    (void)text;
    (void)value;
    return false;
}

#endif

static bool read_short(struct mqb_str text, double *value)
{
    struct short_number plain;

    if (!MQB_SHORT_DECIMALS || !read_plain(text, &plain) ||
        !mqb_number_divide(plain.digits, plain.decimals, value))
        return false;
    if (plain.negative)
        *value = -*value;
    return true;
}

enum mqb_status mqb_number_double(struct mqb_str text, double *value)
{
    if (read_short(text, value))
        return MQB_OK;
    const struct mqb_decimal decimal = mqb_number_decimal(text);
    uint64_t bits = mqb_exact_read(&decimal);
    if (bits >> MQB_DOUBLE_FRACTION_BITS == MQB_DOUBLE_EXPONENT_MASK)
        return MQB_ERR_LIMIT;
    if (decimal.negative)
        bits |= MQB_DOUBLE_SIGN;
    memcpy(value, &bits, sizeof *value);
    return MQB_OK;
}
