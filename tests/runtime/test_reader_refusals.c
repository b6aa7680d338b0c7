/* Payloads that the reader refuses, and where and why it says so. */
#include "reader_message.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define TWICE "must not appear twice"

static const struct refusal refusals[] = {
    /* Types. */
    {"[]", MQB_ERR_TYPE, "", "must be an object", 0, "[]"},
    {" 12 ", MQB_ERR_TYPE, "", "must be an object", 1, "12"},
    {"null", MQB_ERR_TYPE, "", "must be an object", 0, "null"},
    {"{\"i\":\"1\"}", MQB_ERR_TYPE, "/i", "must be an integer", 5, "\"1\""},
    {"{\"i\":null}", MQB_ERR_TYPE, "/i", "must be an integer", 5, "null"},
    {"{\"i\":true}", MQB_ERR_TYPE, "/i", "must be an integer", 5, "true"},
    {"{\"i\":[1]}", MQB_ERR_TYPE, "/i", "must be an integer", 5, "[1]"},
    {"{\"i\":1.5}", MQB_ERR_TYPE, "/i", "must be an integer", 5, "1.5"},
    {"{\"i\":15e-1}", MQB_ERR_TYPE, "/i", "must be an integer", 5, "15e-1"},
    {"{\"u\":{}}", MQB_ERR_TYPE, "/u", "must be an integer", 5, "{}"},
    {"{\"u\":-0.5}", MQB_ERR_TYPE, "/u", "must be an integer", 5, "-0.5"},
    {"{\"d\":\"1\"}", MQB_ERR_TYPE, "/d", "must be a number", 5, "\"1\""},
    {"{\"d\":false}", MQB_ERR_TYPE, "/d", "must be a number", 5, "false"},
    {"{\"b\":1}", MQB_ERR_TYPE, "/b", "must be true or false", 5, "1"},
    {"{\"b\":null}", MQB_ERR_TYPE, "/b", "must be true or false", 5, "null"},
    {"{\"s\":1}", MQB_ERR_TYPE, "/s", "must be a string", 5, "1"},
    {"{\"s\":{\"s\":\"\"}}", MQB_ERR_TYPE, "/s", "must be a string", 5, "{\"s\":\"\"}"},
    {"{\"c\":0}", MQB_ERR_TYPE, "/c", "must be a string", 5, "0"},
    {"{\"o\":[]}", MQB_ERR_TYPE, "/o", "must be an object", 5, "[]"},
    {"{\"o\":\"\"}", MQB_ERR_TYPE, "/o", "must be an object", 5, "\"\""},
    {"{\"a\":{}}", MQB_ERR_TYPE, "/a", "must be an array", 5, "{}"},
    {"{\"a\":[1,\"2\"]}", MQB_ERR_TYPE, "/a/1", "must be an integer", 8, "\"2\""},
    {"{\"m\":[]}", MQB_ERR_TYPE, "/m", "must be an object", 5, "[]"},
    {"{\"z\":0}", MQB_ERR_TYPE, "/z", "must be a string", 5, "0"},
    {"{\"t\":1}", MQB_ERR_TYPE, "/t", "must be a string", 5, "1"},
    {"{\"w\":1}", MQB_ERR_TYPE, "/w", "must be a string", 5, "1"},
    /* Bounds. */
    {"{\"i\":101}", MQB_ERR_VALUE, "/i", "must be -5 to 100", 5, "101"},
    {"{\"i\":-6}", MQB_ERR_VALUE, "/i", "must be -5 to 100", 5, "-6"},
    {"{\"i\":1e3}", MQB_ERR_VALUE, "/i", "must be -5 to 100", 5, "1e3"},
    {"{\"i\":9223372036854775808}", MQB_ERR_VALUE, "/i", "must be -5 to 100", 5,
     "9223372036854775808"},
    {"{\"i\":-9223372036854775809}", MQB_ERR_VALUE, "/i", "must be -5 to 100", 5,
     "-9223372036854775809"},
    {"{\"n\":9223372036854775808}", MQB_ERR_LIMIT, "/n", "must fit in 64 bits", 5,
     "9223372036854775808"},
    {"{\"n\":-9223372036854775809}", MQB_ERR_LIMIT, "/n", "must fit in 64 bits", 5,
     "-9223372036854775809"},
    {"{\"n\":1e99}", MQB_ERR_LIMIT, "/n", "must fit in 64 bits", 5, "1e99"},
    {"{\"u\":18446744073709551616}", MQB_ERR_LIMIT, "/u", "must fit in 64 bits", 5,
     "18446744073709551616"},
    {"{\"u\":-1}", MQB_ERR_VALUE, "/u", "must not be negative", 5, "-1"},
    {"{\"u\":-1e99}", MQB_ERR_VALUE, "/u", "must not be negative", 5, "-1e99"},
    {"{\"v\":4}", MQB_ERR_VALUE, "/v", "must be 5 to 10", 5, "4"},
    {"{\"v\":11}", MQB_ERR_VALUE, "/v", "must be 5 to 10", 5, "11"},
    {"{\"v\":-7}", MQB_ERR_VALUE, "/v", "must be 5 to 10", 5, "-7"},
    {"{\"v\":18446744073709551616}", MQB_ERR_VALUE, "/v", "must be 5 to 10", 5,
     "18446744073709551616"},
    {"{\"d\":1e400}", MQB_ERR_LIMIT, "/d", "must fit in a double", 5, "1e400"},
    {"{\"d\":-1e400}", MQB_ERR_LIMIT, "/d", "must fit in a double", 5, "-1e400"},
    /* Integers in strings. */
    {"{\"t\":\"\"}", MQB_ERR_VALUE, "/t", "must be a step", 5, "\"\""},
    {"{\"t\":\"-\"}", MQB_ERR_VALUE, "/t", "must be a step", 5, "\"-\""},
    {"{\"t\":\"+1\"}", MQB_ERR_VALUE, "/t", "must be a step", 5, "\"+1\""},
    {"{\"t\":\" 1\"}", MQB_ERR_VALUE, "/t", "must be a step", 5, "\" 1\""},
    {"{\"t\":\"1.0\"}", MQB_ERR_VALUE, "/t", "must be a step", 5, "\"1.0\""},
    {"{\"t\":\"1a\"}", MQB_ERR_VALUE, "/t", "must be a step", 5, "\"1a\""},
    {"{\"t\":\"--1\"}", MQB_ERR_VALUE, "/t", "must be a step", 5, "\"--1\""},
    {"{\"t\":\"-5\"}", MQB_ERR_VALUE, "/t", "must be a step", 5, "\"-5\""},
    {"{\"t\":\"-9223372036854775809\"}", MQB_ERR_VALUE, "/t", "must be a step", 5,
     "\"-9223372036854775809\""},
    {"{\"t\":\"9223372036854775808\"}", MQB_ERR_LIMIT, "/t", "must fit in 64 bits", 5,
     "\"9223372036854775808\""},
    {"{\"w\":\"0\"}", MQB_ERR_VALUE, "/w", "must be a count", 5, "\"0\""},
    {"{\"w\":\"-1\"}", MQB_ERR_VALUE, "/w", "must be a count", 5, "\"-1\""},
    {"{\"w\":\"-99999999999999999999\"}", MQB_ERR_VALUE, "/w", "must be a count", 5,
     "\"-99999999999999999999\""},
    {"{\"w\":\"x\"}", MQB_ERR_VALUE, "/w", "must be a count", 5, "\"x\""},
    {"{\"w\":\"18446744073709551616\"}", MQB_ERR_LIMIT, "/w", "must fit in 64 bits", 5,
     "\"18446744073709551616\""},
    /* Choices, rules of the caller. */
    {"{\"c\":\"Md5\"}", MQB_ERR_VALUE, "/c", "must be MD5 or SHA256", 5, "\"Md5\""},
    {"{\"c\":\"\"}", MQB_ERR_VALUE, "/c", "must be MD5 or SHA256", 5, "\"\""},
    {"{\"c\":\"\\u0000MD5\"}", MQB_ERR_VALUE, "/c", "must be MD5 or SHA256", 5, "\"\\u0000MD5\""},
    {"{\"a\":[1,2,3,4]}", MQB_ERR_VALUE, "/a", "must have at most 3 items", 5, "[1,2,3,4]"},
    {"{\"m\":{\"a\":1,\"b\":2,\"c\":3,\"d\":4}}", MQB_ERR_VALUE, "/m",
     "must have at most 3 members", 5, "{\"a\":1,\"b\":2,\"c\":3,\"d\":4}"},
    {"{\"a\":[ 2 , 1 ]}", MQB_ERR_VALUE, "/a", "must go up", 5, "[ 2 , 1 ]"},
    {"{\"o\":{\"first\":9,\"third\":{}}}", MQB_ERR_VALUE, "/o", "must not have a 9", 5,
     "{\"first\":9,\"third\":{}}"},
    {"{\"a\":[1,\n10]}", MQB_ERR_VALUE, "/a/1", "must be a digit", 9, "10"},
    /* Missing and unknown members. */
    {"{\"o\":{}}", MQB_ERR_MISSING, "/o/first", "is required", 5, ""},
    {"{\"o\": {\"first\":1}}", MQB_ERR_MISSING, "/o/third", "is required", 6, ""},
    {"{\"o\":{\"third\":1,\"x\":2}}", MQB_ERR_MISSING, "/o/first", "is required", 5, ""},
    {"{\"k\":{\"x\":1}}", MQB_ERR_VALUE, "/k/x", "is not a known member", 6, ""},
    {"{\"k\":{\"first\":1,\"\\u0061/~\":1}}", MQB_ERR_VALUE, "/k/a~1~0", "is not a known member",
     16, ""},
    /* Duplicates. */
    {"{\"i\":1,\"i\":1}", MQB_ERR_DUPLICATE, "/i", TWICE, 7, ""},
    {"{\"i\":1,\"n\":2,\"\\u0069\":1}", MQB_ERR_DUPLICATE, "/i", TWICE, 13, ""},
    {"{\"o\":{\"first\":1,\"first\":2}}", MQB_ERR_DUPLICATE, "/o/first", TWICE, 16, ""},
    {"{\"x\":1,\"x\":2}", MQB_ERR_DUPLICATE, "/x", TWICE, 7, ""},
    {"{\"x\":1,\"y\":2,\"x\":3,\"y\":4}", MQB_ERR_DUPLICATE, "/x", TWICE, 13, ""},
    {"{\"x\":1,\"y\":2,\"y\":3,\"x\":4}", MQB_ERR_DUPLICATE, "/y", TWICE, 13, ""},
    {"{\"x\":1,\"i\":2,\"\\u0078\":3}", MQB_ERR_DUPLICATE, "/x", TWICE, 13, ""},
    {"{\"\":1,\"\":2}", MQB_ERR_DUPLICATE, "/", TWICE, 6, ""},
    {"{\"x\":{\"a\":1,\"a\":2}}", MQB_ERR_DUPLICATE, "/x/a", TWICE, 12, ""},
    {"{\"x\":[[{\"a\":1},{\"a\":1,\"b\":{},\"\\u0061\":1}]]}", MQB_ERR_DUPLICATE, "/x/0/1/a", TWICE,
     29, ""},
    {"{\"o\":{\"first\":1,\"third\":{\"a\":1,\"a\":2}}}", MQB_ERR_DUPLICATE, "/o/third/a", TWICE,
     31, ""},
    {"{\"j\":{\"a\":1,\"b\":2,\"a\":3}}", MQB_ERR_DUPLICATE, "/j/a", TWICE, 18, ""},
    {"{\"j\":[{\"b\":{\"c\":1,\"c\":1},\"b\":1}]}", MQB_ERR_DUPLICATE, "/j/0/b/c", TWICE, 18, ""},
    {"{\"j\":{\"a\":1,\"a\":[{\"b\":1,\"b\":1}]}}", MQB_ERR_DUPLICATE, "/j/a", TWICE, 12, ""},
    {"{\"m\":{\"a\":1,\"a\":2}}", MQB_ERR_DUPLICATE, "/m/a", TWICE, 12, ""},
    {"{\"m\":{\"a\":{\"b\":1,\"b\":1}}}", MQB_ERR_DUPLICATE, "/m/a/b", TWICE, 17, ""},
    /* What is shown of a value. */
    {"{\"i\":{ \"a\":\t1,\r\n\"b\":2}}", MQB_ERR_TYPE, "/i", "must be an integer", 5,
     "{ \"a\": 1,  \"b\":2}"},
    {"{\"i\":\"1234567890123456789012345678\"}", MQB_ERR_TYPE, "/i", "must be an integer", 5,
     "\"1234567890123456789012345678\""},
    {"{\"i\":\"12345678901234567890123456789\"}", MQB_ERR_TYPE, "/i", "must be an integer", 5,
     "\"12345678901234567890123456789\""},
    {"{\"i\":\"123456789012345678901234567890\"}", MQB_ERR_TYPE, "/i", "must be an integer", 5,
     "\"123456789012345678901234567..."},
    {"{\"i\":\"12345678901234567890123456\xE4\xB8\xAD\xE4\xB8\xAD\"}", MQB_ERR_TYPE, "/i",
     "must be an integer", 5, "\"12345678901234567890123456..."},
    {"{\"i\":\"\x7F\xC2\x9B\"}", MQB_ERR_TYPE, "/i", "must be an integer", 5, "\"??\""},
};

static void refusals_are_reported(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(refusals); i++) {
        const struct refusal *row = &refusals[i];
        struct message m;
        struct mqb_error error = {.rule = ""};
        const enum mqb_status status = decode(&m, exactly(row->text, strlen(row->text)), &error);
        if (status != row->status || error.status != status || error.offset != row->offset ||
            strcmp(error.path, row->path) != 0 || strcmp(error.rule, row->rule) != 0 ||
            strcmp(error.value, row->value) != 0)
            fail_msg(
                "%s: %s; %s; %s; %zu; %s", row->text, mqb_status_text(status), error.path,
                error.rule, error.offset, error.value);
    }
}

static void bad_json_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(bad_texts); i++) {
        const struct bad_text *bad = &bad_texts[i];
        struct message m;
        struct mqb_error error = {.rule = ""};
        struct mqb_str text = bad->text;
        if (text.ptr != NULL)
            text = exactly(text.ptr, text.len);
        assert_int_equal(decode(&m, text, &error), MQB_ERR_JSON);
        assert_int_equal(error.offset, bad->offset);
        assert_string_equal(error.path, bad->path);
        assert_string_equal(error.rule + strlen("must be JSON: "), bad->rule);
        assert_string_equal(error.value, "");
    }
}

static void an_error_is_not_needed(void **state)
{
    struct message m;
    (void)state;
    assert_int_equal(decode(&m, MQB_STR("{\"i\":1.5}"), NULL), MQB_ERR_TYPE);
    assert_int_equal(decode(&m, (struct mqb_str){NULL, 0}, NULL), MQB_ERR_JSON);
}

static void nesting_is_limited(void **state)
{
    char text[8 + 2 * MQB_DEPTH_MAX];
    struct message m;
    struct mqb_error error;
    (void)state;
    for (size_t depth = MQB_DEPTH_MAX - 1; depth <= MQB_DEPTH_MAX; depth++) {
        memcpy(text, "{\"x\":", 5);
        memset(text + 5, '[', depth);
        memset(text + 5 + depth, ']', depth);
        text[5 + 2 * depth] = '}';
        const enum mqb_status status = decode(&m, exactly(text, 6 + 2 * depth), &error);
        assert_int_equal(status, depth < MQB_DEPTH_MAX ? MQB_OK : MQB_ERR_LIMIT);
    }
    assert_int_equal(error.offset, 5 + MQB_DEPTH_MAX - 1);
    assert_string_equal(error.rule, "must nest at most 32 levels");
    assert_string_equal(error.value, "");
    assert_memory_equal(error.path, "/x/0/0/0", 8);
}

static void payloads_have_a_longest(void **state)
{
    static const char text[] = "{}";
    struct message m;
    struct mqb_error error;
    (void)state;
    assert_int_equal(
        decode(&m, (struct mqb_str){text, (size_t)INT32_MAX + 1}, &error), MQB_ERR_LIMIT);
    assert_string_equal(error.rule, "must be shorter than 2 GiB");
    assert_string_equal(error.path, "");
    assert_int_equal(error.offset, 0);
}

/* After the first error nothing is read, and the first error stays. */
static void the_first_error_stays(void **state)
{
    struct mqb_scratch scratch = mqb_scratch_from(memory, sizeof(memory));
    struct mqb_reader r;
    struct mqb_object object;
    struct mqb_list list;
    struct mqb_error error;
    struct mqb_str text;
    uint32_t seen[1] = {0};
    (void)state;
    mqb_reader_open(&r, MQB_STR("[true,1,\"a\",{},[],null]"), &scratch);
    mqb_reader_array(&r, &list, 0, SIZE_MAX);
    assert_true(mqb_reader_next_item(&r, &list));
    assert_int_equal(mqb_reader_int(&r, 0, 1, "x"), 0);
    assert_false(mqb_reader_ok(&r));
    assert_false(mqb_reader_next_item(&r, &list));
    assert_false(mqb_reader_bool(&r));
    assert_int_equal(mqb_reader_int(&r, 0, 1, "x"), 0);
    assert_int_equal(mqb_reader_uint(&r, 0, 1, "x"), 0);
    assert_int_equal(mqb_reader_quoted_int(&r, 0, 1, "x", &text), 0);
    assert_int_equal(mqb_reader_quoted_uint(&r, 0, 1, "x", &text), 0);
    assert_true(mqb_reader_double(&r) == 0);
    assert_null(mqb_reader_string(&r).ptr);
    assert_int_equal(mqb_reader_choice(&r, &choices), 0);
    assert_int_equal(mqb_reader_peek_choice(&r, MQB_STR("a"), &choices), -1);
    assert_null(mqb_reader_json(&r).ptr);
    assert_null(mqb_reader_map(&r).entries);
    mqb_reader_array(&r, &list, 0, SIZE_MAX);
    assert_int_equal(list.count, 0);
    assert_false(mqb_reader_next_item(&r, &list));
    mqb_reader_entries(&r, &list, 1);
    assert_int_equal(list.count, 0);
    assert_false(mqb_reader_next_entry(&r, &list));
    mqb_reader_object(&r, &object, &members, seen);
    assert_false(mqb_reader_next_member(&r, &object));
    assert_null(mqb_reader_take(&r, 1, 1));
    assert_false(mqb_reader_null(&r));
    assert_int_equal(mqb_reader_peek_type(&r), MQB_JSON_NULL);
    mqb_reader_skip(&r);
    mqb_reader_check(&r, false, "later");
    mqb_reader_rewind(&r, 0);
    assert_false(mqb_reader_bool(&r));
    assert_int_equal(mqb_reader_close(&r, &error), MQB_ERR_TYPE);
    assert_string_equal(error.path, "/0");
    assert_string_equal(error.rule, "must be an integer");
}

/* Reading more values than there are does no harm. */
static void nothing_follows_the_last_value(void **state)
{
    struct mqb_scratch scratch = mqb_scratch_from(memory, sizeof(memory));
    struct mqb_reader r;
    struct mqb_list list;
    (void)state;
    mqb_reader_open(&r, MQB_STR("1"), &scratch);
    assert_int_equal(mqb_reader_int(&r, 0, 9, "x"), 1);
    assert_int_equal(mqb_reader_int(&r, 0, 9, "x"), 0);
    assert_int_equal(mqb_reader_peek_type(&r), MQB_JSON_NULL);
    mqb_reader_skip(&r);
    mqb_reader_array(&r, &list, 0, SIZE_MAX);
    assert_int_equal(list.count, 0);
    assert_int_equal(mqb_reader_close(&r, NULL), MQB_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refusals_are_reported),          cmocka_unit_test(bad_json_is_refused),
        cmocka_unit_test(an_error_is_not_needed),         cmocka_unit_test(nesting_is_limited),
        cmocka_unit_test(payloads_have_a_longest),        cmocka_unit_test(the_first_error_stays),
        cmocka_unit_test(nothing_follows_the_last_value),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
