/* Each kind of constraint, as JSON Schema draft-07 means it, and what an error tells. */
#include <mqbind/detail/values.h>

#include "constraints.h"

/* ^[0-9]{2}$ with the classes other, digit. */
static const struct mqb_byte_range digit_ranges[] = {{'0', '9', 1}, {':', 0xFF, 0}};
static const uint16_t two_digits_next[] = {1, 2, 1, 1, 1, 3, 1, 1};
static const uint8_t two_digits_accepting[] = {1U << 3};
static const struct mqb_pattern two_digits = {
    digit_ranges, two_digits_next, two_digits_accepting, 2, 1, 0, NULL};

/* U+0000, the two bytes of U+00E9, or "x" somewhere: three marks, each the end. */
static const struct mqb_byte_range mark_ranges[] =
    {{0, 0, 1}, {'x', 'x', 1}, {0xA9, 0xA9, 3}, {0xC3, 0xC3, 2}, {0xC4, 0xFF, 0}};
static const uint16_t mark_next[] = {0, 1, 2, 0, 1, 1, 1, 1, 0, 1, 2, 1};
static const uint8_t mark_accepting[] = {1U << 1};
static const struct mqb_pattern mark = {mark_ranges, mark_next, mark_accepting, 4, UINT16_MAX,
                                        0,           NULL};

static const struct mqb_constraint anything = CONSTRAINT(ALL, .parts = {NULL, 0});
static const struct mqb_constraint never = CONSTRAINT(NEVER, .types = 0);
static const struct mqb_constraint is_string = IS_STRING;
static const struct mqb_constraint is_number = IS_NUMBER;
static const struct mqb_constraint is_integer = TYPES(MQB_TYPE_BIT_INTEGER);
static const struct mqb_constraint is_object = TYPES(MQB_TYPE_BIT(MQB_JSON_OBJECT));
static const struct mqb_constraint two_long = CONSTRAINT(LENGTH, .count = {2, 2});
static const struct mqb_constraint positive = CONSTRAINT(RANGE, .range = {.low = TEXT("1")});

/* ---- One value ---- */

static void anything_and_never(void **state)
{
    (void)state;
    HOLD(&anything, "null", "true", "1", "\"\"", "[]", "{}", " [1] ");
    BROKEN(&never, "null", "true", "1", "\"\"", "[]", "{}", " [1] ");
}

static void types(void **state)
{
    static const struct mqb_constraint two =
        TYPES(MQB_TYPE_BIT(MQB_JSON_NULL) | MQB_TYPE_BIT(MQB_JSON_ARRAY));
    static const struct mqb_constraint boolean = TYPES(MQB_TYPE_BIT(MQB_JSON_BOOLEAN));
    static const struct mqb_constraint none = TYPES(0);
    (void)state;
    HOLD(&two, "null", "[]", " [null]");
    BROKEN(&two, "true", "0", "\"\"", "{}");
    HOLD(&boolean, "true", "false");
    BROKEN(&boolean, "null", "0", "\"true\"");
    HOLD(&is_number, "0", "1.5", "-1e-7");
    BROKEN(&is_number, "\"1\"", "null", "[1]", "{\"a\":1}");
    HOLD(&is_object, "{}", "{\"a\":[]}");
    BROKEN(&none, "null", "1");
}

static void lengths_count_code_points(void **state)
{
    static const struct mqb_constraint at_most = CONSTRAINT(LENGTH, .count = {0, 1});
    static const struct mqb_constraint at_least = CONSTRAINT(LENGTH, .count = {3, SIZE_MAX});
    (void)state;
    HOLD(&two_long, "\"ab\"", "\"\xC3\xA9\xF0\x9F\x98\x80\"", "\"\\ud83d\\ude00x\"", "\"\\n\\\"\"");
    HOLD(&two_long, "\"\\u0000a\"", "\"\\u00e9\\u4e2d\"", "\"\xF0\x9F\x98\x80\\/\"");
    BROKEN(&two_long, "\"\"", "\"a\"", "\"abc\"", "\"\\ud83d\\ude00\"", "\"\\u0041\"");
    HOLD(&two_long, "1", "null", "[1,2,3]", "{}");
    HOLD(&at_most, "\"\"", "\"\\u0000\"", "\"\xC3\xA9\"");
    BROKEN(&at_most, "\"ab\"");
    HOLD(&at_least, "\"abc\"", "\"a\\n\\n\"");
    BROKEN(&at_least, "\"ab\"", "\"\\u0061b\"");
}

static void patterns_see_the_unescaped_text(void **state)
{
    static const struct mqb_constraint digits = CONSTRAINT(PATTERN, .pattern = &two_digits);
    static const struct mqb_constraint marked = CONSTRAINT(PATTERN, .pattern = &mark);
    (void)state;
    HOLD(&digits, "\"12\"", "\"\\u00312\"", "\"1\\u0032\"", "12", "[\"x\"]");
    BROKEN(&digits, "\"\"", "\"1\"", "\"123\"", "\"\\u0031\"", "\"\\n2\"", "\"12\\n\"");
    HOLD(&marked, "\"\\u0000\"", "\"abc\\u0000def\"", "\"caf\xC3\xA9\"", "\"\\u00e9\\n\"");
    HOLD(&marked, "\"\\u0078\"", "\"\\u00C3x\"");
    BROKEN(&marked, "\"\"", "\"abc\"", "\"\\n\"", "\"\xC3\xAA\"", "\"\\u00ea\"");
}

/* ---- Arrays ---- */

static void items_are_counted(void **state)
{
    static const struct mqb_constraint two = CONSTRAINT(ITEM_COUNT, .count = {2, 2});
    static const struct mqb_constraint some = CONSTRAINT(ITEM_COUNT, .count = {1, SIZE_MAX});
    static const struct mqb_constraint none = CONSTRAINT(ITEM_COUNT, .count = {0, 0});
    (void)state;
    HOLD(&two, "[1,2]", "[ [1,2,3] , {\"a\":1,\"b\":2} ]", "\"abc\"", "{}", "null");
    BROKEN(&two, "[]", "[1]", "[1,2,3]", "[[1,2]]");
    HOLD(&some, "[1]", "[1,2,3,4]");
    BROKEN(&some, "[]", "[ ]");
    HOLD(&none, "[]", "{\"a\":1}");
    BROKEN(&none, "[0]");
}

static void items_by_position(void **state)
{
    static const struct mqb_constraint *const first[] = {&is_string, NULL, &is_number};
    static const struct mqb_constraint all = CONSTRAINT(ITEMS, .items = {NULL, 0, &is_number});
    static const struct mqb_constraint open = CONSTRAINT(ITEMS, .items = {first, 3, NULL});
    static const struct mqb_constraint closed = CONSTRAINT(ITEMS, .items = {first, 3, &never});
    (void)state;
    HOLD(&all, "[]", "[1,2.5]", "\"text\"", "{\"a\":\"b\"}");
    BROKEN(&all, "[\"a\"]", "[1,2,null]", "[[1]]");
    HOLD(&open, "[]", "[\"a\"]", "[\"a\",{}]", "[\"a\",null,1]", "[\"a\",1,1,true,\"x\"]");
    BROKEN(&open, "[1]", "[\"a\",0,\"b\"]");
    HOLD(&closed, "[\"a\",null,1]", "[]");
    BROKEN(&closed, "[\"a\",null,1,2]");
}

static void some_item_is_contained(void **state)
{
    static const struct mqb_constraint number =
        CONSTRAINT(CONTAINS, .contains = {&is_number, {1, SIZE_MAX}});
    static const struct mqb_constraint any =
        CONSTRAINT(CONTAINS, .contains = {&anything, {1, SIZE_MAX}});
    (void)state;
    HOLD(&number, "[1]", "[\"a\",null,2]", "1", "{}", "\"a\"");
    BROKEN(&number, "[]", "[\"a\"]", "[[1]]", "[{\"a\":1}]");
    HOLD(&any, "[null]");
    BROKEN(&any, "[]");
}

/* ---- Objects ---- */

static void members_are_counted(void **state)
{
    static const struct mqb_constraint one = CONSTRAINT(MEMBER_COUNT, .count = {1, 1});
    (void)state;
    HOLD(&one, "{\"a\":{\"b\":1,\"c\":2}}", "[]", "[1,2]", "\"ab\"");
    BROKEN(&one, "{}", "{\"a\":1,\"b\":2}", "{\"a\":1,\"b\":2,\"c\":3}");
}

static void required_members(void **state)
{
    static const struct mqb_str names[] = {TEXT("a"), TEXT(""), TEXT("n\0l"), TEXT("\xC3\xA9")};
    static const struct mqb_constraint required = CONSTRAINT(REQUIRED, .names = TEXTS(names));
    static const struct mqb_constraint none = CONSTRAINT(REQUIRED, .names = {NULL, 0});
    (void)state;
    HOLD(&required, "{\"a\":1,\"\":2,\"n\\u0000l\":3,\"\xC3\xA9\":4}");
    HOLD(
        &required, "{\"x\":0,\"\\u00e9\":4,\"n\\u0000l\":3,\"\":2,\"\\u0061\":null,\"b\":0}", "[]",
        "1");
    BROKEN(
        &required, "{}", "{\"a\":1,\"\":2,\"n\\u0000l\":3}",
        "{\"a\":1,\"\":2,\"nl\":3,\"\xC3\xA9\":4}");
    BROKEN(&required, "{\"x\":{\"a\":1,\"\":2,\"n\\u0000l\":3,\"\xC3\xA9\":4}}");
    HOLD(&none, "{}");
}

static void members_by_name(void **state)
{
    static const struct mqb_constraint_named named[] = {
        {TEXT("s"), &is_string}, {TEXT("n"), &is_number}, {TEXT("any"), NULL}, {TEXT("12"), NULL}};
    static const struct mqb_constraint_matching matching[] = {
        {&two_digits, &is_number}, {&mark, NULL}};
    static const struct mqb_constraint closed =
        CONSTRAINT(MEMBERS, .members = {named, 4, matching, 2, &never});
    static const struct mqb_constraint open =
        CONSTRAINT(MEMBERS, .members = {named, 4, NULL, 0, NULL});
    static const struct mqb_constraint others =
        CONSTRAINT(MEMBERS, .members = {NULL, 0, NULL, 0, &is_number});
    (void)state;
    HOLD(&closed, "{}", "{\"s\":\"\",\"n\":1}", "{\"any\":{},\"n\":1,\"s\":\"\"}", "[1]", "\"s\"");
    HOLD(&closed, "{\"12\":1,\"34\":2}", "{\"x\":null,\"ax\":\"\"}", "{\"\\u0073\":\"\"}");
    BROKEN(&closed, "{\"s\":1}", "{\"other\":1}", "{\"12\":\"\"}", "{\"34\":\"\"}", "{\"S\":1}");
    BROKEN(&closed, "{\"\\u0073\":1}", "{\"3\\u0034\":null}", "{\"n\":1,\"s\":2}", "{\"ss\":\"\"}");
    HOLD(&open, "{\"s\":\"\",\"other\":[],\"34\":\"\"}");
    BROKEN(&open, "{\"other\":[],\"s\":[]}");
    HOLD(&others, "{\"a\":1,\"b\":2.5}", "{}");
    BROKEN(&others, "{\"a\":1,\"b\":\"\"}");
}

static void names_of_members(void **state)
{
    static const struct mqb_constraint names = CONSTRAINT(MEMBER_NAMES, .part = &two_long);
    static const struct mqb_constraint none = CONSTRAINT(MEMBER_NAMES, .part = &never);
    (void)state;
    HOLD(&names, "{}", "{\"ab\":1,\"\\ud83d\\ude00c\":2}", "[\"a\"]", "\"a\"");
    BROKEN(&names, "{\"ab\":1,\"a\":2}", "{\"\\u0061\":1}");
    HOLD(&none, "{}", "1");
    BROKEN(&none, "{\"\":1}");
}

static void a_member_brings_a_constraint(void **state)
{
    static const struct mqb_str b[] = {TEXT("b")};
    static const struct mqb_constraint needs_b = CONSTRAINT(REQUIRED, .names = TEXTS(b));
    static const struct mqb_constraint depends =
        CONSTRAINT(IF_MEMBER, .if_member = {TEXT("a"), &needs_b});
    (void)state;
    HOLD(&depends, "{}", "{\"b\":1}", "{\"a\":1,\"b\":1}", "{\"c\":{\"a\":1}}", "[\"a\"]", "\"a\"");
    BROKEN(&depends, "{\"a\":1}", "{\"c\":1,\"\\u0061\":null}");
}

/* ---- Parts ---- */

static void all_any_one_not(void **state)
{
    static const struct mqb_constraint *const parts[] = {&is_integer, &positive};
    static const struct mqb_constraint all = CONSTRAINT(ALL, PARTS(parts));
    static const struct mqb_constraint any = CONSTRAINT(ANY, PARTS(parts));
    static const struct mqb_constraint one = CONSTRAINT(ONE, PARTS(parts));
    static const struct mqb_constraint no_part = CONSTRAINT(ANY, .parts = {NULL, 0});
    static const struct mqb_constraint not_all = CONSTRAINT(NOT, .part = &all);
    (void)state;
    HOLD(&all, "1", "2.0");
    BROKEN(&all, "0", "1.5", "\"a\"");
    HOLD(&any, "1", "0", "1.5", "\"a\"", "[]");
    BROKEN(&any, "0.5", "-1.5");
    HOLD(&one, "0", "1.5", "\"a\"");
    BROKEN(&one, "1", "0.5");
    BROKEN(&no_part, "1");
    HOLD(&not_all, "0", "1.5");
    BROKEN(&not_all, "1");
}

static void if_then_else(void **state)
{
    static const struct mqb_constraint both =
        CONSTRAINT(IF, .branch = {&is_integer, &positive, &is_string});
    static const struct mqb_constraint then_only =
        CONSTRAINT(IF, .branch = {&is_integer, &positive, NULL});
    static const struct mqb_constraint else_only =
        CONSTRAINT(IF, .branch = {&is_integer, NULL, &is_string});
    (void)state;
    HOLD(&both, "1", "\"a\"");
    BROKEN(&both, "0", "1.5", "null");
    HOLD(&then_only, "1", "1.5", "null");
    BROKEN(&then_only, "-1");
    HOLD(&else_only, "-1", "\"a\"");
    BROKEN(&else_only, "1.5", "null");
}

/* A list {"value": 1, "next": {...}}, which is a constraint that leads back to itself. */
static const struct mqb_constraint list;
static const struct mqb_constraint_named list_named[] = {
    {TEXT("value"), &is_number},
    {TEXT("next"), &list}};
static const struct mqb_constraint list_members =
    CONSTRAINT(MEMBERS, .members = {list_named, 2, NULL, 0, &never});
static const struct mqb_constraint *const list_parts[] = {&is_object, &list_members};
static const struct mqb_constraint list = CONSTRAINT(ALL, PARTS(list_parts));

static void recursion(void **state)
{
    (void)state;
    HOLD(&list, "{}", "{\"value\":1,\"next\":{\"value\":2,\"next\":{}}}");
    BROKEN(&list, "1", "{\"next\":1}", "{\"next\":{\"next\":{\"value\":\"\"}}}");
    BROKEN(&list, "{\"next\":{\"more\":1}}");
}

/* ---- Errors ---- */

struct reported {
    const struct mqb_constraint *constraint;
    const char *json;
    enum mqb_status status;
    const char *text;
};

static void tells(const struct reported *row)
{
    struct mqb_error error;
    char text[200];
    assert_int_equal(verdict(row->constraint, mqb_str_from(row->json), &error), row->status);
    assert_int_equal(error.status, row->status);
    mqb_error_format(&error, text, sizeof(text));
    assert_string_equal(text, row->text);
}

/* The innermost value that breaks a rule of its own. */
static void errors_of_parts(void **state)
{
    static const struct mqb_str b[] = {TEXT("b/c")};
    static const struct mqb_constraint needs = {
        MQB_CONSTRAINT_REQUIRED, "is required", {.names = TEXTS(b)}};
    static const struct mqb_constraint depends =
        CONSTRAINT(IF_MEMBER, .if_member = {TEXT("a"), &needs});
    static const struct mqb_constraint_named named[] = {{TEXT("a"), &positive}};
    static const struct mqb_constraint members =
        CONSTRAINT(MEMBERS, .members = {named, 1, NULL, 0, &never});
    static const struct mqb_constraint names = CONSTRAINT(MEMBER_NAMES, .part = &two_long);
    static const struct mqb_constraint items = CONSTRAINT(ITEMS, .items = {NULL, 0, &members});
    static const struct mqb_constraint strings = CONSTRAINT(ITEMS, .items = {NULL, 0, &is_string});
    static const struct mqb_constraint *const parts[] = {&is_object, &members, &needs};
    static const struct mqb_constraint all = CONSTRAINT(ALL, PARTS(parts));
    static const struct mqb_constraint contains =
        CONSTRAINT(CONTAINS, .contains = {&is_string, {1, SIZE_MAX}});
    static const struct mqb_constraint branch =
        CONSTRAINT(IF, .branch = {&is_number, &positive, &is_string});
    static const struct reported rows[] = {
        {&needs, " {\"a\":1}", MQB_ERR_MISSING, "/b~1c: is required (byte 1)"},
        {&depends, "{\"a\":1}", MQB_ERR_MISSING, "/b~1c: is required (byte 0)"},
        {&members, "{\"a\": 0.50 }", MQB_ERR_VALUE, "/a: is 0.50, RANGE (byte 6)"},
        {&members, "{\"a\":1, \"x\\n\":2}", MQB_ERR_VALUE, "/x?: NEVER (byte 8)"},
        {&names, "{\"ab\":1,\"c\":2}", MQB_ERR_VALUE, "/c: is \"c\", LENGTH (byte 8)"},
        {&items, "[{},{\"a\":1},{\"a\":0}]", MQB_ERR_VALUE, "/2/a: is 0, RANGE (byte 17)"},
        {&strings, "[\"a\",[1]]", MQB_ERR_TYPE, "/1: is [1], TYPE (byte 5)"},
        {&all, "[]", MQB_ERR_TYPE, "is [], TYPE (byte 0)"},
        {&all, "{\"a\":0}", MQB_ERR_VALUE, "/a: is 0, RANGE (byte 5)"},
        {&all, "{\"a\":1}", MQB_ERR_MISSING, "/b~1c: is required (byte 0)"},
        {&contains, "[1,2]", MQB_ERR_VALUE, "is [1,2], CONTAINS (byte 0)"},
        {&branch, "0", MQB_ERR_VALUE, "is 0, RANGE (byte 0)"},
        {&branch, "null", MQB_ERR_TYPE, "is null, TYPE (byte 0)"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        tells(&rows[i]);
}

static void errors_of_choices(void **state)
{
    static const struct mqb_constraint null = TYPES(MQB_TYPE_BIT(MQB_JSON_NULL));
    static const struct mqb_constraint_named named[] = {{TEXT("a"), &positive}};
    static const struct mqb_constraint members =
        CONSTRAINT(MEMBERS, .members = {named, 1, NULL, 0, NULL});
    static const struct mqb_constraint *const object_parts[] = {&is_object, &members};
    static const struct mqb_constraint object = CONSTRAINT(ALL, PARTS(object_parts));
    static const struct mqb_constraint *const parts[] = {&null, &object, &is_string};
    static const struct mqb_constraint any = CONSTRAINT(ANY, PARTS(parts));
    static const struct mqb_constraint *const twice[] = {&object, &is_string, &object};
    static const struct mqb_constraint one = CONSTRAINT(ONE, PARTS(twice));
    static const struct mqb_constraint *const three[] = {&two_long, &is_string, &is_string};
    static const struct mqb_constraint one_of_three = CONSTRAINT(ONE, PARTS(three));
    static const struct mqb_constraint not_object = CONSTRAINT(NOT, .part = &object);
    static const struct reported rows[] = {
        {&any, "{\"b\":1,\"a\":0}", MQB_ERR_VALUE, "/a: is 0, RANGE (byte 11)"},
        {&any, "true", MQB_ERR_VALUE, "is true, ANY (byte 0)"},
        {&one, "{\"a\":0}", MQB_ERR_VALUE, "is {\"a\":0}, ONE (byte 0)"},
        {&one, "{\"a\":1}", MQB_ERR_VALUE, "is {\"a\":1}, ONE (byte 0)"},
        {&one_of_three, "\"a\"", MQB_ERR_VALUE, "is \"a\", ONE (byte 0)"},
        {&not_object, "{}", MQB_ERR_VALUE, "is {}, NOT (byte 0)"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        tells(&rows[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(anything_and_never),
        cmocka_unit_test(types),
        cmocka_unit_test(lengths_count_code_points),
        cmocka_unit_test(patterns_see_the_unescaped_text),
        cmocka_unit_test(items_are_counted),
        cmocka_unit_test(items_by_position),
        cmocka_unit_test(some_item_is_contained),
        cmocka_unit_test(members_are_counted),
        cmocka_unit_test(required_members),
        cmocka_unit_test(members_by_name),
        cmocka_unit_test(names_of_members),
        cmocka_unit_test(a_member_brings_a_constraint),
        cmocka_unit_test(all_any_one_not),
        cmocka_unit_test(if_then_else),
        cmocka_unit_test(recursion),
        cmocka_unit_test(errors_of_parts),
        cmocka_unit_test(errors_of_choices),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
