/* What the tests of constraints share: writing them down, and asking them. */
#ifndef TESTS_CONSTRAINTS_H
#define TESTS_CONSTRAINTS_H

#include "exactly.h"
#include "json_texts.h"

#include <mqbind/detail/constraint.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "json/scanner.h"
#include "json/skip.h"
#include "payload/constraint/evaluate.h"
#include "payload/error.h"
#include "payload/json_pointer.h"
#include "scratch.h"

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

static inline void fill_error(
    struct mqb_error *error,
    const struct mqb_refusal *refusal,
    struct mqb_str text)
{
    const size_t offset = refusal->offset;
    mqb_error_set(error, refusal->status, refusal->rule, offset);
    mqb_pointer_find(text, offset, refusal->missing, error->path);
    if (refusal->shown)
        mqb_error_show(error, (struct mqb_str){text.ptr + offset, text.len - offset}, false);
}

/* Check a whole JSON text. `scratch` may be NULL: no memory. `error` is filled unless it is NULL.
 */
static inline enum mqb_status check_constraint(
    const struct mqb_constraint *constraint,
    struct mqb_json json,
    struct mqb_scratch *scratch,
    struct mqb_error *error)
{
    struct mqb_check check = {.text = {json.ptr, json.len}};
    struct mqb_json_scan scan;
    uint64_t spent = 0;
    const enum mqb_status status = mqb_json_scan(check.text, MQB_DEPTH_MAX, &scan);
    if (status != MQB_OK)
        return status;
    const size_t start = mqb_json_blanks(check.text, 0);
    const size_t end = mqb_json_value_end(check.text, start);
    if (scratch != NULL)
        check.scratch = *scratch;
    const struct mqb_str value = {json.ptr + start, end - start};
    const bool holds = mqb_check_run(&check, constraint, value, &spent);
    if (scratch != NULL && check.needed != 0)
        mqb_scratch_note(scratch, check.needed);
    if (holds)
        return MQB_OK;
    if (error != NULL)
        fill_error(error, &check.refusal, check.text);
    return check.refusal.status;
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
    const enum mqb_status status = check_constraint(constraint, json, NULL, NULL);
    scratch.used = 100;
    assert_int_equal(check_constraint(constraint, json, &scratch, error), status);
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
