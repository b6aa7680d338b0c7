/*
 * Double to the shortest decimal that reads back, by integer arithmetic.
 *
 * The double and the ends of the interval that rounds to it are scaled to 18 decimal digits; then
 * the shortest number in the interval is found with plain integers.
 */
#include "json/double_to_decimal.h"

#include <stdbool.h>
#include <string.h>

#include "json/big_integer.h"
#include "json/double_bits.h"

/* 5^342 times 55 bits takes 27 words; the dividend has one more, and shifting adds another. */
#define BIG_WORDS 29

/* A natural number, least significant word first; the last word is not zero. */
struct big {
    uint32_t words[BIG_WORDS];
    size_t count;
};

/* leading * 2^exponent, plus less than 2^exponent if there is a rest. */
struct scaled_decimal {
    uint64_t leading;
    int exponent;
    bool rest;
};

static int big_bits(const struct big *big)
{
    return 32 * (int)(big->count - 1) + mqb_bit_length(big->words[big->count - 1]);
}

static void big_set(struct big *big, uint64_t value)
{
    big->count = 0;
    for (; value != 0; value >>= 32)
        big->words[big->count++] = (uint32_t)value;
}

static void big_multiply(struct big *big, uint32_t factor)
{
    const uint32_t carry = mqb_words_multiply(big->words, big->count, factor, 0);
    if (carry != 0)
        big->words[big->count++] = carry;
}

static void big_multiply_by_fives(struct big *big, int power)
{
    const uint32_t five_to_13 = 1220703125; /* the largest that fits in a word */
    uint32_t factor = 1;

    for (; power >= 13; power -= 13)
        big_multiply(big, five_to_13);
    for (; power > 0; power--)
        factor *= 5;
    big_multiply(big, factor);
}

static void big_shift_left(struct big *big, int shift)
{
    size_t words = (size_t)shift / 32;
    unsigned bits = (unsigned)shift % 32;
    uint64_t pair = 0;

    /* From the top: each word gets its own bits and, below them, the top bits of the next. */
    for (size_t i = big->count; i > 0; i--) {
        pair = pair << 32 | big->words[i - 1];
        big->words[i + words] = (uint32_t)(pair << bits >> 32);
    }
    big->words[words] = (uint32_t)(pair << bits);
    memset(big->words, 0, words * sizeof big->words[0]);
    big->count += words + 1;
    if (big->words[big->count - 1] == 0)
        big->count--;
}

/* Add the divisor to as many words, and to the one above them; the carry out of that. */
static bool add_back(uint32_t *words, const struct big *divisor)
{
    uint64_t carry = 0;

    for (size_t i = 0; i < divisor->count; i++) {
        carry += (uint64_t)words[i] + divisor->words[i];
        words[i] = (uint32_t)carry;
        carry >>= 32;
    }
    carry += words[divisor->count];
    words[divisor->count] = (uint32_t)carry;
    return carry >> 32 != 0;
}

/* Subtract a multiple of the divisor; true if the result is below zero, and wrapped around. */
static bool subtract(uint32_t *words, const struct big *divisor, uint32_t factor)
{
    uint64_t borrow = 0;

    for (size_t i = 0; i < divisor->count; i++) {
        uint64_t product = (uint64_t)divisor->words[i] * factor + borrow;
        uint32_t low = (uint32_t)product;

        borrow = (product >> 32) + (words[i] < low);
        words[i] -= low;
    }
    if (words[divisor->count] >= borrow) {
        words[divisor->count] -= (uint32_t)borrow;
        return false;
    }
    words[divisor->count] -= (uint32_t)borrow;
    return true;
}

/*
 * One word of a quotient (Knuth, The Art of Computer Programming 2, 4.3.1, algorithm D). `words`,
 * one more than the divisor has, are less than the divisor times 2^32 and become the remainder.
 * The top bit of the divisor is set, so the estimate is at most two too large.
 */
static uint32_t quotient_word(uint32_t *words, const struct big *divisor)
{
    size_t count = divisor->count;
    uint64_t top = (uint64_t)words[count] << 32 | words[count - 1];
    uint64_t estimate = top / divisor->words[count - 1];
    uint32_t quotient = estimate > UINT32_MAX ? UINT32_MAX : (uint32_t)estimate;
    bool below = subtract(words, divisor, quotient);

    while (below) {
        quotient--;
        below = !add_back(words, divisor);
    }
    return quotient;
}

/* number * 10^ten. The number is not zero, and is overwritten. */
static struct scaled_decimal scale_to_decimal(struct big *number, int ten)
{
    struct scaled_decimal result = {.exponent = ten};
    struct big divisor;
    int divisor_bits;
    int shift;

    big_set(&divisor, 1);
    if (ten < 0)
        big_multiply_by_fives(&divisor, -ten);
    else
        big_multiply_by_fives(number, ten);

    /* Shift both so that the divisor fills its words and the quotient two words, or a bit less. */
    divisor_bits = big_bits(&divisor);
    if (divisor_bits < big_bits(number) - 63)
        divisor_bits = big_bits(number) - 63;
    divisor_bits = (divisor_bits + 31) / 32 * 32;
    shift = divisor_bits - big_bits(&divisor);
    big_shift_left(&divisor, shift);
    result.exponent += shift;
    shift = divisor_bits + 63 - big_bits(number);
    big_shift_left(number, shift);
    result.exponent -= shift;

    result.leading = (uint64_t)quotient_word(number->words + 1, &divisor) << 32;
    result.leading |= quotient_word(number->words, &divisor);
    for (size_t i = 0; i < divisor.count; i++)
        result.rest = result.rest || number->words[i] != 0;
    return result;
}

/* floor(factor * 2^two * 10^ten), which is below 2^62; *exact is cleared if it had a fraction. */
static uint64_t scaled_floor(uint64_t factor, int two, int ten, bool *exact)
{
    struct scaled_decimal value;
    struct big number;
    int drop;

    big_set(&number, factor);
    value = scale_to_decimal(&number, ten);
    drop = -(value.exponent + two);
    *exact = !value.rest && (value.leading & ((UINT64_C(1) << drop) - 1)) == 0;
    return value.leading >> drop;
}

/* floor(log10(2^power)), except that it may be one more where 2^power is within 0.3 % of that. */
static int floor_log10(int power)
{
    const int bias = 512; /* makes the dividend positive: division then means floor */

    return (power * 78913 + bias * (1 << 18)) / (1 << 18) - bias; /* 78913 / 2^18 is log10(2) */
}

/* A double as mantissa * 2^power, in quarters of its last bit. */
struct quarters {
    uint64_t mantissa;
    int power;
    uint64_t below; /* to the middle between it and the next smaller double */
    bool closed; /* ties go to the even double: the ends read back to it */
};

static struct quarters split_double(uint64_t bits)
{
    const uint64_t fraction = bits & ((UINT64_C(1) << MQB_DOUBLE_FRACTION_BITS) - 1);
    const int biased = (int)(bits >> MQB_DOUBLE_FRACTION_BITS);
    const uint64_t mantissa =
        biased == 0 ? fraction : fraction | UINT64_C(1) << MQB_DOUBLE_FRACTION_BITS;
    return (struct quarters){
        .mantissa = mantissa * 4,
        .power =
            MQB_DOUBLE_MIN_EXPONENT - MQB_DOUBLE_FRACTION_BITS + (biased == 0 ? 0 : biased - 1) - 2,
        /* Below a power of two, doubles are twice as dense. */
        .below = fraction == 0 && biased > 1 ? 1 : 2,
        .closed = (mantissa & 1) == 0,
    };
}

/*
 * `middle` in units: the nearer neighbour, or the even one. If that is the upper one, it is inside
 * the interval from `low`, like the lower one: the interval reaches at least as far up as down.
 */
static uint64_t round_to_unit(uint64_t middle, uint64_t unit, uint64_t low, bool exact)
{
    const uint64_t below = middle / unit;
    if (below * unit < low)
        return below + 1;
    const uint64_t twice = (middle - below * unit) * 2;
    const bool up = twice > unit || (twice == unit && (!exact || (below & 1) != 0));
    return up ? below + 1 : below;
}

void mqb_exact_shortest(uint64_t bits, uint64_t *digits, int *exponent)
{
    const struct quarters q = split_double(bits);
    int ten = floor_log10(mqb_bit_length(q.mantissa) + q.power - 1) - 17;
    uint64_t unit = 1;
    bool exact;

    uint64_t low = scaled_floor(q.mantissa - q.below, q.power, -ten, &exact);
    low += exact && q.closed ? 0 : 1;
    uint64_t high = scaled_floor(q.mantissa + 2, q.power, -ten, &exact);
    high -= exact && !q.closed ? 1 : 0;
    const uint64_t middle = scaled_floor(q.mantissa, q.power, -ten, &exact);

    /* The largest unit with a multiple in low..high; with 18 digits there is one of 10. */
    for (; high / (unit * 10) * (unit * 10) >= low; unit *= 10)
        ten++;
    *exponent = ten;
    *digits = round_to_unit(middle, unit, low, exact);
}
