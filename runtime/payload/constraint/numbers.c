/* Numbers as written: no digit is lost, and time is linear in their length. */
#include "payload/constraint/numbers.h"

#include "json/number.h"

/* ---- Powers of ten, of any length ---- */

/* Larger differences are not distinguished. No text is that long. */
#define FAR INT64_C(10000000000000000)

/* The digit at a place, counted from the last one, with the sign of the number. */
static int power_digit(struct mqb_str power, size_t place)
{
    if (place >= power.len)
        return 0;
    const char byte = power.ptr[power.len - 1 - place];
    if (byte < '0' || byte > '9') /* the sign */
        return 0;
    return power.ptr[0] == '-' ? '0' - byte : byte - '0';
}

/* a - b. Once the digits differ by that much, the remaining ones cannot reduce the difference. */
static int64_t power_difference(struct mqb_str a, struct mqb_str b)
{
    int64_t difference = 0;
    for (size_t place = a.len > b.len ? a.len : b.len; place-- > 0;) {
        if (difference > FAR || difference < -FAR)
            break;
        difference = difference * 10 + power_digit(a, place) - power_digit(b, place);
    }
    return difference;
}

/* The exponent of the last digit. */
static int64_t last_exponent(const struct mqb_decimal *decimal)
{
    return power_difference(decimal->power, (struct mqb_str){NULL, 0}) + decimal->shift;
}

/* ---- Digits ---- */

/* The digit at *at, which is advanced; there may be a point before it. */
static unsigned next_digit(const char **at)
{
    if (**at == '.')
        ++*at;
    return (unsigned)(*(*at)++ - '0');
}

/* Both begin at the same power of ten. */
static int compare_digits(const struct mqb_decimal *a, const struct mqb_decimal *b)
{
    const char *digit = a->first;
    const char *other = b->first;
    const size_t common = a->count < b->count ? a->count : b->count;
    for (size_t i = 0; i < common; i++) {
        const int difference = (int)next_digit(&digit) - (int)next_digit(&other);
        if (difference != 0)
            return difference;
    }
    return (a->count > b->count) - (a->count < b->count); /* the last digit is not zero */
}

static int sign_of(const struct mqb_decimal *decimal)
{
    if (decimal->count == 0)
        return 0;
    return decimal->negative ? -1 : 1;
}

/* ---- Questions ---- */

int mqb_decimal_compare(struct mqb_str a, struct mqb_str b)
{
    const struct mqb_decimal left = mqb_number_decimal(a);
    const struct mqb_decimal right = mqb_number_decimal(b);
    const int sign = sign_of(&left);
    if (sign != sign_of(&right) || sign == 0)
        return sign - sign_of(&right);
    const int64_t larger = power_difference(left.power, right.power) +
                           (left.shift + (int64_t)left.count) -
                           (right.shift + (int64_t)right.count);
    if (larger != 0)
        return larger > 0 ? sign : -sign;
    return sign * compare_digits(&left, &right);
}

bool mqb_decimal_is_integer(struct mqb_str number)
{
    const struct mqb_decimal decimal = mqb_number_decimal(number);
    return decimal.count == 0 || last_exponent(&decimal) >= 0;
}

/* a + b modulo m; both are below m. */
static uint64_t add_modulo(uint64_t a, uint64_t b, uint64_t m)
{
    return a >= m - b ? a - (m - b) : a + b;
}

static uint64_t append_modulo(uint64_t value, unsigned digit, uint64_t m)
{
    const uint64_t twice = add_modulo(value, value, m);
    const uint64_t fourfold = add_modulo(twice, twice, m);
    const uint64_t fivefold = add_modulo(fourfold, value, m);
    return add_modulo(add_modulo(fivefold, fivefold, m), digit % m, m);
}

/*
 * Is D * 10^s a multiple of m, where D does not end in 0? For s below zero it would have to. The
 * first 64 powers of ten contain all factors 2 and 5 that m can have; more make no difference.
 */
bool mqb_decimal_is_multiple(struct mqb_str number, const struct mqb_constraint_divisor *divisor)
{
    const struct mqb_decimal decimal = mqb_number_decimal(number);
    const char *digit = decimal.first;
    uint64_t rest = 0;
    if (decimal.count == 0)
        return true;
    const int64_t zeros = last_exponent(&decimal) - divisor->exponent;
    if (zeros < 0)
        return false;
    for (size_t i = 0; i < decimal.count; i++)
        rest = append_modulo(rest, next_digit(&digit), divisor->digits);
    for (int i = 0; i < 64 && i < zeros && rest != 0; i++)
        rest = append_modulo(rest, 0, divisor->digits);
    return rest == 0;
}

uint64_t mqb_decimal_exponent(const struct mqb_decimal *decimal, uint64_t modulus)
{
    const struct mqb_str power = decimal->power;
    const int64_t more = decimal->shift + (int64_t)decimal->count - 1;
    const uint64_t size = (more < 0 ? 0 - (uint64_t)more : (uint64_t)more) % modulus;
    uint64_t rest = 0;
    for (size_t i = 0; i < power.len; i++) {
        if (power.ptr[i] >= '0' && power.ptr[i] <= '9')
            rest = (rest * 10 + (uint64_t)(power.ptr[i] - '0')) % modulus;
    }
    if (power.len != 0 && power.ptr[0] == '-')
        rest = modulus - rest;
    return (rest + (more < 0 ? modulus - size : size)) % modulus;
}
