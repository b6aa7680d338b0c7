/*
 * rounding.h - what becomes of a number that is stored as a double.
 *
 * A double stands for its shortest form, which is what is sent: 0.1 is kept, although no double
 * equals it, and 0.29999999999999999999 becomes 0.3. Nothing here takes more than linear time.
 */
#ifndef MQB_ROUNDING_H
#define MQB_ROUNDING_H

#include <mqbind/mqbind.h>

/**
 * True if a number surely is the shortest form of its double: it has at most 15 digits and is not
 * among the largest and the smallest numbers.
 */
bool mqb_rounding_keeps(struct mqb_str number);

/** True for a fraction, and for an integer that equals its double or its double's shortest form. */
bool mqb_rounding_keeps_integer(struct mqb_str number, double value);

/**
 * The shortest form of the double of a fraction: a view of `buf`, or of the number if it is kept.
 * Integers, and what is beyond the doubles, stay as they are.
 */
struct mqb_str mqb_rounding_print(struct mqb_str number, char buf[MQB_NUMBER_BYTES]);

#endif
