/* Raw JSON that is written: checked at once and step by step, and nested. */
#include "json/scanner.h"
#include "writing.h"

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
        mqb_writer_array(w);
        mqb_writer_item(w);
    }
    if (raw_levels > 0) {
        size_t len = nest(text, raw_open);
        text[len++] = '1';
        len += nest(text + len, raw_close);
        mqb_writer_json(w, (struct mqb_json){text, len});
    } else {
        mqb_writer_null(w);
    }
    for (size_t i = 0; i < levels; i++)
        mqb_writer_array_end(w);
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
    mqb_writer_json(&w, (struct mqb_json){text.ptr, text.len});
    const enum mqb_status status = mqb_writer_close(&w, NULL, &at_once);
    mqb_writer_init(&w, NULL, 0);
    mqb_writer_json(&w, (struct mqb_json){text.ptr, text.len});
    if (mqb_writer_verdict(&w, &stepwise) != status || at_once.offset != stepwise.offset)
        fail_msg("%.*s: %s", (int)text.len, text.ptr, mqb_status_text(status));
}

/* All combinations of up to seven parts, which give nested objects, and invalid JSON. */
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
    mqb_writer_json(&w, (struct mqb_json){text, len});
    assert_int_equal(mqb_writer_verdict(&w, &error), MQB_OK);
    len = (size_t)(strstr(text, ",\"name999\"") - text);
    len += (size_t)sprintf(text + len, ",\"name500\":0}");
    mqb_writer_init(&w, buf, len);
    mqb_writer_json(&w, (struct mqb_json){text, len});
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
    mqb_writer_bytes(&w, MQB_STR("abc"));
    w.beyond = SIZE_MAX - 1;
    mqb_writer_bytes(&w, MQB_STR("abc"));
    assert_int_equal(mqb_writer_close(&w, &len, NULL), MQB_ERR_SPACE);
    assert_true(len == SIZE_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nesting_is_limited),
        cmocka_unit_test(raw_values_are_checked_alike),
        cmocka_unit_test(changed_raw_values_are_checked_alike),
        cmocka_unit_test(wide_raw_values),
        cmocka_unit_test(lengths_do_not_wrap),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
