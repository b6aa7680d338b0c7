/* Raw JSON values: read, walked and made; and merely safe on bytes that are not JSON. */
#include "exactly.h"
#include "json_texts.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "json/duplicate_members.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct mqb_json json(const char *text)
{
    const struct mqb_str copy = exactly(text, strlen(text));
    return (struct mqb_json){copy.ptr, copy.len};
}

static void same(struct mqb_json value, const char *expected)
{
    assert_int_equal(value.len, strlen(expected));
    assert_memory_equal(value.ptr, expected, value.len);
}

/* ---- Scalars ---- */

static void types(void **state)
{
    static const struct {
        const char *text;
        enum mqb_json_type type;
    } rows[] = {
        {"null", MQB_JSON_NULL},       {"true", MQB_JSON_BOOLEAN}, {"false", MQB_JSON_BOOLEAN},
        {"0", MQB_JSON_NUMBER},        {"-1e5", MQB_JSON_NUMBER},  {"\"\"", MQB_JSON_STRING},
        {"[]", MQB_JSON_ARRAY},        {"{}", MQB_JSON_OBJECT},    {" [1] ", MQB_JSON_ARRAY},
        {"\r\n\t 7", MQB_JSON_NUMBER}, {"", MQB_JSON_NULL},        {"  ", MQB_JSON_NULL},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_int_equal(mqb_json_type(json(rows[i].text)), rows[i].type);
    assert_int_equal(mqb_json_type((struct mqb_json){NULL, 0}), MQB_JSON_NULL);
}

static void booleans(void **state)
{
    bool value = false;
    (void)state;
    assert_int_equal(mqb_json_get_bool(json(" true "), &value), MQB_OK);
    assert_true(value);
    assert_int_equal(mqb_json_get_bool(json("false"), &value), MQB_OK);
    assert_false(value);
    assert_int_equal(mqb_json_get_bool(json("1"), &value), MQB_ERR_TYPE);
    assert_int_equal(mqb_json_get_bool(json("tru"), &value), MQB_ERR_TYPE);
    assert_int_equal(mqb_json_get_bool(json(""), &value), MQB_ERR_TYPE);
}

static void integers(void **state)
{
    int64_t i = 0;
    uint64_t u = 0;
    (void)state;
    assert_int_equal(mqb_json_get_int64(json(" -9223372036854775808 "), &i), MQB_OK);
    assert_true(i == INT64_MIN);
    assert_int_equal(mqb_json_get_int64(json("1.0e1"), &i), MQB_OK);
    assert_int_equal(i, 10);
    assert_int_equal(mqb_json_get_int64(json("9223372036854775808"), &i), MQB_ERR_LIMIT);
    assert_int_equal(mqb_json_get_int64(json("1.5"), &i), MQB_ERR_TYPE);
    assert_int_equal(mqb_json_get_uint64(json("18446744073709551615"), &u), MQB_OK);
    assert_true(u == UINT64_MAX);
    assert_int_equal(mqb_json_get_uint64(json("-1"), &u), MQB_ERR_LIMIT);
    assert_int_equal(mqb_json_get_uint64(json("18446744073709551616"), &u), MQB_ERR_LIMIT);
    assert_int_equal(mqb_json_get_uint64(json("0.5"), &u), MQB_ERR_TYPE);
}

static void doubles(void **state)
{
    double value = 0;
    (void)state;
    assert_int_equal(mqb_json_get_double(json("3.7"), &value), MQB_OK);
    assert_true(value == 3.7);
    assert_int_equal(mqb_json_get_double(json("1e400"), &value), MQB_ERR_LIMIT);
    assert_int_equal(mqb_json_get_double(json("\"1\""), &value), MQB_ERR_TYPE);
}

static void no_numbers(void **state)
{
    static const char *const texts[] = {"",   "null", "\"1\"", "[1]", "-",
                                        "01", "1x",   "1.",    "+1",  "e"};
    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        int64_t integer;
        uint64_t natural;
        double number;
        assert_int_equal(mqb_json_get_int64(json(texts[i]), &integer), MQB_ERR_TYPE);
        assert_int_equal(mqb_json_get_uint64(json(texts[i]), &natural), MQB_ERR_TYPE);
        assert_int_equal(mqb_json_get_double(json(texts[i]), &number), MQB_ERR_TYPE);
    }
}

static void strings(void **state)
{
    char memory[8];
    struct mqb_scratch scratch = mqb_scratch_from(memory, sizeof(memory));
    struct mqb_str value;
    (void)state;
    const struct mqb_json plain = json(" \"abc\" ");
    assert_int_equal(mqb_json_get_string(plain, NULL, &value), MQB_OK);
    assert_ptr_equal(value.ptr, plain.ptr + 2);
    assert_true(mqb_str_equal(value, MQB_STR("abc")));
    assert_int_equal(mqb_json_get_string(json("\"\""), &scratch, &value), MQB_OK);
    assert_int_equal(value.len, 0);
    assert_int_equal(mqb_json_get_string(json("\"\\ud83d\\ude00\\n\""), &scratch, &value), MQB_OK);
    assert_true(mqb_str_equal(value, MQB_STR("\xF0\x9F\x98\x80\n")));
    assert_int_equal(scratch.used, 5);
    assert_int_equal(mqb_json_get_string(json("\"\\u4e2d\""), &scratch, &value), MQB_OK);
    assert_int_equal(mqb_json_get_string(json("\"\\n\""), &scratch, &value), MQB_ERR_SPACE);
    assert_int_equal(scratch.peak, 9);
    assert_int_equal(mqb_json_get_string(json("\"\\n\""), NULL, &value), MQB_ERR_SPACE);
    assert_int_equal(mqb_json_get_string(json("12"), &scratch, &value), MQB_ERR_TYPE);
    assert_int_equal(mqb_json_get_string(json("\"a"), &scratch, &value), MQB_ERR_TYPE);
    assert_int_equal(mqb_json_get_string(json("\"\\ud83d\""), &scratch, &value), MQB_ERR_TYPE);
    assert_int_equal(mqb_json_get_string(json("\"\xFF\""), &scratch, &value), MQB_ERR_TYPE);
    assert_int_equal(mqb_json_get_string(json(""), &scratch, &value), MQB_ERR_TYPE);
}

/* ---- Containers ---- */

static void objects_are_walked(void **state)
{
    struct mqb_json_walk walk =
        mqb_json_walk_begin(json(" { \"a\" : 1 ,\"b\\n\":[{},[]], \"\":\"}\" } "));
    struct mqb_json key;
    struct mqb_json value;
    (void)state;
    assert_true(mqb_json_walk_next(&walk, &key, &value));
    same(key, "\"a\"");
    same(value, "1");
    assert_true(mqb_json_walk_next(&walk, &key, &value));
    same(key, "\"b\\n\"");
    same(value, "[{},[]]");
    assert_true(mqb_json_walk_next(&walk, NULL, &value));
    same(value, "\"}\"");
    assert_false(mqb_json_walk_next(&walk, &key, &value));
    assert_false(mqb_json_walk_next(&walk, &key, &value));
}

static void arrays_are_walked(void **state)
{
    struct mqb_json_walk walk = mqb_json_walk_begin(json("[1,\"]\" , {\"a\":2}\n]"));
    struct mqb_json key;
    struct mqb_json value;
    (void)state;
    assert_true(mqb_json_walk_next(&walk, &key, &value));
    same(value, "1");
    assert_int_equal(key.len, 0);
    assert_true(mqb_json_walk_next(&walk, NULL, &value));
    same(value, "\"]\"");
    assert_true(mqb_json_walk_next(&walk, NULL, &value));
    same(value, "{\"a\":2}");
    assert_false(mqb_json_walk_next(&walk, NULL, &value));
}

static void other_values_have_no_items(void **state)
{
    static const char *const texts[] = {"", " ", "1", "null", "\"[1]\"", "[]", "{}", "[ ]", "{ }"};
    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct mqb_json_walk walk = mqb_json_walk_begin(json(texts[i]));
        struct mqb_json value;
        assert_false(mqb_json_walk_next(&walk, NULL, &value));
        assert_false(mqb_json_find(json(texts[i]), MQB_STR("a"), &value));
    }
}

static void members_are_found(void **state)
{
    const struct mqb_json object = json("{\"a\":{\"b\":1},\"\\u0062\":[2],\"\":3}");
    struct mqb_json value;
    (void)state;
    assert_true(mqb_json_find(object, MQB_STR("b"), &value));
    same(value, "[2]");
    assert_true(mqb_json_find(object, MQB_STR(""), &value));
    same(value, "3");
    assert_false(mqb_json_find(object, MQB_STR("c"), &value));
    assert_false(mqb_json_find(object, MQB_STR("bb"), &value));
    assert_false(mqb_json_find(json("[\"a\",1]"), MQB_STR("a"), &value));
}

static void entries_are_found(void **state)
{
    static const struct mqb_map_entry entries[] = {{TEXT("a"), {"1", 1}}, {TEXT(""), {"2", 1}}};
    const struct mqb_map map = {entries, 2};
    const struct mqb_map empty = {NULL, 0};
    (void)state;
    assert_ptr_equal(mqb_map_find(&map, MQB_STR("a")), &entries[0]);
    assert_ptr_equal(mqb_map_find(&map, MQB_STR("")), &entries[1]);
    assert_null(mqb_map_find(&map, MQB_STR("b")));
    assert_null(mqb_map_find(&empty, MQB_STR("")));
}

static void duplicates(void **state)
{
    static const struct {
        const char *text;
        size_t offset; /* 0: there are none. */
    } rows[] = {
        {"1", 0},
        {"[\"a\",\"a\"]", 0},
        {"{}", 0},
        {"{\"a\":\"a\",\"b\":\"a\"}", 0},
        {"{\"a\":{\"a\":{\"a\":[{\"a\":1},{\"a\":2}]}}}", 0},
        {"{\"a\":1,\"a\":2}", 7},
        {"{\"a\" : 1 , \"a\" : 2}", 11},
        {"{\"a\":1,\"b\":{\"a\":1,\"c\":\"\\\"\",\"c\":2},\"a\":1}", 27},
        {"{\"a\":1,\"\\u0061\":2}", 7},
        {"{\"\\u00e9\":1,\"\xC3\xA9\":2}", 12},
        {"[[],{},{\"\":{},\"x\":1,\"\":2}]", 20},
        {"{\"ab\":1,\"a\":1,\"abc\":1,\"b\":{},\"a\":1}", 29},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t offset = 0;
        assert_int_equal(mqb_raw_twice(json(rows[i].text), NULL, 0, &offset), rows[i].offset != 0);
        assert_int_equal(offset, rows[i].offset);
    }
}

/* Whatever the bytes, reading stays within them and comes to an end. */
static void use(struct mqb_str text)
{
    char memory[16];
    struct mqb_scratch scratch = mqb_scratch_from(memory, sizeof(memory));
    const struct mqb_json any = {text.ptr, text.len};
    struct mqb_json_walk walk = mqb_json_walk_begin(any);
    struct mqb_json key;
    struct mqb_json value;
    struct mqb_str string;
    size_t steps = 0;
    while (mqb_json_walk_next(&walk, &key, &value)) {
        assert_true(value.ptr >= text.ptr && value.ptr + value.len <= text.ptr + text.len);
        assert_true(++steps <= text.len);
        mqb_json_get_string(key, &scratch, &string);
        mqb_json_type(value);
    }
    mqb_json_find(any, MQB_STR("b"), &value);
    mqb_json_get_string(any, &scratch, &string);
}

static void garbage_is_safe(void **state)
{
    static const char alphabet[] = "[]{}:,\"\\u0 b1\xC3";
    uint64_t random = 88172645463325252;
    (void)state;
    for (size_t i = 0; i < COUNT(bad_texts); i++)
        use(exactly(
            bad_texts[i].text.len == 0 ? "" : bad_texts[i].text.ptr, bad_texts[i].text.len));
    for (int round = 0; round < 100000; round++) {
        char text[24];
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        uint64_t bits = random;
        for (size_t i = 0; i < sizeof(text); i++, bits = bits * 6364136223846793005U + 1)
            text[i] = alphabet[(bits >> 40) % (sizeof(alphabet) - 1)];
        text[0] = round % 2 == 0 ? '{' : '[';
        use(exactly(text, 1 + (size_t)(random % sizeof(text))));
    }
}

/* ---- Making text ---- */

static void scalars_are_made(void **state)
{
    char buf[MQB_NUMBER_BYTES];
    (void)state;
    same(mqb_json_from_bool(true), "true");
    same(mqb_json_from_bool(false), "false");
    same(mqb_json_from_int64(INT64_MIN, buf), "-9223372036854775808");
    same(mqb_json_from_uint64(UINT64_MAX, buf), "18446744073709551615");
    same(mqb_json_from_double(42, buf), "42.0");
    assert_int_equal(mqb_json_from_double(NAN, buf).len, 0);
    assert_int_equal(mqb_json_from_double(INFINITY, buf).len, 0);
}

static void strings_are_made(void **state)
{
    const struct mqb_str text = MQB_STR("a\"\\\n\x01\xC3\xA9"
                                        "12345678");
    static const char expected[] = "\"a\\\"\\\\\\n\\u0001\xC3\xA9"
                                   "12345678\"";
    (void)state;
    for (size_t cap = 0; cap < sizeof(expected) + 2; cap++) {
        char *buf = malloc(cap == 0 ? 1 : cap);
        assert_non_null(buf);
        const struct mqb_json made = mqb_json_from_string(text, buf, cap);
        if (cap < sizeof(expected) - 1)
            assert_int_equal(made.len, 0);
        else
            same(made, expected);
        free(buf);
    }
    char small[2];
    same(mqb_json_from_string((struct mqb_str){NULL, 0}, small, 2), "\"\"");
    assert_int_equal(mqb_json_from_string(MQB_STR(""), small, 1).len, 0);
    char buf[16];
    assert_int_equal(mqb_json_from_string(MQB_STR("ok\xFF"), buf, sizeof(buf)).len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(types),
        cmocka_unit_test(booleans),
        cmocka_unit_test(integers),
        cmocka_unit_test(doubles),
        cmocka_unit_test(no_numbers),
        cmocka_unit_test(strings),
        cmocka_unit_test(objects_are_walked),
        cmocka_unit_test(arrays_are_walked),
        cmocka_unit_test(other_values_have_no_items),
        cmocka_unit_test(members_are_found),
        cmocka_unit_test(entries_are_found),
        cmocka_unit_test(duplicates),
        cmocka_unit_test(garbage_is_safe),
        cmocka_unit_test(scalars_are_made),
        cmocka_unit_test(strings_are_made),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
