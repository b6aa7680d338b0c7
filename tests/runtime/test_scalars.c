/* Scalars keep their type: an integer stays one, and so does a string. */
#include "assert_text.h"
#include "exactly.h"
#include "json_texts.h"

#include <mqbind/detail/reader.h>
#include <mqbind/detail/writer.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static char memory[8192];

static struct mqb_scalar read_scalar(const char *json, struct mqb_error *error)
{
    struct mqb_scratch scratch = mqb_scratch_from(memory, sizeof memory);
    struct mqb_reader r;
    error->rule = "";
    mqb_reader_open(&r, exactly(json, strlen(json)), &scratch);
    const struct mqb_scalar scalar = mqb_reader_scalar(&r);
    error->status = mqb_reader_close(&r, error);
    return scalar;
}

static void scalars_keep_their_type(void **state)
{
    struct mqb_error error;
    struct mqb_scalar scalar = read_scalar(" 7 ", &error);
    (void)state;
    assert_int_equal(error.status, MQB_OK);
    assert_false(scalar.is_string);
    assert_int_equal(scalar.integer, 7);
    scalar = read_scalar("\"0007\"", &error);
    assert_int_equal(error.status, MQB_OK);
    assert_true(scalar.is_string);
    assert_text(scalar.string, "0007");
    scalar = read_scalar("\"a\\n\\u00e9\"", &error);
    assert_text(scalar.string, "a\n\xC3\xA9");
    scalar = read_scalar("\"\"", &error);
    assert_true(scalar.is_string && scalar.string.len == 0);
    assert_true(read_scalar("-9223372036854775808", &error).integer == INT64_MIN);
    assert_true(read_scalar("9223372036854775807", &error).integer == INT64_MAX);
    assert_int_equal(read_scalar("1.5e1", &error).integer, 15);
    assert_int_equal(read_scalar("-0", &error).integer, 0);
    assert_int_equal(error.status, MQB_OK);
}

static void what_is_no_scalar_is_refused(void **state)
{
    static const struct {
        const char *json;
        enum mqb_status status;
        const char *line;
    } rows[] = {
        {"1.5", MQB_ERR_TYPE, "is 1.5, must be an integer or a string (byte 0)"},
        {" true", MQB_ERR_TYPE, "is true, must be an integer or a string (byte 1)"},
        {"null", MQB_ERR_TYPE, "is null, must be an integer or a string (byte 0)"},
        {"[1]", MQB_ERR_TYPE, "is [1], must be an integer or a string (byte 0)"},
        {"{}", MQB_ERR_TYPE, "is {}, must be an integer or a string (byte 0)"},
        {"9223372036854775808", MQB_ERR_LIMIT,
         "is 9223372036854775808, must fit in 64 bits (byte 0)"},
        {"-1e99", MQB_ERR_LIMIT, "is -1e99, must fit in 64 bits (byte 0)"},
        {"\"a", MQB_ERR_JSON, "must be JSON: ends too early (byte 2)"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct mqb_error error;
        char line[200];
        read_scalar(rows[i].json, &error);
        assert_int_equal(error.status, rows[i].status);
        mqb_error_format(&error, line, sizeof line);
        assert_string_equal(line, rows[i].line);
    }
}

static void scalars_are_written_as_they_are(void **state)
{
    static const struct mqb_scalar scalars[] = {
        {false, 7, {NULL, 0}}, {false, INT64_MIN, {NULL, 0}}, {true, 7, {"7", 1}},
        {true, 0, {NULL, 0}},  {true, 0, {"a\"\n", 3}},
    };
    char text[100];
    struct mqb_writer w;
    size_t len = 0;
    (void)state;
    mqb_writer_init(&w, text, sizeof text);
    mqb_writer_array(&w);
    for (size_t i = 0; i < COUNT(scalars); i++) {
        mqb_writer_item(&w);
        mqb_writer_scalar(&w, scalars[i]);
    }
    mqb_writer_array_end(&w);
    assert_int_equal(mqb_writer_close(&w, &len, NULL), MQB_OK);
    assert_text((struct mqb_str){text, len}, "[7,-9223372036854775808,\"7\",\"\",\"a\\\"\\n\"]");
    mqb_writer_init(&w, text, sizeof text);
    mqb_writer_scalar(&w, (struct mqb_scalar){.is_string = true, .string = MQB_STR("\xFF")});
    assert_int_equal(mqb_writer_close(&w, &len, NULL), MQB_ERR_VALUE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scalars_keep_their_type),
        cmocka_unit_test(what_is_no_scalar_is_refused),
        cmocka_unit_test(scalars_are_written_as_they_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
