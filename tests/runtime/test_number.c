/* Numbers: the notations, limits and layouts that somebody would look up. */
#include "exactly.h"
#include "json/number.h"
#include "json/number_writer.h"

#include <float.h>
#include <inttypes.h>
#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MILLION 1000000

#define TYPE MQB_ERR_TYPE
#define LIMIT MQB_ERR_LIMIT

static void integers_are_exact_in_any_notation(void **state)
{
    static const struct {
        const char *text;
        enum mqb_status as_int64;
        int64_t int64;
        enum mqb_status as_uint64;
        uint64_t uint64;
    } cases[] = {
        {"0", MQB_OK, 0, MQB_OK, 0},
        {"-0", MQB_OK, 0, MQB_OK, 0},
        {"-0.000e-5", MQB_OK, 0, MQB_OK, 0},
        {"0e999999999999999999999999", MQB_OK, 0, MQB_OK, 0},
        {"0e-999999999999999999999999", MQB_OK, 0, MQB_OK, 0},
        {"0.0", MQB_OK, 0, MQB_OK, 0},
        {"7", MQB_OK, 7, MQB_OK, 7},
        {"-7", MQB_OK, -7, LIMIT, 0},
        {"1.0", MQB_OK, 1, MQB_OK, 1},
        {"1e0", MQB_OK, 1, MQB_OK, 1},
        {"1E+2", MQB_OK, 100, MQB_OK, 100},
        {"10e-1", MQB_OK, 1, MQB_OK, 1},
        {"1.50e1", MQB_OK, 15, MQB_OK, 15},
        {"-1.50e1", MQB_OK, -15, LIMIT, 0},
        {"1200.00e-2", MQB_OK, 12, MQB_OK, 12},
        {"0.00012e5", MQB_OK, 12, MQB_OK, 12},
        {"1e-1", TYPE, 0, TYPE, 0},
        {"-1e-1", TYPE, 0, TYPE, 0},
        {"1.5", TYPE, 0, TYPE, 0},
        {"0.00012e4", TYPE, 0, TYPE, 0},
        {"1e-999999999999999999999999", TYPE, 0, TYPE, 0},
        {"12345678901234567890.5", TYPE, 0, TYPE, 0},
        {"1e400", LIMIT, 0, LIMIT, 0},
        {"1e999999999999999999999999", LIMIT, 0, LIMIT, 0},
        {"12345678901234567890.000", LIMIT, 0, MQB_OK, UINT64_C(12345678901234567890)},
        {"9223372036854775807", MQB_OK, INT64_MAX, MQB_OK, INT64_MAX},
        {"9223372036854775808", LIMIT, 0, MQB_OK, UINT64_C(9223372036854775808)},
        {"-9223372036854775807", MQB_OK, -INT64_MAX, LIMIT, 0},
        {"-9223372036854775808", MQB_OK, INT64_MIN, LIMIT, 0},
        {"-9.223372036854775808e18", MQB_OK, INT64_MIN, LIMIT, 0},
        {"-9223372036854775809", LIMIT, 0, LIMIT, 0},
        {"18446744073709551615", LIMIT, 0, MQB_OK, UINT64_MAX},
        {"1844674407370955161500e-2", LIMIT, 0, MQB_OK, UINT64_MAX},
        {"18446744073709551616", LIMIT, 0, LIMIT, 0},
        {"99999999999999999999", LIMIT, 0, LIMIT, 0},
        {"100000000000000000000", LIMIT, 0, LIMIT, 0},
        {"1e19", LIMIT, 0, MQB_OK, UINT64_C(10000000000000000000)},
        {"999999999999999999", MQB_OK, 999999999999999999, MQB_OK, 999999999999999999},
        {"9007199254740993", MQB_OK, 9007199254740993, MQB_OK, 9007199254740993},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct mqb_str text = exactly(cases[i].text, strlen(cases[i].text));
        int64_t int64 = 0;
        uint64_t uint64 = 0;

        assert_int_equal(mqb_number_int64(text, &int64), cases[i].as_int64);
        assert_true(int64 == cases[i].int64);
        assert_int_equal(mqb_number_uint64(text, &uint64), cases[i].as_uint64);
        assert_true(uint64 == cases[i].uint64);
    }
}

static void integers_are_written(void **state)
{
    static const int64_t int64s[] = {0,          9,          -9,        10,       -10,
                                     4294967295, 4294967296, INT64_MAX, INT64_MIN};
    static const uint64_t uint64s[] = {
        0,
        9,
        10,
        99,
        100,
        999,
        1000,
        9999,
        10000,
        99999999,
        100000000,
        4294967295,
        4294967296,
        1000000000000000000,
        9999999999999999999U,
        10000000000000000000U,
        UINT64_MAX};
    char expected[32];
    char buf[MQB_NUMBER_BYTES];

    (void)state;
    for (size_t i = 0; i < sizeof int64s / sizeof int64s[0]; i++) {
        size_t len = (size_t)snprintf(expected, sizeof expected, "%" PRId64, int64s[i]);

        assert_int_equal(mqb_number_write_int64(int64s[i], buf), len);
        assert_memory_equal(buf, expected, len);
    }
    for (size_t i = 0; i < sizeof uint64s / sizeof uint64s[0]; i++) {
        size_t len = (size_t)snprintf(expected, sizeof expected, "%" PRIu64, uint64s[i]);

        assert_int_equal(mqb_number_write_uint64(uint64s[i], buf), len);
        assert_memory_equal(buf, expected, len);
    }
}

static void sign_of_zero_is_not_negative(void **state)
{
    (void)state;
    assert_false(mqb_number_is_negative(MQB_STR("-0")));
    assert_false(mqb_number_is_negative(MQB_STR("-0.0")));
    assert_false(mqb_number_is_negative(MQB_STR("-0.00e7")));
    assert_false(mqb_number_is_negative(MQB_STR("1")));
    assert_true(mqb_number_is_negative(MQB_STR("-1")));
    assert_true(mqb_number_is_negative(MQB_STR("-0.01")));
    assert_true(mqb_number_is_negative(MQB_STR("-1e-999999999999999999999")));
}

static void exponents_longer_than_any_integer(void **state)
{
    double value = 0.5;

    (void)state;
    assert_int_equal(mqb_number_double(MQB_STR("1e99999999999999999999999"), &value), LIMIT);
    assert_int_equal(mqb_number_double(MQB_STR("-1e-99999999999999999999999"), &value), MQB_OK);
    assert_true(value == 0.0 && signbit(value));
    assert_int_equal(mqb_number_double(MQB_STR("0e99999999999999999999999"), &value), MQB_OK);
    assert_true(value == 0.0 && !signbit(value));
}

/* One million digits around a one, far before or behind the point. */
static void a_million_digits_take_linear_time(void **state)
{
    char *text = malloc(MILLION + 16);
    int64_t int64 = 0;
    double value = 0.0;
    struct mqb_str number = {text, MILLION};

    (void)state;
    assert_non_null(text);
    memset(text, '9', MILLION);
    assert_int_equal(mqb_number_int64(number, &int64), LIMIT);
    assert_int_equal(mqb_number_double(number, &value), LIMIT);
    text[1] = '.';
    assert_int_equal(mqb_number_int64(number, &int64), TYPE);
    assert_int_equal(mqb_number_double(number, &value), MQB_OK);
    assert_true(value == 10.0);

    memset(text, '0', MILLION);
    memcpy(text, "1", 1);
    memcpy(text + MILLION, "e-999998", 8);
    number.len = MILLION + 8;
    assert_int_equal(mqb_number_int64(number, &int64), MQB_OK);
    assert_int_equal(int64, 10);
    assert_int_equal(mqb_number_double(number, &value), MQB_OK);
    assert_true(value == 10.0);

    memcpy(text, "0.", 2);
    memcpy(text + MILLION - 1, "1e999998", 8);
    number.len = MILLION + 7;
    assert_int_equal(mqb_number_int64(number, &int64), MQB_OK);
    assert_int_equal(int64, 1);
    assert_int_equal(mqb_number_double(number, &value), MQB_OK);
    assert_true(value == 1.0);
    free(text);
}

/* Whatever was in the buffer before. */
static void check_text(double value, const char *expected)
{
    for (const char *before = ".0\x01"; *before != '\0'; before++) {
        char buf[MQB_NUMBER_BYTES];
        memset(buf, *before, sizeof buf);
        size_t len = mqb_number_write_double(value, buf);
        if (len != strlen(expected) || memcmp(buf, expected, len) != 0)
            fail_msg("%a is written as %.*s, not %s", value, (int)len, buf, expected);
    }
}

static void doubles_are_written(void **state)
{
    (void)state;
    check_text(0.0, "0.0");
    check_text(-0.0, "-0.0");
    check_text(42.0, "42.0");
    check_text(-3.7, "-3.7");
    check_text(0.00042, "0.00042");
    check_text(1.005, "1.005");
    check_text(9999.99999999, "9999.99999999");
    check_text(10000.5, "10000.5");
    check_text(100.0, "100.0");
    check_text(0.1 + 0.2, "0.30000000000000004");
    check_text(1e15, "1000000000000000.0");
    check_text(9999999999999998.0, "9999999999999998.0");
    check_text(1e16, "1e16");
    check_text(1.5e16, "1.5e16");
    check_text(1e300, "1e300");
    check_text(0.00001, "0.00001");
    check_text(0.000012345678901234567, "0.000012345678901234568");
    check_text(0.0000099, "9.9e-6");
    check_text(-1e-7, "-1e-7");
    check_text(12345678.12345678, "12345678.12345678");
    check_text(0.00000001, "1e-8");
    check_text(DBL_MAX, "1.7976931348623157e308");
    check_text(-DBL_MIN, "-2.2250738585072014e-308");
    check_text(5e-324, "5e-324");
    check_text(1e23, "1e23");
    check_text(9.5367431640625e-7, "9.5367431640625e-7");
    check_text(2.9802322387695312e-8, "2.9802322387695312e-8");
    check_text(9007199254740992.0, "9007199254740992.0");
    check_text(1125899906842624.25, "1125899906842624.2");
    check_text(1125899906842624.75, "1125899906842624.8");
    check_text(INFINITY, "");
    check_text(-INFINITY, "");
    check_text(NAN, "");
}

/* Whatever locale of these is installed, and the one that always is. */
static void no_locale_matters(void **state)
{
    static const char *const names[] = {
        "C", "de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "pt_BR.UTF-8"};

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        double value = 0.0;

        if (setlocale(LC_NUMERIC, names[i]) == NULL)
            continue;
        check_text(-1234.5, "-1234.5");
        check_text(1.2345678901234567e-100, "1.2345678901234567e-100");
        assert_int_equal(mqb_number_double(MQB_STR("1234.5e-200"), &value), MQB_OK);
        assert_true(value == 1234.5e-200);
    }
    setlocale(LC_NUMERIC, "C");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_are_exact_in_any_notation),
        cmocka_unit_test(integers_are_written),
        cmocka_unit_test(sign_of_zero_is_not_negative),
        cmocka_unit_test(exponents_longer_than_any_integer),
        cmocka_unit_test(a_million_digits_take_linear_time),
        cmocka_unit_test(doubles_are_written),
        cmocka_unit_test(no_locale_matters),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
