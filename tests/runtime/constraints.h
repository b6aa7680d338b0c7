/* What the tests of constraints share: writing them down, and asking them. */
#ifndef TESTS_CONSTRAINTS_H
#define TESTS_CONSTRAINTS_H

#include "exactly.h"
#include "json_texts.h"

#include <mqbind/detail/constraint.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The rule of a constraint is its kind. */
#define CONSTRAINT(kind, ...)                                                                      \
    {                                                                                              \
        MQB_CONSTRAINT_##kind, #kind,                                                              \
        {                                                                                          \
            __VA_ARGS__                                                                            \
        }                                                                                          \
    }
#define TYPES(bits) CONSTRAINT(TYPE, .types = (bits))
#define IS_STRING TYPES(MQB_TYPE_BIT(MQB_JSON_STRING))
#define IS_NUMBER TYPES(MQB_TYPE_BIT(MQB_JSON_NUMBER))
#define PARTS(array) .parts = {array, COUNT(array)}
#define TEXTS(array)                                                                               \
    {                                                                                              \
        array, COUNT(array)                                                                        \
    }

/* Checked with little scratch memory and without; that makes no difference. */
static inline enum mqb_status verdict(
    const struct mqb_constraint *constraint,
    struct mqb_str text,
    struct mqb_error *error)
{
    static char memory[4096];
    struct mqb_scratch scratch = mqb_scratch_from(memory + 1, sizeof(memory) - 1);
    const struct mqb_str copy = exactly(text.ptr, text.len);
    const struct mqb_json json = {copy.ptr, copy.len};
    const enum mqb_status status = mqb_constraint_check(constraint, json, NULL, NULL);
    scratch.used = 100;
    assert_int_equal(mqb_constraint_check(constraint, json, &scratch, error), status);
    assert_int_equal(scratch.used, 100);
    assert_int_equal(scratch.peak, 0);
    return status;
}

static inline bool holds(const struct mqb_constraint *constraint, const char *json)
{
    const enum mqb_status status = verdict(constraint, mqb_str_from(json), NULL);
    if (status > MQB_ERR_VALUE)
        fail_msg("%s: %s", json, mqb_status_text(status));
    return status == MQB_OK;
}

#define assert_holds(constraint, json)                                                             \
    do {                                                                                           \
        if (!holds(constraint, json))                                                              \
            fail_msg("refused: %s", json);                                                         \
    } while (0)

#define assert_broken(constraint, json)                                                            \
    do {                                                                                           \
        if (holds(constraint, json))                                                               \
            fail_msg("accepted: %s", json);                                                        \
    } while (0)

/* Each text of a list that ends in NULL holds, or is refused. */
static inline void all_hold(const struct mqb_constraint *constraint, const char *const *texts)
{
    for (; *texts != NULL; texts++)
        assert_holds(constraint, *texts);
}

static inline void all_broken(const struct mqb_constraint *constraint, const char *const *texts)
{
    for (; *texts != NULL; texts++)
        assert_broken(constraint, *texts);
}

#define HOLD(constraint, ...) all_hold(constraint, (const char *const[]){__VA_ARGS__, NULL})
#define BROKEN(constraint, ...) all_broken(constraint, (const char *const[]){__VA_ARGS__, NULL})

#endif
