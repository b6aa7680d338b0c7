/* JSON pointers of places in JSON, fed whole, byte by byte, and beyond the capacity. */
#include "exactly.h"
#include "json_texts.h"
#include "payload/json_pointer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char document[] = "{\"a\":1,\"b\\/~c\" : [true,{\"\":[]} , "
                               "[[2]]],\"\\u00e9\\uD83D\\ude00\\\"\":{},\"\":\"x\\\"]\"}";

/* The text at the place, and its pointer. */
static const struct place {
    const char *text;
    const char *path;
} places[] = {
    {"{\"a\"", ""},
    {"\"a\"", "/a"},
    {"1,", "/a"},
    {",\"b", "/a"},
    {"\"b\\/", "/b~1~0c"},
    {"[true", "/b~1~0c"},
    {"true", "/b~1~0c/0"},
    {"rue", "/b~1~0c/0"},
    {",{\"\"", "/b~1~0c/0"},
    {"{\"\"", "/b~1~0c/1"},
    {"\"\":[]", "/b~1~0c/1/"},
    {"[]}", "/b~1~0c/1/"},
    {"]} ,", "/b~1~0c/1//0"},
    {"} ,", "/b~1~0c/1/"},
    {" , [[2", "/b~1~0c/1"},
    {" [[2", "/b~1~0c/2"},
    {"[2]", "/b~1~0c/2/0"},
    {"2]", "/b~1~0c/2/0/0"},
    {"]],\"\\u", "/b~1~0c/2/0"},
    {"],\"\\u", "/b~1~0c/2"},
    {",\"\\u", "/b~1~0c"},
    {"\"\\u00e9", "/\xC3\xA9\xF0\x9F\x98\x80\""},
    {"{},", "/\xC3\xA9\xF0\x9F\x98\x80\""},
    {"},\"\":\"", "/\xC3\xA9\xF0\x9F\x98\x80\""}, /* the empty object itself */
    {"\"\":\"", "/"},
    {"\"x", "/"},
    {"]\"}", "/"},
};

static size_t offset_of(const char *text)
{
    const char *found = strstr(document, text);
    assert_non_null(found);
    return (size_t)(found - document);
}

static void places_have_their_pointer(void **state)
{
    const struct mqb_str none = {NULL, 0};
    char path[MQB_PATH_BYTES];
    (void)state;
    for (size_t i = 0; i < COUNT(places); i++) {
        const struct mqb_str text = exactly(document, sizeof(document) - 1);
        const char *expected = places[i].path;
        mqb_pointer_find(text, offset_of(places[i].text), none, path);
        if (strcmp(path, expected) != 0)
            fail_msg("at %s: %s instead of %s", places[i].text, path, expected);
    }
}

/* The pointer does not depend on how the text is cut into pieces. */
static void pieces_make_no_difference(void **state)
{
    const struct mqb_str text = {document, sizeof(document) - 1};
    (void)state;
    for (size_t end = 0; end <= text.len; end++) {
        char whole_path[MQB_PATH_BYTES];
        char path[MQB_PATH_BYTES];
        struct mqb_pointer whole;
        mqb_pointer_init(&whole);
        mqb_pointer_feed(&whole, (struct mqb_str){text.ptr, end});
        mqb_pointer_path(&whole, whole_path);
        for (size_t cut = 0; cut <= end; cut++) {
            struct mqb_pointer p;
            mqb_pointer_init(&p);
            mqb_pointer_feed(&p, (struct mqb_str){text.ptr, cut});
            mqb_pointer_feed(&p, (struct mqb_str){text.ptr + cut, end - cut});
            mqb_pointer_path(&p, path);
            assert_string_equal(path, whole_path);
        }
    }
}

static void find(struct mqb_str text, size_t offset, const char *expected)
{
    char path[MQB_PATH_BYTES];
    mqb_pointer_find(text, offset, (struct mqb_str){NULL, 0}, path);
    assert_string_equal(path, expected);
}

static void missing_members_are_pointed_at(void **state)
{
    char path[MQB_PATH_BYTES];
    (void)state;
    mqb_pointer_find(MQB_STR("{\"a\":[0,{}]}"), 8, MQB_STR("b/~c"), path);
    assert_string_equal(path, "/a/1/b~1~0c");
    mqb_pointer_find(MQB_STR("{}"), 0, MQB_STR(""), path);
    assert_string_equal(path, "/");
}

static void incomplete_names_are_left_out(void **state)
{
    (void)state;
    find(MQB_STR("{\"a\":{\"bcd"), 6, "/a");
    find(MQB_STR("{\"a\":{\"bcd"), 10, "/a");
    find(MQB_STR("{\"a\":{\"b\\u00"), 12, "/a");
    find(MQB_STR("{\"a\":{\"b\\"), 9, "/a");
    find(MQB_STR("{\"a\":1,\"b"), 9, "");
}

static void indexes_count(void **state)
{
    char text[20000];
    char path[MQB_PATH_BYTES];
    char expected[32];
    struct mqb_pointer p;
    (void)state;
    memset(text, '0', sizeof(text));
    mqb_pointer_init(&p);
    mqb_pointer_feed(&p, MQB_STR("{\"a\":["));
    for (int i = 0; i < 1100; i++) {
        mqb_pointer_path(&p, path);
        snprintf(expected, sizeof(expected), "/a/%d", i);
        assert_string_equal(path, expected);
        mqb_pointer_feed(&p, MQB_STR(" [{},{\"x\":[1,2]}] ,"));
    }
    mqb_pointer_feed(&p, MQB_STR("1],\"b\":"));
    mqb_pointer_path(&p, path);
    assert_string_equal(path, "/b");
}

/* A pointer of any length around the limit, in names and in indexes, and back again. */
static void long_pointers_end_in_dots(void **state)
{
    (void)state;
    for (size_t len = 0; len < 2 * MQB_PATH_BYTES; len++) {
        char name[2 * MQB_PATH_BYTES];
        char expected[2 * MQB_PATH_BYTES + 8];
        char path[MQB_PATH_BYTES];
        struct mqb_pointer p;
        memset(name, 'n', sizeof(name));
        mqb_pointer_init(&p);
        mqb_pointer_feed(&p, MQB_STR("[{\"a\":{\""));
        mqb_pointer_feed(&p, (struct mqb_str){name, len});
        mqb_pointer_feed(&p, MQB_STR("\":[0,1,2,3,4,5,6,7,8,9,{\"b\":"));
        mqb_pointer_path(&p, path);
        snprintf(expected, sizeof(expected), "/0/a/%.*s/10/b", (int)len, name);
        if (strlen(expected) >= MQB_PATH_BYTES)
            memcpy(expected + MQB_PATH_BYTES - 4, "...", 4);
        assert_string_equal(path, expected);
        mqb_pointer_feed(&p, MQB_STR("2}]},\"c\":[0,"));
        mqb_pointer_path(&p, path);
        assert_string_equal(path, "/0/c/1");
        mqb_pointer_feed(&p, MQB_STR("2]},3"));
        mqb_pointer_path(&p, path);
        assert_string_equal(path, "/1");
    }
}

static void slashes_at_the_limit(void **state)
{
    (void)state;
    for (size_t len = MQB_PATH_BYTES - 12; len < MQB_PATH_BYTES; len++) {
        char name[MQB_PATH_BYTES];
        char expected[MQB_PATH_BYTES + 16];
        char path[MQB_PATH_BYTES];
        struct mqb_pointer p;
        memset(name, 'n', sizeof(name));
        mqb_pointer_init(&p);
        mqb_pointer_feed(&p, MQB_STR("{\""));
        mqb_pointer_feed(&p, (struct mqb_str){name, len});
        mqb_pointer_feed(&p, MQB_STR("\":{\"\":{\"\":{\"\":{\"\":"));
        mqb_pointer_path(&p, path);
        snprintf(expected, sizeof(expected), "/%.*s////", (int)len, name);
        if (strlen(expected) >= MQB_PATH_BYTES)
            memcpy(expected + MQB_PATH_BYTES - 4, "...", 4);
        assert_string_equal(path, expected);
        mqb_pointer_feed(&p, MQB_STR("0}}}},\"b\":"));
        mqb_pointer_path(&p, path);
        assert_string_equal(path, "/b");
    }
}

/* A cut never goes through a character. */
static void cuts_keep_utf8_whole(void **state)
{
    (void)state;
    for (size_t len = MQB_PATH_BYTES - 12; len < MQB_PATH_BYTES; len++) {
        char name[MQB_PATH_BYTES];
        char path[MQB_PATH_BYTES];
        struct mqb_pointer p;
        memset(name, 'n', sizeof(name));
        mqb_pointer_init(&p);
        mqb_pointer_feed(&p, MQB_STR("{\""));
        mqb_pointer_feed(&p, (struct mqb_str){name, len});
        mqb_pointer_feed(&p, MQB_STR("\xF0\x9F\x98\x80\\ud83d\\ude00\":"));
        mqb_pointer_path(&p, path);
        const size_t end = strlen(path);
        assert_true(end < MQB_PATH_BYTES);
        if (len + 9 < MQB_PATH_BYTES)
            assert_int_equal(end, len + 9);
        else
            assert_string_equal(path + end - 3, "...");
        const size_t tail = end - strspn(path, "/n") - (len + 9 < MQB_PATH_BYTES ? 0 : 3);
        assert_true(tail % 4 == 0);
    }
}

static void control_characters_do_not_get_through(void **state)
{
    (void)state;
    find(MQB_STR("{\"a\\u001b[31m\\n\\u0000\\u009b\x7F\":1}"), 1, "/a?[31m????");
}

/* Bytes that are not JSON give some pointer, and nothing is written or read out of place. */
static void garbage_is_safe(void **state)
{
    static const char alphabet[] = "[]{}:,\"\\u9/~a\xC3\x01";
    uint64_t random = 88172645463325252;
    (void)state;
    for (int round = 0; round < 20000; round++) {
        char text[256];
        char path[MQB_PATH_BYTES];
        for (size_t i = 0; i < sizeof(text); i++) {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            text[i] = alphabet[random % (sizeof(alphabet) - 1)];
        }
        struct mqb_pointer p;
        mqb_pointer_init(&p);
        mqb_pointer_feed(&p, exactly(text, sizeof(text)));
        mqb_pointer_path(&p, path);
        assert_true(strlen(path) < sizeof(path));
    }
}

static void bad_texts_are_pointed_at(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(bad_texts); i++)
        find(bad_texts[i].text, bad_texts[i].offset, bad_texts[i].path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(places_have_their_pointer),
        cmocka_unit_test(pieces_make_no_difference),
        cmocka_unit_test(missing_members_are_pointed_at),
        cmocka_unit_test(incomplete_names_are_left_out),
        cmocka_unit_test(indexes_count),
        cmocka_unit_test(long_pointers_end_in_dots),
        cmocka_unit_test(slashes_at_the_limit),
        cmocka_unit_test(cuts_keep_utf8_whole),
        cmocka_unit_test(control_characters_do_not_get_through),
        cmocka_unit_test(garbage_is_safe),
        cmocka_unit_test(bad_texts_are_pointed_at),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
