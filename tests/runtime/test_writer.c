/* Payloads that are written as generated code does it, into buffers of every size. */
#include "json/scanner.h"
#include "writing.h"

/* The text is the same for any buffer that holds it; for a smaller one the needed size is returned.
 */
static void writes(write_text *write, const char *expected)
{
    const size_t needed = strlen(expected);
    struct mqb_writer w;
    /* With room to spare, too: it serves for numbers that end early, and for names of raw values.
     */
    for (size_t cap = 0; cap < needed + 120; cap++) {
        char out[1024];
        size_t len = 999;
        struct mqb_error error = {.rule = ""};
        const enum mqb_status status = write_into(write, cap, out, &len, &error);
        assert_int_equal(status, cap < needed ? MQB_ERR_SPACE : MQB_OK);
        assert_int_equal(len, needed);
        if (status == MQB_OK) {
            assert_memory_equal(out, expected, needed);
            continue;
        }
        assert_int_equal(error.status, MQB_ERR_SPACE);
        assert_string_equal(error.rule, "needs a larger buffer");
        assert_string_equal(error.path, "");
        assert_string_equal(error.value, "");
    }
    mqb_writer_init(&w, NULL, 0);
    write(&w);
    assert_int_equal(mqb_writer_verdict(&w, NULL), MQB_OK);
}

static void writes_json(write_text *write, const char *expected)
{
    struct mqb_json_scan scan;
    assert_int_equal(mqb_json_scan(mqb_str_from(expected), MQB_DEPTH_MAX, &scan), MQB_OK);
    writes(write, expected);
}

/* ---- What is written ---- */

static void write_everything(struct mqb_writer *w)
{
    mqb_writer_object(w);
    mqb_writer_name(w, MQB_STR(",\"a\":"));
    mqb_writer_null(w);
    mqb_writer_name(w, MQB_STR(",\"b\":"));
    mqb_writer_array(w);
    mqb_writer_item(w);
    mqb_writer_bool(w, true);
    mqb_writer_item(w);
    mqb_writer_object(w);
    mqb_writer_object_end(w);
    mqb_writer_item(w);
    mqb_writer_array(w);
    mqb_writer_array_end(w);
    mqb_writer_item(w);
    mqb_writer_int(w, INT64_MIN, INT64_MIN, INT64_MAX, "x");
    mqb_writer_array_end(w);
    mqb_writer_next_name(w, MQB_STR(",\"c\":"));
    mqb_writer_first_name(w, MQB_STR("{\"d\":"));
    mqb_writer_uint(w, UINT64_MAX, 0, UINT64_MAX, "x");
    mqb_writer_object_end(w);
    mqb_writer_name(w, MQB_STR(",\"e\":"));
    mqb_writer_bool(w, false);
    mqb_writer_name(w, MQB_STR(",\"f\":"));
    mqb_writer_double(w, 42);
    mqb_writer_name(w, MQB_STR(",\"g\":"));
    mqb_writer_double(w, -0.0);
    mqb_writer_object_end(w);
}

static void write_texts(struct mqb_writer *w)
{
    mqb_writer_array(w);
    mqb_writer_item(w);
    mqb_writer_quoted_int(w, -4, NULL, "x");
    mqb_writer_item(w);
    mqb_writer_quoted_uint(w, UINT64_MAX, NULL, "x");
    mqb_writer_item(w);
    mqb_writer_quoted_int(w, 7, &digit, "x");
    mqb_writer_item(w);
    mqb_writer_choice(w, 0, &choices);
    mqb_writer_item(w);
    mqb_writer_choice(w, 1, &choices);
    mqb_writer_item(w);
    mqb_writer_string(w, (struct mqb_str){NULL, 0});
    mqb_writer_item(w);
    mqb_writer_string(w, MQB_STR("\"\\/\b\f\n\r\t\x01\x1F\x7F\0 \xC3\xA9\xE4\xB8\xAD 12345678"));
    mqb_writer_array_end(w);
}

static void write_open_values(struct mqb_writer *w)
{
    static const struct mqb_map_entry entries[] = {
        {TEXT("plain"), {"1", 1}},
        {TEXT("a\"\n"), {"[1, {\"x\":2}]", 12}},
        {TEXT(""), {"null", 4}},
    };
    static const struct mqb_map map = {entries, COUNT(entries)};
    static const struct mqb_map empty = {NULL, 0};
    mqb_writer_array(w);
    mqb_writer_item(w);
    mqb_writer_map(w, &map);
    mqb_writer_item(w);
    mqb_writer_map(w, &empty);
    mqb_writer_item(w);
    mqb_writer_json(w, MQB_JSON(" {\"a\" : {\"a\":1},\"b\":[{\"a\":1},{\"a\":1}]} "));
    mqb_writer_item(w);
    mqb_writer_json(w, MQB_JSON("1e400"));
    mqb_writer_array_end(w);
}

static void write_raw_bytes(struct mqb_writer *w)
{
    mqb_writer_bytes(w, MQB_STR("{\"\xFF\x80 no JSON"));
}

static void write_no_bytes(struct mqb_writer *w)
{
    mqb_writer_bytes(w, (struct mqb_str){NULL, 0});
}

static void texts_are_written(void **state)
{
    (void)state;
    writes_json(
        write_everything,
        "{\"a\":null,\"b\":[true,{},[],-9223372036854775808],\"c\":{\"d\":18446744073709551615},"
        "\"e\":false,\"f\":42.0,\"g\":-0.0}");
    writes_json(
        write_texts,
        "[\"-4\",\"18446744073709551615\",\"7\",\"MD5\",\"say \\\"hi\\\"\",\"\","
        "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\x7F\\u0000 \xC3\xA9\xE4\xB8\xAD 12345678\"]");
    writes_json(
        write_open_values, "[{\"plain\":1,\"a\\\"\\n\":[1,{\"x\":2}],\"\":null},{},"
                           "{\"a\":{\"a\":1},\"b\":[{\"a\":1},{\"a\":1}]},1e400]");
    writes(write_raw_bytes, "{\"\xFF\x80 no JSON");
    writes(write_no_bytes, "");
}

/* Every byte alone comes out as JSON that means the byte, or is refused as no UTF-8. */
static void every_byte_is_escaped_or_refused(void **state)
{
    (void)state;
    for (int byte = 0; byte < 256; byte++) {
        const char text[1] = {(char)byte};
        char buf[16];
        char copy[1];
        struct mqb_writer w;
        struct mqb_scratch scratch = mqb_scratch_from(copy, 1);
        struct mqb_str back;
        size_t len;
        mqb_writer_init(&w, buf, sizeof(buf));
        mqb_writer_string(&w, (struct mqb_str){text, 1});
        const enum mqb_status status = mqb_writer_close(&w, &len, NULL);
        assert_int_equal(status, byte < 0x80 ? MQB_OK : MQB_ERR_VALUE);
        if (status != MQB_OK)
            continue;
        assert_int_equal(mqb_json_get_string((struct mqb_json){buf, len}, &scratch, &back), MQB_OK);
        assert_true(mqb_str_equal(back, (struct mqb_str){text, 1}));
    }
}

/* Whatever stands where: what is plain is copied in words. */
static void a_byte_that_is_not_plain_is_found_anywhere(void **state)
{
    (void)state;
    for (size_t len = 0; len < 40; len++) {
        for (size_t at = 0; at <= len; at++) {
            char text[40];
            char buf[64];
            char expected[64];
            struct mqb_writer w;
            size_t written;
            memset(text, 'x', sizeof(text));
            if (at < len)
                text[at] = '"';
            if (at < len)
                snprintf(
                    expected, sizeof(expected), "\"%.*s\\\"%.*s\"", (int)at, text,
                    (int)(len - at - 1), text + at + 1);
            else
                snprintf(expected, sizeof(expected), "\"%.*s\"", (int)len, text);
            mqb_writer_init(&w, buf, sizeof(buf));
            mqb_writer_string(&w, exactly(text, len));
            assert_int_equal(mqb_writer_close(&w, &written, NULL), MQB_OK);
            assert_int_equal(written, strlen(expected));
            assert_memory_equal(buf, expected, written);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_written),
        cmocka_unit_test(every_byte_is_escaped_or_refused),
        cmocka_unit_test(a_byte_that_is_not_plain_is_found_anywhere),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
