/* The JSON grammar: a table of examples, then all short ones and many changed ones, checked twice.
 */
#include "exactly.h"
#include "json/scanner.h"
#include "json/skip.h"
#include "json_opinion.h"
#include "json_texts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define JSMN_STATIC
#define JSMN_PARENT_LINKS
#include <jsmn.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static enum mqb_status check(struct mqb_str text, size_t *offset)
{
    struct mqb_json_scan scan;
    const enum mqb_status status = mqb_json_scan(text, MQB_DEPTH_MAX, &scan);
    *offset = scan.offset;
    return status;
}

static void good_texts_are_accepted(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(good_texts); i++) {
        const struct good_text *good = &good_texts[i];
        const struct mqb_str text = exactly(good->text.ptr, good->text.len);
        struct mqb_json_scan scan;
        if (mqb_json_scan(text, MQB_DEPTH_MAX, &scan) != MQB_OK || scan.tokens != good->tokens)
            fail_msg("%.*s", (int)good->text.len, good->text.ptr);
        assert_int_equal(scan.escapes, good->escapes);
        assert_true(is_json(text.ptr, text.len));
    }
}

static void bad_texts_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(bad_texts); i++) {
        const struct bad_text *bad = &bad_texts[i];
        struct mqb_str text = bad->text;
        char rule[128];
        struct mqb_json_scan scan;
        if (text.ptr != NULL)
            text = exactly(text.ptr, text.len);
        if (mqb_json_scan(text, MQB_DEPTH_MAX, &scan) != MQB_ERR_JSON)
            fail_msg("accepted: %.*s", (int)text.len, bad->text.ptr);
        snprintf(rule, sizeof(rule), "must be JSON: %s", bad->rule);
        if (scan.offset != bad->offset || strcmp(rule, scan.rule) != 0)
            fail_msg("%.*s: %s at %zu", (int)text.len, bad->text.ptr, scan.rule, scan.offset);
        assert_false(is_json(text.len == 0 ? "" : text.ptr, text.len));
    }
}

/* jsmn must need exactly as many tokens as were counted. */
static void tokens_are_those_of_jsmn(void **state)
{
    jsmntok_t tokens[16];
    (void)state;
    for (size_t i = 0; i < COUNT(good_texts); i++) {
        const struct good_text *good = &good_texts[i];
        const unsigned count = (unsigned)good->tokens;
        jsmn_parser parser;
        jsmn_init(&parser);
        assert_int_equal(
            jsmn_parse(&parser, good->text.ptr, good->text.len, tokens, count), (int)count);
        jsmn_init(&parser);
        assert_int_equal(
            jsmn_parse(&parser, good->text.ptr, good->text.len, tokens, count - 1),
            JSMN_ERROR_NOMEM);
    }
}

static void depth_limit_is_exact(void **state)
{
    static const char openers[2] = {'[', '{'};
    (void)state;
    for (int kind = 0; kind < 2; kind++) {
        char text[8 * (MQB_DEPTH_MAX + 1)];
        for (size_t depth = 1; depth <= MQB_DEPTH_MAX + 1; depth++) {
            size_t len = 0;
            size_t deepest = 0;
            size_t offset = 999;
            for (size_t i = 0; i < depth; i++) {
                deepest = len;
                text[len++] = openers[kind];
                if (kind == 1 && i + 1 < depth) {
                    memcpy(text + len, "\"a\":", 4);
                    len += 4;
                }
            }
            for (size_t i = 0; i < depth; i++)
                text[len++] = kind == 1 ? '}' : ']';
            const enum mqb_status status = check(exactly(text, len), &offset);
            assert_int_equal(status, depth <= MQB_DEPTH_MAX ? MQB_OK : MQB_ERR_LIMIT);
            if (status != MQB_OK)
                assert_int_equal(offset, deepest);
        }
    }
}

static void depth_limit_has_a_rule(void **state)
{
    char text[MQB_DEPTH_MAX + 1];
    struct mqb_json_scan scan;
    (void)state;
    memset(text, '[', sizeof(text));
    assert_int_equal(
        mqb_json_scan((struct mqb_str){text, sizeof(text)}, MQB_DEPTH_MAX, &scan), MQB_ERR_LIMIT);
    assert_string_equal(scan.rule, mqb_json_rule_depth);
    assert_string_equal(scan.rule, "must nest at most 32 levels");
    assert_int_equal(mqb_json_scan(MQB_STR("1"), 0, &scan), MQB_OK);
    assert_int_equal(mqb_json_scan(MQB_STR("[]"), 0, &scan), MQB_ERR_LIMIT);
    assert_int_equal(mqb_json_scan(MQB_STR("[[]]"), 2, &scan), MQB_OK);
    assert_int_equal(mqb_json_scan(MQB_STR("[[]]"), 1, &scan), MQB_ERR_LIMIT);
    assert_int_equal(scan.offset, 1);
}

/* Every text of up to six symbols; of seven, which takes half a minute, if MQBIND_LONG is set. */
static void short_texts_have_their_verdict(void **state)
{
    static const char *const symbols[] = {"[", "]", "{", "}", ":", ",", "\"", "\\",
                                          "0", "1", "-", ".", "e", " ", "u",  "true"};
    const size_t count = COUNT(symbols);
    const int longest = getenv("MQBIND_LONG") == NULL ? 6 : 7;
    size_t total = 1;
    size_t accepted = 0;
    (void)state;
    for (int length = 1; length <= longest; length++) {
        total *= count;
        for (size_t n = 0; n < total; n++) {
            char text[32];
            size_t len = 0;
            size_t offset;
            size_t rest = n;
            for (int i = 0; i < length; i++, rest /= count) {
                const char *symbol = symbols[rest % count];
                while (*symbol != '\0')
                    text[len++] = *symbol++;
            }
            const bool ok = check((struct mqb_str){text, len}, &offset) == MQB_OK;
            if (ok != is_json(text, len))
                fail_msg("%.*s: %s", (int)len, text, ok ? "accepted" : "refused");
            accepted += ok;
        }
    }
    assert_true(accepted > 1000);
}

static const char document[] =
    " {\"id\":\"\\u00e9\\ud83d\\ude00\\n\", \"n\" :[0,-1.5e+10,\t1E5 ,12345678901234567890],\r\n"
    "\"\xE4\xB8\xAD\xF0\x9F\x98\x80\":{\"\":[[],{},true,false,null],\"abcdefghijklmnop\":\"~/\"}} ";

/* The text up to any byte, and with any byte set to any value, or left out, or doubled. */
static void changed_texts_have_their_verdict(void **state)
{
    const size_t len = sizeof(document) - 1;
    char text[sizeof(document) + 1];
    size_t offset;
    (void)state;
    assert_int_equal(check(exactly(document, len), &offset), MQB_OK);
    for (size_t cut = 0; cut < len - 1; cut++) {
        assert_int_equal(check(exactly(document, cut), &offset), MQB_ERR_JSON);
        assert_true(offset <= cut);
    }
    for (size_t at = 0; at < len; at++) {
        memcpy(text, document, len);
        for (int byte = 0; byte < 256; byte++) {
            text[at] = (char)byte;
            const bool ok = check(exactly(text, len), &offset) == MQB_OK;
            assert_int_equal(ok, is_json(text, len));
            assert_true(ok || offset <= len);
        }
        memcpy(text, document, at);
        memcpy(text + at, document + at + 1, len - at - 1);
        assert_int_equal(check(exactly(text, len - 1), &offset) == MQB_OK, is_json(text, len - 1));
        memcpy(text, document, at + 1);
        memcpy(text + at + 1, document + at, len - at);
        assert_int_equal(check(exactly(text, len + 1), &offset) == MQB_OK, is_json(text, len + 1));
    }
}

/* Many changes at once, always the same ones. */
static void scrambled_texts_have_their_verdict(void **state)
{
    static const char alphabet[] = "[]{}:,\"\\u0019-.eE+tfn \n\x80\xC3\xA9\xED\xF0/a";
    uint64_t random = 88172645463325252;
    char text[48];
    size_t offset;
    (void)state;
    for (int round = 0; round < 300000; round++) {
        const size_t start = (size_t)round % (sizeof(document) - sizeof(text));
        memcpy(text, document + start, sizeof(text));
        const size_t len = 8 + (size_t)(random % (sizeof(text) - 8));
        for (int change = 0; change < 4; change++) {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            text[random % len] = alphabet[(random >> 32) % (sizeof(alphabet) - 1)];
        }
        text[0] = '[';
        text[len - 1] = ']';
        assert_int_equal(check(exactly(text, len), &offset) == MQB_OK, is_json(text, len));
    }
}

/* Ten million bytes of each shape take time in proportion; a quadratic step would take hours. */
static void large_texts_take_linear_time(void **state)
{
    static const char *const pieces[] = {"1", "[],", "{},", "\"\\u00e9\",", "\"abcdefgh\",", " "};
    const size_t size = 10000000;
    char *text = malloc(size);
    size_t offset;
    (void)state;
    assert_non_null(text);
    for (size_t i = 0; i < COUNT(pieces); i++) {
        const size_t step = strlen(pieces[i]);
        size_t len = 1;
        text[0] = '[';
        for (; len + step + 2 < size; len += step)
            memcpy(text + len, pieces[i], step);
        if (i == COUNT(pieces) - 1 || step > 1)
            text[len++] = '0';
        text[len++] = ']';
        assert_int_equal(check((struct mqb_str){text, len}, &offset), MQB_OK);
        text[len - 1] = '}';
        assert_int_equal(check((struct mqb_str){text, len}, &offset), MQB_ERR_JSON);
        assert_int_equal(offset, len - 1);
    }
    memset(text, '[', size);
    assert_int_equal(check((struct mqb_str){text, size}, &offset), MQB_ERR_LIMIT);
    assert_int_equal(offset, MQB_DEPTH_MAX);
    free(text);
}

static void scalars_alone(void **state)
{
    (void)state;
    assert_true(mqb_json_is_number(MQB_STR("-1.5e3")));
    assert_false(mqb_json_is_number(MQB_STR("1 ")));
    assert_false(mqb_json_is_number(MQB_STR("x")));
    assert_false(mqb_json_is_number((struct mqb_str){NULL, 0}));
    assert_true(mqb_json_is_string(MQB_STR("\"a\\n\"")));
    assert_false(mqb_json_is_string(MQB_STR("\"a\"b")));
    assert_false(mqb_json_is_string(MQB_STR("\"\n\"")));
    assert_false(mqb_json_is_string(MQB_STR("\"")));
    assert_false(mqb_json_is_string(MQB_STR("12")));
    assert_false(mqb_json_is_string((struct mqb_str){NULL, 0}));
}

static void steps_find_the_end_of_values(void **state)
{
    const struct mqb_str text = MQB_STR(" [1, \"a]\\\"\" ,{\"}\":[]} ,-2.5e1]");
    (void)state;
    assert_int_equal(mqb_json_blanks(text, 0), 1);
    assert_int_equal(mqb_json_blanks(text, 1), 1);
    assert_int_equal(mqb_json_value_end(text, 1), text.len);
    assert_int_equal(mqb_json_value_end(text, 2), 3);
    assert_int_equal(mqb_json_value_end(text, 5), 11);
    assert_int_equal(mqb_json_value_end(text, 13), 21);
    assert_int_equal(mqb_json_value_end(text, 23), 29);
    assert_int_equal(mqb_json_value_end(text, text.len), text.len);
}

/* On anything at all they move forward and stay within the text. */
static void steps_are_safe(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(bad_texts); i++) {
        const struct mqb_str text = exactly(
            bad_texts[i].text.ptr == NULL ? "" : bad_texts[i].text.ptr, bad_texts[i].text.len);
        for (size_t at = 0; at < text.len; at++) {
            const size_t end = mqb_json_value_end(text, at);
            assert_true(end > at && end <= text.len);
            assert_true(mqb_json_blanks(text, at) >= at);
        }
        assert_true(mqb_json_plain(text) <= text.len);
    }
}

static void plain_runs_end_where_escapes_begin(void **state)
{
    char text[40];
    (void)state;
    for (size_t len = 0; len < sizeof(text); len++) {
        memset(text, 'a', sizeof(text));
        assert_int_equal(mqb_json_plain(exactly(text, len)), len);
        for (size_t at = 0; at < len; at++) {
            for (const char *special = "\"\\\x1F\x01\x80\xFF"; *special != '\0'; special++) {
                text[at] = *special;
                assert_int_equal(mqb_json_plain(exactly(text, len)), at);
            }
            text[at] = '\x7F';
        }
    }
    assert_int_equal(
        mqb_json_plain(MQB_STR("12345678\xE4\xB8\xAD"
                               "1\xC3\xA9\"")),
        14);
    assert_int_equal(mqb_json_plain((struct mqb_str){NULL, 0}), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_texts_are_accepted),
        cmocka_unit_test(bad_texts_are_refused),
        cmocka_unit_test(tokens_are_those_of_jsmn),
        cmocka_unit_test(depth_limit_is_exact),
        cmocka_unit_test(depth_limit_has_a_rule),
        cmocka_unit_test(short_texts_have_their_verdict),
        cmocka_unit_test(changed_texts_have_their_verdict),
        cmocka_unit_test(scrambled_texts_have_their_verdict),
        cmocka_unit_test(large_texts_take_linear_time),
        cmocka_unit_test(scalars_alone),
        cmocka_unit_test(steps_find_the_end_of_values),
        cmocka_unit_test(steps_are_safe),
        cmocka_unit_test(plain_runs_end_where_escapes_begin),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
