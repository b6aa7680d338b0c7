/* Numbers as written, compared exactly and as doubles, without the runtime. */
#include "mqbind_fuzz.h"

#include <string.h>

/* A number as 0.DIGITS times ten to the power of `exponent`; zero has no digits. */
struct decimal {
    bool negative;
    char digits[512];
    size_t count;
    long exponent;
};

/* All exponents beyond any double are equivalent. */
static long clamp(long power)
{
    const long most = 1000000;
    return power > most ? most : power < -most ? -most : power;
}

/* The exponent after 'e'. False if it has too many digits. */
static bool add_exponent(struct decimal *decimal, struct mqb_str text)
{
    char power[700] = "";
    if (text.len >= sizeof power)
        return false;
    memcpy(power, text.ptr, text.len);
    decimal->exponent += clamp(strtol(power, NULL, 10));
    return true;
}

static bool add_digit(struct decimal *decimal, char digit, bool fraction)
{
    if (decimal->count == sizeof decimal->digits)
        return false;
    if (digit != '0' || decimal->count != 0)
        decimal->digits[decimal->count++] = digit;
    if (fraction ? decimal->count == 0 : decimal->count != 0)
        decimal->exponent += fraction ? -1 : 1;
    return true;
}

static bool read_digits(struct mqb_str number, struct decimal *decimal)
{
    bool fraction = false;
    for (size_t i = decimal->negative; i < number.len; i++) {
        const char byte = number.ptr[i];
        if (byte == 'e' || byte == 'E')
            return add_exponent(decimal, (struct mqb_str){number.ptr + i + 1, number.len - i - 1});
        if (byte == '.')
            fraction = true;
        else if (!add_digit(decimal, byte, fraction))
            return false;
    }
    return true;
}

/* False if it has too many digits. */
static bool read_decimal(struct mqb_str number, struct decimal *decimal)
{
    *decimal = (struct decimal){.negative = number.len != 0 && number.ptr[0] == '-'};
    if (!read_digits(number, decimal))
        return false;
    while (decimal->count != 0 && decimal->digits[decimal->count - 1] == '0')
        decimal->count--;
    if (decimal->count == 0)
        *decimal = (struct decimal){0};
    return true;
}

bool fuzz_json_same_decimal(struct mqb_str a, struct mqb_str b)
{
    struct decimal one;
    struct decimal other;
    if (!read_decimal(a, &one) || !read_decimal(b, &other))
        return fuzz_json_same_double(a, b);
    return one.negative == other.negative && one.exponent == other.exponent &&
           one.count == other.count && memcmp(one.digits, other.digits, one.count) == 0;
}

bool fuzz_json_integer(struct mqb_str number, char text[FUZZ_INTEGER_BYTES])
{
    struct decimal decimal;
    text[0] = '\0';
    if (!read_decimal(number, &decimal))
        return true;
    if (decimal.exponent < (long)decimal.count)
        return false;
    if (decimal.exponent > FUZZ_INTEGER_BYTES - 3)
        return true;
    const size_t zeros = (size_t)decimal.exponent - decimal.count;
    snprintf(
        text, FUZZ_INTEGER_BYTES, "%s%.*s%.*s", decimal.negative ? "-" : "", (int)decimal.count,
        decimal.count != 0 ? decimal.digits : "", (int)zeros,
        "00000000000000000000000000000000000000000000000000");
    if (decimal.count == 0)
        snprintf(text, FUZZ_INTEGER_BYTES, "0");
    return true;
}

static double read_double(struct mqb_str number)
{
    char *const copy = malloc(number.len + 1);
    FUZZ_CHECK(copy != NULL);
    memcpy(copy, number.ptr, number.len);
    copy[number.len] = '\0';
    const double value = strtod(copy, NULL);
    free(copy);
    return value;
}

bool fuzz_json_same_double(struct mqb_str a, struct mqb_str b)
{
    const double one = read_double(a);
    const double other = read_double(b);
    return !(one < other) && !(one > other);
}
