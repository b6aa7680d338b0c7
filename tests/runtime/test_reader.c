/* Payloads that are read as generated code does it: what is accepted, and as which value. */
#include "reader_message.h"

#include <math.h>

#include <cmocka.h>

static void scalars_are_read(void **state)
{
    struct message m;
    (void)state;
    accept(
        &m, "{\"i\":100,\"n\":-9223372036854775808,\"u\":18446744073709551615,\"v\":5,"
            "\"d\":-0.0,\"b\":true,\"s\":\"text\",\"c\":\"md5\"}");
    assert_int_equal(m.seen[0], 0xFF);
    assert_int_equal(m.i, 100);
    assert_true(m.n == INT64_MIN);
    assert_true(m.u == UINT64_MAX);
    assert_int_equal(m.v, 5);
    assert_true(m.d == 0 && signbit(m.d));
    assert_true(m.b);
    assert_text(m.s, "text");
    assert_int_equal(m.c, 0);
    accept(&m, "{\"c\":\"SHA256\",\"b\":false,\"n\":9223372036854775807,\"d\":3.7}");
    assert_int_equal(m.seen[0], 1 << C | 1 << B | 1 << N | 1 << D);
    assert_int_equal(m.c, 1);
    assert_false(m.b);
    assert_true(m.n == INT64_MAX);
    assert_true(m.d == 3.7);
}

static void integral_numbers_are_integers(void **state)
{
    static const struct {
        const char *text;
        int value;
    } rows[] = {
        {"0", 0},       {"-0", 0},    {"-5", -5},  {"1.0", 1},
        {"1e2", 100},   {"10e-1", 1}, {"-0.0", 0}, {"0e9999999999999999999", 0},
        {"0.05E3", 50}, {"1e+1", 10},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[64];
        struct message m;
        snprintf(text, sizeof(text), "{\"i\":%s}", rows[i].text);
        accept(&m, text);
        assert_int_equal(m.i, rows[i].value);
        snprintf(text, sizeof(text), "{\"n\" : %s , \"d\":%s}", rows[i].text, rows[i].text);
        accept(&m, text);
        assert_int_equal(m.n, rows[i].value);
        assert_true(m.d == rows[i].value);
    }
}

static void numbers_near_the_ends_of_types(void **state)
{
    struct message m;
    (void)state;
    accept(&m, "{\"n\":999999999999999999,\"u\":9223372036854775807}");
    assert_true(m.n == 999999999999999999);
    assert_true(m.u == INT64_MAX);
    accept(&m, "{\"n\":-999999999999999999,\"u\":9223372036854775808}");
    assert_true(m.n == -999999999999999999);
    assert_true(m.u == UINT64_C(9223372036854775808));
    accept(&m, "{\"d\":1.7976931348623157e308,\"u\":-0}");
    assert_true(m.d == 1.7976931348623157e308);
    accept(&m, "{\"d\":1e-400}");
    assert_true(m.d == 0);
}

static void escapes_are_decoded(void **state)
{
    struct message m;
    (void)state;
    accept(&m, "{\"s\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9\\u4e2d\\ud83d\\ude00x\"}");
    assert_text(m.s, "\"\\/\b\f\n\r\tA\xC3\xA9\xE4\xB8\xAD\xF0\x9F\x98\x80x");
    accept(&m, "{\"s\":\"a\\u0000b\"}");
    assert_int_equal(m.s.len, 3);
    assert_memory_equal(m.s.ptr, "a\0b", 3);
    accept(&m, "{\"s\":\"plain\",\"z\":\"\\u0061\"}");
    assert_text(m.s, "plain");
    assert_text(m.z, "a");
    accept(&m, "{\"\\u0073\":\"\"}");
    assert_int_equal(m.seen[0], 1 << S);
    assert_int_equal(m.s.len, 0);
    accept(&m, "{\"c\":\"\\u004dD5\"}");
    assert_int_equal(m.c, 0);
    accept(&m, "{\"c\":\"caf\\u00E9 \\n\"}");
    assert_int_equal(m.c, -7);
}

/* A name with a backslash is not the raw text that looks like it. */
static void names_are_compared_unescaped(void **state)
{
    struct message m;
    (void)state;
    accept(&m, "{\"back\\\\nslash \\u00e9 and more\":3}");
    assert_int_equal(m.seen[0], 1 << X);
    assert_int_equal(m.first, 3);
    accept(&m, "{\"back\\nslash \xC3\xA9 and more\":\"x\"}");
    assert_int_equal(m.seen[0], 0);
}

static void views_need_no_copy(void **state)
{
    struct message m;
    const struct mqb_str text = exactly("{\"s\":\"abc\",\"j\":[1, 2]}", 22);
    (void)state;
    assert_int_equal(decode(&m, text, NULL), MQB_OK);
    assert_ptr_equal(m.s.ptr, text.ptr + 6);
    assert_ptr_equal(m.j.ptr, text.ptr + 15);
}

static void containers_are_read(void **state)
{
    struct message m;
    (void)state;
    accept(&m, "{\"o\":{\"third\":{\"x\":[{}]},\"first\":1},\"a\":[7,8,9],\"z\":null}");
    assert_int_equal(m.first, 1);
    assert_int_equal(m.a_count, 3);
    assert_int_equal(m.a[0] * 100 + m.a[1] * 10 + m.a[2], 789);
    assert_true(m.z_is_null);
    accept(&m, "{\"a\":[],\"z\":\"z\",\"k\":{}}");
    assert_int_equal(m.a_count, 0);
    assert_null(m.a);
    assert_false(m.z_is_null);
    assert_text(m.z, "z");
}

static void raw_values_are_views(void **state)
{
    static const char *const values[] = {
        "null", "true", "-1.50e3", "\"a\\n\"", "\"\"", "[ 1 ,{}]", "{\"a\" : {\"a\":[]}}"};
    (void)state;
    for (size_t i = 0; i < COUNT(values); i++) {
        char text[64];
        struct message m;
        snprintf(text, sizeof(text), "{\"j\": %s ,\"i\":1}", values[i]);
        accept(&m, text);
        same_json(m.j, values[i]);
        assert_int_equal(m.i, 1);
    }
}

static void maps_are_read(void **state)
{
    struct message m;
    (void)state;
    accept(&m, "{\"m\":{\"b\":[1, 2],\"\\u0061\":\"x\",\"\":null},\"i\":1}");
    assert_int_equal(m.m.count, 3);
    assert_text(m.m.entries[0].key, "b");
    same_json(m.m.entries[0].value, "[1, 2]");
    assert_text(m.m.entries[1].key, "a");
    same_json(m.m.entries[1].value, "\"x\"");
    assert_text(m.m.entries[2].key, "");
    same_json(m.m.entries[2].value, "null");
    accept(&m, "{\"m\":{}}");
    assert_int_equal(m.m.count, 0);
    assert_null(m.m.entries);
}

static void unknown_members_are_skipped(void **state)
{
    struct message m;
    (void)state;
    accept(&m, "{\"new\":1,\"i\":2,\"newer\":{\"i\":[{\"i\":3}]},\"n\":4,\"newest\":\"\"}");
    assert_int_equal(m.seen[0], 1 << I | 1 << N);
    assert_int_equal(m.i, 2);
    assert_int_equal(m.n, 4);
    accept(&m, "{\"I\":\"x\",\"ii\":0,\"\":0}");
    assert_int_equal(m.seen[0], 0);
}

static void integers_in_strings(void **state)
{
    struct message m;
    (void)state;
    accept(&m, "{\"t\":\"-4\",\"w\":\"18446744073709551615\"}");
    assert_int_equal(m.t, -4);
    assert_text(m.t_text, "-4");
    assert_true(m.w == UINT64_MAX);
    assert_text(m.w_text, "18446744073709551615");
    accept(&m, "{\"t\":\"0000000000000000000000000000007\",\"w\":\"\\u0031\\u0032\"}");
    assert_int_equal(m.t, 7);
    assert_int_equal(m.w, 12);
    accept(&m, "{\"t\":\"9223372036854775807\",\"w\":\"1\"}");
    assert_true(m.t == INT64_MAX);
    accept(&m, "{\"t\":\"-0\"}");
    assert_int_equal(m.t, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scalars_are_read),
        cmocka_unit_test(integral_numbers_are_integers),
        cmocka_unit_test(numbers_near_the_ends_of_types),
        cmocka_unit_test(escapes_are_decoded),
        cmocka_unit_test(names_are_compared_unescaped),
        cmocka_unit_test(views_need_no_copy),
        cmocka_unit_test(containers_are_read),
        cmocka_unit_test(raw_values_are_views),
        cmocka_unit_test(maps_are_read),
        cmocka_unit_test(unknown_members_are_skipped),
        cmocka_unit_test(integers_in_strings),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
