/* Writing payloads as generated code does it, into buffers of every size and into none. */
#include "exactly.h"
#include "json_texts.h"
#include "json/scanner.h"

#include <mqbind/generated.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct mqb_choice spellings[] = {
    {TEXT("MD5"), 0},
    {TEXT("md5"), 0},
    {TEXT("say \"hi\""), 1},
};
static const struct mqb_choices choices = {
    .items = spellings,
    .count = COUNT(spellings),
    .rule = "must be MD5 or a greeting",
    .escaped = true};

/* The texts "1" to "9". */
static const uint8_t digit_classes[256] = {
    ['1'] = 1, ['2'] = 1, ['3'] = 1, ['4'] = 1, ['5'] = 1,
    ['6'] = 1, ['7'] = 1, ['8'] = 1, ['9'] = 1,
};
static const uint16_t digit_next[] = {2, 1, 2, 2, 2, 2};
static const uint8_t digit_accepting[] = {2};
static const struct mqb_pattern digit = {digit_classes, digit_next, digit_accepting, 2, 2};

typedef void write_text(struct mqb_writer *w);

/* Write into a buffer of `cap` bytes, of which none beyond is touched. */
static enum mqb_status write_into(
    write_text *write,
    size_t cap,
    char *out,
    size_t *len,
    struct mqb_error *error)
{
    struct mqb_writer w;
    char *buf = malloc(cap == 0 ? 1 : cap);
    assert_non_null(buf);
    mqb_writer_init(&w, cap == 0 ? NULL : buf, cap);
    write(&w);
    const enum mqb_status status = mqb_writer_close(&w, len, error);
    if (status == MQB_OK)
        memcpy(out, buf, *len);
    free(buf);
    return status;
}

/* The text is the same for any buffer that holds it; a smaller one is told what is needed. */
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
    size_t tokens;
    size_t offset;
    const char *rule;
    assert_int_equal(mqb_json_check(mqb_str_from(expected), &tokens, &offset, &rule), MQB_OK);
    writes(write, expected);
}

/* ---- What is written ---- */

static void write_everything(struct mqb_writer *w)
{
    mqb_write_object(w);
    mqb_write_name(w, MQB_STR(",\"a\":"));
    mqb_write_null(w);
    mqb_write_name(w, MQB_STR(",\"b\":"));
    mqb_write_array(w);
    mqb_write_item(w);
    mqb_write_bool(w, true);
    mqb_write_item(w);
    mqb_write_object(w);
    mqb_write_object_end(w);
    mqb_write_item(w);
    mqb_write_array(w);
    mqb_write_array_end(w);
    mqb_write_item(w);
    mqb_write_int(w, INT64_MIN, INT64_MIN, INT64_MAX, "x");
    mqb_write_array_end(w);
    mqb_write_next_name(w, MQB_STR(",\"c\":"));
    mqb_write_first_name(w, MQB_STR("{\"d\":"));
    mqb_write_uint(w, UINT64_MAX, 0, UINT64_MAX, "x");
    mqb_write_object_end(w);
    mqb_write_name(w, MQB_STR(",\"e\":"));
    mqb_write_bool(w, false);
    mqb_write_name(w, MQB_STR(",\"f\":"));
    mqb_write_double(w, 42);
    mqb_write_name(w, MQB_STR(",\"g\":"));
    mqb_write_double(w, -0.0);
    mqb_write_object_end(w);
}

static void write_texts(struct mqb_writer *w)
{
    mqb_write_array(w);
    mqb_write_item(w);
    mqb_write_text_int(w, -4, NULL, "x");
    mqb_write_item(w);
    mqb_write_text_uint(w, UINT64_MAX, NULL, "x");
    mqb_write_item(w);
    mqb_write_text_int(w, 7, &digit, "x");
    mqb_write_item(w);
    mqb_write_choice(w, 0, &choices);
    mqb_write_item(w);
    mqb_write_choice(w, 1, &choices);
    mqb_write_item(w);
    mqb_write_string(w, (struct mqb_str){NULL, 0});
    mqb_write_item(w);
    mqb_write_string(w, MQB_STR("\"\\/\b\f\n\r\t\x01\x1F\x7F\0 \xC3\xA9\xE4\xB8\xAD 12345678"));
    mqb_write_array_end(w);
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
    mqb_write_array(w);
    mqb_write_item(w);
    mqb_write_map(w, &map);
    mqb_write_item(w);
    mqb_write_map(w, &empty);
    mqb_write_item(w);
    mqb_write_json(w, MQB_JSON(" {\"a\" : {\"a\":1},\"b\":[{\"a\":1},{\"a\":1}]} "));
    mqb_write_item(w);
    mqb_write_json(w, MQB_JSON("1e400"));
    mqb_write_array_end(w);
}

static void write_raw_bytes(struct mqb_writer *w)
{
    mqb_write_bytes(w, MQB_STR("{\"\xFF\x80 no JSON"));
}

static void write_no_bytes(struct mqb_writer *w)
{
    mqb_write_bytes(w, (struct mqb_str){NULL, 0});
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
        write_open_values, "[{\"plain\":1,\"a\\\"\\n\":[1, {\"x\":2}],\"\":null},{},"
                           " {\"a\" : {\"a\":1},\"b\":[{\"a\":1},{\"a\":1}]} ,1e400]");
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
        mqb_write_string(&w, (struct mqb_str){text, 1});
        const enum mqb_status status = mqb_writer_close(&w, &len, NULL);
        assert_int_equal(status, byte < 0x80 ? MQB_OK : MQB_ERR_VALUE);
        if (status != MQB_OK)
            continue;
        assert_int_equal(mqb_json_string((struct mqb_json){buf, len}, &scratch, &back), MQB_OK);
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
            mqb_write_string(&w, exactly(text, len));
            assert_int_equal(mqb_writer_close(&w, &written, NULL), MQB_OK);
            assert_int_equal(written, strlen(expected));
            assert_memory_equal(buf, expected, written);
        }
    }
}

/* ---- What is refused ---- */

/* An error is told the same with and without a buffer, whatever its size. */
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
    mqb_write_object(w);
    mqb_write_name(w, MQB_STR(",\"id\":"));
    mqb_write_int(w, 1, 0, 9, "x");
    mqb_write_name(w, MQB_STR(",\"list\":"));
    mqb_write_array(w);
    mqb_write_item(w);
    mqb_write_string(w, MQB_STR("a,b]}"));
    mqb_write_item(w);
}

/* What follows an error changes nothing. */
static void end_message(struct mqb_writer *w)
{
    mqb_write_item(w);
    mqb_write_double(w, NAN);
    mqb_write_array_end(w);
    mqb_write_name(w, MQB_STR(",\"more\":"));
    mqb_write_null(w);
    mqb_write_bool(w, true);
    mqb_write_int(w, 1, 2, 3, "later");
    mqb_write_uint(w, 1, 2, 3, "later");
    mqb_write_text_int(w, 0, &digit, "later");
    mqb_write_text_uint(w, 0, &digit, "later");
    mqb_write_string(w, MQB_STR("\xFF"));
    mqb_write_choice(w, 9, &choices);
    mqb_write_bytes(w, MQB_STR("x"));
    mqb_write_json(w, MQB_JSON("x"));
    mqb_write_object(w);
    mqb_write_array(w);
    mqb_writer_check(w, false, "later");
    mqb_write_object_end(w);
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

REFUSED(int_above, mqb_write_int(w, 12, 0, 9, "must be a digit"))
REFUSED(int_below, mqb_write_int(w, -12, 0, 9, "must be a digit"))
REFUSED(uint_above, mqb_write_uint(w, 12, 0, 9, "must be a digit"))
REFUSED(uint_below, mqb_write_uint(w, 12, 20, 90, "must be 20 to 90"))
REFUSED(text_int, mqb_write_text_int(w, -3, &digit, "must be a digit"))
REFUSED(text_uint, mqb_write_text_uint(w, 0, &digit, "must be a digit"))
REFUSED(not_a_number, mqb_write_double(w, NAN))
REFUSED(infinite, mqb_write_double(w, -INFINITY))
REFUSED(not_utf8, mqb_write_string(w, MQB_STR("ok\xC3")))
REFUSED(no_choice, mqb_write_choice(w, -1, &choices))
REFUSED(checked_before, mqb_writer_check(w, false, "must have items"))
REFUSED(map_twice, mqb_write_map(w, &twice_map))
REFUSED(map_bad_key, mqb_write_map(w, &bad_key_map))
REFUSED(map_bad_value, mqb_write_map(w, &bad_value_map))
REFUSED(raw_empty, mqb_write_json(w, MQB_JSON("")))
REFUSED(raw_null, mqb_write_json(w, ((struct mqb_json){NULL, 0})))
REFUSED(raw_bad, mqb_write_json(w, MQB_JSON("{\"x\":[1,{\"y\":01}]}")))
REFUSED(raw_second, mqb_write_json(w, MQB_JSON("1,2")))
REFUSED(raw_twice, mqb_write_json(w, MQB_JSON("{\"x\":[{\"y\":1,\"z\":{},\"\\u0079\":2}]}")))
REFUSED(raw_twice_outside, mqb_write_json(w, MQB_JSON("{\"x\":{\"y\":1},\"x\":{\"y\":1,\"y\":1}}")))

static void checked_string(struct mqb_writer *w)
{
    begin_message(w);
    mqb_write_string(w, MQB_STR("a somewhat longer text, with an end\n"));
    mqb_writer_check(w, true, "never");
    mqb_writer_check(w, false, "must be short");
    end_message(w);
}

static void checked_behind_list(struct mqb_writer *w)
{
    begin_message(w);
    mqb_write_array(w);
    mqb_write_item(w);
    mqb_write_null(w);
    mqb_write_array_end(w);
    mqb_write_item(w);
    mqb_writer_check(w, false, "must be longer");
    end_message(w);
}

static void checked_whole(struct mqb_writer *w)
{
    mqb_writer_check(w, false, "must have members");
    mqb_write_object(w);
    mqb_write_object_end(w);
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

/* ---- Nesting ---- */

static size_t levels;
static size_t raw_levels;
static const char *raw_open;
static const char *raw_close;

static size_t nest(char *out, const char *text)
{
    for (size_t i = 0; i < raw_levels; i++)
        memcpy(out + i * strlen(text), text, strlen(text));
    return raw_levels * strlen(text);
}

static void write_nested(struct mqb_writer *w)
{
    char text[20 * MQB_DEPTH_MAX];
    for (size_t i = 0; i < levels; i++) {
        mqb_write_array(w);
        mqb_write_item(w);
    }
    if (raw_levels > 0) {
        size_t len = nest(text, raw_open);
        text[len++] = '1';
        len += nest(text + len, raw_close);
        mqb_write_json(w, (struct mqb_json){text, len});
    } else {
        mqb_write_null(w);
    }
    for (size_t i = 0; i < levels; i++)
        mqb_write_array_end(w);
}

/* Raw values count the levels around them. */
static void nesting_is_limited_of(const char *open, const char *close)
{
    raw_open = open;
    raw_close = close;
    for (levels = 0; levels <= MQB_DEPTH_MAX + 1; levels++) {
        for (raw_levels = 0; levels + raw_levels <= MQB_DEPTH_MAX + 1; raw_levels++) {
            char buf[40 * MQB_DEPTH_MAX];
            struct mqb_error error = {.rule = ""};
            struct mqb_writer w;
            mqb_writer_init(&w, buf, sizeof(buf));
            write_nested(&w);
            const enum mqb_status status = mqb_writer_verdict(&w, &error);
            assert_int_equal(status, levels + raw_levels <= MQB_DEPTH_MAX ? MQB_OK : MQB_ERR_LIMIT);
            if (status == MQB_OK)
                continue;
            assert_string_equal(error.rule, mqb_json_rule_depth);
            const size_t most = levels < MQB_DEPTH_MAX ? levels : MQB_DEPTH_MAX;
            assert_int_equal(error.offset, most + (MQB_DEPTH_MAX - most) * strlen(open));
            assert_int_equal(strlen(error.path), 2 * MQB_DEPTH_MAX);
        }
    }
}

static void nesting_is_limited(void **state)
{
    (void)state;
    nesting_is_limited_of("[", "]");
    nesting_is_limited_of("{\"a\":", "}");
}

/* ---- Raw JSON, at once and step by step ---- */

/* What has no room is checked step by step, so both ways must agree on every text. */
static void checked_alike(struct mqb_str text)
{
    char buf[200];
    struct mqb_error at_once = {.rule = ""};
    struct mqb_error stepwise = {.rule = ""};
    struct mqb_writer w;
    mqb_writer_init(&w, buf, sizeof(buf));
    mqb_write_json(&w, (struct mqb_json){text.ptr, text.len});
    const enum mqb_status status = mqb_writer_close(&w, NULL, &at_once);
    mqb_writer_init(&w, NULL, 0);
    mqb_write_json(&w, (struct mqb_json){text.ptr, text.len});
    if (mqb_writer_verdict(&w, &stepwise) != status || at_once.offset != stepwise.offset)
        fail_msg("%.*s: %s", (int)text.len, text.ptr, mqb_status_text(status));
}

/* All texts of up to seven parts, of which objects in objects are made, and what is no JSON. */
static void raw_values_are_checked_alike(void **state)
{
    static const char *const parts[] = {"{", "}", ",", "\"a\":", "\"b\":", "1", "[", "]"};
    enum { LONGEST = 7 };
    size_t digits[LONGEST + 1] = {0};
    (void)state;
    while (digits[LONGEST] == 0) {
        char text[64];
        size_t len = 0;
        for (size_t i = 0; i < LONGEST && digits[i] != 0; i++) {
            const char *part = parts[digits[i] - 1];
            memcpy(text + len, part, strlen(part));
            len += strlen(part);
        }
        checked_alike((struct mqb_str){text, len});
        size_t place = 0;
        while (++digits[place] > COUNT(parts)) {
            digits[place] = 1;
            place++;
        }
    }
}

/* A valid text with one byte changed, or one cut off. */
static void changed_raw_values_are_checked_alike(void **state)
{
    static const char *const texts[] = {
        "{\"a\":1,\"b\":\"text of some length\",\"c\":{\"d\":null,\"e\":-1.5e3}}",
        " {\n  \"k1\" : \"\\u00e9\" ,\n\t\"k2\": true,\"k3\":{\"k\":{\"k\":{\"k\":1}}} } ",
        "{\"\xC3\xA9\":0,\"a\":\"\xE4\xB8\xAD\xF0\x9F\x98\x80\",\"b\":[1],\"c\":{},\"d\":false}",
        "{\"1\":1,\"2\":2,\"3\":3,\"4\":4,\"5\":5,\"6\":6,\"7\":7,\"8\":8,\"9\":9}",
        "-0.25e+10",
        "\"\\ud83d\\ude00 and more\"",
    };
    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        const size_t len = strlen(texts[i]);
        for (size_t at = 0; at < len; at++) {
            char text[128];
            memcpy(text, texts[i], len);
            checked_alike(exactly(text, at));
            for (int byte = 0; byte < 256; byte++) {
                text[at] = (char)byte;
                checked_alike(exactly(text, len));
            }
        }
    }
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

/* Many members in raw JSON: their names take the memory where the text will stand. */
static void wide_raw_values(void **state)
{
    enum { MANY = 1000 };
    static char text[16 * MANY];
    static char buf[16 * MANY];
    struct mqb_writer w;
    struct mqb_error error;
    size_t len = 0;
    (void)state;
    for (size_t i = 0; i < MANY; i++)
        len += (size_t)sprintf(text + len, "%c\"name%zu\":%zu", i == 0 ? '{' : ',', i, i);
    text[len++] = '}';
    mqb_writer_init(&w, buf, len);
    mqb_write_json(&w, (struct mqb_json){text, len});
    assert_int_equal(mqb_writer_verdict(&w, &error), MQB_OK);
    len = (size_t)(strstr(text, ",\"name999\"") - text);
    len += (size_t)sprintf(text + len, ",\"name500\":0}");
    mqb_writer_init(&w, buf, len);
    mqb_write_json(&w, (struct mqb_json){text, len});
    assert_int_equal(mqb_writer_verdict(&w, &error), MQB_ERR_DUPLICATE);
    assert_string_equal(error.path, "/name500");
    assert_int_equal(error.offset, len - 12);
}

static void lengths_do_not_wrap(void **state)
{
    struct mqb_writer w;
    size_t len;
    (void)state;
    mqb_writer_init(&w, NULL, 0);
    mqb_write_bytes(&w, MQB_STR("abc"));
    w.beyond = SIZE_MAX - 1;
    mqb_write_bytes(&w, MQB_STR("abc"));
    assert_int_equal(mqb_writer_close(&w, &len, NULL), MQB_ERR_SPACE);
    assert_true(len == SIZE_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_written),
        cmocka_unit_test(every_byte_is_escaped_or_refused),
        cmocka_unit_test(values_are_refused),
        cmocka_unit_test(open_values_are_refused),
        cmocka_unit_test(nesting_is_limited),
        cmocka_unit_test(raw_values_are_checked_alike),
        cmocka_unit_test(changed_raw_values_are_checked_alike),
        cmocka_unit_test(value_errors_come_first),
        cmocka_unit_test(wide_raw_values),
        cmocka_unit_test(lengths_do_not_wrap),
        cmocka_unit_test(a_byte_that_is_not_plain_is_found_anywhere),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
