/*
 * simple.h - constraints that have no others in them.
 */
#ifndef MQB_SIMPLE_H
#define MQB_SIMPLE_H

#include "payload/constraint/check.h"

/**
 * True if the value satisfies the constraint, which is of its type and has no parts. The caller
 * notes the refusal.
 */
bool mqb_check_simple(
    struct mqb_check *check,
    const struct mqb_constraint *constraint,
    struct mqb_json value);

/** The same for a string without quotes and escapes. */
bool mqb_check_bare(
    struct mqb_check *check,
    const struct mqb_constraint *constraint,
    struct mqb_json value);

/** True if the string that a raw string represents matches. */
bool mqb_check_matches(
    struct mqb_check *check,
    const struct mqb_pattern *pattern,
    struct mqb_str raw);

#endif
