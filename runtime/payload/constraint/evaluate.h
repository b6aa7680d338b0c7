/*
 * evaluate.h - whether a value satisfies a constraint.
 */
#ifndef MQB_EVALUATE_H
#define MQB_EVALUATE_H

#include "payload/constraint/check.h"

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

#endif
