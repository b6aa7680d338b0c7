/* The rules that topics and filters break. */
#ifndef MQB_TEST_TOPIC_RULES_H
#define MQB_TEST_TOPIC_RULES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define NOT_EMPTY "a topic must not be empty"
#define NO_WILDCARD "a topic must not contain \"+\", \"#\" or NUL"
#define UTF8 "a topic must be valid UTF-8"

static inline void assert_rule(const char *rule, const char *expected)
{
    if (expected == NULL)
        assert_null(rule);
    else
        assert_string_equal(rule, expected);
}

#endif
