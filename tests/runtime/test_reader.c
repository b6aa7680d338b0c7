/* Reading payloads into a struct, as generated code does it; each refusal is told in full. */
#include "exactly.h"
#include "json_texts.h"
#include "payload/reader.h"

#include <mqbind/generated.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- A message with a member of each kind ---- */

enum { I, N, U, V, D, B, S, C, O, A, J, M, Z, T, W, K, X, MEMBERS };

static const struct mqb_str names[MEMBERS] = {
    TEXT("i"),
    TEXT("n"),
    TEXT("u"),
    TEXT("v"),
    TEXT("d"),
    TEXT("b"),
    TEXT("s"),
    TEXT("c"),
    TEXT("o"),
    TEXT("a"),
    TEXT("j"),
    TEXT("m"),
    TEXT("z"),
    TEXT("t"),
    TEXT("w"),
    TEXT("k"),
    TEXT("back\\nslash \xC3\xA9 and more"),
};
static const struct mqb_members members = {.names = names, .count = MEMBERS, .escaped = true};

static const struct mqb_str inner_names[] = {TEXT("first"), TEXT("second"), TEXT("third")};
static const uint32_t inner_required[] = {5};
static const struct mqb_members inner_members = {
    .names = inner_names,
    .count = 3,
    .required = inner_required};
static const struct mqb_members closed_members = {.names = inner_names, .count = 3, .closed = true};

static const struct mqb_choice spellings[] = {
    {TEXT("MD5"), 0},
    {TEXT("md5"), 0},
    {TEXT("SHA256"), 1},
    {TEXT("caf\xC3\xA9 \n"), -7},
};
static const struct mqb_choices choices = {
    .items = spellings,
    .count = COUNT(spellings),
    .rule = "must be MD5 or SHA256",
    .escaped = true};

struct message {
    uint32_t seen[1];
    int64_t i, n, t;
    uint64_t u, v, w;
    double d;
    bool b;
    struct mqb_str s, t_text, w_text;
    int c;
    int64_t first, second;
    size_t a_count;
    int64_t *a;
    struct mqb_json j;
    struct mqb_map m;
    bool z_is_null;
    struct mqb_str z;
};

static void read_inner(struct mqb_reader *r, struct message *m, const struct mqb_members *which)
{
    struct mqb_object object;
    uint32_t seen[1] = {0};
    mqb_read_object(r, &object, which, seen);
    while (mqb_next_member(r, &object)) {
        switch (object.member) {
        case 0:
            m->first = mqb_read_int(r, 0, 9, "must be a digit");
            break;
        case 1:
            m->second = mqb_read_int(r, 0, 9, "must be a digit");
            break;
        default:
            mqb_skip(r);
            break;
        }
    }
    mqb_reader_check(r, m->first != 9, "must not have a 9");
}

static void read_array(struct mqb_reader *r, struct message *m)
{
    struct mqb_list list;
    m->a = mqb_read_array(r, &list, sizeof(*m->a), 3);
    while (mqb_next_item(r, &list))
        m->a[list.item] = mqb_read_int(r, 0, 9, "must be a digit");
    mqb_reader_check(r, list.count <= 3, "must have at most 3 items");
    m->a_count = list.count;
    if (mqb_reader_ok(r) && m->a_count == 2)
        mqb_reader_check(r, m->a[0] <= m->a[1], "must go up");
}

static void read_nullable(struct mqb_reader *r, struct message *m)
{
    m->z_is_null = mqb_read_null(r);
    if (!m->z_is_null)
        m->z = mqb_read_string(r);
}

static void read_member(struct mqb_reader *r, struct message *m, size_t member)
{
    switch (member) {
    case I:
        m->i = mqb_read_int(r, -5, 100, "must be -5 to 100");
        break;
    case N:
        m->n = mqb_read_int(r, INT64_MIN, INT64_MAX, "never used");
        break;
    case U:
        m->u = mqb_read_uint(r, 0, UINT64_MAX, "must not be negative");
        break;
    case V:
        m->v = mqb_read_uint(r, 5, 10, "must be 5 to 10");
        break;
    case D:
        m->d = mqb_read_double(r);
        break;
    case B:
        m->b = mqb_read_bool(r);
        break;
    case S:
        m->s = mqb_read_string(r);
        break;
    case C:
        m->c = mqb_read_choice(r, &choices);
        break;
    case O:
        read_inner(r, m, &inner_members);
        break;
    case A:
        read_array(r, m);
        break;
    case J:
        m->j = mqb_read_json(r);
        break;
    case M:
        m->m = mqb_read_map(r);
        mqb_reader_check(r, m->m.count <= 3, "must have at most 3 members");
        break;
    case Z:
        read_nullable(r, m);
        break;
    case T:
        m->t = mqb_read_text_int(r, -4, INT64_MAX, "must be a step", &m->t_text);
        break;
    case W:
        m->w = mqb_read_text_uint(r, 1, UINT64_MAX, "must be a count", &m->w_text);
        break;
    case K:
        read_inner(r, m, &closed_members);
        break;
    default:
        m->first = mqb_read_int(r, 0, 9, "must be a digit");
        break;
    }
}

static enum mqb_status decode_into(
    struct message *m,
    struct mqb_str json,
    struct mqb_scratch *scratch,
    struct mqb_error *error)
{
    struct mqb_reader reader;
    struct mqb_object object;
    memset(m, 0, sizeof(*m));
    mqb_reader_open(&reader, json, scratch);
    mqb_read_object(&reader, &object, &members, m->seen);
    while (mqb_next_member(&reader, &object))
        read_member(&reader, m, object.member);
    return mqb_reader_close(&reader, error);
}

static char memory[4096];

static enum mqb_status decode(struct message *m, struct mqb_str json, struct mqb_error *error)
{
    struct mqb_scratch scratch = mqb_scratch_from(memory, sizeof(memory));
    const enum mqb_status status = decode_into(m, json, &scratch, error);
    assert_int_equal(scratch.reserved, 0);
    if (status != MQB_OK)
        assert_int_equal(scratch.used, 0);
    return status;
}

static void accept(struct message *m, const char *text)
{
    struct mqb_error error = {.rule = ""};
    if (decode(m, exactly(text, strlen(text)), &error) != MQB_OK)
        fail_msg("%s: %s: %s", text, error.path, error.rule);
}

static void same_text(struct mqb_str text, const char *expected)
{
    assert_int_equal(text.len, strlen(expected));
    assert_memory_equal(text.ptr, expected, text.len);
}

static void same_json(struct mqb_json json, const char *expected)
{
    same_text((struct mqb_str){json.ptr, json.len}, expected);
}

/* ---- What is accepted ---- */

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
    same_text(m.s, "text");
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
    same_text(m.s, "\"\\/\b\f\n\r\tA\xC3\xA9\xE4\xB8\xAD\xF0\x9F\x98\x80x");
    accept(&m, "{\"s\":\"a\\u0000b\"}");
    assert_int_equal(m.s.len, 3);
    assert_memory_equal(m.s.ptr, "a\0b", 3);
    accept(&m, "{\"s\":\"plain\",\"z\":\"\\u0061\"}");
    same_text(m.s, "plain");
    same_text(m.z, "a");
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
    same_text(m.z, "z");
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
    same_text(m.m.entries[0].key, "b");
    same_json(m.m.entries[0].value, "[1, 2]");
    same_text(m.m.entries[1].key, "a");
    same_json(m.m.entries[1].value, "\"x\"");
    same_text(m.m.entries[2].key, "");
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
    same_text(m.t_text, "-4");
    assert_true(m.w == UINT64_MAX);
    same_text(m.w_text, "18446744073709551615");
    accept(&m, "{\"t\":\"0000000000000000000000000000007\",\"w\":\"\\u0031\\u0032\"}");
    assert_int_equal(m.t, 7);
    assert_int_equal(m.w, 12);
    accept(&m, "{\"t\":\"9223372036854775807\",\"w\":\"1\"}");
    assert_true(m.t == INT64_MAX);
    accept(&m, "{\"t\":\"-0\"}");
    assert_int_equal(m.t, 0);
}

/* ---- What is refused, and how that is told ---- */

struct refusal {
    const char *text;
    enum mqb_status status;
    const char *path;
    const char *rule;
    size_t offset;
    const char *value;
};

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

static void refusals_are_told(void **state)
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
    mqb_read_array(&r, &list, 0, SIZE_MAX);
    assert_true(mqb_next_item(&r, &list));
    assert_int_equal(mqb_read_int(&r, 0, 1, "x"), 0);
    assert_false(mqb_reader_ok(&r));
    assert_false(mqb_next_item(&r, &list));
    assert_false(mqb_read_bool(&r));
    assert_int_equal(mqb_read_int(&r, 0, 1, "x"), 0);
    assert_int_equal(mqb_read_uint(&r, 0, 1, "x"), 0);
    assert_int_equal(mqb_read_text_int(&r, 0, 1, "x", &text), 0);
    assert_int_equal(mqb_read_text_uint(&r, 0, 1, "x", &text), 0);
    assert_true(mqb_read_double(&r) == 0);
    assert_null(mqb_read_string(&r).ptr);
    assert_int_equal(mqb_read_choice(&r, &choices), 0);
    assert_int_equal(mqb_peek_choice(&r, MQB_STR("a"), &choices), -1);
    assert_null(mqb_read_json(&r).ptr);
    assert_null(mqb_read_map(&r).entries);
    mqb_read_array(&r, &list, 0, SIZE_MAX);
    assert_int_equal(list.count, 0);
    assert_false(mqb_next_item(&r, &list));
    mqb_read_entries(&r, &list, 1);
    assert_int_equal(list.count, 0);
    assert_false(mqb_next_entry(&r, &list));
    mqb_read_object(&r, &object, &members, seen);
    assert_false(mqb_next_member(&r, &object));
    assert_null(mqb_reader_take(&r, 1, 1));
    assert_false(mqb_read_null(&r));
    assert_int_equal(mqb_peek_type(&r), MQB_JSON_NULL);
    mqb_skip(&r);
    mqb_reader_check(&r, false, "later");
    mqb_reader_rewind(&r, 0);
    assert_false(mqb_read_bool(&r));
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
    assert_int_equal(mqb_read_int(&r, 0, 9, "x"), 1);
    assert_int_equal(mqb_read_int(&r, 0, 9, "x"), 0);
    assert_int_equal(mqb_peek_type(&r), MQB_JSON_NULL);
    mqb_skip(&r);
    mqb_read_array(&r, &list, 0, SIZE_MAX);
    assert_int_equal(list.count, 0);
    assert_int_equal(mqb_reader_close(&r, NULL), MQB_OK);
}

/* ---- Peek, mark, rewind ---- */

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
    assert_int_equal(mqb_peek_type(&r), MQB_JSON_ARRAY);
    mqb_read_array(&r, &list, 0, SIZE_MAX);
    while (mqb_next_item(&r, &list)) {
        assert_int_equal(mqb_peek_type(&r), types[list.item]);
        mqb_skip(&r);
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
    mqb_read_array(&r, &list, 0, SIZE_MAX);
    while (mqb_next_item(&r, &list)) {
        if (mqb_peek_type(&r) == MQB_JSON_OBJECT) {
            const int expected = list.item == 7 ? -1 : (int)list.item;
            assert_int_equal(mqb_peek_choice(&r, MQB_STR("kind"), &choices), expected);
            assert_int_equal(mqb_peek_choice(&r, MQB_STR("kind"), &choices), expected);
        }
        mqb_skip(&r);
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
        assert_int_equal(mqb_peek_choice(&r, MQB_STR("kind"), &choices), -1);
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
    mqb_read_array(&r, &list, 0, SIZE_MAX);
    assert_true(mqb_next_item(&r, &list));
    const size_t mark = mqb_reader_mark(&r);
    for (int i = 0; i < 3; i++) {
        mqb_reader_rewind(&r, mark);
        read_inner(&r, &m, &inner_members);
        assert_int_equal(m.first, 1);
        mqb_reader_rewind(&r, mark);
        assert_int_equal(mqb_read_json(&r).len, 46);
        mqb_reader_rewind(&r, mark);
        assert_int_equal(mqb_read_map(&r).count, 4);
    }
    assert_false(mqb_next_item(&r, &list));
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
    mqb_read_array(&r, &list, 0, SIZE_MAX);
    while (mqb_next_item(&r, &list)) {
        const size_t mark = mqb_reader_mark(&r);
        mqb_skip(&r);
        same_text(mqb_reader_span(&r, mark), values[list.item]);
    }
    assert_int_equal(list.count, COUNT(values));
    assert_int_equal(mqb_reader_close(&r, NULL), MQB_OK);
}

/* ---- Memory ---- */

/* What a value takes while it is read. */
#ifdef MQB_PARSER_DIRECT
#define TOKEN_BYTES 0
#else
#define TOKEN_BYTES 20
#endif

static const char hungry[] = "{\"s\":\"a\\nb\",\"a\":[1,2],\"m\":{\"k\\u0031\":1,\"k2\":[]},\"z\":"
                             "\"\\ud83d\\ude00\",\"t\":\"\\u0031\",\"x\":{\"\\u0061\":{}}}";

/* Any size of scratch memory is either enough or refused, and nothing is left behind. */
static void scratch_memory_of_every_size(void **state)
{
    struct mqb_scratch scratch = mqb_scratch_from(memory, sizeof(memory));
    struct message m;
    size_t refused = 0;
    (void)state;
    assert_int_equal(decode_into(&m, MQB_STR("{}"), &scratch, NULL), MQB_OK);
    assert_int_equal(scratch.used, 0);
    assert_int_equal(scratch.peak / 20, TOKEN_BYTES / 20);
    const struct mqb_str text = exactly(hungry, sizeof(hungry) - 1);
    for (size_t size = 0;; size++) {
        char *block = malloc(size + 1);
        struct mqb_error error = {.rule = ""};
        assert_non_null(block);
        scratch = mqb_scratch_from(block + 1, size); /* not aligned */
        const enum mqb_status status = decode_into(&m, text, &scratch, &error);
        assert_int_equal(scratch.reserved, 0);
        if (status == MQB_OK) {
            assert_true(scratch.peak <= size);
            assert_true(scratch.used <= scratch.peak);
            same_text(m.s, "a\nb");
            same_text(m.m.entries[0].key, "k1");
            free(block);
            break;
        }
        assert_int_equal(status, MQB_ERR_SPACE);
        assert_string_equal(error.rule, "needs more scratch memory");
        assert_string_equal(error.value, "");
        assert_int_equal(scratch.used, 0);
        assert_true(scratch.peak > size);
        refused++;
        free(block);
    }
    assert_true(refused > 20 * TOKEN_BYTES + 80);
}

static void scratch_memory_is_given_back(void **state)
{
    struct mqb_scratch scratch = mqb_scratch_from(memory, sizeof(memory));
    struct message m;
    (void)state;
    assert_int_equal(decode_into(&m, MQB_STR("{\"s\":\"\\n\"}"), &scratch, NULL), MQB_OK);
    const size_t used = scratch.used;
    assert_int_equal(used, 1);
    assert_int_equal(
        decode_into(&m, MQB_STR("{\"s\":\"\\n\\n\",\"i\":\"\"}"), &scratch, NULL), MQB_ERR_TYPE);
    assert_int_equal(scratch.used, used);
    mqb_scratch_reset(&scratch);
    assert_int_equal(scratch.used, 0);
    assert_true(scratch.peak > 0);
    assert_int_equal(mqb_scratch_from(NULL, 5).cap, 0);
}

static void memory_is_cleared_and_aligned(void **state)
{
    struct mqb_scratch scratch = mqb_scratch_from(memory + 1, sizeof(memory) - 1);
    struct mqb_reader r;
    struct mqb_list list;
    (void)state;
    memset(memory, 0xAA, sizeof(memory));
    mqb_reader_open(&r, MQB_STR("[\"\\n\",1]"), &scratch);
    mqb_read_array(&r, &list, 0, SIZE_MAX);
    assert_true(mqb_next_item(&r, &list));
    mqb_read_string(&r);
    double *items = mqb_reader_take(&r, 3, sizeof(*items));
    assert_non_null(items);
    assert_int_equal((uintptr_t)items % sizeof(double), 0);
    assert_true(items[0] == 0 && items[1] == 0 && items[2] == 0);
    assert_null(mqb_reader_take(&r, 0, 8));
    assert_true(mqb_reader_ok(&r));
    assert_null(mqb_reader_take(&r, SIZE_MAX / 4, 8));
    assert_int_equal(mqb_reader_close(&r, NULL), MQB_ERR_SPACE);
    mqb_reader_open(&r, MQB_STR("[\"\\n\",1]"), &scratch);
    assert_null(mqb_reader_take(&r, SIZE_MAX, 1));
    assert_int_equal(mqb_reader_close(&r, NULL), MQB_ERR_SPACE);
}

/* ---- Size ---- */

static void large_payloads(void **state)
{
    const size_t size = 10000000;
    const size_t scratch_size = 1000000;
    char *text = malloc(size);
    char *space = malloc(scratch_size);
    struct mqb_scratch scratch = mqb_scratch_from(space, scratch_size);
    struct message m;
    struct mqb_error error;
    (void)state;
    assert_non_null(text);
    assert_non_null(space);
    const struct mqb_str all = {text, size};
    memset(text, 'a', size);
    memcpy(text, "{\"s\":\"", 6);
    memcpy(text + size - 2, "\"}", 2);
    assert_int_equal(decode_into(&m, all, &scratch, &error), MQB_OK);
    assert_int_equal(m.s.len, size - 8);
    text[7] = '\\';
    text[8] = 'n';
    assert_int_equal(decode_into(&m, all, &scratch, &error), MQB_ERR_SPACE);
    assert_string_equal(error.path, "/s");
    memset(text, '[', size);
    assert_int_equal(decode_into(&m, all, &scratch, &error), MQB_ERR_LIMIT);
    memset(text, ' ', size);
    assert_int_equal(decode_into(&m, all, &scratch, &error), MQB_ERR_JSON);
    for (size_t i = 0; i + 1 < size; i += 2)
        memcpy(text + i, "1,", 2);
    text[0] = '[';
    text[1] = ' ';
    text[size - 1] = '}';
    assert_int_equal(decode_into(&m, all, &scratch, &error), MQB_ERR_JSON);
    assert_int_equal(error.offset, size - 1);
    text[size - 1] = ']';
    assert_int_equal(
        decode_into(&m, all, &scratch, &error), TOKEN_BYTES == 0 ? MQB_ERR_TYPE : MQB_ERR_SPACE);
    assert_true(scratch.peak > scratch_size);
    assert_int_equal(decode_into(&m, MQB_STR("{\"i\":1}"), &scratch, &error), MQB_OK);
    free(space);
    free(text);
}

static struct mqb_str repeated(char *text, size_t size, const char *first, const char *second)
{
    const size_t half = size / 2;
    for (size_t i = 0; i < half; i++)
        text[i] = first[i % strlen(first)];
    for (size_t i = half; i < 2 * half; i++)
        text[i] = second[i % strlen(second)];
    return (struct mqb_str){text, 2 * half};
}

/* Text that is deep, and text that is deep for jsmn alone, is refused in linear time. */
static void depth_costs_nothing(void **state)
{
    const size_t size = 1000000;
    char *text = malloc(size);
    char *space = malloc(20 * size);
    struct mqb_scratch scratch = mqb_scratch_from(space, 20 * size);
    struct message m;
    struct mqb_error error;
    (void)state;
    assert_non_null(text);
    assert_non_null(space);
    assert_int_equal(
        decode_into(&m, repeated(text, size, "[", "]"), &scratch, &error), MQB_ERR_LIMIT);
    assert_int_equal(error.offset, MQB_DEPTH_MAX);
    const struct mqb_str chain = repeated(text, size, "[1:1:", "[]");
    assert_int_equal(decode_into(&m, chain, &scratch, &error), MQB_ERR_JSON);
    assert_int_equal(error.offset, 2);
    text[0] = '1';
    assert_int_equal(decode_into(&m, chain, &scratch, &error), MQB_ERR_JSON);
    assert_int_equal(error.offset, 2);
    free(space);
    free(text);
}

/* More tokens than jsmn finds at once, nested where it stops. */
static void many_tokens(void **state)
{
    static const char item[] = "[[{\"a\":[[{\"b\":[[{\"c\":[[[true,1.5e3,\"\"]]]}]]}]]}]],";
    const size_t count = 1000;
    const size_t size = count * (sizeof(item) - 1) + 10;
    char *text = malloc(size);
    char *space = malloc(20 * size);
    struct mqb_scratch scratch = mqb_scratch_from(space, 20 * size);
    struct message m;
    struct mqb_error error;
    (void)state;
    assert_non_null(text);
    assert_non_null(space);
    memcpy(text, "{\"x\":", 5);
    text[5] = '[';
    for (size_t i = 0; i < count; i++)
        memcpy(text + 6 + i * (sizeof(item) - 1), item, sizeof(item) - 1);
    text[size - 4] = ' ';
    memcpy(text + size - 3, "0]}", 3);
    assert_int_equal(decode_into(&m, (struct mqb_str){text, size}, &scratch, &error), MQB_OK);
    for (size_t at = 300; at < size; at += 997) {
        const char byte = text[at];
        if (memchr("abc", byte, 3) != NULL)
            continue;
        text[at] = ';';
        assert_int_equal(
            decode_into(&m, (struct mqb_str){text, size}, &scratch, &error), MQB_ERR_JSON);
        text[at] = byte;
    }
    free(space);
    free(text);
}

static void a_million_digits(void **state)
{
    const size_t size = 1000006;
    char *text = malloc(size);
    struct message m;
    struct mqb_error error;
    (void)state;
    assert_non_null(text);
    memset(text, '9', size);
    memcpy(text, "{\"n\":", 5);
    text[size - 1] = '}';
    assert_int_equal(decode(&m, (struct mqb_str){text, size}, &error), MQB_ERR_LIMIT);
    assert_string_equal(error.value, "9999999999999999999999999999...");
    text[2] = 'd';
    assert_int_equal(decode(&m, (struct mqb_str){text, size}, &error), MQB_ERR_LIMIT);
    text[2] = 'i';
    text[6] = '.';
    assert_int_equal(decode(&m, (struct mqb_str){text, size}, &error), MQB_ERR_TYPE);
    text[2] = 'd';
    assert_int_equal(decode(&m, (struct mqb_str){text, size}, &error), MQB_OK);
    assert_true(m.d == 10);
    text[2] = 'x';
    assert_int_equal(decode(&m, (struct mqb_str){text, size}, &error), MQB_OK);
    free(text);
}

/* Names in the worst orders; `last` is the number in the last name. */
static size_t write_members(char *text, size_t count, size_t (*order)(size_t), size_t last)
{
    size_t len = (size_t)sprintf(text, "{\"x\":{");
    for (size_t i = 0; i < count; i++)
        len += (size_t)sprintf(
            text + len, "%s\"name%05zu\":%zu", i == 0 ? "" : ",", order(i + 1 == count ? last : i),
            i);
    return len + (size_t)sprintf(text + len, "}}");
}

static size_t upwards(size_t i)
{
    return i;
}

static size_t downwards(size_t i)
{
    return 99999 - i;
}

static size_t shuffled(size_t i)
{
    return i * 7919 % 99991;
}

static void many_members(void **state)
{
    static size_t (*const orders[])(size_t) = {upwards, downwards, shuffled};
    const size_t count = 10000;
    const size_t scratch_size = 21 * 2 * count;
    char *text = malloc(24 * count);
    char *space = malloc(scratch_size);
    struct mqb_scratch scratch = mqb_scratch_from(space, scratch_size);
    struct message m;
    struct mqb_error error;
    (void)state;
    assert_non_null(text);
    assert_non_null(space);
    for (size_t i = 0; i < COUNT(orders); i++) {
        size_t len = write_members(text, count, orders[i], count - 1);
        assert_int_equal(decode_into(&m, (struct mqb_str){text, len}, &scratch, NULL), MQB_OK);
        len = write_members(text, count, orders[i], 123);
        assert_int_equal(
            decode_into(&m, (struct mqb_str){text, len}, &scratch, &error), MQB_ERR_DUPLICATE);
        assert_int_equal(error.path[2], '/');
        assert_int_equal(atoi(error.path + 7), (int)orders[i](123));
        /* The same at the level of the known members. */
        assert_int_equal(
            decode_into(&m, (struct mqb_str){text + 5, len - 6}, &scratch, &error),
            MQB_ERR_DUPLICATE);
        assert_true(error.offset > len - 40);
    }
    free(space);
    free(text);
}

/* Any number of members, any two of which may be the same one. */
static void duplicates_are_found_anywhere(void **state)
{
    (void)state;
    for (size_t count = 2; count <= 9; count++) {
        for (size_t second = 1; second < count; second++) {
            for (size_t first = 0; first < second; first++) {
                char text[128];
                size_t len = (size_t)sprintf(text, "{\"j\":{");
                size_t offset = 0;
                struct message m;
                struct mqb_error error;
                for (size_t i = 0; i < count; i++) {
                    if (i > 0)
                        text[len++] = ',';
                    if (i == second)
                        offset = len;
                    len += (size_t)sprintf(
                        text + len, "\"%zu\":0", (i == second ? first : i) * 5 % 11);
                }
                len += (size_t)sprintf(text + len, "}}");
                assert_int_equal(decode(&m, exactly(text, len), &error), MQB_ERR_DUPLICATE);
                assert_int_equal(error.offset, offset);
            }
        }
    }
}

/* A schema of many members, given in any order. */
static void schemas_may_be_wide(void **state)
{
    enum { WIDE = 100 };
    static char text[24 * WIDE];
    static char name_text[WIDE][8];
    static char space[21 * (2 * WIDE + 1)];
    struct mqb_str wide_names[WIDE];
    uint32_t required[MQB_SEEN_WORDS(WIDE)] = {0, 0, 0, 1U << 3};
    (void)state;
    for (size_t i = 0; i < WIDE; i++)
        wide_names[i] = (struct mqb_str){name_text[i], (size_t)sprintf(name_text[i], "w%zu", i)};
    const struct mqb_members wide = {
        .names = wide_names, .count = WIDE, .required = required, .closed = true};
    for (size_t step = 1; step < WIDE; step += 2) {
        struct mqb_scratch scratch = mqb_scratch_from(space, sizeof(space));
        struct mqb_reader r;
        struct mqb_object object;
        struct mqb_error error;
        uint32_t seen[MQB_SEEN_WORDS(WIDE)] = {0};
        size_t len = 0;
        size_t found = 0;
        if (step % 5 == 0)
            continue;
        for (size_t i = 0; i + 1 < WIDE; i++) {
            const size_t member = (i + 1) * step % WIDE;
            len += (size_t)sprintf(text + len, "%c\"w%zu\":%zu", i ? ',' : '{', member, member);
        }
        text[len++] = '}';
        mqb_reader_open(&r, exactly(text, len), &scratch);
        mqb_read_object(&r, &object, &wide, seen);
        while (mqb_next_member(&r, &object)) {
            assert_true(object.member < WIDE);
            assert_int_equal(mqb_read_uint(&r, 0, WIDE, "x"), object.member);
            found++;
        }
        assert_int_equal(found, WIDE - 1);
        assert_false(mqb_seen(&object, 0));
        assert_int_equal(mqb_reader_close(&r, &error), MQB_OK);
        mqb_reader_open(&r, MQB_STR("{\"w1\":0,\"w98\":0}"), &scratch);
        memset(seen, 0, sizeof(seen));
        mqb_read_object(&r, &object, &wide, seen);
        while (mqb_next_member(&r, &object))
            mqb_skip(&r);
        assert_int_equal(mqb_reader_close(&r, &error), MQB_ERR_MISSING);
        assert_string_equal(error.path, "/w99");
    }
}

/* ---- Errors as text ---- */

static void errors_are_one_line(void **state)
{
    static const struct {
        struct mqb_error error;
        const char *line;
    } rows[] = {
        {{MQB_ERR_VALUE, 93, "must be 0 to 100", "/inputParams/volume", "101"},
         "/inputParams/volume: is 101, must be 0 to 100 (byte 93)"},
        {{MQB_ERR_MISSING, 0, "is required", "/id", ""}, "/id: is required (byte 0)"},
        {{MQB_ERR_JSON, 7, "must be JSON: expected a value", "", ""},
         "must be JSON: expected a value (byte 7)"},
        {{MQB_ERR_TYPE, 1, "must be an object", "", "12"}, "is 12, must be an object (byte 1)"},
        {{MQB_ERR_TOPIC, 0, "must not be empty", "", ""}, "must not be empty"},
        {{MQB_ERR_HANDLER, 0, NULL, "", ""}, ""},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const size_t len = strlen(rows[i].line);
        assert_int_equal(mqb_error_text(&rows[i].error, NULL, 0), len);
        for (size_t cap = 1; cap < len + 3; cap++) {
            char *buf = malloc(cap);
            assert_non_null(buf);
            assert_int_equal(mqb_error_text(&rows[i].error, buf, cap), len);
            const size_t kept = len < cap ? len : cap - 1;
            assert_int_equal(strlen(buf), kept);
            assert_memory_equal(buf, rows[i].line, kept);
            free(buf);
        }
    }
}

static void cut_lines_keep_utf8_whole(void **state)
{
    const struct mqb_error error = {MQB_ERR_TOPIC, 0, "\xF0\x9F\x98\x80\xE4\xB8\xAD", "", ""};
    static const size_t kept[] = {0, 0, 0, 0, 0, 4, 4, 4, 7, 7};
    (void)state;
    for (size_t cap = 1; cap < COUNT(kept); cap++) {
        char buf[16];
        mqb_error_text(&error, buf, cap);
        assert_int_equal(strlen(buf), kept[cap]);
    }
}

static void statuses_have_a_text(void **state)
{
    (void)state;
    for (int status = 0; status < MQB_STATUS_COUNT; status++) {
        const char *text = mqb_status_text((enum mqb_status)status);
        assert_true(strlen(text) > 1);
        for (int other = 0; other < status; other++)
            assert_string_not_equal(text, mqb_status_text((enum mqb_status)other));
    }
    assert_string_equal(mqb_status_text((enum mqb_status)99), "unknown status");
}

static void strings_are_compared(void **state)
{
    const struct mqb_str none = {NULL, 0};
    (void)state;
    assert_true(mqb_str_equal(mqb_str_from("abc"), MQB_STR("abc")));
    assert_false(mqb_str_equal(mqb_str_from("abc"), MQB_STR("abd")));
    assert_false(mqb_str_equal(mqb_str_from("abc"), MQB_STR("ab")));
    assert_true(mqb_str_equal(mqb_str_from(NULL), none));
    assert_true(mqb_str_equal(none, MQB_STR("")));
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
        cmocka_unit_test(refusals_are_told),
        cmocka_unit_test(bad_json_is_refused),
        cmocka_unit_test(an_error_is_not_needed),
        cmocka_unit_test(nesting_is_limited),
        cmocka_unit_test(payloads_have_a_longest),
        cmocka_unit_test(the_first_error_stays),
        cmocka_unit_test(nothing_follows_the_last_value),
        cmocka_unit_test(types_are_peeked),
        cmocka_unit_test(choices_are_peeked),
        cmocka_unit_test(peeked_choices_are_refused),
        cmocka_unit_test(values_are_read_again),
        cmocka_unit_test(values_have_a_span),
        cmocka_unit_test(scratch_memory_of_every_size),
        cmocka_unit_test(scratch_memory_is_given_back),
        cmocka_unit_test(memory_is_cleared_and_aligned),
        cmocka_unit_test(large_payloads),
        cmocka_unit_test(depth_costs_nothing),
        cmocka_unit_test(many_tokens),
        cmocka_unit_test(a_million_digits),
        cmocka_unit_test(many_members),
        cmocka_unit_test(duplicates_are_found_anywhere),
        cmocka_unit_test(schemas_may_be_wide),
        cmocka_unit_test(errors_are_one_line),
        cmocka_unit_test(cut_lines_keep_utf8_whole),
        cmocka_unit_test(statuses_have_a_text),
        cmocka_unit_test(strings_are_compared),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
