/* Topic levels that are integers. */
#include "assert_text.h"
#include "exactly.h"
#include "json_texts.h"

#include <mqbind/detail/side.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void levels_are_whole_numbers(void **state)
{
    static const struct {
        const char *level;
        int64_t value;
    } rows[] = {
        {"0", 0},
        {"7", 7},
        {"-7", -7},
        {"0004123", 4123},
        {"-007", -7},
        {"00", 0},
        {"9223372036854775807", INT64_MAX},
        {"-9223372036854775808", INT64_MIN},
        {"000000000000000000000000000000000000001", 1},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct mqb_str level = exactly(rows[i].level, strlen(rows[i].level));
        int64_t value = 99;
        uint64_t natural = 99;
        assert_true(mqb_topic_level_to_int(level, INT64_MIN, INT64_MAX, &value));
        assert_true(value == rows[i].value);
        assert_int_equal(mqb_topic_level_to_uint(level, 0, UINT64_MAX, &natural), value >= 0);
        assert_true(natural == (value >= 0 ? (uint64_t)value : 99));
    }
    uint64_t most = 0;
    assert_true(mqb_topic_level_to_uint(MQB_STR("18446744073709551615"), 0, UINT64_MAX, &most));
    assert_true(most == UINT64_MAX);
}

static void other_levels_are_no_numbers(void **state)
{
    static const char *const levels[] = {
        "",
        "-",
        "-0",
        "-000",
        "+1",
        " 1",
        "1 ",
        "1a",
        "0x10",
        "1.0",
        "1e2",
        "--1",
        "1-",
        "\xC2\xB2",
        "18446744073709551616",
        "-9223372036854775809",
        "99999999999999999999999999",
        "-99999999999999999999999999",
    };
    (void)state;
    for (size_t i = 0; i < COUNT(levels); i++) {
        const struct mqb_str level = exactly(levels[i], strlen(levels[i]));
        int64_t value = 99;
        uint64_t natural = 99;
        assert_false(mqb_topic_level_to_int(level, INT64_MIN, INT64_MAX, &value));
        assert_false(mqb_topic_level_to_uint(level, 0, UINT64_MAX, &natural));
        assert_true(value == 99 && natural == 99);
    }
    int64_t value;
    assert_false(
        mqb_topic_level_to_int(MQB_STR("9223372036854775808"), INT64_MIN, INT64_MAX, &value));
}

static void levels_have_bounds(void **state)
{
    int64_t value;
    uint64_t natural;
    (void)state;
    assert_true(mqb_topic_level_to_int(MQB_STR("-4"), -4, 100, &value));
    assert_true(mqb_topic_level_to_int(MQB_STR("100"), -4, 100, &value));
    assert_false(mqb_topic_level_to_int(MQB_STR("-5"), -4, 100, &value));
    assert_false(mqb_topic_level_to_int(MQB_STR("101"), -4, 100, &value));
    assert_true(mqb_topic_level_to_uint(MQB_STR("1"), 1, 2, &natural));
    assert_true(mqb_topic_level_to_uint(MQB_STR("2"), 1, 2, &natural));
    assert_false(mqb_topic_level_to_uint(MQB_STR("0"), 1, 2, &natural));
    assert_false(mqb_topic_level_to_uint(MQB_STR("3"), 1, 2, &natural));
}

static void integers_become_levels(void **state)
{
    char buf[MQB_NUMBER_BYTES];
    (void)state;
    assert_text(mqb_topic_level_from_int(0, buf), "0");
    assert_text(mqb_topic_level_from_int(INT64_MIN, buf), "-9223372036854775808");
    assert_text(mqb_topic_level_from_uint(UINT64_MAX, buf), "18446744073709551615");
}

static void a_level_that_is_no_integer_is_reported(void **state)
{
    struct mqb_error error;
    const struct mqb_inbound inbound = {.error = &error};
    (void)state;
    assert_int_equal(mqb_inbound_refuse_parameter(&inbound), MQB_ERR_TOPIC);
    assert_int_equal(error.status, MQB_ERR_TOPIC);
    assert_string_equal(error.rule, "a topic parameter must be an integer within its bounds");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(levels_are_whole_numbers),
        cmocka_unit_test(other_levels_are_no_numbers),
        cmocka_unit_test(levels_have_bounds),
        cmocka_unit_test(integers_become_levels),
        cmocka_unit_test(a_level_that_is_no_integer_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
