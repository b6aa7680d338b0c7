/*
 * check.h - a check of a value against constraints: what it may cost, and why a value is refused.
 *
 * A value is a view of the checked text, from its first byte to its last. Whatever a value costs
 * is counted in steps; a step is about the time to pass one byte. Once they are used up every
 * answer comes at once, and none means anything. No value nests deeper than MQB_DEPTH_MAX.
 */
#ifndef MQB_CHECK_H
#define MQB_CHECK_H

#include <mqbind/detail/constraint.h>
#include <mqbind/detail/values.h>

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
    bool rounding; /**< Take fractions as the doubles that hold them. */
    bool fixed; /**< The value that another one is compared with is a constant of the schema. */
    bool bare; /**< The text is one string, without quotes and escapes. */
    size_t needed; /**< Maximum number of bytes of free scratch memory needed at once. */
    bool starved; /**< There was less than that; no steps are left then. */
    struct mqb_refusal refusal; /**< The last refused value. */
};

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

/** Cost of the double of a number. */
#define MQB_ROUNDING_STEPS 500

/** The number to check: as it is written, or as its double, printed in `buf`. */
struct mqb_str mqb_check_number(
    struct mqb_check *check,
    struct mqb_json value,
    char buf[MQB_NUMBER_BYTES]);

/** A JSON string without its quotes. */
static inline struct mqb_str mqb_check_raw(struct mqb_json string)
{
    return (struct mqb_str){string.ptr + 1, string.len - 2};
}

#endif
