/* Writing JSON numbers: digits, common doubles, and the layout of the others. */
#include "json/number_writer.h"

#include <mqbind/detail/writer.h>

#include <string.h>

#include "compiler.h"
#include "json/double_bits.h"
#include "json/double_to_decimal.h"
#include "json/number.h"

/* Doubles from 1e-5 up to 1e16 are written without exponent. */
#define MIN_POINT (-4)
#define MAX_POINT 16

/* ---- Integers ---- */

static const char digit_pairs[] = "00010203040506070809"
                                  "10111213141516171819"
                                  "20212223242526272829"
                                  "30313233343536373839"
                                  "40414243444546474849"
                                  "50515253545556575859"
                                  "60616263646566676869"
                                  "70717273747576777879"
                                  "80818283848586878889"
                                  "90919293949596979899";

/* Each of these returns where its digits end. */

static inline char *add_two(char *at, uint32_t value)
{
    memcpy(at, digit_pairs + (size_t)2 * value, 2);
    return at + 2;
}

static char *add_four(char *at, uint32_t value)
{
    return add_two(add_two(at, value / 100), value % 100);
}

static inline char *add_up_to_two(char *at, uint32_t value)
{
    if (value > 9)
        return add_two(at, value);
    *at = (char)('0' + value);
    return at + 1;
}

static inline char *add_up_to_four(char *at, uint32_t value)
{
    if (value > 99)
        return add_two(add_up_to_two(at, value / 100), value % 100);
    return add_up_to_two(at, value);
}

static inline char *add_eight(char *at, uint32_t value)
{
    return add_four(add_four(at, value / 10000), value % 10000);
}

static inline char *add_up_to_eight(char *at, uint32_t value)
{
    if (value > 9999)
        return add_four(add_up_to_four(at, value / 10000), value % 10000);
    return add_up_to_four(at, value);
}

/* Small machines divide 32 bits much faster than 64, so split the number first. */
static MQB_RARE char *add_many(char *at, uint64_t value)
{
    const uint32_t cut = 100000000;
    const uint64_t high = value / cut;
    at = high < cut ? add_up_to_eight(at, (uint32_t)high)
                    : add_eight(add_up_to_four(at, (uint32_t)(high / cut)), (uint32_t)(high % cut));
    return add_eight(at, (uint32_t)(value % cut));
}

char *mqb_number_write_digits(char *at, uint64_t value)
{
    return value <= 99999999 ? add_up_to_eight(at, (uint32_t)value) : add_many(at, value);
}

size_t mqb_number_write_uint64(uint64_t value, char buf[MQB_NUMBER_BYTES])
{
    return (size_t)(mqb_number_write_digits(buf, value) - buf);
}

size_t mqb_number_write_int64(int64_t value, char buf[MQB_NUMBER_BYTES])
{
    if (value >= 0)
        return mqb_number_write_uint64((uint64_t)value, buf);
    buf[0] = '-';
    return (size_t)(mqb_number_write_digits(buf + 1, 0 - (uint64_t)value) - buf);
}

/* ---- Doubles ---- */

#if MQB_SHORT_DECIMALS

static const double scales[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8};

/*
 * Up to 15 digits, 8 of them after the point, as digits / 10^decimals; false if the value has more.
 * A small one has at most 7 before the point. No two decimals of 15 digits read as the same double,
 * so one that reads back is the shortest and the nearest.
 */
static inline bool find_short(double value, bool small, uint64_t *digits, unsigned *decimals)
{
    for (unsigned i = 0; i <= 8; i++) {
        const double scaled = value * scales[i];
        if (!small && scaled >= 1e15)
            return false;
        const int64_t nearest = (int64_t)(scaled + 0.5);
        if ((double)nearest / scales[i] == value) {
            *digits = (uint64_t)nearest;
            *decimals = i;
            return true;
        }
    }
    return false;
}

#else

static bool find_short(double value, bool small, uint64_t *digits, unsigned *decimals)
{
    (void)value;
    (void)small;
    (void)digits;
    (void)decimals;
    return false;
}

#endif

/*
 * "0.015", "1.5", "42.0": `whole` is the part before the point. It is the same for the decimal and
 * the double, as no integer lies between them.
 */
static char *add_short(char *at, uint32_t whole, uint64_t digits, unsigned decimals)
{
    static const uint32_t powers[] = {1,      10,      100,      1000,     10000,
                                      100000, 1000000, 10000000, 100000000};
    uint32_t rest = (uint32_t)(digits - (uint64_t)whole * powers[decimals]);
    at = add_up_to_four(at, whole);
    *at = '.';
    char *end = at + 1 + decimals + (decimals == 0);
    for (char *digit = end - 1; digit != at; rest /= 10)
        *digit-- = (char)('0' + rest % 10);
    return end;
}

/* "1e300", "1.5e-7" from "15": `point` is the position of the point in the digits. */
static size_t add_exponent(char *text, size_t len, int point)
{
    if (len > 1) {
        memmove(text + 2, text + 1, len - 1);
        text[1] = '.';
        len++;
    }
    text[len++] = 'e';
    if (point <= 0)
        text[len++] = '-';
    const int exponent = point <= 0 ? 1 - point : point - 1;
    return (size_t)(mqb_number_write_digits(text + len, (uint64_t)exponent) - text);
}

/* "0.0015", "1.5", "150.0" from "15". */
static size_t add_point(char *text, size_t len, int point)
{
    if (point <= 0) {
        const size_t zeros = (size_t)(2 - point);
        memmove(text + zeros, text, len);
        memset(text, '0', zeros);
        text[1] = '.';
        return zeros + len;
    }
    if (len <= (size_t)point) {
        memset(text + len, '0', (size_t)point - len);
        text[point] = '.';
        text[point + 1] = '0';
        return (size_t)point + 2;
    }
    memmove(text + point + 1, text + point, len - (size_t)point);
    text[point] = '.';
    return len + 1;
}

/* Any positive double that is finite, or zero. */
static MQB_RARE size_t write_any(double value, char *text)
{
    uint64_t bits;
    uint64_t digits = 0;
    unsigned decimals = 0;
    int exponent = 0;
    memcpy(&bits, &value, sizeof(bits));
    if (find_short(value, false, &digits, &decimals))
        exponent = -(int)decimals;
    else if (bits != 0)
        mqb_exact_shortest(bits, &digits, &exponent);
    const size_t len = (size_t)(mqb_number_write_digits(text, digits) - text);
    const int point = (int)len + exponent;
    if (point < MIN_POINT || point > MAX_POINT)
        return add_exponent(text, len, point);
    return add_point(text, len, point);
}

size_t mqb_number_write_double(double value, char buf[MQB_NUMBER_BYTES])
{
    uint64_t bits;
    uint64_t digits;
    unsigned decimals;
    /* Common numbers are laid out directly. */
    if (value < 10000 && value >= 1e-5 && find_short(value, true, &digits, &decimals))
        return (size_t)(add_short(buf, (uint32_t)value, digits, decimals) - buf);
    memcpy(&bits, &value, sizeof(bits));
    if ((bits >> MQB_DOUBLE_FRACTION_BITS & MQB_DOUBLE_EXPONENT_MASK) == MQB_DOUBLE_EXPONENT_MASK)
        return 0;
    if ((bits & MQB_DOUBLE_SIGN) == 0)
        return write_any(value, buf);
    buf[0] = '-';
    return 1 + write_any(-value, buf + 1);
}
