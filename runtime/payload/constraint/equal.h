/*
 * equal.h - whether two values are equal.
 */
#ifndef MQB_EQUAL_H
#define MQB_EQUAL_H

#include "payload/constraint/check.h"

/** True if a value equals another: 1 and 1.0, members in any order. */
bool mqb_check_equal(struct mqb_check *check, struct mqb_json value, struct mqb_json other);

#endif
