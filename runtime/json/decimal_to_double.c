/*
 * Decimal to double, correctly rounded, by integer arithmetic.
 *
 * The first 19 digits are scaled by a power of ten in 64 bits. For common numbers that is exact.
 * Otherwise there is a small error, and both a slightly smaller and a slightly larger number are
 * rounded. If that gives two doubles, the point halfway between them is compared with the number
 * digit by digit, without storing the digits of either.
 */
#include "json/decimal_to_double.h"

#include <string.h>

#include "compiler.h"
#include "json/big_integer.h"
#include "json/double_bits.h"

/* Any number of that many digits fits in 64 bits. */
#define DIGITS_MAX 19

/* Magnitudes of at least 10^TOO_LARGE are infinite, below 10^TOO_SMALL they round to zero. */
#define TOO_LARGE 309
#define TOO_SMALL (-324)

#define INFINITY_BITS (UINT64_C(0x7FF) << MQB_DOUBLE_FRACTION_BITS)
#define MAX_EXPONENT 1023

/*
 * Holds integers below 10^TOO_LARGE, and the 1075 fractional bits of the finest halfway point with
 * the 54 bits before them, but not both.
 */
#define WORDS_MAX 36

/* Digits that fit in a word, and the corresponding power of ten. */
#define CHUNK_DIGITS 9
#define CHUNK 1000000000

/* leading * 2^exponent, plus less than 2^exponent if there is a rest. */
struct scaled_binary {
    uint64_t leading;
    int exponent;
    bool rest;
};

/* 5^27 fits in 64 bits. */
#define EXACT_POWER 27

/*
 * Maximum error of `leading`, in its last bit or in 2^-63 of it, whichever is more. A power of five
 * up to 5^343 is exact except for the last 4 bits of its exponent. Each of those doubles the error
 * and truncates up to 2 twice: 60. Digits beyond the 19th are less than 10, and scaling truncates
 * up to 4.
 */
#define OFF_MAX 80

/* ---- 64 bits ---- */

/* The nearest double, ties to even. */
static uint64_t round_to_double(const struct scaled_binary *value)
{
    const int length = mqb_bit_length(value->leading);
    const int exponent = value->exponent + length - 1; /* of the first bit */
    int drop = length - 1 - MQB_DOUBLE_FRACTION_BITS;
    if (exponent > MAX_EXPONENT)
        return INFINITY_BITS;
    if (exponent < MQB_DOUBLE_MIN_EXPONENT)
        drop += MQB_DOUBLE_MIN_EXPONENT - exponent;
    if (drop > 64)
        return 0;
    const uint64_t half = UINT64_C(1) << (drop - 1);
    const uint64_t tail = value->leading & (half | (half - 1));
    uint64_t kept = drop == 64 ? 0 : value->leading >> drop;
    if (tail > half || (tail == half && (value->rest || (kept & 1) != 0)))
        kept++;
    /* A carry out of the fraction increments the exponent, up to infinity, as intended. */
    if (exponent < MQB_DOUBLE_MIN_EXPONENT)
        return kept;
    return ((uint64_t)(exponent - MQB_DOUBLE_MIN_EXPONENT) << MQB_DOUBLE_FRACTION_BITS) + kept;
}

/* Shift the first bit to the top. */
static void normalize(struct scaled_binary *value)
{
    const int shift = 64 - mqb_bit_length(value->leading);
    value->leading <<= shift;
    value->exponent -= shift;
}

/* Multiply, keeping the upper 64 bits. */
static void multiply(struct scaled_binary *value, uint64_t factor)
{
    const uint64_t low = value->leading & UINT32_MAX;
    const uint64_t high = value->leading >> 32;
    const uint64_t factor_low = factor & UINT32_MAX;
    const uint64_t factor_high = factor >> 32;
    const uint64_t lowest = low * factor_low;
    const uint64_t one = high * factor_low + (lowest >> 32);
    const uint64_t other = low * factor_high + (one & UINT32_MAX);
    value->leading = high * factor_high + (one >> 32) + (other >> 32);
    value->rest = value->rest || ((lowest | other) & UINT32_MAX) != 0;
    value->exponent += 64;
}

#if UINTPTR_MAX > UINT32_MAX

/*
 * The next 32 bits of a quotient. The remainder so far, less than the divisor, continues with
 * `next`, its next 32 bits.
 */
static uint64_t next_word(uint64_t *left, uint32_t next, uint64_t divisor)
{
    const uint64_t high = divisor >> 32;
    const uint64_t low = divisor & UINT32_MAX;
    uint64_t word = *left / high;
    uint64_t rest = *left % high;
    while (rest <= UINT32_MAX && (word > UINT32_MAX || word * low > (rest << 32 | next))) {
        word--;
        rest += high;
    }
    *left = (*left << 32 | next) - word * divisor;
    return word;
}

/* left * 2^62 / divisor */
static uint64_t quotient_of(uint64_t *left, uint64_t divisor)
{
    const uint32_t last = (uint32_t)(*left & 3) << 30;
    *left >>= 2;
    const uint64_t word = next_word(left, last, divisor);
    return word << 32 | next_word(left, 0, divisor);
}

#else

/* The same without a division, which takes much code on processors without one. */
static uint64_t quotient_of(uint64_t *left, uint64_t divisor)
{
    uint64_t quotient = 0;
    bool beyond = false; /* *left has one bit more. */
    for (int bits = 63;; bits--) {
        if (beyond || *left >= divisor) {
            *left -= divisor;
            quotient |= 1;
        }
        if (bits == 1)
            return quotient;
        beyond = *left >> 63 != 0;
        *left <<= 1;
        quotient <<= 1;
    }
}

#endif

/* Divide by a number at most twice and at least half as large, keeping 62 or 63 bits. */
static void divide(struct scaled_binary *value, uint64_t divisor)
{
    uint64_t left = value->leading;
    value->leading = quotient_of(&left, divisor);
    value->rest = value->rest || left != 0;
    value->exponent -= 62;
}

/* 5^power, the first bit at the top. */
static void power_of_five(struct scaled_binary *value, unsigned power)
{
    unsigned shift = 0;
    while (power >> shift > EXACT_POWER)
        shift++;
    *value = (struct scaled_binary){.leading = 1};
    for (unsigned i = power >> shift; i > 0; i--)
        value->leading *= 5;
    normalize(value);
    while (shift-- > 0) {
        value->exponent *= 2;
        multiply(value, value->leading);
        normalize(value);
        if ((power >> shift & 1) == 0)
            continue;
        multiply(value, UINT64_C(5) << 61);
        value->exponent -= 61;
        normalize(value);
    }
}

/* Multiply a natural number by 10^ten, keeping 62 or 63 bits. False if that is not exact. */
static bool scale_to_double(struct scaled_binary *value, int ten)
{
    struct scaled_binary power;
    power_of_five(&power, (unsigned)(ten < 0 ? -ten : ten));
    normalize(value);
    value->exponent += ten;
    if (ten < 0) {
        divide(value, power.leading);
        value->exponent -= power.exponent;
        return !power.rest;
    }
    multiply(value, power.leading);
    value->exponent += power.exponent + 1;
    value->rest = value->rest || (value->leading & 1) != 0;
    value->leading >>= 1;
    return !power.rest;
}

/* ---- Digits ---- */

/* Iterates over the digits, with zeros before and after them. */
struct cursor {
    const char *digit;
    size_t left;
    size_t zeros; /* Those before them. */
};

static uint64_t next_digits(struct cursor *cursor, size_t count)
{
    uint64_t value = 0;
    for (; count > 0; count--) {
        value *= 10;
        if (cursor->zeros != 0) {
            cursor->zeros--;
        } else if (cursor->left != 0) {
            if (*cursor->digit == '.')
                cursor->digit++;
            value += (uint64_t)(*cursor->digit++ - '0');
            cursor->left--;
        }
    }
    return value;
}

/* ---- Halfway ---- */

static bool is_zero(const uint32_t *words, size_t count)
{
    uint32_t bits = 0;
    for (size_t i = 0; i < count; i++)
        bits |= words[i];
    return bits == 0;
}

static int compare(uint64_t number, uint64_t other)
{
    return number > other ? 1 : number < other ? -1 : 0;
}

/*
 * Each compares the number with half * 2^two: above 0 if it is greater. `before` is the number of
 * its digits before the point, with trailing zeros.
 */

static int compare_integers(struct cursor *cursor, size_t before, uint64_t half, int two)
{
    uint32_t words[WORDS_MAX] = {0};
    for (size_t count = before % CHUNK_DIGITS; before > 0; count = CHUNK_DIGITS) {
        const uint32_t chunk = (uint32_t)next_digits(cursor, count);
        (void)mqb_words_multiply(words, WORDS_MAX, CHUNK, chunk);
        before -= count;
    }
    const size_t first = (size_t)two / 32;
    const unsigned shift = (unsigned)two % 32;
    const uint64_t middle = (uint64_t)words[first + 1] << 32 | words[first];
    const uint64_t top = (uint64_t)words[first + 2] << 32 << (32 - shift);
    const int order = compare(shift == 0 ? middle : middle >> shift | top, half);
    if (order != 0)
        return order;
    words[first] &= (UINT32_C(1) << shift) - 1;
    return !is_zero(words, first + 1) || cursor->left != 0;
}

/* Multiplying a binary fraction yields its decimal digits. */
static int compare_fractions(struct cursor *cursor, size_t before, uint64_t half, int two)
{
    uint32_t words[WORDS_MAX] = {0};
    const size_t count = (size_t)(31 - two) / 32; /* behind the point */
    const unsigned shift = (unsigned)(32 * (int)count + two);
    const uint64_t low = (half & UINT32_MAX) << shift;
    const uint64_t high = ((half >> 32) << shift) + (low >> 32);
    words[0] = (uint32_t)low;
    words[1] = (uint32_t)high;
    words[2] = (uint32_t)(high >> 32);
    const uint64_t whole = (uint64_t)words[count + 1] << 32 | words[count];
    int order = compare(next_digits(cursor, before), whole);
    while (order == 0) {
        const uint32_t chunk = mqb_words_multiply(words, count, CHUNK, 0);
        order = compare(next_digits(cursor, CHUNK_DIGITS), chunk);
        if (order != 0)
            break;
        if (is_zero(words, count))
            return cursor->left != 0;
        if (cursor->left == 0)
            return -1;
    }
    return order;
}

/* The magnitude of a double is significand * 2^two. */
struct parts {
    uint64_t significand;
    int two;
};

static struct parts parts_of(uint64_t bits)
{
    const uint64_t hidden = UINT64_C(1) << MQB_DOUBLE_FRACTION_BITS;
    const uint64_t fraction = bits & (hidden - 1);
    const int biased = (int)(bits >> MQB_DOUBLE_FRACTION_BITS);
    return (struct parts){
        .significand = biased == 0 ? fraction : fraction | hidden,
        .two = MQB_DOUBLE_MIN_EXPONENT - MQB_DOUBLE_FRACTION_BITS + (biased == 0 ? 0 : biased - 1),
    };
}

/* The double with these bits, or the one above it: the nearest of the two, or the even one. */
MQB_RARE static uint64_t decide(const struct mqb_decimal *decimal, int magnitude, uint64_t bits)
{
    const struct parts lower = parts_of(bits);
    const uint64_t half = 2 * lower.significand + 1;
    const int two = lower.two - 1;
    const size_t before = magnitude > 0 ? (size_t)magnitude : 0;
    struct cursor cursor = {
        .digit = decimal->first,
        .left = decimal->count,
        .zeros = magnitude > 0 ? 0 : (size_t)-magnitude,
    };
    const int order = two >= 0 ? compare_integers(&cursor, before, half, two)
                               : compare_fractions(&cursor, before, half, two);
    return order > 0 || (order == 0 && (bits & 1) != 0) ? bits + 1 : bits;
}

bool mqb_exact_is_integer(const struct mqb_decimal *decimal, uint64_t bits)
{
    const struct parts parts = parts_of(bits);
    const int64_t magnitude = decimal->exponent + (int64_t)decimal->count;
    struct cursor cursor = {.digit = decimal->first, .left = decimal->count};
    if (decimal->exponent < 0 || magnitude > TOO_LARGE || parts.two < 0)
        return false;
    return compare_integers(&cursor, (size_t)magnitude, parts.significand, parts.two) == 0;
}

uint64_t mqb_exact_read(const struct mqb_decimal *decimal)
{
    const int64_t magnitude = decimal->exponent + (int64_t)decimal->count;
    if (decimal->count == 0 || magnitude <= TOO_SMALL)
        return 0;
    if (magnitude > TOO_LARGE)
        return INFINITY_BITS;
    struct cursor cursor = {.digit = decimal->first, .left = decimal->count};
    const size_t count = cursor.left < DIGITS_MAX ? cursor.left : DIGITS_MAX;
    struct scaled_binary value = {.leading = next_digits(&cursor, count)};
    const bool exact = scale_to_double(&value, (int)magnitude - (int)count) && cursor.left == 0;
    if (exact)
        return round_to_double(&value);
    value.leading -= OFF_MAX;
    const uint64_t bits = round_to_double(&value);
    value.leading += 2 * OFF_MAX;
    if (round_to_double(&value) == bits)
        return bits;
    return decide(decimal, (int)magnitude, bits);
}
