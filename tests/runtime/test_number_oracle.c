/* Numbers against the C library and wider integers: hard cases and pseudo-random ones. */
#include "exactly.h"
#include "json/decimal_to_double.h"
#include "json/double_to_decimal.h"
#include "json/number.h"
#include "json/number_writer.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define PATTERNS 2000000
#define DECIMALS 500000
#define HALFWAYS 20000
#define INTEGERS 500000

static uint64_t random_state = UINT64_C(0x9E3779B97F4A7C15);

static uint64_t random_bits(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state * UINT64_C(0x2545F4914F6CDD1D);
}

static unsigned random_below(unsigned limit)
{
    return (unsigned)((random_bits() >> 32) % limit);
}

static uint64_t bits_of(double value)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static double double_of(uint64_t bits)
{
    double value;

    memcpy(&value, &bits, sizeof value);
    return value;
}

struct wide {
    __extension__ __int128 value;
};

/* A number in some notation, and its value times 10^4, which is always integral. */
static struct wide random_number(char *text, size_t cap)
{
    uint64_t magnitude = random_bits() >> random_below(64);
    struct wide wide = {magnitude};
    int decimals = (int)random_below(4);
    int power = (int)random_below(8);
    int exponent = power - (4 - decimals);
    const char *sign = random_below(2) == 0 ? "-" : "";
    uint64_t divisor = 1;

    for (int i = 0; i < decimals; i++)
        divisor *= 10;
    if (decimals == 0)
        snprintf(text, cap, "%s%" PRIu64 "e%d", sign, magnitude, exponent);
    else
        snprintf(
            text, cap, "%s%" PRIu64 ".%0*" PRIu64 "E%+03d", sign, magnitude / divisor, decimals,
            magnitude % divisor, exponent);
    for (; power > 0; power--)
        wide.value *= 10;
    if (*sign != '\0')
        wide.value = -wide.value;
    return wide;
}

static void integers_agree_with_wider_arithmetic(void **state)
{
    size_t by_status[3] = {0};

    (void)state;
    for (int i = 0; i < INTEGERS; i++) {
        char text[64];
        struct wide scaled = random_number(text, sizeof text);
        struct wide whole = {scaled.value / 10000};
        enum mqb_status as_int64 = MQB_OK;
        enum mqb_status as_uint64 = MQB_OK;
        int64_t int64 = 0;
        uint64_t uint64 = 0;

        if (whole.value > INT64_MAX || whole.value < INT64_MIN)
            as_int64 = MQB_ERR_LIMIT;
        if (whole.value > UINT64_MAX || whole.value < 0)
            as_uint64 = MQB_ERR_LIMIT;
        if (scaled.value % 10000 != 0)
            as_int64 = as_uint64 = MQB_ERR_TYPE;
        assert_int_equal(mqb_number_int64(exactly(text, strlen(text)), &int64), as_int64);
        assert_int_equal(mqb_number_uint64(exactly(text, strlen(text)), &uint64), as_uint64);
        assert_true(int64 == (as_int64 == MQB_OK ? (int64_t)whole.value : 0));
        assert_true(uint64 == (as_uint64 == MQB_OK ? (uint64_t)whole.value : 0));
        assert_int_equal(mqb_number_is_negative(exactly(text, strlen(text))), scaled.value < 0);
        by_status[as_int64 == MQB_OK ? 0 : as_int64 == MQB_ERR_TYPE ? 1 : 2]++;
    }
    for (size_t i = 0; i < 3; i++)
        assert_true(by_status[i] > INTEGERS / 100);
}

/* The text split by hand, so that the exact method is tried on everyday numbers too. */
static struct mqb_decimal split(const char *text)
{
    struct mqb_decimal decimal = {.negative = *text == '-'};
    const char *at = text + (decimal.negative ? 1 : 0);
    int64_t decimals = 0;
    size_t zeros = 0;
    bool point = false;

    for (; *at != '\0' && *at != 'e' && *at != 'E'; at++) {
        if (*at == '.') {
            point = true;
            continue;
        }
        decimals += point ? 1 : 0;
        if (decimal.first == NULL && *at == '0')
            continue;
        if (decimal.first == NULL)
            decimal.first = at;
        decimal.count++;
        zeros = *at == '0' ? zeros + 1 : 0;
    }
    decimal.count -= zeros;
    decimal.exponent = (int64_t)zeros - decimals + (*at == '\0' ? 0 : atol(at + 1));
    return decimal;
}

static void check_reading(const char *text)
{
    double expected = strtod(text, NULL);
    struct mqb_decimal decimal = split(text);
    uint64_t exact = mqb_exact_read(&decimal) | (uint64_t)decimal.negative << 63;
    double value = 0.5;
    enum mqb_status status = mqb_number_double(exactly(text, strlen(text)), &value);

    if (exact != bits_of(expected))
        fail_msg("%s reads as %a, not %a", text, double_of(exact), expected);
    if (isinf(expected)) {
        assert_int_equal(status, MQB_ERR_LIMIT);
        assert_true(value == 0.5);
        return;
    }
    assert_int_equal(status, MQB_OK);
    if (bits_of(value) != bits_of(expected))
        fail_msg("%s reads as %a, not %a", text, value, expected);
}

static void hard_doubles_are_read(void **state)
{
    static const char *const texts[] = {
        "0",
        "-0",
        "0.0",
        "-0.0e400",
        "1",
        "-1",
        "3.7",
        "42.0",
        "0.1",
        "1e22",
        "1e23",
        "123456789e-8",
        "9007199254740991",
        "9007199254740992",
        "9007199254740993",
        "9007199254740993.0000000001",
        "9007199254740995",
        "0.30000000000000004",
        "2.2250738585072011e-308",
        "2.2250738585072012e-308",
        "2.2250738585072014e-308",
        "4.9e-324",
        "5e-324",
        "2.4703282292062327e-324",
        "2.4703282292062328e-324",
        "2.47032822920623272e-324",
        "1e-323",
        "1e-324",
        "9e-325",
        "-1e-400",
        "1e-999999999",
        "1.7976931348623157e308",
        "1.7976931348623158e308",
        "1.7976931348623159e308",
        "1.797693134862315807e308",
        "1.797693134862315808e308",
        "1e308",
        "2e308",
        "1e309",
        "-1e400",
        "1e999999999",
        "0e999999999",
        "6.02214076e23",
        "1448997445238699",
        "9355950000000000000.00000000000000000000000000000",
        "8.5e15",
        "999999999999999999",
        "1000000000000000000",
        "0.00000000000000000000000000000001",
        "100000000000000016777215",
        "100000000000000016777216",
        "5708990770823839207320493820740630171355185e-27",
        "7.2057594037927933e16",
        "0.500000000000000166533453693773481063544750213623046875",
        "3.518437208883201171875e13",
        "62.5364939768271845828",
        "8.10109172351e-10",
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        check_reading(texts[i]);
}

static void random_decimals_are_read(void **state)
{
    (void)state;
    for (int i = 0; i < DECIMALS; i++) {
        unsigned count = 1 + random_below(40);
        unsigned point = 1 + random_below(count);
        int range = random_below(4) == 0 ? 360 : 30;
        char text[64];
        size_t len = 0;

        for (unsigned digit = 0; digit < count; digit++) {
            text[len++] = (char)('0' + random_below(10));
            if (digit + 1 == point && point < count)
                text[len++] = '.';
        }
        text[len] = '\0';
        if (random_below(3) != 0)
            sprintf(text + len, "e%d", (int)random_below(2 * (unsigned)range) - range);
        check_reading(text);
    }
}

/* Exactly between two doubles, a breath above and a breath below. */
static void halfway_decimals_are_read(void **state)
{
    (void)state;
    for (int i = 0; i < HALFWAYS; i++) {
        uint64_t bits = random_bits() >> 1;
        long double middle;
        char text[1024];
        char *exponent;
        char tail[16];

        if (random_below(8) == 0)
            bits &= UINT64_C(0xFFFFFFFFFFFFF); /* a subnormal */
        if (random_below(2) == 0)
            bits = bits % (UINT64_C(1) << 60) + (UINT64_C(1015) << 52) % (UINT64_C(1) << 60);
        if (bits >= bits_of(DBL_MAX))
            continue;
        middle = ((long double)double_of(bits) + (long double)double_of(bits + 1)) / 2;
        sprintf(text, "%.780Le", middle);
        check_reading(text);
        exponent = strchr(text, 'e');
        strcpy(tail, exponent);
        sprintf(exponent, "1%s", tail);
        check_reading(text);
        for (exponent--; *exponent == '0'; exponent--)
            *exponent = '9';
        (*exponent)--;
        check_reading(text);
    }
}

/* Digits and exponent as "%.*e" prints them, from the digits as an integer. */
static void check_shortest(double value, uint64_t digits, int exponent)
{
    char text[64];
    char wanted[64];
    int count = snprintf(text, sizeof text, "%" PRIu64, digits);

    assert_true(digits % 10 != 0);
    snprintf(text, sizeof text, "%" PRIu64 "e%d", digits, exponent);
    if (strtod(text, NULL) != value)
        fail_msg("%a is written as %s", value, text);

    /* The library prints the nearest with that many digits; if it reads back, it is ours. */
    snprintf(wanted, sizeof wanted, "%.*e", count - 1, value);
    snprintf(text, sizeof text, "%.*e", count - 1, strtod(text, NULL));
    if (strtod(wanted, NULL) == value)
        assert_string_equal(text, wanted);
    if (count == 1)
        return;
    snprintf(wanted, sizeof wanted, "%.*e", count - 2, value);
    if (strtod(wanted, NULL) == value)
        fail_msg("%a is %s in short, not %s", value, wanted, text);
}

static void check_round_trip(uint64_t bits)
{
    double value = double_of(bits);
    char buf[MQB_NUMBER_BYTES + 1];
    size_t len = mqb_number_write_double(value, buf);
    double back = 0.5;
    uint64_t digits;
    int exponent;

    assert_in_range(len, 3, MQB_NUMBER_BYTES);
    buf[len] = '\0';
    assert_non_null(strpbrk(buf, ".e"));
    assert_int_equal(mqb_number_double((struct mqb_str){buf, len}, &back), MQB_OK);
    if (bits_of(back) != bits || bits_of(strtod(buf, NULL)) != bits)
        fail_msg("%a is written as %s", value, buf);
    if (value == 0.0)
        return;

    mqb_exact_shortest(bits & (UINT64_MAX >> 1), &digits, &exponent);
    check_shortest(fabs(value), digits, exponent);
    assert_true(split(buf).exponent == exponent);
    assert_true(strtod(buf, NULL) == value);
}

static void random_patterns_survive_a_round_trip(void **state)
{
    (void)state;
    for (int i = 0; i < PATTERNS; i++) {
        uint64_t bits = random_bits();
        char text[64];

        /* Every second one has an everyday exponent. */
        if (i % 2 == 0)
            bits = (bits & UINT64_C(0x800FFFFFFFFFFFFF)) | (uint64_t)(990 + i % 80) << 52;
        if (!isfinite(double_of(bits)))
            continue;
        check_round_trip(bits);
        if (i % 4 == 0) {
            snprintf(text, sizeof text, "%.17g", double_of(bits));
            check_reading(text);
        }
    }
}

static void everyday_decimals_survive_a_round_trip(void **state)
{
    (void)state;
    for (int i = 0; i < PATTERNS / 10; i++) {
        char text[64];

        sprintf(
            text, "%u.%0*u", random_below(100000), (int)(1 + random_below(8)), random_below(10));
        check_round_trip(bits_of(strtod(text, NULL)));
    }
}

static void powers_of_two_and_their_neighbours(void **state)
{
    (void)state;
    for (uint64_t exponent = 0; exponent < 0x7FF; exponent++) {
        uint64_t bits = exponent << 52;

        if (bits != 0)
            check_round_trip(bits - 1);
        check_round_trip(bits);
        check_round_trip(bits + 1);
    }
    for (uint64_t bits = 1; bits < UINT64_C(1) << 52; bits <<= 1)
        check_round_trip(bits);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_agree_with_wider_arithmetic),
        cmocka_unit_test(hard_doubles_are_read),
        cmocka_unit_test(random_decimals_are_read),
        cmocka_unit_test(halfway_decimals_are_read),
        cmocka_unit_test(random_patterns_survive_a_round_trip),
        cmocka_unit_test(everyday_decimals_survive_a_round_trip),
        cmocka_unit_test(powers_of_two_and_their_neighbours),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
