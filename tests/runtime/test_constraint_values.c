/* Numbers as they are written, and deep equality. */
#include "constraints.h"

#include <stdio.h>

/* ---- Numbers ---- */

/* Ascending; those of one row are equal. */
static const char *const ladder[][6] = {
    {"-1e100000000000000000000000000000", "-10e99999999999999999999999999999"},
    {"-1e99999999999999999999999999999"},
    {"-1e400"},
    {"-10", "-10.0", "-1e1", "-100e-1", "-0.1E+2", "-1e0001"},
    {"-9.99999999999999999999999999999999999999"},
    {"-1e-400"},
    {"0", "-0", "0.0", "-0.000e5", "0e99999999999999999999999999"},
    {"1e-100000000000000000000000000000"},
    {"1e-99999999999999999999999999999", "10e-100000000000000000000000000000"},
    {"1e-401"},
    {"1e-400", "0.1e-399", "100e-402"},
    {"0.1", "1e-1", "0.10", "10e-2"},
    {"0.100000000000000000000000000000000001"},
    {"1", "1.0", "1e0", "10e-1", "0.1e1", "1.000e+00"},
    {"9007199254740992"},
    {"9007199254740993", "9007199254740993.0"},
    {"18446744073709551615"},
    {"18446744073709551616"},
    {"1e400", "10e399", "0.01e402"},
    {"1.1e400"},
    {"1e401"},
    {"1e9999999999999999999999999999"},
    {"1e10000000000000000000000000000", "0.1e10000000000000000000000000001"},
    {"1.5e10000000000000000000000000000"},
    {"1e10000000000000000000000000001"},
};

static void compares(const char *value, const char *bound, int order)
{
    const struct mqb_str number = {bound, strlen(bound)};
    const struct mqb_constraint same = CONSTRAINT(VALUES, .values = {&number, 1});
    const struct mqb_constraint least = CONSTRAINT(RANGE, .range = {.low = number});
    const struct mqb_constraint most = CONSTRAINT(RANGE, .range = {.high = number});
    const struct mqb_constraint above =
        CONSTRAINT(RANGE, .range = {.low = number, .low_exclusive = true});
    const struct mqb_constraint below =
        CONSTRAINT(RANGE, .range = {.high = number, .high_exclusive = true});
    assert_int_equal(holds(&same, value), order == 0);
    assert_int_equal(holds(&least, value), order >= 0);
    assert_int_equal(holds(&most, value), order <= 0);
    assert_int_equal(holds(&above, value), order > 0);
    assert_int_equal(holds(&below, value), order < 0);
}

/* And two equal ones are no unique items. */
static void pair_is_unique(const char *a, const char *b, bool expected)
{
    static const struct mqb_constraint unique = CONSTRAINT(UNIQUE, .types = 0);
    char text[200];
    snprintf(text, sizeof(text), "[%s,\n%s]", a, b);
    assert_int_equal(holds(&unique, text), expected);
}

static void numbers_are_compared_exactly(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ladder) * 6; i++) {
        for (size_t j = 0; j < COUNT(ladder) * 6; j++) {
            const char *a = ladder[i / 6][i % 6];
            const char *b = ladder[j / 6][j % 6];
            if (a == NULL || b == NULL)
                continue;
            compares(a, b, (i / 6 > j / 6) - (i / 6 < j / 6));
            pair_is_unique(a, b, i / 6 != j / 6);
        }
    }
}

static void ranges(void **state)
{
    static const struct mqb_constraint range =
        CONSTRAINT(RANGE, .range = {TEXT("-0.5"), TEXT("1e2"), false, true});
    static const struct mqb_constraint open = CONSTRAINT(RANGE, .range = {.low = {NULL, 0}});
    (void)state;
    HOLD(&range, "-0.5", "-5e-1", "0", "99.999999999999999999999999", "\"a\"", "null", "[]");
    BROKEN(&range, "-0.50000000000000000000000001", "100", "100.0", "1e2", "1e999", "-1e999");
    HOLD(&open, "1e999", "-1e999");
}

static void integers(void **state)
{
    static const struct mqb_constraint integer = TYPES(MQB_TYPE_BIT_INTEGER);
    static const struct mqb_constraint both =
        TYPES(MQB_TYPE_BIT_INTEGER | MQB_TYPE_BIT(MQB_JSON_NUMBER));
    (void)state;
    HOLD(&integer, "0", "-0", "-0.0", "1", "1.0", "1e0", "10e-1", "1.50e1", "100e-2", "1e400");
    HOLD(&integer, "0e-99999999999999999999", "1e99999999999999999999", "123456789.000e-0");
    BROKEN(&integer, "0.5", "1.5", "1e-1", "10e-2", "1e-400", "12e-99999999999999999999");
    BROKEN(&integer, "1.00000000000000000000000000000001", "\"1\"", "true", "null", "[1]");
    HOLD(&both, "1", "0.5");
}

static void multiples(void **state)
{
    static const struct mqb_constraint cent = CONSTRAINT(MULTIPLE, .divisor = {1, -2});
    static const struct mqb_constraint ten_thousandth = CONSTRAINT(MULTIPLE, .divisor = {1, -4});
    static const struct mqb_constraint seven = CONSTRAINT(MULTIPLE, .divisor = {7, 0});
    static const struct mqb_constraint one_and_a_half = CONSTRAINT(MULTIPLE, .divisor = {15, -1});
    static const struct mqb_constraint spelled = CONSTRAINT(MULTIPLE, .divisor = {1500, -3});
    static const struct mqb_constraint huge = CONSTRAINT(MULTIPLE, .divisor = {1, INT32_MAX});
    static const struct mqb_constraint tiny = CONSTRAINT(MULTIPLE, .divisor = {3, INT32_MIN});
    (void)state;
    HOLD(&cent, "0", "-0.0", "19.99", "0.01", "-4.2", "1e3", "1e-2", "199900e-4", "\"a\"", "null");
    BROKEN(&cent, "0.001", "19.995", "1e-3", "0.0099999999999999999999999");
    HOLD(&ten_thousandth, "0.0075", "1e300", "123456789012345678901234567890.1234");
    BROKEN(&ten_thousandth, "0.00751", "123456789012345678901234567890.12345");
    HOLD(&seven, "7", "-14", "0", "7e1000000000", "7e99999999999999999999999", "49.0", "490e-1");
    BROKEN(
        &seven, "8", "1e1000000000", "1e99999999999999999999999", "7e-1", "0.7", "7e-99999999999");
    HOLD(&one_and_a_half, "1.5", "4.5", "3", "15e20", "1500e-3");
    BROKEN(&one_and_a_half, "1", "2.5", "1.50001", "0.15");
    HOLD(&spelled, "1.5", "4.5", "3");
    BROKEN(&spelled, "1", "0.15");
    HOLD(&huge, "0", "1e2147483647", "5e2147483648", "1e9999999999999999999999");
    BROKEN(&huge, "1e2147483646", "5e2147483646", "1", "1e-2147483648");
    HOLD(&tiny, "3", "0", "6e-2147483648", "30e-2147483648", "15e-2147483647");
    BROKEN(&tiny, "4e-2147483648", "3e-2147483649");
}

static void multiples_of_large_divisors(void **state)
{
    static const struct mqb_constraint large =
        CONSTRAINT(MULTIPLE, .divisor = {UINT64_C(18446744073709551557), 0});
    static const struct mqb_constraint largest = CONSTRAINT(MULTIPLE, .divisor = {UINT64_MAX, 0});
    static const struct mqb_constraint binary =
        CONSTRAINT(MULTIPLE, .divisor = {UINT64_C(1) << 63, 0});
    (void)state;
    HOLD(&large, "18446744073709551557", "340282366920938461286658806734041124249", "0");
    HOLD(&large, "3.40282366920938461286658806734041124249e3800000038");
    BROKEN(&large, "18446744073709551556", "340282366920938461286658806734041124248", "1e999");
    HOLD(&largest, "18446744073709551615", "36893488147419103230", "18446744073709551615e7");
    BROKEN(&largest, "18446744073709551616", "1", "5", "1e64");
    HOLD(&binary, "1e63", "9223372036854775808", "1e64", "3e4000000000000000000000");
    BROKEN(&binary, "1e62", "9223372036854775807", "4611686018427387904");
}

/* A million digits: linear time, to the last digit. */
static void long_numbers(void **state)
{
    static const struct mqb_constraint even = CONSTRAINT(MULTIPLE, .divisor = {2, 0});
    static const struct mqb_constraint integer = TYPES(MQB_TYPE_BIT_INTEGER);
    const size_t digits = 1000000;
    char *a = malloc(digits + 1);
    char *b = malloc(digits + 1);
    (void)state;
    assert_non_null(a);
    assert_non_null(b);
    memset(a, '7', digits);
    memset(b, '7', digits);
    a[digits] = '\0';
    b[digits] = '\0';
    compares(a, b, 0);
    b[digits - 1] = '8';
    compares(a, b, -1);
    assert_broken(&even, a);
    assert_holds(&even, b);
    assert_holds(&integer, b);
    b[1] = '.';
    assert_broken(&integer, b);
    memset(b + 1, '0', digits - 1);
    memcpy(b + 1, "e", 1);
    compares(b, "7", 0);
    free(a);
    free(b);
}

/* ---- Equality ---- */

/* Values of one row are equal. */
static const char *const values[][5] = {
    {"null"},
    {"false"},
    {"true"},
    {"0", "-0.0"},
    {"1", "1.0", "10e-1"},
    {"\"\"", "\"\""},
    {"\"1\"", "\"\\u0031\""},
    {"\"a/\xC3\xA9\"", "\"\\u0061\\/\\u00e9\"", "\"a\\u002F\xC3\xA9\""},
    {"\"\xF0\x9F\x98\x80\"", "\"\\ud83d\\ude00\"", "\"\\uD83D\\uDE00\""},
    {"\"\\u0000\""},
    {"\"\\u0000\\u0000\""},
    {"\"\\\\u0000\""},
    {"[]", "[ ]"},
    {"{}", "{ }"},
    {"[null]"},
    {"[[]]"},
    {"[{}]"},
    {"[1,2]", "[1.0,\t2e0]"},
    {"[2,1]"},
    {"[1,2,3]"},
    {"[[1],2]"},
    {"[[1,2]]"},
    {"{\"a\":1}", "{\"\\u0061\":1.00}"},
    {"{\"a\":2}"},
    {"{\"b\":1}"},
    {"{\"a\":1,\"b\":2}", "{\"b\":2,\"a\":1}", "{ \"b\" : 2.0 , \"\\u0061\" : 1 }"},
    {"{\"a\":2,\"b\":1}"},
    {"{\"a\":1,\"b\":2,\"c\":{}}"},
    {"{\"a\":1,\"b\":{}}"},
    {"{\"x\":[{\"a\":[1],\"b\":2},3]}", "{\"x\":[{\"b\":2,\"a\":[1]},3]}"},
    {"{\"x\":[{\"a\":[1],\"b\":2},4]}"},
    {"{\"\":null,\"\\u0000\":0}", "{\"\\u0000\":0,\"\":null}"},
};

static void values_are_compared_deeply(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(values) * 5; i++) {
        for (size_t j = 0; j < COUNT(values) * 5; j++) {
            const char *a = values[i / 5][i % 5];
            const char *b = values[j / 5][j % 5];
            if (a == NULL || b == NULL)
                continue;
            const struct mqb_str text = {b, strlen(b)};
            const struct mqb_constraint same = CONSTRAINT(VALUES, .values = {&text, 1});
            assert_int_equal(holds(&same, a), i / 5 == j / 5);
            pair_is_unique(a, b, i / 5 != j / 5);
        }
    }
}

static void one_of_several_values(void **state)
{
    static const struct mqb_str texts[] = {TEXT("\"a\""), TEXT("[1,{\"b\":null}]"), TEXT("7")};
    static const struct mqb_constraint one = CONSTRAINT(VALUES, .values = TEXTS(texts));
    static const struct mqb_constraint none = CONSTRAINT(VALUES, .values = {NULL, 0});
    (void)state;
    HOLD(&one, "\"a\"", " [ 1 , { \"b\" : null } ] ", "7.0");
    BROKEN(&one, "\"b\"", "[1,{\"b\":0}]", "[1]", "70", "null", "{}");
    BROKEN(&none, "null");
}

/* A value nests at most so deep; a constant may nest deeper. */
static void deep_values(void **state)
{
    static const struct mqb_constraint unique = CONSTRAINT(UNIQUE, .types = 0);
    char text[300];
    char deeper[100];
    (void)state;
    memset(deeper, '[', sizeof(deeper));
    memset(deeper + 50, ']', 50);
    const struct mqb_str constant = {deeper, 100};
    const struct mqb_constraint same = CONSTRAINT(VALUES, .values = {&constant, 1});
    const size_t inner = 2 * (MQB_DEPTH_MAX - 1);
    memset(text, '[', MQB_DEPTH_MAX);
    memset(text + MQB_DEPTH_MAX, ']', MQB_DEPTH_MAX);
    text[2 * MQB_DEPTH_MAX] = '\0';
    assert_int_equal(holds(&same, text), 2 * MQB_DEPTH_MAX == 100);
    assert_holds(&unique, text);
    text[inner + 1] = ',';
    memcpy(text + inner + 2, text + 1, inner);
    memcpy(text + 2 * inner + 2, "]", 2);
    assert_broken(&unique, text);
}

/* ---- Unique items ---- */

static void unique_items(void **state)
{
    static const struct mqb_constraint unique = CONSTRAINT(UNIQUE, .types = 0);
    (void)state;
    HOLD(&unique, "[]", "[1]", "[0,false,null,\"0\",\"\",[],{}]", "\"aa\"", "{\"a\":1,\"b\":1}");
    BROKEN(&unique, "[1,2,3,1]", "[1,1]", "[[1,2],[2,1],[1.0,2]]", "[null,0,null]");
}

/*
 * More items than the stack holds, one of them twice or not: they need 2 bytes each, 8 if there
 * are, and what aligns them.
 */
static void unique_items_take_scratch_memory(void **state)
{
    static const struct mqb_constraint unique = CONSTRAINT(UNIQUE, .types = 0);
    enum { ITEMS = 1000, WIDTH = 12, START = 101, GAP = 3, LEAST = 2 * ITEMS + GAP };
    static const size_t free_bytes[] = {8 * ITEMS + GAP, 5000, 3000, LEAST, LEAST - 1, 100, 0};
    static char text[ITEMS * WIDTH + 2];
    static _Alignas(8) char memory[START + MQB_UNIQUE_BYTES * ITEMS + GAP];
    (void)state;
    for (size_t twice = 0; twice < ITEMS; twice += 31) {
        for (size_t i = 0; i < ITEMS; i++) {
            const size_t value = twice != 0 && i == ITEMS - 1 ? twice : i;
            snprintf(text + i * WIDTH, WIDTH + 1, ",\"%08zu\" ", value);
        }
        text[0] = '[';
        strcpy(text + sizeof(text) - 2, "]");
        const struct mqb_json json = {text, sizeof(text) - 1};
        const enum mqb_status status = twice == 0 ? MQB_OK : MQB_ERR_VALUE;
        for (size_t i = 0; i < COUNT(free_bytes); i++) {
            const bool enough = free_bytes[i] >= LEAST;
            struct mqb_scratch scratch = mqb_scratch_from(memory, START + free_bytes[i]);
            struct mqb_error error;
            scratch.used = START;
            assert_int_equal(
                check_constraint(&unique, json, &scratch, &error), enough ? status : MQB_ERR_SPACE);
            assert_int_equal(scratch.used, START);
            assert_int_equal(scratch.peak, sizeof(memory));
            if (!enough)
                assert_string_equal(error.rule, "takes more memory to check");
        }
    }
    assert_int_equal(
        check_constraint(&unique, (struct mqb_json){text, sizeof(text) - 1}, NULL, NULL),
        MQB_ERR_SPACE);
}

/* Exponents of any length have fingerprints of their own. */
static void unique_items_with_large_exponents(void **state)
{
    static const struct mqb_constraint unique = CONSTRAINT(UNIQUE, .types = 0);
    enum { ITEMS = 40000, WIDTH = 25 };
    static char memory[MQB_UNIQUE_BYTES * ITEMS + 3];
    static char text[ITEMS * WIDTH + 2];
    struct mqb_scratch scratch = mqb_scratch_from(memory, sizeof(memory));
    (void)state;
    for (int i = 0; i < ITEMS; i++) {
        snprintf(text + i * WIDTH, WIDTH + 1, ",1e%022d", 100000000 + i);
        text[i * WIDTH + 3] = i % 2 == 0 ? '1' : '-';
    }
    text[0] = '[';
    strcpy(text + ITEMS * WIDTH, "]");
    const struct mqb_json json = {text, sizeof(text) - 1};
    assert_int_equal(check_constraint(&unique, json, &scratch, NULL), MQB_OK);
    memcpy(text + 99 * WIDTH, text + 7 * WIDTH, WIDTH);
    assert_int_equal(check_constraint(&unique, json, &scratch, NULL), MQB_ERR_VALUE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_compared_exactly),
        cmocka_unit_test(ranges),
        cmocka_unit_test(integers),
        cmocka_unit_test(multiples),
        cmocka_unit_test(multiples_of_large_divisors),
        cmocka_unit_test(long_numbers),
        cmocka_unit_test(values_are_compared_deeply),
        cmocka_unit_test(one_of_several_values),
        cmocka_unit_test(deep_values),
        cmocka_unit_test(unique_items),
        cmocka_unit_test(unique_items_take_scratch_memory),
        cmocka_unit_test(unique_items_with_large_exponents),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
