/* What the writer refuses, with the same error in a buffer of any size. */
#include "writing.h"

#include <math.h>

/* An error is the same with and without a buffer, whatever its size. */
static void refuses(
    write_text *write,
    enum mqb_status status,
    const char *path,
    const char *rule,
    size_t offset,
    const char *value)
{
    for (size_t cap = 0; cap < 200; cap++) {
        char out[256];
        size_t len = 999;
        struct mqb_error error = {.rule = ""};
        if (write_into(write, cap, out, &len, &error) != status || error.status != status)
            fail_msg("%zu: %s", cap, mqb_status_text(error.status));
        assert_int_equal(len, 0);
        assert_string_equal(error.path, path);
        assert_string_equal(error.rule, rule);
        assert_int_equal(error.offset, offset);
        if (strcmp(error.value, value) != 0)
            fail_msg("with %zu bytes: %s instead of %s", cap, error.value, value);
        assert_int_equal(write_into(write, cap, out, NULL, NULL), status);
    }
}

static void begin_message(struct mqb_writer *w)
{
    mqb_writer_object(w);
    mqb_writer_name(w, MQB_STR(",\"id\":"));
    mqb_writer_int(w, 1, 0, 9, "x");
    mqb_writer_name(w, MQB_STR(",\"list\":"));
    mqb_writer_array(w);
    mqb_writer_item(w);
    mqb_writer_string(w, MQB_STR("a,b]}"));
    mqb_writer_item(w);
}

/* What follows an error changes nothing. */
static void end_message(struct mqb_writer *w)
{
    mqb_writer_item(w);
    mqb_writer_double(w, NAN);
    mqb_writer_array_end(w);
    mqb_writer_name(w, MQB_STR(",\"more\":"));
    mqb_writer_null(w);
    mqb_writer_bool(w, true);
    mqb_writer_int(w, 1, 2, 3, "later");
    mqb_writer_uint(w, 1, 2, 3, "later");
    mqb_writer_quoted_int(w, 0, &digit, "later");
    mqb_writer_quoted_uint(w, 0, &digit, "later");
    mqb_writer_string(w, MQB_STR("\xFF"));
    mqb_writer_choice(w, 9, &choices);
    mqb_writer_bytes(w, MQB_STR("x"));
    mqb_writer_json(w, MQB_JSON("x"));
    mqb_writer_object(w);
    mqb_writer_array(w);
    mqb_writer_check(w, false, "later");
    mqb_writer_object_end(w);
}

#define REFUSED(name, statement)                                                                   \
    static void name(struct mqb_writer *w)                                                         \
    {                                                                                              \
        begin_message(w);                                                                          \
        statement;                                                                                 \
        end_message(w);                                                                            \
    }

static const struct mqb_map_entry twice_entries[] = {
    {TEXT("a/b"), {"1", 1}},
    {TEXT("c"), {"2", 1}},
    {TEXT("a/b"), {"3", 1}},
};
static const struct mqb_map twice_map = {twice_entries, 3};
static const struct mqb_map_entry bad_key_entries[] = {{TEXT("a\xFF"), {"1", 1}}};
static const struct mqb_map bad_key_map = {bad_key_entries, 1};
static const struct mqb_map_entry bad_value_entries[] = {{TEXT("k"), {"[1,tru]", 7}}};
static const struct mqb_map bad_value_map = {bad_value_entries, 1};

REFUSED(int_above, mqb_writer_int(w, 12, 0, 9, "must be a digit"))
REFUSED(int_below, mqb_writer_int(w, -12, 0, 9, "must be a digit"))
REFUSED(uint_above, mqb_writer_uint(w, 12, 0, 9, "must be a digit"))
REFUSED(uint_below, mqb_writer_uint(w, 12, 20, 90, "must be 20 to 90"))
REFUSED(text_int, mqb_writer_quoted_int(w, -3, &digit, "must be a digit"))
REFUSED(text_uint, mqb_writer_quoted_uint(w, 0, &digit, "must be a digit"))
REFUSED(not_a_number, mqb_writer_double(w, NAN))
REFUSED(infinite, mqb_writer_double(w, -INFINITY))
REFUSED(not_utf8, mqb_writer_string(w, MQB_STR("ok\xC3")))
REFUSED(no_choice, mqb_writer_choice(w, -1, &choices))
REFUSED(checked_before, mqb_writer_check(w, false, "must have items"))
REFUSED(map_twice, mqb_writer_map(w, &twice_map))
REFUSED(map_bad_key, mqb_writer_map(w, &bad_key_map))
REFUSED(map_bad_value, mqb_writer_map(w, &bad_value_map))
REFUSED(raw_empty, mqb_writer_json(w, MQB_JSON("")))
REFUSED(raw_null, mqb_writer_json(w, ((struct mqb_json){NULL, 0})))
REFUSED(raw_bad, mqb_writer_json(w, MQB_JSON("{\"x\":[1,{\"y\":01}]}")))
REFUSED(raw_second, mqb_writer_json(w, MQB_JSON("1,2")))
REFUSED(raw_twice, mqb_writer_json(w, MQB_JSON("{\"x\":[{\"y\":1,\"z\":{},\"\\u0079\":2}]}")))
REFUSED(
    raw_twice_outside,
    mqb_writer_json(w, MQB_JSON("{\"x\":{\"y\":1},\"x\":{\"y\":1,\"y\":1}}")))

static void checked_string(struct mqb_writer *w)
{
    begin_message(w);
    mqb_writer_string(w, MQB_STR("a somewhat longer text, with an end\n"));
    mqb_writer_check(w, true, "never");
    mqb_writer_check(w, false, "must be short");
    end_message(w);
}

static void checked_behind_list(struct mqb_writer *w)
{
    begin_message(w);
    mqb_writer_array(w);
    mqb_writer_item(w);
    mqb_writer_null(w);
    mqb_writer_array_end(w);
    mqb_writer_item(w);
    mqb_writer_check(w, false, "must be longer");
    end_message(w);
}

static void checked_whole(struct mqb_writer *w)
{
    mqb_writer_check(w, false, "must have members");
    mqb_writer_object(w);
    mqb_writer_object_end(w);
}

static void values_are_refused(void **state)
{
    static const char digit_rule[] = "must be a digit";
    (void)state;
    refuses(int_above, MQB_ERR_VALUE, "/list/1", digit_rule, 24, "12");
    refuses(int_below, MQB_ERR_VALUE, "/list/1", digit_rule, 24, "-12");
    refuses(uint_above, MQB_ERR_VALUE, "/list/1", digit_rule, 24, "12");
    refuses(uint_below, MQB_ERR_VALUE, "/list/1", "must be 20 to 90", 24, "12");
    refuses(text_int, MQB_ERR_VALUE, "/list/1", digit_rule, 24, "\"-3\"");
    refuses(text_uint, MQB_ERR_VALUE, "/list/1", digit_rule, 24, "\"0\"");
    refuses(not_a_number, MQB_ERR_VALUE, "/list/1", "must be a finite number", 24, "");
    refuses(infinite, MQB_ERR_VALUE, "/list/1", "must be a finite number", 24, "");
    refuses(not_utf8, MQB_ERR_VALUE, "/list/1", "must be UTF-8", 24, "\"ok");
    refuses(no_choice, MQB_ERR_VALUE, "/list/1", "must be MD5 or a greeting", 24, "-1");
    refuses(checked_before, MQB_ERR_VALUE, "/list/1", "must have items", 24, "");
    refuses(
        checked_string, MQB_ERR_VALUE, "/list/1", "must be short", 24,
        "\"a somewhat longer text, wit...");
    refuses(checked_behind_list, MQB_ERR_VALUE, "/list/2", "must be longer", 31, "");
    refuses(checked_whole, MQB_ERR_VALUE, "", "must have members", 0, "");
}

static void open_values_are_refused(void **state)
{
    static const char twice_rule[] = "must not appear twice";
    (void)state;
    refuses(map_twice, MQB_ERR_DUPLICATE, "/list/1/a~1b", twice_rule, 39, "");
    refuses(map_bad_key, MQB_ERR_VALUE, "/list/1", "must be UTF-8", 25, "\"a");
    refuses(
        map_bad_value, MQB_ERR_JSON, "/list/1/k/1", "must be JSON: expected true, false or null",
        35, "");
    refuses(raw_empty, MQB_ERR_JSON, "/list/1", "must be JSON: ends too early", 24, "");
    refuses(raw_null, MQB_ERR_JSON, "/list/1", "must be JSON: ends too early", 24, "");
    refuses(raw_bad, MQB_ERR_JSON, "/list/1/x/1/y", "must be JSON: expected a comma or }", 38, "");
    refuses(
        raw_second, MQB_ERR_JSON, "/list/1", "must be JSON: expected nothing after the value", 25,
        "");
    refuses(raw_twice, MQB_ERR_DUPLICATE, "/list/1/x/0/y", twice_rule, 44, "");
    refuses(raw_twice_outside, MQB_ERR_DUPLICATE, "/list/1/x", twice_rule, 37, "");
}

/* A value error beats a lack of space, also when it comes later. */
static void value_errors_come_first(void **state)
{
    char buf[2];
    struct mqb_writer w;
    struct mqb_error error;
    (void)state;
    mqb_writer_init(&w, buf, sizeof(buf));
    int_above(&w);
    assert_int_equal(mqb_writer_close(&w, NULL, &error), MQB_ERR_VALUE);
    assert_string_equal(error.path, "/list/1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_refused),
        cmocka_unit_test(open_values_are_refused),
        cmocka_unit_test(value_errors_come_first),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
