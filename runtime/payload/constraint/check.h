/*
 * check.h - checking a value against constraints: what the files constraint*.c share.
 *
 * A value is a view of the checked text, from its first byte to its last. Whatever a value costs
 * is counted in steps; a step is about the time to pass one byte. Once they are used up every
 * answer comes at once, and none means anything. No value nests deeper than MQB_DEPTH_MAX.
 */
#ifndef MQB_CHECK_H
#define MQB_CHECK_H

#include <mqbind/payload.h>

#include "json/number.h"

/** Why a value is refused. */
struct mqb_refusal {
    enum mqb_status status;
    const char *rule;
    size_t offset; /**< Of the value, or of a member's name, in the text. */
    bool shown; /**< It is about what stands there. */
    struct mqb_str missing; /**< Name of the absent member when status is MQB_ERR_MISSING. */
};

/** A check under way. */
struct mqb_check {
    struct mqb_str text; /**< What offsets count from. */
    struct mqb_scratch scratch; /**< A copy: its free part is used, and never taken. */
    uint64_t steps; /**< Left; 0 once there were too few. */
    size_t bytes; /**< Of a longer text that this one is part of; 0: of none. */
    size_t told; /**< Offset of an array of which `distinct` tells, if it is not 0, plus 1. */
    bool distinct;
    size_t needed; /**< Most bytes of free scratch memory that were needed at once. */
    bool starved; /**< There was not as much; no steps are left then. */
    struct mqb_refusal refusal; /**< Of the last value that was refused. */
};

/**
 * True if the value, which lies in check->text, satisfies the constraint; else check->refusal
 * tells why not. `text` and `scratch` are set, all else is zero. *spent counts the steps of all
 * checks of the text.
 */
bool mqb_check_run(
    struct mqb_check *check,
    const struct mqb_constraint *constraint,
    struct mqb_str value,
    uint64_t *spent);

/* ---- Among the files ---- */

/** What a constraint, and a step to the next item, costs on top of the bytes looked at. */
#define MQB_VISIT_STEPS 8

/** Steps that all checks of a text may take together, and all forms of its values. */
static inline uint64_t mqb_check_steps(size_t text_bytes)
{
    return MQB_CONSTRAINT_STEPS * ((uint64_t)text_bytes + 2000);
}

/** The rule that a text breaks which takes more. */
extern const char mqb_check_rule_steps[];

/** Count steps; false if there are too few. */
bool mqb_check_spend(struct mqb_check *check, size_t steps);

/** Note that the value breaks the rule of the constraint; always false. */
bool mqb_check_refuse(
    struct mqb_check *check,
    const struct mqb_constraint *constraint,
    struct mqb_json value);

/** True if a value satisfies a constraint. */
bool mqb_check_holds(
    struct mqb_check *check,
    const struct mqb_constraint *constraint,
    struct mqb_json value);

/** The same; NULL is anything. */
static inline bool mqb_check_part(
    struct mqb_check *check,
    const struct mqb_constraint *part,
    struct mqb_json value)
{
    return part == NULL || mqb_check_holds(check, part, value);
}

/** True if what a raw string means matches. */
bool mqb_check_matches(
    struct mqb_check *check,
    const struct mqb_pattern *pattern,
    struct mqb_str raw);

/** mqb_json_begin() and mqb_json_next(), counted. */
struct mqb_json_walk mqb_check_begin(struct mqb_json container);
bool mqb_check_next(
    struct mqb_check *check,
    struct mqb_json_walk *walk,
    struct mqb_json *key,
    struct mqb_json *value);

/** Members or items of a container; it may stop counting beyond `enough`. */
size_t mqb_check_count(struct mqb_check *check, struct mqb_json container, size_t enough);

/** Where a value is. */
static inline size_t mqb_check_offset(const struct mqb_check *check, struct mqb_json value)
{
    return (size_t)(value.ptr - check->text.ptr);
}

/** A JSON string without its quotes. */
static inline struct mqb_str mqb_check_raw(struct mqb_json string)
{
    return (struct mqb_str){string.ptr + 1, string.len - 2};
}

/* Constraints on objects, in objects.c; `value` is one. */
bool mqb_check_required(
    struct mqb_check *check,
    const struct mqb_constraint *constraint,
    struct mqb_json value);
bool mqb_check_members(
    struct mqb_check *check,
    const struct mqb_constraint_members *members,
    struct mqb_json value);
bool mqb_check_names(
    struct mqb_check *check,
    const struct mqb_constraint *part,
    struct mqb_json value);
bool mqb_check_if_member(
    struct mqb_check *check,
    const struct mqb_constraint_if_member *if_member,
    struct mqb_json value);

/** True if no two items of an array are equal; in unique_items.c. */
bool mqb_check_unique(struct mqb_check *check, struct mqb_json array);

/** True if a value equals another: 1 and 1.0, members in any order; in equal.c. */
bool mqb_check_equal(struct mqb_check *check, struct mqb_json value, struct mqb_json other);

/**
 * With one key equal values have the same fingerprint, others hardly ever. Nobody can choose
 * values that do before the key is known: it is a hash of a text that holds them. In
 * fingerprint.c.
 */
uint64_t mqb_check_print(struct mqb_check *check, uint64_t key, struct mqb_json value);
uint64_t mqb_check_key(struct mqb_check *check, struct mqb_json value);

/* Numbers as they are written, exact at any length; in numbers.c. */
int mqb_decimal_compare(struct mqb_str a, struct mqb_str b);
bool mqb_decimal_is_integer(struct mqb_str number);
bool mqb_decimal_is_multiple(struct mqb_str number, const struct mqb_constraint_divisor *divisor);

/** The power of ten of the first digit, modulo a number below 2^60. */
uint64_t mqb_decimal_exponent(const struct mqb_decimal *decimal, uint64_t modulus);

#endif
