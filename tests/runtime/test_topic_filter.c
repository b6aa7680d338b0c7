/* Filters and groups: what MQTT allows, and which topics a filter matches. */
#include "client/topic.h"
#include "client/topic_filter.h"
#include "exactly.h"
#include "topic_rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void filters_are_checked(void **state)
{
    static const char *const good[] = {
        "a", "+", "#", "/", "+/+", "a/#", "/#", "+/a/#", "$SYS/#", "a//b",
    };
    static const char *const bad[] = {
        "", "a+", "+a", "a/b+/c", "a#", "#/a", "a/#/b", "a/##", "++", "a/\xff",
    };
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_true(mqb_topic_filter_valid(exactly(good[i], strlen(good[i]))));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(mqb_topic_filter_valid(exactly(bad[i], strlen(bad[i]))));
    assert_false(mqb_topic_filter_valid(MQB_STR("a\0b")));
}

/* Examples of the MQTT specification, 4.7, among others. */
static void filters_match_as_the_specification_says(void **state)
{
    static const struct {
        const char *filter;
        const char *topic;
        bool matches;
    } cases[] = {
        {"sport/tennis/player1/#", "sport/tennis/player1", true},
        {"sport/tennis/player1/#", "sport/tennis/player1/ranking", true},
        {"sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon", true},
        {"sport/tennis/player1/#", "sport/tennis/player2", false},
        {"sport/tennis/+", "sport/tennis/player1", true},
        {"sport/tennis/+", "sport/tennis/player1/ranking", false},
        {"sport/+", "sport", false},
        {"sport/+", "sport/", true},
        {"+/+", "/finance", true},
        {"/+", "/finance", true},
        {"+", "/finance", false},
        {"#", "a/b", true},
        {"#", "/", true},
        {"a/b", "a/b", true},
        {"a/b", "a/B", false},
        {"a/b", "a", false},
        {"a", "a/b", false},
        {"a/+/c", "a//c", true},
        {"#", "$SYS/uptime", false},
        {"+/uptime", "$SYS/uptime", false},
        {"$SYS/#", "$SYS/uptime", true},
        {"$SYS/+", "$SYS/uptime", true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct mqb_str filter = mqb_str_from(cases[i].filter);
        struct mqb_str topic = mqb_str_from(cases[i].topic);
        if (mqb_topic_filter_matches(filter, topic) != cases[i].matches)
            fail_msg("filter %s, topic %s", cases[i].filter, cases[i].topic);
    }
}

static void groups_are_split_off(void **state)
{
    static const struct {
        const char *text;
        const char *group; /* NULL: none. */
        const char *filter;
    } cases[] = {
        {"$share/g/a", "g", "a"},
        {"$share/g/a/+/#", "g", "a/+/#"},
        {"$share/g//a", "g", "/a"},
        {"$share/g/$SYS/a", "g", "$SYS/a"},
        {"$share//a", "", "a"},
        {"$share/g/", "g", ""},
        {"$share/g", NULL, "$share/g"},
        {"$share/", NULL, "$share/"},
        {"$share", NULL, "$share"},
        {"$shared/g/a", NULL, "$shared/g/a"},
        {"a/$share/g/b", NULL, "a/$share/g/b"},
        {"", NULL, ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct mqb_str filter = exactly(cases[i].text, strlen(cases[i].text));
        struct mqb_str group = {NULL, 0};
        assert_int_equal(mqb_topic_split_group(&filter, &group), cases[i].group != NULL);
        assert_true(mqb_str_equal(filter, mqb_str_from(cases[i].filter)));
        if (cases[i].group != NULL)
            assert_true(mqb_str_equal(group, mqb_str_from(cases[i].group)));
    }
}

static void groups_are_checked(void **state)
{
    const char *rule = "a group must not contain \"/\", \"+\", \"#\" or NUL";
    (void)state;
    assert_null(mqb_topic_group_rule(MQB_STR("crew 1\xc3\xa4$")));
    assert_rule(mqb_topic_group_rule(MQB_STR("a/b")), rule);
    assert_rule(mqb_topic_group_rule(MQB_STR("+")), rule);
    assert_rule(mqb_topic_group_rule(MQB_STR("a#")), rule);
    assert_rule(mqb_topic_group_rule(MQB_STR("a\0")), rule);
    assert_rule(mqb_topic_group_rule(MQB_STR("\xff")), UTF8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(filters_are_checked),
        cmocka_unit_test(filters_match_as_the_specification_says),
        cmocka_unit_test(groups_are_split_off),
        cmocka_unit_test(groups_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
