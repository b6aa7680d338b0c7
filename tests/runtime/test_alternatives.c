/* Values that have one of several forms: the first that fits is taken. */
#include "alternatives.h"

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

static void the_error_of_the_form_that_got_farthest_is_reported(void **state)
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
        mqb_error_format(&error, line, sizeof line);
        assert_string_equal(line, rows[i].line);
    }
}

static void read_one_item(struct mqb_reader *r, struct found *found)
{
    struct mqb_list list;
    mqb_reader_array(r, &list, 0, 0);
    mqb_reader_next_item(r, &list);
    mqb_reader_check(r, list.count == 0, "must have no item");
    say(found, "item ");
}

static void of_failures_at_one_place_the_first_is_reported(void **state)
{
    static form_reader *const forms[] = {read_boxes, read_point, read_text, read_one_item};
    struct found found;
    struct mqb_error error;
    size_t used;
    (void)state;
    /* If no form has the type, all of them are reported. */
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
    mqb_reader_object(r, &object, &members, seen);
    while (mqb_reader_next_member(r, &object)) {
        if (object.member == 0)
            read_nest(r, found);
        else
            mqb_reader_skip(r);
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
    /* A missing member is reported at the start of an object, and is known at its end. */
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
    mqb_reader_array(&r, &list, 0, SIZE_MAX);
    assert_true(mqb_reader_next_item(&r, &list));
    mqb_reader_string(&r);
    read_one_of(&r, &found, all_forms, COUNT(all_forms));
    assert_string_equal(found.text, "point ");
    assert_int_equal(mqb_reader_close(&r, &error), MQB_ERR_TYPE);
    assert_string_equal(error.path, "/0");
    assert_string_equal(error.rule, "must be a string");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_form_that_fits_is_taken),
        cmocka_unit_test(the_error_of_the_form_that_got_farthest_is_reported),
        cmocka_unit_test(of_failures_at_one_place_the_first_is_reported),
        cmocka_unit_test(a_name_that_appears_twice_is_refused_in_every_form),
        cmocka_unit_test(a_form_that_fails_gives_its_memory_back),
        cmocka_unit_test(memory_that_is_too_small_ends_the_search),
        cmocka_unit_test(forms_within_forms_end_after_a_while),
        cmocka_unit_test(after_an_error_no_form_is_tried),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
