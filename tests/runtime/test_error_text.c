/* Errors and statuses as text, and the comparison of strings. */
#include <mqbind/mqbind.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void errors_are_one_line(void **state)
{
    static const struct {
        struct mqb_error error;
        const char *line;
    } rows[] = {
        {{MQB_ERR_VALUE, 93, "must be 0 to 100", "/inputParams/volume", "101"},
         "/inputParams/volume: is 101, must be 0 to 100 (byte 93)"},
        {{MQB_ERR_MISSING, 0, "is required", "/id", ""}, "/id: is required (byte 0)"},
        {{MQB_ERR_JSON, 7, "must be JSON: expected a value", "", ""},
         "must be JSON: expected a value (byte 7)"},
        {{MQB_ERR_TYPE, 1, "must be an object", "", "12"}, "is 12, must be an object (byte 1)"},
        {{MQB_ERR_TOPIC, 0, "must not be empty", "", ""}, "must not be empty"},
        {{MQB_ERR_SPACE, MQB_NO_OFFSET, "needs a larger buffer", "", ""}, "needs a larger buffer"},
        {{MQB_ERR_HANDLER, 0, NULL, "", ""}, ""},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const size_t len = strlen(rows[i].line);
        assert_int_equal(mqb_error_format(&rows[i].error, NULL, 0), len);
        for (size_t cap = 1; cap < len + 3; cap++) {
            char *buf = malloc(cap);
            assert_non_null(buf);
            assert_int_equal(mqb_error_format(&rows[i].error, buf, cap), len);
            const size_t kept = len < cap ? len : cap - 1;
            assert_int_equal(strlen(buf), kept);
            assert_memory_equal(buf, rows[i].line, kept);
            free(buf);
        }
    }
}

static void cut_lines_keep_utf8_whole(void **state)
{
    const struct mqb_error error = {MQB_ERR_TOPIC, 0, "\xF0\x9F\x98\x80\xE4\xB8\xAD", "", ""};
    static const size_t kept[] = {0, 0, 0, 0, 0, 4, 4, 4, 7, 7};
    (void)state;
    for (size_t cap = 1; cap < COUNT(kept); cap++) {
        char buf[16];
        mqb_error_format(&error, buf, cap);
        assert_int_equal(strlen(buf), kept[cap]);
    }
}

static void statuses_have_a_text(void **state)
{
    (void)state;
    for (int status = 0; status < MQB_STATUS_COUNT; status++) {
        const char *text = mqb_status_text((enum mqb_status)status);
        assert_true(strlen(text) > 1);
        for (int other = 0; other < status; other++)
            assert_string_not_equal(text, mqb_status_text((enum mqb_status)other));
    }
    assert_string_equal(mqb_status_text((enum mqb_status)99), "unknown status");
}

static void strings_are_compared(void **state)
{
    const struct mqb_str none = {NULL, 0};
    (void)state;
    assert_true(mqb_str_equal(mqb_str_from("abc"), MQB_STR("abc")));
    assert_false(mqb_str_equal(mqb_str_from("abc"), MQB_STR("abd")));
    assert_false(mqb_str_equal(mqb_str_from("abc"), MQB_STR("ab")));
    assert_true(mqb_str_equal(mqb_str_from(NULL), none));
    assert_true(mqb_str_equal(none, MQB_STR("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors_are_one_line),
        cmocka_unit_test(cut_lines_keep_utf8_whole),
        cmocka_unit_test(statuses_have_a_text),
        cmocka_unit_test(strings_are_compared),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
