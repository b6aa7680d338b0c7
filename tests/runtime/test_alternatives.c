/* Values of several forms: scalars that keep their type, alternatives, levels that are integers. */
#include "exactly.h"
#include "json_texts.h"

#include <mqbind/generated.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static char memory[8192];

static void same_text(struct mqb_str text, const char *expected)
{
    assert_int_equal(text.len, strlen(expected));
    assert_memory_equal(text.ptr, expected, text.len);
}

/* ---- Scalars ---- */

static struct mqb_scalar read_scalar(const char *json, struct mqb_error *error)
{
    struct mqb_scratch scratch = mqb_scratch_from(memory, sizeof memory);
    struct mqb_reader r;
    error->rule = "";
    mqb_reader_open(&r, exactly(json, strlen(json)), &scratch);
    const struct mqb_scalar scalar = mqb_read_scalar(&r);
    error->status = mqb_reader_close(&r, error);
    return scalar;
}

static void scalars_keep_their_type(void **state)
{
    struct mqb_error error;
    struct mqb_scalar scalar = read_scalar(" 7 ", &error);
    (void)state;
    assert_int_equal(error.status, MQB_OK);
    assert_false(scalar.is_text);
    assert_int_equal(scalar.integer, 7);
    scalar = read_scalar("\"0007\"", &error);
    assert_int_equal(error.status, MQB_OK);
    assert_true(scalar.is_text);
    same_text(scalar.text, "0007");
    scalar = read_scalar("\"a\\n\\u00e9\"", &error);
    same_text(scalar.text, "a\n\xC3\xA9");
    scalar = read_scalar("\"\"", &error);
    assert_true(scalar.is_text && scalar.text.len == 0);
    assert_true(read_scalar("-9223372036854775808", &error).integer == INT64_MIN);
    assert_true(read_scalar("9223372036854775807", &error).integer == INT64_MAX);
    assert_int_equal(read_scalar("1.5e1", &error).integer, 15);
    assert_int_equal(read_scalar("-0", &error).integer, 0);
    assert_int_equal(error.status, MQB_OK);
}

static void what_is_no_scalar_is_refused(void **state)
{
    static const struct {
        const char *json;
        enum mqb_status status;
        const char *line;
    } rows[] = {
        {"1.5", MQB_ERR_TYPE, "is 1.5, must be an integer or a string (byte 0)"},
        {" true", MQB_ERR_TYPE, "is true, must be an integer or a string (byte 1)"},
        {"null", MQB_ERR_TYPE, "is null, must be an integer or a string (byte 0)"},
        {"[1]", MQB_ERR_TYPE, "is [1], must be an integer or a string (byte 0)"},
        {"{}", MQB_ERR_TYPE, "is {}, must be an integer or a string (byte 0)"},
        {"9223372036854775808", MQB_ERR_LIMIT,
         "is 9223372036854775808, must fit in 64 bits (byte 0)"},
        {"-1e99", MQB_ERR_LIMIT, "is -1e99, must fit in 64 bits (byte 0)"},
        {"\"a", MQB_ERR_JSON, "must be JSON: ends too early (byte 2)"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct mqb_error error;
        char line[200];
        read_scalar(rows[i].json, &error);
        assert_int_equal(error.status, rows[i].status);
        mqb_error_text(&error, line, sizeof line);
        assert_string_equal(line, rows[i].line);
    }
}

static void scalars_are_written_as_they_are(void **state)
{
    static const struct mqb_scalar scalars[] = {
        {false, 7, {NULL, 0}}, {false, INT64_MIN, {NULL, 0}}, {true, 7, {"7", 1}},
        {true, 0, {NULL, 0}},  {true, 0, {"a\"\n", 3}},
    };
    char text[100];
    struct mqb_writer w;
    size_t len = 0;
    (void)state;
    mqb_writer_init(&w, text, sizeof text);
    mqb_write_array(&w);
    for (size_t i = 0; i < COUNT(scalars); i++) {
        mqb_write_item(&w);
        mqb_write_scalar(&w, scalars[i]);
    }
    mqb_write_array_end(&w);
    assert_int_equal(mqb_writer_close(&w, &len, NULL), MQB_OK);
    same_text((struct mqb_str){text, len}, "[7,-9223372036854775808,\"7\",\"\",\"a\\\"\\n\"]");
    mqb_writer_init(&w, text, sizeof text);
    mqb_write_scalar(&w, (struct mqb_scalar){.is_text = true, .text = MQB_STR("\xFF")});
    assert_int_equal(mqb_writer_close(&w, &len, NULL), MQB_ERR_VALUE);
}

/* ---- Forms ---- */

/*
 * What a form has found, as short text. All forms use the names a, b and c, each in its own way:
 *   point    {"a": 0 to 9, "b": text}, both required; others are skipped
 *   closed   {"c": any}; nothing else
 *   nested   {"a": box, "b": any}
 *   box      a point, or else an array of boxes of at most two items, or else a text
 *   open     any object
 *   any      any value
 */
struct found {
    char text[600];
    size_t boxes;
};

static void say(struct found *found, const char *text)
{
    const size_t used = strlen(found->text);
    snprintf(found->text + used, sizeof found->text - used, "%s", text);
}

static const struct mqb_str names_ab[] = {TEXT("a"), TEXT("b")};
static const struct mqb_str names_c[] = {TEXT("c")};
static const uint32_t both[] = {3};
static const struct mqb_members point_members = {.names = names_ab, .count = 2, .required = both};
static const struct mqb_members nested_members = {.names = names_ab, .count = 2};
static const struct mqb_members closed_members = {.names = names_c, .count = 1, .closed = true};

static void read_point(struct mqb_reader *r, struct found *found)
{
    struct mqb_object object;
    uint32_t seen[1] = {0};
    mqb_read_object(r, &object, &point_members, seen);
    while (mqb_next_member(r, &object)) {
        if (object.member == 0)
            mqb_read_int(r, 0, 9, "must be a digit");
        else
            mqb_read_string(r);
    }
    say(found, "point ");
}

static void read_closed(struct mqb_reader *r, struct found *found)
{
    struct mqb_object object;
    uint32_t seen[1] = {0};
    mqb_read_object(r, &object, &closed_members, seen);
    while (mqb_next_member(r, &object))
        mqb_skip(r);
    say(found, "closed ");
}

static void read_open(struct mqb_reader *r, struct found *found)
{
    mqb_read_map(r);
    say(found, "open ");
}

static void read_any(struct mqb_reader *r, struct found *found)
{
    mqb_read_json(r);
    say(found, "any ");
}

static void read_box(struct mqb_reader *r, struct found *found);

static void read_boxes(struct mqb_reader *r, struct found *found)
{
    struct mqb_list list;
    mqb_read_array(r, &list, sizeof(struct mqb_str), 2);
    say(found, "[");
    while (mqb_next_item(r, &list))
        read_box(r, found);
    mqb_reader_check(r, list.count <= 2, "must have at most 2 items");
    say(found, "] ");
}

static void read_text(struct mqb_reader *r, struct found *found)
{
    mqb_read_string(r);
    say(found, "text ");
}

typedef void form_reader(struct mqb_reader *r, struct found *found);

/* As generated code does it, once for each form. */
static void read_one_of(
    struct mqb_reader *r,
    struct found *found,
    form_reader *const *forms,
    size_t count)
{
    const struct found start = *found;
    struct mqb_alternatives alternatives;
    mqb_read_alternatives(r, &alternatives);
    for (size_t i = 0; i < count; i++) {
        *found = start;
        forms[i](r, found);
        if (mqb_alternative_fits(r, &alternatives))
            return;
    }
    mqb_no_alternative(r, &alternatives, "must be one of the forms");
}

static void read_box(struct mqb_reader *r, struct found *found)
{
    static form_reader *const forms[] = {read_point, read_boxes, read_text};
    found->boxes++;
    read_one_of(r, found, forms, COUNT(forms));
}

static void read_nested(struct mqb_reader *r, struct found *found)
{
    struct mqb_object object;
    uint32_t seen[1] = {0};
    say(found, "nested ");
    mqb_read_object(r, &object, &nested_members, seen);
    while (mqb_next_member(r, &object)) {
        if (object.member == 0)
            read_box(r, found);
        else
            mqb_skip(r);
    }
}

static form_reader *const all_forms[] = {
    read_point, read_closed, read_nested, read_box, read_open, read_any,
};

/* Decode one of the forms; what was taken of the scratch memory goes to *used. */
static enum mqb_status decode(
    struct mqb_str json,
    form_reader *const *forms,
    size_t count,
    struct found *found,
    struct mqb_error *error,
    size_t *used)
{
    struct mqb_scratch scratch = mqb_scratch_from(memory, sizeof memory);
    struct mqb_reader r;
    *found = (struct found){.boxes = 0};
    *error = (struct mqb_error){.rule = ""};
    mqb_reader_open(&r, json, &scratch);
    read_one_of(&r, found, forms, count);
    const enum mqb_status status = mqb_reader_close(&r, error);
    *used = scratch.used;
    assert_int_equal(scratch.reserved, 0);
    return status;
}

static void the_first_form_that_fits_is_taken(void **state)
{
    static const struct {
        const char *json;
        const char *found;
    } rows[] = {
        {"{\"a\":1,\"b\":\"\"}", "point "},
        {"{\"x\":[{}],\"b\":\"\",\"a\":1}", "point "},
        {"{\"c\":1}", "closed "},
        {"{}", "closed "},
        {"{\"b\":1}", "nested "},
        {"{\"a\":\"text\"}", "nested text "},
        {"{\"a\":{\"a\":1,\"b\":\"\",\"c\":{\"c\":{}}}}", "nested point "},
        {"{\"a\":[{\"a\":1,\"b\":\"\"},[\"\",[]]]}", "nested [point [text [] ] ] "},
        {"[]", "[] "},
        {"[[],{\"b\":\"\",\"a\":1}]", "[[] point ] "},
        {"\"a\"", "text "},
        {"{\"a\":1}", "open "},
        {"{\"a\":[1]}", "open "},
        {"[1]", "any "},
        {"[[],[],[]]", "any "},
        {"null", "any "},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct found found;
        struct mqb_error error;
        size_t used;
        const struct mqb_str json = exactly(rows[i].json, strlen(rows[i].json));
        if (decode(json, all_forms, COUNT(all_forms), &found, &error, &used) != MQB_OK)
            fail_msg("%s: %s: %s", rows[i].json, error.path, error.rule);
        assert_string_equal(found.text, rows[i].found);
    }
}

static void the_error_of_the_form_that_got_farthest_is_told(void **state)
{
    /* A point, a closed object or an array of boxes. */
    static form_reader *const forms[] = {read_point, read_closed, read_boxes};
    static const struct {
        const char *json;
        enum mqb_status status;
        const char *line;
    } rows[] = {
        {"1", MQB_ERR_TYPE, "is 1, must be one of the forms (byte 0)"},
        {"{\"a\":10,\"b\":\"\"}", MQB_ERR_VALUE, "/a: is 10, must be a digit (byte 5)"},
        {"{\"a\":1,\"b\":2}", MQB_ERR_TYPE, "/b: is 2, must be a string (byte 11)"},
        {"{\"c\":1,\"d\":2}", MQB_ERR_VALUE, "/d: is not a known member (byte 7)"},
        {"{\"a\":1}", MQB_ERR_VALUE, "/a: is not a known member (byte 1)"},
        {"{\"c\":1,\"c\":2}", MQB_ERR_DUPLICATE, "/c: must not appear twice (byte 7)"},
        {"[[],[],[]]", MQB_ERR_VALUE, "is [[],[],[]], must have at most 2 items (byte 0)"},
        {"[\"\",[[{\"a\":1,\"b\":2}]]]", MQB_ERR_TYPE,
         "/1/0/0/b: is 2, must be a string (byte 17)"},
        {"[[\"\",\"\",\"\"],9]", MQB_ERR_VALUE,
         "/0: is [\"\",\"\",\"\"], must have at most 2 items (byte 1)"},
        {"[{\"a\":99999999999999999999,\"b\":\"\"}]", MQB_ERR_VALUE,
         "/0/a: is 99999999999999999999, must be a digit (byte 6)"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct found found;
        struct mqb_error error;
        char line[200];
        size_t used;
        const struct mqb_str json = exactly(rows[i].json, strlen(rows[i].json));
        assert_int_equal(decode(json, forms, COUNT(forms), &found, &error, &used), rows[i].status);
        assert_int_equal(error.status, rows[i].status);
        assert_int_equal(used, 0);
        mqb_error_text(&error, line, sizeof line);
        assert_string_equal(line, rows[i].line);
    }
}

static void read_one_item(struct mqb_reader *r, struct found *found)
{
    struct mqb_list list;
    mqb_read_array(r, &list, 0, 0);
    mqb_next_item(r, &list);
    mqb_reader_check(r, list.count == 0, "must have no item");
    say(found, "item ");
}

static void of_failures_at_one_place_the_first_is_told(void **state)
{
    static form_reader *const forms[] = {read_boxes, read_point, read_text, read_one_item};
    struct found found;
    struct mqb_error error;
    size_t used;
    (void)state;
    /* Where no form has the type, all of them are told. */
    decode(MQB_STR("1"), forms, COUNT(forms), &found, &error, &used);
    assert_string_equal(error.rule, "must be one of the forms");
    /* Where the type was right, the form got farther. */
    decode(MQB_STR("{}"), forms, COUNT(forms), &found, &error, &used);
    assert_string_equal(error.rule, "is required");
    assert_string_equal(error.path, "/a");
    decode(MQB_STR("[[],[],[]]"), forms, COUNT(forms), &found, &error, &used);
    assert_string_equal(error.rule, "must have at most 2 items");
}

static void a_name_that_appears_twice_is_refused_in_every_form(void **state)
{
    static const char *const texts[] = {
        "{\"x\":{\"d\":1,\"d\":2}}",
        "{\"a\":{\"x\":{\"d\":1,\"d\":2}},\"b\":1}",
        "{\"a\":[{\"a\":1,\"b\":\"\",\"x\":[{\"d\":1,\"d\":2}]}]}",
        "{\"b\":{\"x\":{\"d\":1,\"d\":2}}}",
        "{\"b\":[[{\"d\":1,\"d\":2}]],\"a\":\"\"}",
        "{\"x\":1,\"x\":2}",
        "{\"a\":1,\"b\":\"\",\"x\":1,\"y\":2,\"x\":3}",
        "[1,{\"x\":[{\"\\u0064\":1,\"d\":2}]}]",
    };
    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct found found;
        struct mqb_error error;
        size_t used;
        const struct mqb_str json = exactly(texts[i], strlen(texts[i]));
        if (decode(json, all_forms, COUNT(all_forms), &found, &error, &used) != MQB_ERR_DUPLICATE)
            fail_msg("%s: %s %s", texts[i], found.text, error.rule);
    }
}

static void a_form_that_fails_gives_its_memory_back(void **state)
{
    static form_reader *const one[] = {read_open};
    static form_reader *const many[] = {read_nested, read_box, read_boxes, read_open};
    static const char json[] = "{\"b\":\"\\n\\n\\n\",\"a\":[\"\\n\",[\"\\n\",[1]]]}";
    struct found found;
    struct mqb_error error;
    size_t used_alone;
    size_t used;
    (void)state;
    const struct mqb_str text = exactly(json, sizeof json - 1);
    assert_int_equal(decode(text, one, 1, &found, &error, &used_alone), MQB_OK);
    assert_int_equal(decode(text, many, COUNT(many), &found, &error, &used), MQB_OK);
    assert_string_equal(found.text, "open ");
    assert_true(used_alone > 0);
    assert_int_equal(used, used_alone);
}

static void memory_that_is_too_small_ends_the_search(void **state)
{
    static form_reader *const forms[] = {read_open, read_any};
    static const char json[] = "{\"a\":1,\"b\":2,\"c\":3}";
#ifdef MQB_PARSER_DIRECT
    const size_t bytes = 2 * sizeof(struct mqb_map_entry);
#else
    const size_t bytes = 7 * MQB_TOKEN_BYTES + MQB_SCRATCH_ALIGN; /* for tokens, not for entries */
#endif
    struct mqb_scratch scratch = mqb_scratch_from(memory, bytes);
    struct mqb_error error = {.rule = ""};
    struct found found = {.boxes = 0};
    struct mqb_reader r;
    (void)state;
    mqb_reader_open(&r, exactly(json, sizeof json - 1), &scratch);
    read_one_of(&r, &found, forms, COUNT(forms));
    assert_string_equal(found.text, "open ");
    assert_int_equal(mqb_reader_close(&r, &error), MQB_ERR_SPACE);
    assert_int_equal(scratch.used, 0);
}

/* Two forms of a nest, each of which has the next one and lacks a member of its own. */
static size_t nests;

static void read_nest(struct mqb_reader *r, struct found *found);

static void read_nest_with(struct mqb_reader *r, struct found *found, const uint32_t *required)
{
    static const struct mqb_str names[] = {TEXT("in"), TEXT("x"), TEXT("y")};
    const struct mqb_members members = {.names = names, .count = 3, .required = required};
    struct mqb_object object;
    uint32_t seen[1] = {0};
    nests++;
    mqb_read_object(r, &object, &members, seen);
    while (mqb_next_member(r, &object)) {
        if (object.member == 0)
            read_nest(r, found);
        else
            mqb_skip(r);
    }
}

static void read_nest_x(struct mqb_reader *r, struct found *found)
{
    static const uint32_t required[] = {2};
    read_nest_with(r, found, required);
}

static void read_nest_y(struct mqb_reader *r, struct found *found)
{
    static const uint32_t required[] = {4};
    read_nest_with(r, found, required);
}

static form_reader *const nest_forms[] = {read_nest_x, read_nest_y};

static void read_nest(struct mqb_reader *r, struct found *found)
{
    read_one_of(r, found, nest_forms, COUNT(nest_forms));
}

/* {"in":{"in": ... {} ... }}, each with `member` in front if there is one; `inner` in the last. */
static struct mqb_str make_nest(char *text, size_t depth, const char *member, const char *inner)
{
    size_t len = 0;
    for (size_t i = 1; i < depth; i++)
        len += (size_t)sprintf(text + len, "{%s%s\"in\":", member, *member != '\0' ? "," : "");
    len += (size_t)sprintf(text + len, "{%s%s", member, inner);
    memset(text + len, '}', depth);
    return exactly(text, len + depth);
}

static enum mqb_status read_nests(struct mqb_str json)
{
    struct found found;
    struct mqb_error error;
    size_t used;
    nests = 0;
    return decode(json, nest_forms, COUNT(nest_forms), &found, &error, &used);
}

static void forms_within_forms_end_after_a_while(void **state)
{
    static char text[120000];
    static char inner[100000];
    (void)state;
    /* The first form fits on each level. */
    assert_int_equal(read_nests(make_nest(text, MQB_DEPTH_MAX, "\"x\":1", "")), MQB_OK);
    assert_int_equal(nests, MQB_DEPTH_MAX);
    /* Each level is read twice: that the second form fits is not found out in time. */
    assert_int_equal(read_nests(make_nest(text, MQB_DEPTH_MAX, "\"y\":1", "")), MQB_ERR_LIMIT);
    assert_int_equal(read_nests(make_nest(text, 6, "", "")), MQB_ERR_MISSING);
    assert_int_equal(read_nests(make_nest(text, MQB_DEPTH_MAX, "", "")), MQB_ERR_LIMIT);
    assert_true(nests < 100000);
    /* What is missing is told at the start of an object, and is known at its end. */
    memset(inner, 'z', sizeof inner - 1);
    memcpy(inner, "\"z\":\"", 5);
    inner[sizeof inner - 2] = '"';
    assert_int_equal(read_nests(make_nest(text, 24, "", inner)), MQB_ERR_LIMIT);
    assert_true(nests < 500);
}

static void after_an_error_no_form_is_tried(void **state)
{
    struct mqb_scratch scratch = mqb_scratch_from(memory, sizeof memory);
    struct mqb_error error = {.rule = ""};
    struct found found = {.boxes = 0};
    struct mqb_reader r;
    struct mqb_list list;
    (void)state;
    mqb_reader_open(&r, MQB_STR("[1,{}]"), &scratch);
    mqb_read_array(&r, &list, 0, SIZE_MAX);
    assert_true(mqb_next_item(&r, &list));
    mqb_read_string(&r);
    read_one_of(&r, &found, all_forms, COUNT(all_forms));
    assert_string_equal(found.text, "point ");
    assert_int_equal(mqb_reader_close(&r, &error), MQB_ERR_TYPE);
    assert_string_equal(error.path, "/0");
    assert_string_equal(error.rule, "must be a string");
}

/* ---- Against each form alone ---- */

struct generator {
    uint32_t random;
    char text[600];
    size_t len;
};

static uint32_t roll(struct generator *g, uint32_t sides)
{
    g->random = g->random * 1664525 + 1013904223;
    return (g->random >> 16) % sides;
}

static void put(struct generator *g, const char *text)
{
    g->len += (size_t)snprintf(g->text + g->len, sizeof g->text - g->len, "%s", text);
}

static void put_value(struct generator *g, unsigned depth);

static void put_container(struct generator *g, unsigned depth, bool object)
{
    static const char *const names[] = {"\"a\":", "\"b\":", "\"c\":", "\"d\":", "\"\\u0064\":"};
    const uint32_t count = roll(g, 4);
    put(g, object ? "{" : "[");
    for (uint32_t i = 0; i < count; i++) {
        if (i != 0)
            put(g, ",");
        if (object)
            put(g, names[roll(g, COUNT(names))]);
        put_value(g, depth - 1);
    }
    put(g, object ? "}" : "]");
}

static void put_value(struct generator *g, unsigned depth)
{
    static const char *const scalars[] = {"1", "10", "\"\"", "\"x\\n\"", "null"};
    const uint32_t kind = roll(g, 10);
    if (depth == 0 || kind < 4)
        put(g, scalars[roll(g, COUNT(scalars))]);
    else
        put_container(g, depth, kind < 8);
}

/* A fresh reader for each form: the first that accepts, or the error that is farthest. */
static size_t find_form(struct mqb_str json, size_t count, struct found *found, size_t *offset)
{
    size_t used;
    *offset = 0;
    for (size_t i = 0; i < count; i++) {
        struct mqb_error error;
        if (decode(json, &all_forms[i], 1, found, &error, &used) == MQB_OK)
            return i;
        if (error.offset > *offset)
            *offset = error.offset;
    }
    return count;
}

static void trying_forms_in_turn_is_trying_each_alone(void **state)
{
    struct generator g = {.random = 7};
    size_t verdicts[COUNT(all_forms) + 1] = {0};
    (void)state;
    for (int round = 0; round < 60000; round++) {
        struct found expected;
        struct found found;
        struct mqb_error error;
        size_t offset;
        size_t used;
        g.len = 0;
        put_value(&g, 4);
        if (g.len >= sizeof g.text)
            continue;
        /* Without the last form now and then: it accepts whatever has no name twice. */
        const size_t count = COUNT(all_forms) - roll(&g, 3);
        const struct mqb_str json = exactly(g.text, g.len);
        const size_t form = find_form(json, count, &expected, &offset);
        const enum mqb_status status = decode(json, all_forms, count, &found, &error, &used);
        if ((status == MQB_OK) != (form < count))
            fail_msg("%s: %s, alone %zu", g.text, mqb_status_text(status), form);
        if (status == MQB_OK)
            assert_string_equal(found.text, expected.text);
        else
            assert_int_equal(error.offset, offset);
        verdicts[form == count ? COUNT(all_forms) : form]++;
    }
    for (size_t i = 0; i < COUNT(verdicts); i++)
        assert_true(verdicts[i] > 10);
}

/* ---- Levels ---- */

static void levels_are_whole_numbers(void **state)
{
    static const struct {
        const char *level;
        int64_t value;
    } rows[] = {
        {"0", 0},
        {"7", 7},
        {"-7", -7},
        {"0004123", 4123},
        {"-007", -7},
        {"00", 0},
        {"9223372036854775807", INT64_MAX},
        {"-9223372036854775808", INT64_MIN},
        {"000000000000000000000000000000000000001", 1},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct mqb_str level = exactly(rows[i].level, strlen(rows[i].level));
        int64_t value = 99;
        uint64_t natural = 99;
        assert_true(mqb_level_int(level, INT64_MIN, INT64_MAX, &value));
        assert_true(value == rows[i].value);
        assert_int_equal(mqb_level_uint(level, 0, UINT64_MAX, &natural), value >= 0);
        assert_true(natural == (value >= 0 ? (uint64_t)value : 99));
    }
    uint64_t most = 0;
    assert_true(mqb_level_uint(MQB_STR("18446744073709551615"), 0, UINT64_MAX, &most));
    assert_true(most == UINT64_MAX);
}

static void other_levels_are_no_numbers(void **state)
{
    static const char *const levels[] = {
        "",
        "-",
        "-0",
        "-000",
        "+1",
        " 1",
        "1 ",
        "1a",
        "0x10",
        "1.0",
        "1e2",
        "--1",
        "1-",
        "\xC2\xB2",
        "18446744073709551616",
        "-9223372036854775809",
        "99999999999999999999999999",
        "-99999999999999999999999999",
    };
    (void)state;
    for (size_t i = 0; i < COUNT(levels); i++) {
        const struct mqb_str level = exactly(levels[i], strlen(levels[i]));
        int64_t value = 99;
        uint64_t natural = 99;
        assert_false(mqb_level_int(level, INT64_MIN, INT64_MAX, &value));
        assert_false(mqb_level_uint(level, 0, UINT64_MAX, &natural));
        assert_true(value == 99 && natural == 99);
    }
    int64_t value;
    assert_false(mqb_level_int(MQB_STR("9223372036854775808"), INT64_MIN, INT64_MAX, &value));
}

static void levels_have_bounds(void **state)
{
    int64_t value;
    uint64_t natural;
    (void)state;
    assert_true(mqb_level_int(MQB_STR("-4"), -4, 100, &value));
    assert_true(mqb_level_int(MQB_STR("100"), -4, 100, &value));
    assert_false(mqb_level_int(MQB_STR("-5"), -4, 100, &value));
    assert_false(mqb_level_int(MQB_STR("101"), -4, 100, &value));
    assert_true(mqb_level_uint(MQB_STR("1"), 1, 2, &natural));
    assert_true(mqb_level_uint(MQB_STR("2"), 1, 2, &natural));
    assert_false(mqb_level_uint(MQB_STR("0"), 1, 2, &natural));
    assert_false(mqb_level_uint(MQB_STR("3"), 1, 2, &natural));
}

static void integers_become_levels(void **state)
{
    char buf[MQB_NUMBER_BYTES];
    (void)state;
    same_text(mqb_level_from_int(0, buf), "0");
    same_text(mqb_level_from_int(INT64_MIN, buf), "-9223372036854775808");
    same_text(mqb_level_from_uint(UINT64_MAX, buf), "18446744073709551615");
}

static void a_level_that_is_no_integer_is_told(void **state)
{
    struct mqb_error error;
    const struct mqb_inbound inbound = {.error = &error};
    (void)state;
    assert_int_equal(mqb_no_level(&inbound), MQB_ERR_TOPIC);
    assert_int_equal(error.status, MQB_ERR_TOPIC);
    assert_string_equal(error.rule, "a topic parameter must be an integer within its bounds");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scalars_keep_their_type),
        cmocka_unit_test(what_is_no_scalar_is_refused),
        cmocka_unit_test(scalars_are_written_as_they_are),
        cmocka_unit_test(the_first_form_that_fits_is_taken),
        cmocka_unit_test(the_error_of_the_form_that_got_farthest_is_told),
        cmocka_unit_test(of_failures_at_one_place_the_first_is_told),
        cmocka_unit_test(a_name_that_appears_twice_is_refused_in_every_form),
        cmocka_unit_test(a_form_that_fails_gives_its_memory_back),
        cmocka_unit_test(memory_that_is_too_small_ends_the_search),
        cmocka_unit_test(forms_within_forms_end_after_a_while),
        cmocka_unit_test(after_an_error_no_form_is_tried),
        cmocka_unit_test(trying_forms_in_turn_is_trying_each_alone),
        cmocka_unit_test(levels_are_whole_numbers),
        cmocka_unit_test(other_levels_are_no_numbers),
        cmocka_unit_test(levels_have_bounds),
        cmocka_unit_test(integers_become_levels),
        cmocka_unit_test(a_level_that_is_no_integer_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
