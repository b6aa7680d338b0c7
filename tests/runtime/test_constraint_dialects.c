/* Constraints that only some drafts of JSON Schema have. */
#include <mqbind/detail/values.h>

#include "constraints.h"

static const struct mqb_constraint never = CONSTRAINT(NEVER, .types = 0);
static const struct mqb_constraint is_string = IS_STRING;
static const struct mqb_constraint is_number = IS_NUMBER;

static void some_number_of_items_is_contained(void **state)
{
    static const struct mqb_constraint two = CONSTRAINT(CONTAINS, .contains = {&is_number, {2, 3}});
    static const struct mqb_constraint most =
        CONSTRAINT(CONTAINS, .contains = {&is_number, {0, 1}});
    (void)state;
    HOLD(&two, "[1,\"a\",2]", "[1,2,3]", "[1,2,3,\"a\"]", "{}");
    BROKEN(&two, "[]", "[1,\"a\"]", "[1,2,3,4]");
    HOLD(&most, "[]", "[\"a\",1]");
    BROKEN(&most, "[1,2]");
}

/* The first item is covered; numbers are if there are two items; other items are strings. */
static void unevaluated_items_satisfy_the_rest(void **state)
{
    static const struct mqb_constraint *const one[] = {NULL};
    static const struct mqb_constraint first = CONSTRAINT(ITEMS, .items = {one, 1, NULL});
    static const struct mqb_constraint numbers = CONSTRAINT(ITEMS, .items = {NULL, 0, &is_number});
    static const struct mqb_constraint pair = CONSTRAINT(ITEM_COUNT, .count = {2, 2});
    static const struct mqb_constraint_evaluated evaluated[] = {{NULL, &first}, {&pair, &numbers}};
    static const struct mqb_constraint rest =
        CONSTRAINT(UNEVALUATED_ITEMS, .unevaluated = {evaluated, COUNT(evaluated), &is_string});
    (void)state;
    HOLD(&rest, "[]", "[null]", "[null,\"a\"]", "[null,1]", "[null,\"a\",\"b\"]", "{}", "1");
    BROKEN(&rest, "[null,null]", "[null,1,\"a\"]", "[1,2,3]");
}

/* `a` is covered, `b` if there is `c`, and everything if there is `all`. */
static void unevaluated_members_satisfy_the_rest(void **state)
{
    static const struct mqb_constraint_named a[] = {{TEXT("a"), NULL}};
    static const struct mqb_constraint_named b[] = {{TEXT("b"), NULL}, {TEXT("c"), NULL}};
    static const struct mqb_constraint has_a =
        CONSTRAINT(MEMBERS, .members = {a, 1, NULL, 0, NULL});
    static const struct mqb_constraint has_b =
        CONSTRAINT(MEMBERS, .members = {b, 2, NULL, 0, NULL});
    static const struct mqb_str c_name[] = {TEXT("c")};
    static const struct mqb_str all_name[] = {TEXT("all")};
    static const struct mqb_constraint has_c = CONSTRAINT(REQUIRED, .names = {c_name, 1});
    static const struct mqb_constraint all = CONSTRAINT(REQUIRED, .names = {all_name, 1});
    static const struct mqb_constraint_evaluated evaluated[] = {
        {NULL, &has_a}, {&has_c, &has_b}, {&all, NULL}};
    static const struct mqb_constraint rest =
        CONSTRAINT(UNEVALUATED_MEMBERS, .unevaluated = {evaluated, COUNT(evaluated), &never});
    (void)state;
    HOLD(&rest, "{}", "{\"a\":1}", "{\"b\":1,\"c\":2,\"a\":3}", "{\"x\":1,\"all\":2}", "[1]");
    BROKEN(&rest, "{\"b\":1}", "{\"c\":1,\"x\":2}", "{\"\\u0061a\":1}");
    HOLD(&rest, "{\"\\u0061\":1}");
}

/* 1.0 is an integer, and none that is written plainly. */
static void plain_integers_have_digits_only(void **state)
{
    static const struct mqb_constraint plain =
        CONSTRAINT(TYPE, .types = MQB_TYPE_BIT_PLAIN_INTEGER);
    (void)state;
    HOLD(&plain, "0", "-1", "12345678901234567890123");
    BROKEN(&plain, "1.0", "1e2", "1E2", "-0.5", "\"1\"", "null");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(some_number_of_items_is_contained),
        cmocka_unit_test(unevaluated_items_satisfy_the_rest),
        cmocka_unit_test(unevaluated_members_satisfy_the_rest),
        cmocka_unit_test(plain_integers_have_digits_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
