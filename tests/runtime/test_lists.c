/* Lists and maps of any length: their memory, their names. */
#include "exactly.h"

#include <mqbind/detail/reader.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static _Alignas(8) char memory[20000];

/* ---- Lists of anything ---- */

/* Numbers, strings, and lists of the same; counts and strings are printed as they were written. */
struct value {
    int64_t number;
    struct mqb_str text;
    const struct value *items;
    size_t count;
};

static void read_value(struct mqb_reader *r, struct value *out);

static void read_values(struct mqb_reader *r, struct value *out)
{
    struct mqb_list list;
    struct value *items = mqb_reader_array(r, &list, sizeof(*items), 3);
    while (mqb_reader_next_item(r, &list))
        read_value(r, &items[list.item]);
    mqb_reader_check(r, list.count <= 3, "must have at most 3 items");
    out->items = items;
    out->count = list.count;
}

static void read_value(struct mqb_reader *r, struct value *out)
{
    assert_true(out->number == 0 && out->text.ptr == NULL && out->items == NULL && out->count == 0);
    if (mqb_reader_peek_type(r) == MQB_JSON_ARRAY)
        read_values(r, out);
    else if (mqb_reader_peek_type(r) == MQB_JSON_STRING)
        out->text = mqb_reader_string(r);
    else
        out->number = mqb_reader_int(r, 0, 9, "must be a digit");
}

static size_t write_value(const struct value *value, char *text)
{
    size_t len = 0;
    if (value->text.ptr != NULL)
        return (size_t)sprintf(text, "'%.*s'", (int)value->text.len, value->text.ptr);
    if (value->items == NULL)
        return (size_t)sprintf(text, "%d", (int)value->number);
    for (size_t i = 0; i < value->count; i++) {
        text[len] = i == 0 ? '[' : ',';
        len += 1 + write_value(&value->items[i], text + len + 1);
    }
    len += (size_t)sprintf(text + len, "]");
    return len;
}

static enum mqb_status decode(
    const char *json,
    struct mqb_scratch *scratch,
    char *shown,
    struct mqb_error *error)
{
    struct value value = {.number = 0};
    struct mqb_reader r;
    mqb_reader_open(&r, exactly(json, strlen(json)), scratch);
    read_value(&r, &value);
    const enum mqb_status status = mqb_reader_close(&r, error);
    if (status == MQB_OK)
        shown[write_value(&value, shown)] = '\0';
    return status;
}

/* `items` values, and `bytes` of strings, in the reserved memory. */
struct row {
    const char *json;
    const char *shown;
    size_t items;
    size_t bytes;
};

static const struct row rows[] = {
    {"[]", "0", 0, 0},
    {" [ 1 , 2 ] ", "[1,2]", 2, 0},
    {"[1,[2,3],4]", "[1,[2,3],4]", 5, 0},
    {"[[1,2,3],[],[4]]", "[[1,2,3],0,[4]]", 7, 0},
    {"[[[[1]]],[2,[3]]]", "[[[[1]]],[2,[3]]]", 8, 0},
    {"[\"a\\n\",\"b,]\\\"\",\"\\\\\"]", "['a\n','b,]\"','\\']", 3, 7},
    {"[[\"\\u0061\"],[1,[\"]\\\"\"]],\"}\"]", "[['a'],[1,[']\"']],'}']", 7, 3},
};

static void lists_of_lists_are_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct mqb_scratch scratch = mqb_scratch_from(memory, sizeof(memory));
        char shown[64];
        memset(memory, 0xAA, sizeof(memory));
        assert_int_equal(decode(rows[i].json, &scratch, shown, NULL), MQB_OK);
        assert_string_equal(shown, rows[i].shown);
    }
}

/* What lists take is what their items need, in whatever order the items take theirs. */
static void memory_is_exact(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct mqb_scratch scratch = mqb_scratch_from(memory, sizeof(memory));
        const size_t exact = rows[i].items * sizeof(struct value) + rows[i].bytes;
        char shown[64];
        assert_int_equal(decode(rows[i].json, &scratch, shown, NULL), MQB_OK);
        /* After a string the next list is aligned. */
        assert_in_range(scratch.used, exact, exact + (rows[i].bytes == 0 ? 0 : 2 * 7));
    }
}

/* Of memory that is too small the reader tells how much more would be needed. */
static void memory_of_every_size(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char shown[64];
        for (size_t size = 0;; size++) {
            char *block = malloc(size + 1);
            struct mqb_scratch scratch = mqb_scratch_from(block, size);
            assert_non_null(block);
            const enum mqb_status status = decode(rows[i].json, &scratch, shown, NULL);
            assert_true((status == MQB_OK) == (scratch.peak <= size));
            free(block);
            if (status == MQB_OK)
                break;
            assert_int_equal(status, MQB_ERR_SPACE);
        }
        assert_string_equal(shown, rows[i].shown);
    }
}

static void too_many_items_are_refused(void **state)
{
    static const struct {
        const char *json;
        enum mqb_status status;
        size_t offset;
    } refusals[] = {
        {"[1,2,3,4]", MQB_ERR_VALUE, 0},
        {"[1,2,3,true]", MQB_ERR_VALUE, 0},
        {"[0,[1,2,3,[4,5,6,7]]]", MQB_ERR_VALUE, 3},
        {"[[1],[2],[3],[4],[5]]", MQB_ERR_VALUE, 0},
        {"[1,2,true,4]", MQB_ERR_TYPE, 5},
        {"[1,2,3,4,]", MQB_ERR_JSON, 9},
        {"[1 2]", MQB_ERR_JSON, 3},
        {"[[1],[2]", MQB_ERR_JSON, 8},
        {"[[1],[2,\"\\n\"}]", MQB_ERR_JSON, 12},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(refusals); i++) {
        struct mqb_scratch scratch = mqb_scratch_from(memory, sizeof(memory));
        struct mqb_error error = {.rule = ""};
        char shown[64];
        assert_int_equal(decode(refusals[i].json, &scratch, shown, &error), refusals[i].status);
        assert_int_equal(error.offset, refusals[i].offset);
        assert_int_equal(scratch.used, 0);
    }
}

/* A form that took memory, and did not fit, leaves the list as it was. */
static void lists_outlive_forms(void **state)
{
    static const char json[] = "[[\"\\n\",1],2,[\"\\n\"],[\"\\n\",3],4]";
    struct mqb_scratch scratch = mqb_scratch_from(memory, sizeof(memory));
    struct mqb_reader r;
    struct mqb_list list;
    struct mqb_list inner;
    (void)state;
    memset(memory, 0xAA, sizeof(memory));
    mqb_reader_open(&r, exactly(json, sizeof(json) - 1), &scratch);
    int64_t *items = mqb_reader_array(&r, &list, sizeof(*items), SIZE_MAX);
    while (mqb_reader_next_item(&r, &list)) {
        struct mqb_alternatives alternatives;
        assert_int_equal(items[list.item], 0);
        mqb_reader_alternatives(&r, &alternatives);
        mqb_reader_array(&r, &inner, 1, SIZE_MAX);
        while (mqb_reader_next_item(&r, &inner))
            mqb_reader_string(&r);
        items[list.item] = 10 + (int64_t)inner.count;
        if (mqb_reader_alternative_fits(&r, &alternatives))
            continue;
        mqb_reader_skip(&r);
        items[list.item] = (int64_t)list.item;
    }
    assert_int_equal(mqb_reader_close(&r, NULL), MQB_OK);
    assert_int_equal(list.count, 5);
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(items[i], i == 2 ? 11 : i);
    assert_int_equal(scratch.used, 5 * sizeof(*items) + 2);
}

/* ---- Names beside lists ---- */

/* Items of one byte each, as booleans are, in objects that have names of nobody's too. */
static enum mqb_status read_switches(
    const char *json,
    struct mqb_scratch *scratch,
    const unsigned char **items,
    size_t *count)
{
    static const struct mqb_str names[] = {{"on", 2}};
    static const struct mqb_members members = {.names = names, .count = 1};
    struct mqb_reader r;
    struct mqb_list list;
    mqb_reader_open(&r, exactly(json, strlen(json)), scratch);
    unsigned char *switches = mqb_reader_array(&r, &list, 1, SIZE_MAX);
    while (mqb_reader_next_item(&r, &list)) {
        uint32_t seen[1] = {0};
        struct mqb_object object;
        mqb_reader_object(&r, &object, &members, seen);
        while (mqb_reader_next_member(&r, &object))
            switches[list.item] = mqb_reader_bool(&r) ? 1 : 2;
    }
    *items = switches;
    *count = list.count;
    return mqb_reader_close(&r, NULL);
}

#define GUARD 4096

/* The first `count` of the switches in JSON: the first one and the last one beside other names. */
static const char *switches_text(size_t count, size_t first, size_t last)
{
    static char json[40000];
    size_t len = 0;
    for (size_t i = 0; i < count; i++) {
        const size_t names = i == 0 ? first : (i == count - 1 ? last : 0);
        len += (size_t)sprintf(json + len, "%s{", i == 0 ? "[" : ",");
        for (size_t name = 0; name < names; name++)
            len += (size_t)sprintf(json + len, "\"u%zu\":0,", name);
        len += (size_t)sprintf(json + len, "\"on\":%s}", i % 3 == 0 ? "true" : "false");
    }
    sprintf(json + len, "]");
    return json;
}

/* Names that are pushed and taken away leave the list as much memory as it had, and no more. */
static void read_beside_guards(const char *json, size_t count, size_t end, size_t size)
{
    static _Alignas(16) unsigned char block[GUARD + 9000 + GUARD];
    unsigned char *const start = block + GUARD + 8000 + end - size;
    const unsigned char *items;
    size_t found;
    memset(block, 0xAA, sizeof(block));
    struct mqb_scratch scratch = mqb_scratch_from(start, size);
    const enum mqb_status status = read_switches(json, &scratch, &items, &found);
    for (const unsigned char *at = block; at != block + sizeof(block); at++)
        assert_true(*at == 0xAA || (at >= start && at < start + size));
    assert_true(status == MQB_OK || status == MQB_ERR_SPACE);
    assert_int_equal(status == MQB_OK, scratch.peak <= size);
    if (status != MQB_OK)
        return;
    assert_int_equal(found, count);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(items[i], i % 3 == 0 ? 1 : 2);
}

static void names_take_no_memory_of_items(void **state)
{
    (void)state;
    for (size_t end = 0; end < 16; end++) {
        for (size_t gap = 0; gap < 16; gap++) {
            const size_t size = 1002 - gap;
            read_beside_guards(switches_text(1002, 1, 355), 1002, end, size);
            read_beside_guards(switches_text(1000, 1, 1), 1000, end, size);
            read_beside_guards(switches_text(size, 1, 2), size, end, size);
            read_beside_guards(switches_text(3, 40, 0), 3, end, size);
            read_beside_guards(switches_text(3, 0, 40), 3, end, gap);
        }
    }
}

/* ---- Maps ---- */

static enum mqb_status read_map(const char *json, struct mqb_map *map, struct mqb_error *error)
{
    struct mqb_scratch scratch = mqb_scratch_from(memory, sizeof(memory));
    struct mqb_reader r;
    mqb_reader_open(&r, exactly(json, strlen(json)), &scratch);
    *map = mqb_reader_map(&r);
    const enum mqb_status status = mqb_reader_close(&r, error);
    if (status == MQB_OK)
        assert_true(scratch.used >= map->count * sizeof(struct mqb_map_entry));
    return status;
}

/* Few names are compared in another way than many. */
static void names_of_maps_are_distinct(void **state)
{
    (void)state;
    for (size_t count = 2; count <= 40; count++) {
        for (size_t second = 0; second < count; second += 3) {
            char json[1000];
            size_t len = 0;
            size_t offset = 0;
            struct mqb_map map;
            struct mqb_error error;
            for (size_t i = 0; i < count; i++) {
                const size_t name = i == second ? i / 2 : i;
                len += (size_t)sprintf(json + len, "%c", i == 0 ? '{' : ',');
                offset = i == second ? len : offset;
                len += (size_t)sprintf(json + len, "\"n%zu\":%zu", name, i);
            }
            sprintf(json + len, "}");
            const enum mqb_status status = read_map(json, &map, &error);
            assert_int_equal(status, second == 0 ? MQB_OK : MQB_ERR_DUPLICATE);
            if (second == 0)
                assert_int_equal(map.count, count);
            else
                assert_int_equal(error.offset, offset);
        }
    }
}

/* Names of one hash are still other names. */
static void names_may_have_one_hash(void **state)
{
    static const char *const names[] = {
        "tixlzwxuqaoyhubf", "ldraggal);-;}[}_", "tumycyhfqeuCVs8i", "xgunbvwa-+|gpA2,"};
    char json[1000];
    struct mqb_map map;
    (void)state;
    for (size_t count = COUNT(names); count <= 24; count += 20) {
        for (size_t again = 0; again <= COUNT(names); again++) {
            size_t len = (size_t)sprintf(json, "{");
            for (size_t i = 0; i < COUNT(names); i++)
                len += (size_t)sprintf(json + len, "\"%s\":%zu,", names[i], i);
            for (size_t i = COUNT(names); i < count; i++)
                len += (size_t)sprintf(json + len, "\"%zu\":%zu,", i, i);
            sprintf(json + len, "\"%s\":0}", again == COUNT(names) ? "other" : names[again]);
            assert_int_equal(
                read_map(json, &map, NULL), again == COUNT(names) ? MQB_OK : MQB_ERR_DUPLICATE);
        }
    }
}

static void maps_hold_any_values(void **state)
{
    static const struct {
        const char *json;
        size_t count; /* 0: refused, at `offset` */
        size_t offset;
    } maps[] = {
        {"{\"a\":[],\"b\":[1,-2.5e1,\"\\n\",null],\"c\":[[true]],\"d\":{}}", 4, 0},
        {"{\n  \"a\" : { \"x\" : 1 ,\n \"y\":[ ] } ,\n \"b\":-0.5\n}", 2, 0},
        {"{\"a\\u0062\":1,\"b\":\"\\u0031\",\"c\":{\"\\\\\":{}}}", 3, 0},
        {"{\"ab\":1,\"\\u0061b\":2}", 0, 8},
        {"{\"a\":1 \"b\":2}", 0, 7},
        {"{\"a\":1,}", 0, 7},
        {"{\"a\":01}", 0, 6},
        {"{\"a\":1.}", 0, 7},
        {"{\"a\":[1,]}", 0, 8},
        {"{\"a\":[1}", 0, 7},
        {"{\"a\":truly}", 0, 8},
        {"{\"a\":nul", 0, 8},
        {"{\"a\":{\"x\":1,\"x\":2},\"a\":3}", 0, 12},
        {"{\"a\":1,\"a\":{\"x\":1,\"x\":2}}", 0, 18},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(maps); i++) {
        struct mqb_error error = {.rule = ""};
        struct mqb_map map;
        const enum mqb_status status = read_map(maps[i].json, &map, &error);
        assert_true((status == MQB_OK) == (maps[i].count != 0));
        if (status == MQB_OK)
            assert_int_equal(map.count, maps[i].count);
        assert_int_equal(error.offset, maps[i].offset);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_of_lists_are_read),
        cmocka_unit_test(memory_is_exact),
        cmocka_unit_test(memory_of_every_size),
        cmocka_unit_test(too_many_items_are_refused),
        cmocka_unit_test(lists_outlive_forms),
        cmocka_unit_test(names_of_maps_are_distinct),
        cmocka_unit_test(names_may_have_one_hash),
        cmocka_unit_test(maps_hold_any_values),
        cmocka_unit_test(names_take_no_memory_of_items),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
