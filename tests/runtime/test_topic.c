/* Topics and addresses: what MQTT allows, and what matches what. */
#include "client/address.h"
#include "client/topic.h"
#include "exactly.h"
#include "topic_rules.h"
#include "valve.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void topics_are_checked(void **state)
{
    static const struct {
        const char *topic;
        size_t len;
        const char *rule;
    } cases[] = {
        {"a", 1, NULL},        {"/", 1, NULL},           {"//a//", 5, NULL},
        {"$SYS/x", 6, NULL},   {" a b ", 5, NULL},       {"\xc3\xa4/\xf0\x9f\x8c\xb1", 7, NULL},
        {"", 0, NOT_EMPTY},    {"a/+", 3, NO_WILDCARD},  {"a+", 2, NO_WILDCARD},
        {"#", 1, NO_WILDCARD}, {"a\0b", 3, NO_WILDCARD}, {"a/\xff", 3, UTF8},
        {"a/\xc3", 3, UTF8},   {"\xc0\x80", 2, UTF8},    {"\xed\xa0\x80", 3, UTF8},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_rule(mqb_topic_rule(exactly(cases[i].topic, cases[i].len)), cases[i].rule);
}

static void a_topic_has_at_most_65535_bytes(void **state)
{
    static char text[65536];
    (void)state;
    memset(text, 'x', sizeof text);
    assert_null(mqb_topic_rule((struct mqb_str){text, 65535}));
    assert_rule(
        mqb_topic_rule((struct mqb_str){text, 65536}), "a topic must have at most 65535 bytes");
}

static void values_become_exactly_one_level(void **state)
{
    static const struct mqb_parameter any = {.name = "x"};
    static const char *no_separator =
        "a topic parameter must not contain \"/\", \"+\", \"#\" or NUL";
    (void)state;
    assert_null(mqb_topic_value_rule(&any, MQB_STR("0004123")));
    assert_null(mqb_topic_value_rule(&any, MQB_STR("\xe4\xb8\xad")));
    assert_rule(
        mqb_topic_value_rule(&any, (struct mqb_str){NULL, 0}),
        "a topic parameter must not be empty");
    assert_rule(mqb_topic_value_rule(&any, MQB_STR("a/b")), no_separator);
    assert_rule(mqb_topic_value_rule(&any, MQB_STR("/")), no_separator);
    assert_rule(mqb_topic_value_rule(&any, MQB_STR("a+")), no_separator);
    assert_rule(mqb_topic_value_rule(&any, MQB_STR("#")), no_separator);
    assert_rule(mqb_topic_value_rule(&any, MQB_STR("a\0")), no_separator);
    assert_rule(mqb_topic_value_rule(&any, MQB_STR("a\x80")), UTF8);
}

static void pattern_and_length_of_a_parameter_hold_in_both_directions(void **state)
{
    const struct mqb_parameter *id = &valve_id;
    const struct mqb_parameter *part = &valve_part;
    (void)state;
    assert_null(mqb_topic_value_rule(id, MQB_STR("abcdefgh")));
    assert_rule(mqb_topic_value_rule(id, MQB_STR("abcdefghi")), id->rule);
    assert_rule(mqb_topic_value_rule(id, MQB_STR("Abc")), id->rule);
    assert_rule(mqb_topic_level_rule(id, MQB_STR("a1")), id->rule);
    assert_null(mqb_topic_level_rule(id, MQB_STR("a")));
    assert_rule(mqb_topic_level_rule(id, MQB_STR("")), "a topic parameter must not be empty");
    /* The length counts code points. */
    assert_null(mqb_topic_value_rule(part, MQB_STR("\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad")));
    assert_rule(mqb_topic_value_rule(part, MQB_STR("abcd")), part->rule);
}

static const struct mqb_parameter x = {.name = "x"};
static const struct mqb_parameter y = {.name = "y"};
static const struct mqb_parameter z = {.name = "z"};
static const struct mqb_parameter *const plain[] = {&x, &y, &z};
static const struct mqb_str any[3];

static void an_address_captures_its_levels(void **state)
{
    static const struct mqb_address address = {"/sys/{}/a/{}", plain, 2};
    struct mqb_str levels[MQB_PARAMETERS_MAX];
    struct mqb_str topic = exactly("/sys/e465b881d850/a/7", 21);
    (void)state;
    assert_true(mqb_topic_match(&address, any, topic, levels));
    assert_true(mqb_str_equal(levels[0], MQB_STR("e465b881d850")));
    assert_true(mqb_str_equal(levels[1], MQB_STR("7")));
    assert_ptr_equal(levels[0].ptr, topic.ptr + 5);
    /* MQTT knows empty levels: they match, and their rule refuses them. */
    assert_true(mqb_topic_match(&address, any, MQB_STR("/sys//a/"), levels));
    assert_int_equal(levels[0].len, 0);
    assert_int_equal(levels[1].len, 0);
}

static void other_topics_do_not_match_an_address(void **state)
{
    static const struct mqb_address address = {"/sys/{}/a/{}", plain, 2};
    static const char *const topics[] = {
        "",
        "/",
        "/sys",
        "/sys/",
        "/sys/1",
        "/sys/1/a",
        "/sys/1/b/2",
        "/sys/1/a/2/",
        "/sys/1/a/2/3",
        "sys/1/a/2",
        "/sys/1/aa/2",
        "/sYs/1/a/2",
        "x/sys/1/a/2",
    };
    struct mqb_str levels[MQB_PARAMETERS_MAX];
    (void)state;
    for (size_t i = 0; i < sizeof topics / sizeof topics[0]; i++) {
        struct mqb_str topic = exactly(topics[i], strlen(topics[i]));
        assert_false(mqb_topic_match(&address, any, topic, levels));
    }
}

static void an_address_is_filled_with_levels(void **state)
{
    static const struct mqb_address address = {"a/{}/{}", plain, 2};
    const struct mqb_str levels[] = {{NULL, 0}, MQB_STR("bcd")};
    char buf[9];
    (void)state;
    assert_int_equal(mqb_topic_write(&address, levels, buf, sizeof buf), 7);
    assert_string_equal(buf, "a/+/bcd");
    assert_int_equal(mqb_topic_write(&address, levels, buf, 8), 7);
    assert_string_equal(buf, "a/+/bcd");
    for (size_t cap = 0; cap < 8; cap++) {
        memset(buf, '~', sizeof buf);
        assert_int_equal(mqb_topic_write(&address, levels, buf, cap), 7);
        assert_int_equal(buf[cap], '~');
    }
    assert_int_equal(mqb_topic_write(&address, levels, NULL, 0), 7);
}

/* An address, the values that a binding gives, a topic, and what its parameters are in it. */
static void values_span_parts_of_levels_and_several(void **state)
{
    static const struct mqb_parameter rest = {.name = "rest", .multi_level = true};
    static const struct mqb_parameter server = {
        .name = "server", .multi_level = true, .bound = true};
    static const struct mqb_parameter *const x_and_rest[] = {&x, &rest};
    static const struct mqb_parameter *const server_and_x[] = {&server, &x};
    static const struct mqb_address part = {"a/n-{}.s/b", plain, 1};
    static const struct mqb_address parts = {"{}-{}_{}/a", plain, 3};
    static const struct mqb_address tail = {"a/{}/{}", x_and_rest, 2};
    static const struct mqb_address bound = {"v/{}/a/{}", server_and_x, 2};
    static const struct {
        const struct mqb_address *address;
        const char *values[2]; /* NULL: any. */
        const char *topic;
        const char *levels[3]; /* The first is NULL: the topic does not match. */
        const char *filter;
    } cases[] = {
        {&part, {NULL}, "a/n-x.s/b", {"x"}, "a/+/b"},
        {&part, {NULL}, "a/n-.s.s/b", {".s"}, "a/+/b"},
        {&part, {NULL}, "a/n-.s/b", {""}, "a/+/b"},
        {&part, {NULL}, "a/n-xs/b", {NULL}, "a/+/b"},
        {&part, {NULL}, "a/m-x.s/b", {NULL}, "a/+/b"},
        {&part, {NULL}, "a/n-/.s/b", {NULL}, "a/+/b"},
        {&part, {NULL}, "a/n-", {NULL}, "a/+/b"},
        {&part, {"y"}, "a/n-y.s/b", {"y"}, "a/n-y.s/b"},
        {&part, {"y"}, "a/n-yy.s/b", {"yy"}, "a/n-y.s/b"},
        {&parts, {NULL}, "x-y_z/a", {"x", "y", "z"}, "+/a"},
        {&parts, {NULL}, "x-x-y_z_z/a", {"x", "x-y", "z_z"}, "+/a"},
        {&parts, {NULL}, "xy_z/a", {NULL}, "+/a"},
        {&parts, {NULL}, "x-y/a", {NULL}, "+/a"},
        {&parts, {"x"}, "x-x-y_z/a", {"x", "x-y", "z"}, "+/a"},
        {&tail, {NULL}, "a/x/b/c", {"x", "b/c"}, "a/+/#"},
        {&tail, {NULL}, "a/x/", {"x", ""}, "a/+/#"},
        {&tail, {NULL}, "a/x", {NULL}, "a/+/#"},
        {&tail, {NULL, "b/c"}, "a/x/b/c", {"x", "b/c"}, "a/+/b/c"},
        {&tail, {NULL, "b"}, "a/x/b/c", {"x", "b/c"}, "a/+/b"},
        {&bound, {"s/t"}, "v/s/t/a/x", {"s/t", "x"}, "v/s/t/a/+"},
        {&bound, {"s"}, "v/s/t/a/x", {NULL}, "v/s/a/+"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct mqb_address *address = cases[i].address;
        struct mqb_str values[3] = {mqb_str_from(cases[i].values[0])};
        struct mqb_str levels[MQB_PARAMETERS_MAX];
        struct mqb_str topic = exactly(cases[i].topic, strlen(cases[i].topic));
        char filter[32];

        values[1] = mqb_str_from(cases[i].values[1]);
        mqb_topic_write(address, values, filter, sizeof filter);
        assert_string_equal(filter, cases[i].filter);
        assert_true(mqb_topic_written(address, values, mqb_str_from(filter)));
        assert_false(mqb_topic_written(address, values, MQB_STR("v/")));
        assert_false(mqb_topic_written(address, values, MQB_STR("a/n-y.s/b/v/s/a/+/a/+/b/c")));
        assert_int_equal(
            mqb_topic_match(address, values, topic, levels), cases[i].levels[0] != NULL);
        for (size_t j = 0; cases[i].levels[0] != NULL && j < address->parameter_count; j++)
            assert_true(mqb_str_equal(levels[j], mqb_str_from(cases[i].levels[j])));
    }
}

static void what_a_binding_must_give_fits_nothing_without_it(void **state)
{
    static const struct mqb_parameter dynamic = {.name = "t", .multi_level = true, .bound = true};
    static const struct mqb_parameter *const parameters[] = {&dynamic};
    static const struct mqb_address address = {"{}", parameters, 1};
    const struct mqb_str values[] = {MQB_STR("a/b")};
    struct mqb_str levels[MQB_PARAMETERS_MAX];
    (void)state;
    assert_false(mqb_topic_match(&address, any, MQB_STR("a/b"), levels));
    assert_true(mqb_topic_match(&address, values, MQB_STR("a/b"), levels));
    assert_null(mqb_topic_value_rule(&dynamic, values[0]));
    assert_rule(
        mqb_topic_value_rule(&dynamic, MQB_STR("a/+")),
        "a topic parameter must not contain \"+\", \"#\" or NUL");
}

/* A parameter ends where the text behind it first begins, but is not empty. */
static void values_do_not_hold_the_text_that_ends_them(void **state)
{
    static const struct {
        const char *end;
        const char *value;
        bool refused;
    } cases[] = {
        {".", "pump", false}, {".", "pump.1", true}, {".", ".pump", false}, {".", "..", true},
        {".", "p.", true},    {"--", "a-b", false},  {"--", "a-", true},    {"--", "a--b", true},
        {"--", "-", false},   {"-.-", "a-.", true},  {"-.-", "a-", false},  {"-.-", "-.-", false},
        {"ab", "xa", false},  {"aba", "xab", true},  {"aba", "ab", false},  {".", ".", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct mqb_parameter part = {.name = "a", .end = cases[i].end};
        const struct mqb_parameter *const parts[] = {&part, &x};
        char text[16];
        snprintf(text, sizeof text, "{}%s{}", cases[i].end);
        const struct mqb_address address = {text, parts, 2};
        const struct mqb_str value = exactly(cases[i].value, strlen(cases[i].value));
        const struct mqb_str values[] = {value, MQB_STR("u")};
        struct mqb_str levels[MQB_PARAMETERS_MAX];
        char topic[32];
        const size_t len = mqb_topic_write(&address, values, topic, sizeof topic);
        assert_rule(
            mqb_topic_value_rule(&part, value),
            cases[i].refused
                ? "a topic parameter must not contain the text that ends it in its level"
                : NULL);
        assert_true(mqb_topic_match(&address, any, (struct mqb_str){topic, len}, levels));
        assert_int_equal(mqb_str_equal(levels[0], value), !cases[i].refused);
    }
}

static void only_what_an_address_has_starts_with_a_dollar(void **state)
{
    static const char *rule = "a topic parameter must not start a topic with \"$\"";
    static const struct mqb_address open = {"{}/a", plain, 1};
    static const struct mqb_address own = {"$SYS/{}", plain, 1};
    (void)state;
    assert_rule(mqb_topic_start_rule(&open, "$share/a"), rule);
    assert_rule(mqb_topic_start_rule(&open, "$/a"), rule);
    assert_null(mqb_topic_start_rule(&open, "a$/a"));
    assert_null(mqb_topic_start_rule(&open, "+/a"));
    assert_null(mqb_topic_start_rule(&own, "$SYS/x"));
}

static void a_topic_fits_an_address_that_allows_its_parameters(void **state)
{
    static const struct mqb_parameter server = {
        .name = "server", .multi_level = true, .bound = true};
    static const struct mqb_parameter id = {
        .name = "id", .max_length = 2, .rule = "id must have at most 2 characters"};
    static const struct mqb_parameter *const parts[] = {&server, &id};
    static const struct mqb_address address = {"{}/{}", parts, 2};
    const struct mqb_str values[] = {MQB_STR("a/b")}; /* The others are not looked at. */
    (void)state;
    assert_true(mqb_topic_fits(&address, values, MQB_STR("a/b/cd")));
    assert_false(mqb_topic_fits(&address, values, MQB_STR("a/b/cde")));
    assert_false(mqb_topic_fits(&address, values, MQB_STR("a/b/")));
    assert_false(mqb_topic_fits(&address, values, MQB_STR("a/c")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(topics_are_checked),
        cmocka_unit_test(a_topic_has_at_most_65535_bytes),
        cmocka_unit_test(values_become_exactly_one_level),
        cmocka_unit_test(pattern_and_length_of_a_parameter_hold_in_both_directions),
        cmocka_unit_test(an_address_captures_its_levels),
        cmocka_unit_test(other_topics_do_not_match_an_address),
        cmocka_unit_test(an_address_is_filled_with_levels),
        cmocka_unit_test(values_span_parts_of_levels_and_several),
        cmocka_unit_test(what_a_binding_must_give_fits_nothing_without_it),
        cmocka_unit_test(values_do_not_hold_the_text_that_ends_them),
        cmocka_unit_test(only_what_an_address_has_starts_with_a_dollar),
        cmocka_unit_test(a_topic_fits_an_address_that_allows_its_parameters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
