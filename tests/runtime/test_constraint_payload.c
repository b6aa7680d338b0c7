/* Constraints on what generated code reads and writes. */
#include <mqbind/detail/reader.h>
#include <mqbind/detail/writer.h>

#include "constraints.h"

static const struct mqb_constraint is_string = IS_STRING;
static const struct mqb_constraint positive =
    CONSTRAINT(RANGE, .range = {.low = TEXT("0"), .low_exclusive = true});
static const struct mqb_constraint unique = CONSTRAINT(UNIQUE, .types = 0);
static const struct mqb_constraint never = CONSTRAINT(NEVER, .types = 0);
static const struct mqb_constraint_named named[] = {
    {TEXT("a"), &positive},
    {TEXT("s"), &is_string},
    {TEXT("u"), &unique}};
static const struct mqb_constraint members =
    CONSTRAINT(MEMBERS, .members = {named, 3, NULL, 0, &never});
static const struct mqb_str a_name[] = {TEXT("a")};
static const struct mqb_constraint required = {
    MQB_CONSTRAINT_REQUIRED,
    "is required",
    {.names = TEXTS(a_name)}};
static const struct mqb_constraint *const object_parts[] = {&members, &required};
static const struct mqb_constraint object = CONSTRAINT(ALL, PARTS(object_parts));

/* The error for an object that is the second item of an array in a member "x". */
static const struct {
    const char *json;
    enum mqb_status status;
    const char *text;
} rows[] = {
    {"{\"a\":1}", MQB_OK, ""},
    {"{\"s\":\"\",\"u\":[1,2],\"a\":0.5}", MQB_OK, ""},
    {"{\"a\":-1.5}", MQB_ERR_VALUE, "/x/1/a: is -1.5, RANGE (byte 13)"},
    {"{\"a\":1,\"s\":[1]}", MQB_ERR_TYPE, "/x/1/s: is [1], TYPE (byte 19)"},
    {"{\"u\":[1,1.0]}", MQB_ERR_VALUE, "/x/1/u: is [1,1.0], UNIQUE (byte 13)"},
    {"{\"b\":1}", MQB_ERR_VALUE, "/x/1/b: NEVER (byte 9)"},
    {"{\"s\":\"\"}", MQB_ERR_MISSING, "/x/1/a: is required (byte 8)"},
};

static void same_text(const struct mqb_error *error, const char *expected)
{
    char text[200];
    mqb_error_format(error, text, sizeof(text));
    assert_string_equal(text, expected);
}

/* ---- Reading ---- */

static void read_values_are_checked(void **state)
{
    static const struct mqb_str names[] = {TEXT("x")};
    static const struct mqb_members outer = {.names = names, .count = 1, .closed = true};
    char memory[2000];
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct mqb_scratch scratch = mqb_scratch_from(memory, sizeof(memory));
        struct mqb_error error = {.rule = ""};
        struct mqb_reader r;
        struct mqb_object walk;
        struct mqb_list list;
        uint32_t seen[1] = {0};
        char text[200] = "{\"x\":[1,";
        strcat(text, rows[i].json);
        strcat(text, ",2]}");
        mqb_reader_open(&r, exactly(text, strlen(text)), &scratch);
        mqb_reader_object(&r, &walk, &outer, seen);
        assert_true(mqb_reader_next_member(&r, &walk));
        mqb_reader_array(&r, &list, 0, SIZE_MAX);
        assert_true(mqb_reader_next_item(&r, &list));
        mqb_reader_skip(&r);
        mqb_reader_next_item(&r, &list);
        const size_t mark = mqb_reader_mark(&r);
        const size_t used = scratch.used;
        assert_int_equal(mqb_reader_json(&r).len, strlen(rows[i].json));
        mqb_reader_constrain(&r, mark, &object);
        assert_int_equal(scratch.used, used);
        mqb_reader_constrain(&r, mark, &object); /* The first error stays. */
        if (mqb_reader_next_item(&r, &list))
            mqb_reader_skip(&r);
        assert_false(mqb_reader_next_item(&r, &list));
        assert_false(mqb_reader_next_member(&r, &walk));
        assert_int_equal(mqb_reader_close(&r, &error), rows[i].status);
        if (rows[i].status != MQB_OK)
            same_text(&error, rows[i].text);
    }
}

static void read_scalars_are_checked(void **state)
{
    char memory[200];
    struct mqb_scratch scratch = mqb_scratch_from(memory, sizeof(memory));
    struct mqb_error error;
    struct mqb_reader r;
    (void)state;
    mqb_reader_open(&r, MQB_STR(" 0.0 "), &scratch);
    mqb_reader_double(&r);
    mqb_reader_constrain(&r, 0, &positive);
    assert_int_equal(mqb_reader_close(&r, &error), MQB_ERR_VALUE);
    same_text(&error, "is 0.0, RANGE (byte 1)");
    mqb_reader_open(&r, MQB_STR("\"\\n\""), &scratch);
    mqb_reader_string(&r);
    mqb_reader_constrain(&r, 0, &is_string);
    assert_int_equal(mqb_reader_close(&r, NULL), MQB_OK);
}

/* ---- What it may cost ---- */

static const struct mqb_constraint tree;
static const struct mqb_constraint branch = CONSTRAINT(ITEMS, .items = {NULL, 0, &tree});
static const struct mqb_constraint is_null = TYPES(MQB_TYPE_BIT(MQB_JSON_NULL));
static const struct mqb_constraint is_array = TYPES(MQB_TYPE_BIT(MQB_JSON_ARRAY));
static const struct mqb_constraint *const both[] = {&is_array, &branch};
static const struct mqb_constraint array_branch = CONSTRAINT(ALL, PARTS(both));
static const struct mqb_constraint *const tree_parts[] = {&array_branch, &is_null, &array_branch};
static const struct mqb_constraint tree = CONSTRAINT(ANY, PARTS(tree_parts));

/* Each item takes less than all may take together; read in vain, too. */
static void what_was_spent_stays_spent(void **state)
{
    enum { DEPTH = 10, ITEMS = 20, WIDTH = 2 * DEPTH + 2 };
    static char memory[50000];
    char text[ITEMS * WIDTH + 2];
    struct mqb_scratch scratch = mqb_scratch_from(memory, sizeof(memory));
    struct mqb_alternatives alternatives;
    struct mqb_error error;
    struct mqb_reader r;
    struct mqb_list list;
    size_t refused = 0;
    (void)state;
    for (size_t i = 0; i < ITEMS; i++) {
        char *item = text + i * WIDTH;
        memset(item, '[', DEPTH + 1);
        memset(item + DEPTH + 2, ']', DEPTH);
        item[0] = ',';
        item[DEPTH + 1] = '0';
    }
    text[0] = '[';
    text[ITEMS * WIDTH] = ']';
    mqb_reader_open(&r, exactly(text, ITEMS * WIDTH + 1), &scratch);
    mqb_reader_array(&r, &list, 0, SIZE_MAX);
    while (mqb_reader_next_item(&r, &list)) {
        const size_t mark = mqb_reader_mark(&r);
        mqb_reader_alternatives(&r, &alternatives);
        mqb_reader_skip(&r);
        mqb_reader_constrain(&r, mark, &tree);
        refused += r.status == MQB_ERR_VALUE;
        if (mqb_reader_alternative_fits(&r, &alternatives))
            break;
        mqb_reader_skip(&r);
    }
    assert_int_equal(mqb_reader_close(&r, &error), MQB_ERR_LIMIT);
    assert_in_range(refused, 1, ITEMS - 2);
    assert_string_equal(error.rule, "takes too long to check");
}

/* ---- Writing ---- */

static void write_row(struct mqb_writer *w, size_t row)
{
    mqb_writer_object(w);
    mqb_writer_name(w, MQB_STR(",\"x\":"));
    mqb_writer_array(w);
    mqb_writer_item(w);
    mqb_writer_int(w, 1, 0, 1, "rule");
    mqb_writer_item(w);
    const size_t mark = mqb_writer_mark(w);
    mqb_writer_json(w, (struct mqb_json){rows[row].json, strlen(rows[row].json)});
    mqb_writer_constrain(w, mark, &object);
    mqb_writer_constrain(w, mark, &object);
    mqb_writer_array_end(w);
    mqb_writer_object_end(w);
}

static void written_values_are_checked(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char buf[200];
        struct mqb_error error = {.rule = ""};
        struct mqb_writer w;
        mqb_writer_init(&w, buf, sizeof(buf));
        write_row(&w, i);
        assert_int_equal(mqb_writer_close(&w, NULL, &error), rows[i].status);
        if (rows[i].status != MQB_OK)
            same_text(&error, rows[i].text);
    }
}

/* An object that is written member by member, refused as a whole. */
static void written_objects_are_checked(void **state)
{
    static const struct mqb_constraint few = CONSTRAINT(MEMBER_COUNT, .count = {0, 1});
    char buf[100];
    struct mqb_error error;
    struct mqb_writer w;
    (void)state;
    mqb_writer_init(&w, buf, sizeof(buf));
    mqb_writer_object(&w);
    mqb_writer_name(&w, MQB_STR(",\"a\":"));
    mqb_writer_bool(&w, true);
    mqb_writer_name(&w, MQB_STR(",\"b\":"));
    mqb_writer_null(&w);
    mqb_writer_object_end(&w);
    mqb_writer_constrain(&w, 0, &few);
    mqb_writer_null(&w);
    assert_int_equal(mqb_writer_close(&w, NULL, &error), MQB_ERR_VALUE);
    same_text(&error, "is {\"a\":true,\"b\":null}, MEMBER_COUNT (byte 0)");
}

/* Up to the last byte of the buffer; what does not fit is not there to be checked. */
static void only_the_buffer_is_checked(void **state)
{
    char buf[200];
    struct mqb_error error;
    struct mqb_writer w;
    size_t len;
    (void)state;
    for (size_t cap = 0; cap < 30; cap++) {
        mqb_writer_init(&w, cap == 0 ? NULL : buf, cap);
        write_row(&w, 2);
        const enum mqb_status status = mqb_writer_close(&w, &len, &error);
        assert_int_equal(
            status, cap < strlen("{\"x\":[1,{\"a\":-1.5}") ? MQB_ERR_SPACE : MQB_ERR_VALUE);
    }
    mqb_writer_init(&w, NULL, 0);
    write_row(&w, 2);
    assert_int_equal(mqb_writer_verdict(&w, NULL), MQB_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(read_values_are_checked),     cmocka_unit_test(read_scalars_are_checked),
        cmocka_unit_test(what_was_spent_stays_spent),  cmocka_unit_test(written_values_are_checked),
        cmocka_unit_test(written_objects_are_checked), cmocka_unit_test(only_the_buffer_is_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
