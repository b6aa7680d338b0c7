/* Values made to take time, memory or stack: each ends soon, in its verdict or in a limit. */
#include "constraints.h"

#include <stdio.h>

static const struct mqb_constraint unique = CONSTRAINT(UNIQUE, .types = 0);

static char large[1100000];
static char memory[4500000];

/* With or without scratch memory. What goes wrong takes so long that the test is ended. */
static enum mqb_status checked(
    const struct mqb_constraint *constraint,
    size_t len,
    bool with_scratch)
{
    struct mqb_scratch scratch = mqb_scratch_from(memory, sizeof(memory));
    const struct mqb_str copy = exactly(large, len);
    const struct mqb_json json = {copy.ptr, copy.len};
    return check_constraint(constraint, json, with_scratch ? &scratch : NULL, NULL);
}

/* An array; each item is printed with its number. */
static size_t fill(const char *format, int step, size_t size)
{
    size_t len = 0;
    for (int i = 1; len < size; i += step)
        len += (size_t)snprintf(large + len, sizeof(large) - len, format, i);
    large[0] = '[';
    large[len] = ']';
    return len + 1;
}

static void many_items(void **state)
{
    static const char *const formats[] = {
        ",%1$d",
        ",%1$de-1",
        ",\"%1$d\"",
        ",\"\\u0041%1$d\"",
        ",[[[[[[[[%1$d]]]]]]]]",
        ",{\"a\":%1$d,\"b\":1}",
        ",{\"%1$d\":\"%1$d\"}",
        ",{\"%1$d\":\"x%1$d\"},{\"x%1$d\":\"%1$d\"}",
        ",{\"%1$d\":1,\"x%1$d\":2},{\"%1$d\":2,\"x%1$d\":1}",
        ",{\"a\":[%1$d,0]},{\"a\":[0,%1$d,0]},[\"a\",%1$d],{\"a\":{\"a\":%1$d}},[[%1$d,0]]",
    };
    (void)state;
    for (size_t i = 0; i < COUNT(formats); i++) {
        size_t len = fill(formats[i], 1, 1000000);
        assert_int_equal(checked(&unique, len, true), MQB_OK);
        len = fill(formats[i], 1, 300000);
        assert_int_equal(checked(&unique, len, false), MQB_ERR_SPACE);
        len = fill(formats[i], 0, 1000000);
        assert_int_equal(checked(&unique, len, true), MQB_ERR_VALUE);
        assert_int_equal(checked(&unique, len, false), MQB_ERR_SPACE);
    }
}

/* The last two are equal. */
static void one_pair_among_many(void **state)
{
    (void)state;
    const size_t len = fill(",%7d", 1, 1000000);
    assert_int_equal(checked(&unique, len, true), MQB_OK);
    memcpy(large + len - 9, large + len - 17, 8);
    assert_int_equal(checked(&unique, len, true), MQB_ERR_VALUE);
}

/* Two objects with the same members, the second in reverse. */
static size_t fill_reversed(int members)
{
    size_t len = 0;
    for (int i = 0; i < 2 * members; i++) {
        const int name = i < members ? i : 2 * members - 1 - i;
        const char *before = i == 0 ? "[{" : i == members ? "},{" : ",";
        len += (size_t)snprintf(large + len, sizeof(large) - len, "%s\"%d\":[]", before, name);
    }
    memcpy(large + len, "}]", 2);
    return len + 2;
}

static void members_in_reverse(void **state)
{
    (void)state;
    assert_int_equal(checked(&unique, fill_reversed(300), true), MQB_ERR_VALUE);
    assert_int_equal(checked(&unique, fill_reversed(40000), true), MQB_ERR_VALUE);
}

/* ---- Parts within parts ---- */

static const struct mqb_constraint tree;
static const struct mqb_constraint is_array = TYPES(MQB_TYPE_BIT(MQB_JSON_ARRAY));
static const struct mqb_constraint is_string = IS_STRING;
static const struct mqb_constraint is_number = IS_NUMBER;
static const struct mqb_constraint items = CONSTRAINT(ITEMS, .items = {NULL, 0, &tree});
static const struct mqb_constraint *const list_parts[] = {&is_array, &items};
static const struct mqb_constraint list = CONSTRAINT(ALL, PARTS(list_parts));
static const struct mqb_constraint *const tree_parts[] = {&list, &is_string, &list};
static const struct mqb_constraint tree = CONSTRAINT(ANY, PARTS(tree_parts));
static const struct mqb_constraint no_tree = CONSTRAINT(NOT, .part = &tree);
static const struct mqb_constraint no_trees = CONSTRAINT(ITEMS, .items = {NULL, 0, &no_tree});

/* Each level doubles the work, which is in vain. */
static size_t fill_nested(size_t depth, char leaf)
{
    memset(large, '[', depth);
    memset(large + depth + 3, ']', depth);
    large[depth] = '"';
    large[depth + 1] = leaf;
    large[depth + 2] = '"';
    if (leaf == '0')
        memcpy(large + depth, " 0 ", 3);
    return 2 * depth + 3;
}

static void exponential_work(void **state)
{
    (void)state;
    assert_int_equal(checked(&tree, fill_nested(MQB_DEPTH_MAX, 'x'), false), MQB_OK);
    assert_int_equal(checked(&tree, fill_nested(8, '0'), false), MQB_ERR_VALUE);
    assert_int_equal(checked(&tree, fill_nested(MQB_DEPTH_MAX, '0'), false), MQB_ERR_LIMIT);
    assert_int_equal(checked(&no_tree, fill_nested(8, '0'), false), MQB_OK);
    assert_int_equal(checked(&no_tree, fill_nested(MQB_DEPTH_MAX, '0'), false), MQB_ERR_LIMIT);
    assert_int_equal(checked(&no_trees, fill_nested(MQB_DEPTH_MAX, '0'), false), MQB_ERR_LIMIT);
}

/* A limit within a limit: what comes after costs nothing. */
static void exponential_work_again_and_again(void **state)
{
    size_t len = 0;
    (void)state;
    const size_t one = fill_nested(MQB_DEPTH_MAX - 1, '0');
    for (len = one; len < 1000000; len += one + 1) {
        memcpy(large + len + 1, large, one);
        large[len] = ',';
    }
    memmove(large + 1, large, len);
    large[0] = '[';
    large[len + 1] = ']';
    assert_int_equal(checked(&no_trees, len + 2, false), MQB_ERR_LIMIT);
}

static void too_deep(void **state)
{
    (void)state;
    assert_int_equal(checked(&tree, fill_nested(MQB_DEPTH_MAX + 1, 'x'), false), MQB_ERR_LIMIT);
    assert_int_equal(checked(&tree, fill_nested(500000, 'x'), false), MQB_ERR_LIMIT);
}

/* ---- Many members ---- */

enum { NAMES = 300 };
static char name_texts[NAMES][32];
static struct mqb_constraint_named named[NAMES];
static struct mqb_str names[NAMES];

static void make_names(void)
{
    for (size_t i = 0; i < NAMES; i++) {
        const int len = snprintf(name_texts[i], sizeof(name_texts[i]), "member number %zu", i);
        names[i] = (struct mqb_str){name_texts[i], (size_t)len};
        named[i] = (struct mqb_constraint_named){names[i], &is_number};
    }
}

/* An object with all of them, `first` before the others, and many that have no name. */
static size_t fill_members(size_t first, bool absent, size_t size)
{
    size_t len = 0;
    for (size_t i = absent; i < NAMES; i++)
        len += (size_t)snprintf(large + len, 64, ",\"%s\":1", name_texts[(first + i) % NAMES]);
    for (int i = 0; len < size; i++)
        len += (size_t)snprintf(large + len, 64, ",\"member number x%d\":1", i);
    large[0] = '{';
    large[len] = '}';
    return len + 1;
}

static void many_members(void **state)
{
    (void)state;
    make_names();
    const struct mqb_constraint members =
        CONSTRAINT(MEMBERS, .members = {named, NAMES, NULL, 0, &is_number});
    const struct mqb_constraint required = CONSTRAINT(REQUIRED, .names = {names, NAMES});
    for (size_t first = 0; first < NAMES; first += 99) {
        const size_t len = fill_members(first, false, 1000000);
        assert_int_equal(checked(&members, len, false), MQB_OK);
        assert_int_equal(checked(&required, len, false), MQB_OK);
        assert_int_equal(
            checked(&required, fill_members(first, true, 1000000), false), MQB_ERR_MISSING);
    }
}

/* Which name is missing, whichever it is of several words of bits. */
static void each_missing_name_is_reported(void **state)
{
    (void)state;
    make_names();
    const struct mqb_constraint required = CONSTRAINT(REQUIRED, .names = {names, NAMES});
    for (size_t absent = 0; absent < NAMES; absent++) {
        struct mqb_error error;
        const size_t len = fill_members(absent, true, 0);
        const struct mqb_json json = {large, len};
        char path[40] = "/";
        strcat(path, name_texts[absent]);
        assert_int_equal(check_constraint(&required, json, NULL, &error), MQB_ERR_MISSING);
        assert_string_equal(error.path, path);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_items),
        cmocka_unit_test(one_pair_among_many),
        cmocka_unit_test(members_in_reverse),
        cmocka_unit_test(exponential_work),
        cmocka_unit_test(exponential_work_again_and_again),
        cmocka_unit_test(too_deep),
        cmocka_unit_test(many_members),
        cmocka_unit_test(each_missing_name_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
