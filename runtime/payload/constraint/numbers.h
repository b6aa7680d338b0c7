/*
 * numbers.h - numbers as they are written, exact at any length.
 */
#ifndef MQB_NUMBERS_H
#define MQB_NUMBERS_H

#include <mqbind/detail/constraint.h>

#include "json/decimal_to_double.h"

int mqb_decimal_compare(struct mqb_str a, struct mqb_str b);
bool mqb_decimal_is_integer(struct mqb_str number);
bool mqb_decimal_is_multiple(struct mqb_str number, const struct mqb_constraint_divisor *divisor);

/** The power of ten of the first digit, modulo a number below 2^60. */
uint64_t mqb_decimal_exponent(const struct mqb_decimal *decimal, uint64_t modulus);

#endif
