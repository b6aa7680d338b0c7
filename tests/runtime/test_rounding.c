/* Numbers that a double does not hold are refused with a status of their own. */
#include "exactly.h"

#include <mqbind/detail/reader.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static char memory[4096];

static const struct mqb_constraint positive = {
    .kind = MQB_CONSTRAINT_RANGE,
    .rule = "must be above 0",
    .is.range = {.low = {"0", 1}, .low_exclusive = true},
};

static const struct mqb_constraint distinct = {
    .kind = MQB_CONSTRAINT_UNIQUE,
    .rule = "must have unique items",
};

struct outcome {
    enum mqb_status status;
    double value;
    char line[128];
};

static struct outcome read_number(const char *json, const struct mqb_constraint *constraint)
{
    struct mqb_scratch scratch = mqb_scratch_from(memory, sizeof memory);
    struct mqb_error error = {.rule = ""};
    struct outcome outcome = {.value = 0};
    struct mqb_reader r;

    mqb_reader_open(&r, exactly(json, strlen(json)), &scratch);
    const size_t mark = mqb_reader_mark(&r);
    outcome.value = mqb_reader_double(&r);
    if (constraint != NULL)
        mqb_reader_constrain(&r, mark, constraint);
    outcome.status = mqb_reader_close(&r, &error);
    mqb_error_format(&error, outcome.line, sizeof outcome.line);
    return outcome;
}

static void assert_kept(const char *json, double value)
{
    const struct outcome outcome = read_number(json, NULL);
    assert_int_equal(outcome.status, MQB_OK);
    assert_memory_equal(&outcome.value, &value, sizeof value);
}

static void assert_refused(
    const char *json,
    const struct mqb_constraint *constraint,
    const char *line)
{
    const struct outcome outcome = read_number(json, constraint);
    assert_int_equal(outcome.status, MQB_ERR_PRECISION);
    assert_string_equal(outcome.line, line);
}

static void integers_are_kept_or_refused(void **state)
{
    (void)state;
    assert_kept("9007199254740992", 9007199254740992.0);
    assert_kept("-9007199254740994.0", -9007199254740994.0);
    assert_kept("18446744073709551616", 18446744073709551616.0); /* equal */
    assert_kept("1152921504606847000", 1152921504606846976.0); /* its shortest form */
    assert_kept("1e23", 1e23);
    assert_kept("1.7976931348623157e308", 1.7976931348623157e308);
    assert_kept("0e999999999999999999999", 0);
    assert_refused(
        "9007199254740993", NULL,
        "is 9007199254740993, as a double must be the same integer (byte 0)");
    assert_refused(
        " -90071992547409930e-1", NULL,
        "is -90071992547409930e-1, as a double must be the same integer (byte 1)");
    assert_refused(
        "18446744073709551617", NULL,
        "is 18446744073709551617, as a double must be the same integer (byte 0)");
}

static void fractions_are_rounded_unless_a_rule_breaks(void **state)
{
    (void)state;
    assert_kept("1e-400", 0);
    assert_kept("0.29999999999999999999", 0.3);
    assert_kept("4503599627370496.50000001", 4503599627370497.0);
    assert_int_equal(read_number("3e-324", &positive).status, MQB_OK);
    assert_int_equal(
        read_number("0.00000000000000000000000000000000001", &positive).status, MQB_OK);
    assert_refused("1e-400", &positive, "is 1e-400, as a double must be above 0 (byte 0)");
    assert_int_equal(read_number("-1e-400", &positive).status, MQB_ERR_VALUE);
}

static void items_are_compared_as_doubles(void **state)
{
    const char *json = "[0.3,0.1,0.29999999999999999999]";
    struct mqb_scratch scratch = mqb_scratch_from(memory, sizeof memory);
    struct mqb_reader r;
    struct mqb_list list;
    (void)state;

    mqb_reader_open(&r, exactly(json, strlen(json)), &scratch);
    const size_t mark = mqb_reader_mark(&r);
    (void)mqb_reader_array(&r, &list, sizeof(double), SIZE_MAX);
    while (mqb_reader_next_item(&r, &list))
        (void)mqb_reader_double(&r);
    mqb_reader_constrain(&r, mark, &distinct);
    assert_int_equal(mqb_reader_close(&r, NULL), MQB_ERR_PRECISION);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_are_kept_or_refused),
        cmocka_unit_test(fractions_are_rounded_unless_a_rule_breaks),
        cmocka_unit_test(items_are_compared_as_doubles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
