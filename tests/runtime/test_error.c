/* What an error shows: excerpts of values, pointers and lines, in every size and cut anywhere. */
#include "exactly.h"
#include "json/utf8.h"
#include "payload/error.h"
#include "payload/json_pointer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define TEXT_BYTES (8 * (MQB_EXCERPT_BYTES + MQB_PATH_BYTES))

/* A character in JSON text, and as it is shown in a value and in a pointer. */
static const struct unit {
    const char *text;
    const char *value;
    const char *path;
} units[] = {
    {"a", "a", "a"},
    {"\xC3\xA9", "\xC3\xA9", "\xC3\xA9"},
    {"\xE4\xB8\xAD", "\xE4\xB8\xAD", "\xE4\xB8\xAD"},
    {"\xF0\x9F\x98\x80", "\xF0\x9F\x98\x80", "\xF0\x9F\x98\x80"},
    {"\t", " ", "?"},
    {"\r\n", "  ", "??"},
    {"\x01", "?", "?"},
    {"\x7F", "?", "?"},
    {"\xC2\x85", "?", "?"},
    {"\xFF", "?", "?"},
};

/* Texts that are shown in pieces, which are not cut through, in `cap` bytes. */
struct shown {
    char text[TEXT_BYTES];
    size_t len;
    size_t kept; /* The longest start that leaves room for the dots. */
};

static void show(struct shown *shown, size_t cap, const char *piece, size_t len)
{
    memcpy(shown->text + shown->len, piece, len);
    shown->len += len;
    shown->text[shown->len] = '\0';
    if (shown->len + 4 <= cap)
        shown->kept = shown->len;
}

static void show_characters(struct shown *shown, size_t cap, const char *text)
{
    while (*text != '\0') {
        const size_t len = mqb_utf8_sequence(text, strlen(text));
        show(shown, cap, text, len);
        text += len;
    }
}

static void dot(struct shown *shown)
{
    memcpy(shown->text + shown->kept, "...", 4);
}

/* A JSON string of some letters and then one character again and again. */
static size_t make_string(
    char *text,
    struct shown *shown,
    const struct unit *unit,
    size_t lead,
    size_t count)
{
    size_t len = 0;
    *shown = (struct shown){.len = 0};
    text[len++] = '"';
    show(shown, MQB_EXCERPT_BYTES, "\"", 1);
    for (size_t i = 0; i < lead; i++) {
        text[len++] = 'n';
        show(shown, MQB_EXCERPT_BYTES, "n", 1);
    }
    for (size_t i = 0; i < count; i++) {
        memcpy(text + len, unit->text, strlen(unit->text));
        len += strlen(unit->text);
        show_characters(shown, MQB_EXCERPT_BYTES, unit->value);
    }
    text[len++] = '"';
    show(shown, MQB_EXCERPT_BYTES, "\"", 1);
    if (shown->len >= MQB_EXCERPT_BYTES)
        dot(shown);
    return len;
}

static void an_excerpt_ends_in_dots_exactly_when_it_is_cut(void **state)
{
    static char text[TEXT_BYTES];
    static struct shown shown;
    (void)state;
    for (size_t i = 0; i < COUNT(units) * 5; i++) {
        const struct unit *unit = &units[i / 5];
        for (size_t count = 0; count < 3 * MQB_EXCERPT_BYTES; count++) {
            const size_t len = make_string(text, &shown, unit, i % 5, count);
            struct mqb_error error;
            mqb_error_set(&error, MQB_ERR_VALUE, "", 0);
            mqb_error_show(&error, exactly(text, len), false);
            assert_string_equal(error.value, shown.text);
            memcpy(text + len, ",\"more\"]", 8);
            mqb_error_show(&error, exactly(text, len + 8), false);
            assert_string_equal(error.value, shown.text);
        }
    }
}

/* Whatever of a value is kept, what is shown are its first characters, and dots. */
static void a_value_of_which_only_the_start_is_kept_ends_in_dots(void **state)
{
    static char text[TEXT_BYTES];
    static struct shown whole;
    (void)state;
    for (size_t i = 0; i < COUNT(units) - 1; i++) { /* Not the one that is no character. */
        const size_t len = make_string(text, &whole, &units[i], 1, 2 * MQB_EXCERPT_BYTES);
        for (size_t kept = 1; kept < len; kept++) {
            struct mqb_error error;
            mqb_error_set(&error, MQB_ERR_VALUE, "", 0);
            mqb_error_show(&error, exactly(text, kept), true);
            const size_t end = strlen(error.value);
            assert_in_range(end, 3, MQB_EXCERPT_BYTES - 1);
            assert_string_equal(error.value + end - 3, "...");
            assert_memory_equal(error.value, whole.text, end - 3);
            assert_true(mqb_utf8_valid((struct mqb_str){error.value, end}));
        }
    }
}

/* When sending, the value may have passed the end of the buffer. */
static void what_is_sent_is_shown_alike_in_buffers_of_any_size(void **state)
{
    static char text[TEXT_BYTES];
    static struct shown shown;
    char buf[80];
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        for (size_t count = 0; count < 2 * MQB_EXCERPT_BYTES; count++) {
            const size_t len = make_string(text, &shown, &units[i], 1, count);
            for (size_t cap = 0; cap <= sizeof(buf); cap++) {
                struct mqb_error error;
                struct mqb_writer w;
                mqb_writer_init(&w, cap == 0 ? NULL : buf, cap);
                mqb_writer_string(&w, (struct mqb_str){text + 1, len - 2});
                mqb_writer_check(&w, false, "must not be");
                assert_int_equal(mqb_writer_close(&w, NULL, &error), MQB_ERR_VALUE);
                assert_string_equal(error.value, shown.text);
            }
        }
    }
}

static void a_pointer_shows_no_control_character_and_no_half_one(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(units); i++) {
        for (size_t count = 0; count < MQB_PATH_BYTES + 8; count++) {
            static struct shown shown;
            static char name[TEXT_BYTES];
            char path[MQB_PATH_BYTES];
            struct mqb_pointer p;
            size_t len = 0;
            mqb_pointer_init(&p);
            shown = (struct shown){.len = 0};
            show(&shown, MQB_PATH_BYTES, "/", 1);
            for (size_t j = 0; j < count; j++) {
                memcpy(name + len, units[i].text, strlen(units[i].text));
                len += strlen(units[i].text);
                show_characters(&shown, MQB_PATH_BYTES, units[i].path);
            }
            mqb_pointer_enter(&p, (struct mqb_str){name, len});
            mqb_pointer_path(&p, path);
            if (len + 1 >= MQB_PATH_BYTES) {
                const size_t end = strlen(path);
                assert_in_range(end, 3, MQB_PATH_BYTES - 1);
                assert_string_equal(path + end - 3, "...");
                assert_memory_equal(path, shown.text, end - 3);
                assert_true(mqb_utf8_valid((struct mqb_str){path, end}));
            } else {
                assert_string_equal(path, shown.text);
            }
        }
    }
}

static void a_line_fits_any_buffer(void **state)
{
    struct mqb_error error;
    char whole[2 * (MQB_PATH_BYTES + MQB_EXCERPT_BYTES) + 64];
    (void)state;
    mqb_error_set(&error, MQB_ERR_VALUE, "must be \xC2\xB5 or \xF0\x9F\x98\x80", 12345);
    memcpy(error.path, "/\xE4\xB8\xAD", 5);
    memcpy(error.value, "\"\xC3\xA9\"", 5);
    const size_t len = mqb_error_format(&error, whole, sizeof(whole));
    assert_string_equal(
        whole, "/\xE4\xB8\xAD: is \"\xC3\xA9\", must be \xC2\xB5 or \xF0\x9F\x98\x80 (byte 12345)");
    for (size_t cap = 0; cap <= len + 2; cap++) {
        char *buf = (char *)malloc(cap + 1);
        memset(buf, '~', cap + 1);
        assert_int_equal(mqb_error_format(&error, buf, cap), len);
        assert_int_equal(buf[cap], '~');
        if (cap != 0) {
            const size_t end = strlen(buf);
            assert_in_range(end, cap > len ? len : cap < 4 ? 0 : cap - 4, cap - 1);
            assert_memory_equal(buf, whole, end);
            assert_true(mqb_utf8_valid((struct mqb_str){buf, end}));
        }
        free(buf);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_excerpt_ends_in_dots_exactly_when_it_is_cut),
        cmocka_unit_test(a_value_of_which_only_the_start_is_kept_ends_in_dots),
        cmocka_unit_test(what_is_sent_is_shown_alike_in_buffers_of_any_size),
        cmocka_unit_test(a_pointer_shows_no_control_character_and_no_half_one),
        cmocka_unit_test(a_line_fits_any_buffer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
