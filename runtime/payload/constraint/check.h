/*
 * check.h - checking a value against constraints: declarations shared by the files here.
 *
 * A value is a view of the checked text, from its first byte to its last. The cost of a check is
 * counted in steps; a step is about the time to skip one byte. When they are used up, every
 * function returns at once, and its result is meaningless. No value nests deeper than
 * MQB_DEPTH_MAX.
 */
#ifndef MQB_CHECK_H
#define MQB_CHECK_H

#include <mqbind/detail/constraint.h>
#include <mqbind/detail/values.h>

#include "json/number.h"

/** Why a value is refused. */
struct mqb_refusal {
    enum mqb_status status;
    const char *rule;
    size_t offset; /**< Offset of the value, or of a member's name, in the text. */
    bool shown; /**< The error is about the value there. */
    struct mqb_str missing; /**< Name of the absent member when status is MQB_ERR_MISSING. */
};

/** A check in progress. */
struct mqb_check {
    struct mqb_str text; /**< Start of the text, to which offsets are relative. */
    struct mqb_scratch scratch; /**< A copy: its free part is used, but not reserved. */
    uint64_t steps; /**< Steps left; 0 once there were too few. */
    size_t bytes; /**< Length of the longer text that this one is part of; 0: none. */
    size_t told; /**< Offset plus 1 of the array that `distinct` is about; 0: none. */
    bool distinct;
    size_t needed; /**< Maximum number of bytes of free scratch memory needed at once. */
    bool starved; /**< There was less than that; no steps are left then. */
    struct mqb_refusal refusal; /**< The last refused value. */
};

/**
 * True if the value, which is part of check->text, satisfies the constraint; otherwise
 * check->refusal says why not. `text` and `scratch` are set, all other members are zero. *spent
 * counts the steps of all checks of the text.
 */
bool mqb_check_run(
    struct mqb_check *check,
    const struct mqb_constraint *constraint,
    struct mqb_str value,
    uint64_t *spent);

/* ---- Shared by the files here ---- */

/** Cost of a constraint, and of a step to the next item, in addition to the bytes visited. */
#define MQB_VISIT_STEPS 8

/** Steps that all checks of a payload, and all forms of its values, may take together. */
static inline uint64_t mqb_check_steps(size_t text_bytes)
{
    return MQB_CONSTRAINT_STEPS * ((uint64_t)text_bytes + 2000);
}

/** The rule that a payload breaks if it takes more. */
extern const char mqb_check_rule_steps[];

/** Count steps; false if there are too few. */
bool mqb_check_spend(struct mqb_check *check, size_t steps);

/** Record that the value breaks the rule of the constraint; always false. */
bool mqb_check_refuse(
    struct mqb_check *check,
    const struct mqb_constraint *constraint,
    struct mqb_json value);

/** True if a value satisfies a constraint. */
bool mqb_check_holds(
    struct mqb_check *check,
    const struct mqb_constraint *constraint,
    struct mqb_json value);

/** The same; NULL accepts everything. */
static inline bool mqb_check_part(
    struct mqb_check *check,
    const struct mqb_constraint *part,
    struct mqb_json value)
{
    return part == NULL || mqb_check_holds(check, part, value);
}

/** True if the string that a raw string represents matches. */
bool mqb_check_matches(
    struct mqb_check *check,
    const struct mqb_pattern *pattern,
    struct mqb_str raw);

/** mqb_json_walk_begin() and mqb_json_walk_next(), counted. */
struct mqb_json_walk mqb_check_begin(struct mqb_json container);
bool mqb_check_next(
    struct mqb_check *check,
    struct mqb_json_walk *walk,
    struct mqb_json *key,
    struct mqb_json *value);

/** Number of members or items of a container; may stop counting beyond `enough`. */
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
 * For a given key, equal values have equal fingerprints, others almost never. Nobody can choose
 * colliding values, because the key is a hash of JSON text that contains them. In fingerprint.c.
 */
uint64_t mqb_check_fingerprint(struct mqb_check *check, uint64_t key, struct mqb_json value);
uint64_t mqb_check_key(struct mqb_check *check, struct mqb_json value);

/* Numbers as they are written, exact at any length; in numbers.c. */
int mqb_decimal_compare(struct mqb_str a, struct mqb_str b);
bool mqb_decimal_is_integer(struct mqb_str number);
bool mqb_decimal_is_multiple(struct mqb_str number, const struct mqb_constraint_divisor *divisor);

/** The power of ten of the first digit, modulo a number below 2^60. */
uint64_t mqb_decimal_exponent(const struct mqb_decimal *decimal, uint64_t modulus);

#endif
