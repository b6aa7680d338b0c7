/* Looking ahead in a payload, and reading a part of it again. */
#include "reader_message.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const char mixed[] = "[{\"deep\":{\"kind\":\"SHA256\",\"x\":[{}]},\"kind\":\"md5\",\"v\":1},"
                            "{\"k\\u0069nd\":\"SHA256\"},null,true,-1,\"\",[],{\"kind\":\"x\"}]";

static void types_are_peeked(void **state)
{
    static const enum mqb_json_type types[] = {
        MQB_JSON_OBJECT, MQB_JSON_OBJECT, MQB_JSON_NULL,  MQB_JSON_BOOLEAN,
        MQB_JSON_NUMBER, MQB_JSON_STRING, MQB_JSON_ARRAY, MQB_JSON_OBJECT,
    };
    struct mqb_scratch scratch = mqb_scratch_from(memory, sizeof(memory));
    struct mqb_reader r;
    struct mqb_list list;
    (void)state;
    mqb_reader_open(&r, exactly(mixed, sizeof(mixed) - 1), &scratch);
    assert_int_equal(mqb_reader_peek_type(&r), MQB_JSON_ARRAY);
    mqb_reader_array(&r, &list, 0, SIZE_MAX);
    while (mqb_reader_next_item(&r, &list)) {
        assert_int_equal(mqb_reader_peek_type(&r), types[list.item]);
        mqb_reader_skip(&r);
    }
    assert_int_equal(list.count, COUNT(types));
    assert_int_equal(mqb_reader_close(&r, NULL), MQB_OK);
}

static void choices_are_peeked(void **state)
{
    struct mqb_scratch scratch = mqb_scratch_from(memory, sizeof(memory));
    struct mqb_reader r;
    struct mqb_list list;
    struct mqb_error error;
    (void)state;
    mqb_reader_open(&r, exactly(mixed, sizeof(mixed) - 1), &scratch);
    mqb_reader_array(&r, &list, 0, SIZE_MAX);
    while (mqb_reader_next_item(&r, &list)) {
        if (mqb_reader_peek_type(&r) == MQB_JSON_OBJECT) {
            const int expected = list.item == 7 ? -1 : (int)list.item;
            assert_int_equal(mqb_reader_peek_choice(&r, MQB_STR("kind"), &choices), expected);
            assert_int_equal(mqb_reader_peek_choice(&r, MQB_STR("kind"), &choices), expected);
        }
        mqb_reader_skip(&r);
    }
    assert_int_equal(list.item, 7);
    assert_int_equal(mqb_reader_close(&r, &error), MQB_ERR_VALUE);
    assert_string_equal(error.path, "/7/kind");
    assert_string_equal(error.value, "\"x\"");
}

static void peeked_choices_are_refused(void **state)
{
    static const struct refusal rows[] = {
        {"{\"a\":\"kind\"}", MQB_ERR_MISSING, "/kind", "is required", 0, ""},
        {"{}", MQB_ERR_MISSING, "/kind", "is required", 0, ""},
        {"{\"kind\":1}", MQB_ERR_TYPE, "/kind", "must be a string", 8, "1"},
        {"{\"kind\":\"?\"}", MQB_ERR_VALUE, "/kind", "must be MD5 or SHA256", 8, "\"?\""},
        {"[\"kind\"]", MQB_ERR_TYPE, "", "must be an object", 0, "[\"kind\"]"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct mqb_scratch scratch = mqb_scratch_from(memory, sizeof(memory));
        struct mqb_reader r;
        struct mqb_error error;
        mqb_reader_open(&r, exactly(rows[i].text, strlen(rows[i].text)), &scratch);
        assert_int_equal(mqb_reader_peek_choice(&r, MQB_STR("kind"), &choices), -1);
        assert_int_equal(mqb_reader_close(&r, &error), rows[i].status);
        assert_string_equal(error.path, rows[i].path);
        assert_string_equal(error.rule, rows[i].rule);
        assert_int_equal(error.offset, rows[i].offset);
        assert_string_equal(error.value, rows[i].value);
    }
}

/* A value may be read any number of times, each time in another way. */
static void values_are_read_again(void **state)
{
    static const char text[] = "[ {\"first\":1,\"x\":{\"a\":1,\"b\":{}},\"third\":3,\"y\":0} ]";
    struct mqb_scratch scratch = mqb_scratch_from(memory, sizeof(memory));
    struct mqb_reader r;
    struct mqb_list list;
    struct message m = {.first = 0};
    (void)state;
    mqb_reader_open(&r, exactly(text, sizeof(text) - 1), &scratch);
    mqb_reader_array(&r, &list, 0, SIZE_MAX);
    assert_true(mqb_reader_next_item(&r, &list));
    const size_t mark = mqb_reader_mark(&r);
    for (int i = 0; i < 3; i++) {
        mqb_reader_rewind(&r, mark);
        read_inner(&r, &m, &inner_members);
        assert_int_equal(m.first, 1);
        mqb_reader_rewind(&r, mark);
        assert_int_equal(mqb_reader_json(&r).len, 46);
        mqb_reader_rewind(&r, mark);
        assert_int_equal(mqb_reader_map(&r).count, 4);
    }
    assert_false(mqb_reader_next_item(&r, &list));
    assert_int_equal(mqb_reader_close(&r, NULL), MQB_OK);
}

/* From a mark to where the reader stands is the value, whatever stands around it. */
static void values_have_a_span(void **state)
{
    static const char *const values[] = {"{ \"a\" : [ ] }", "\"x\\n\"", "-1.5", "[ 1 ]", "null"};
    struct mqb_scratch scratch = mqb_scratch_from(memory, sizeof(memory));
    struct mqb_reader r;
    struct mqb_list list;
    char text[128];
    (void)state;
    const int len = snprintf(
        text, sizeof(text), "[ %s , %s,%s ,\n  %s,\t%s ]", values[0], values[1], values[2],
        values[3], values[4]);
    mqb_reader_open(&r, exactly(text, (size_t)len), &scratch);
    mqb_reader_array(&r, &list, 0, SIZE_MAX);
    while (mqb_reader_next_item(&r, &list)) {
        const size_t mark = mqb_reader_mark(&r);
        mqb_reader_skip(&r);
        assert_text(mqb_reader_span(&r, mark), values[list.item]);
    }
    assert_int_equal(list.count, COUNT(values));
    assert_int_equal(mqb_reader_close(&r, NULL), MQB_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(types_are_peeked),           cmocka_unit_test(choices_are_peeked),
        cmocka_unit_test(peeked_choices_are_refused), cmocka_unit_test(values_are_read_again),
        cmocka_unit_test(values_have_a_span),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
