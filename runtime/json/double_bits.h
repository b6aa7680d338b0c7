/*
 * double_bits.h - how a double is laid out (IEEE 754, binary64).
 */
#ifndef MQB_DOUBLE_BITS_H
#define MQB_DOUBLE_BITS_H

#include <stdint.h>

#define MQB_DOUBLE_SIGN (UINT64_C(1) << 63)
#define MQB_DOUBLE_FRACTION_BITS 52
#define MQB_DOUBLE_EXPONENT_MASK 0x7FF
#define MQB_DOUBLE_MIN_EXPONENT (-1022) /* of the smallest normal one, as a power of two */

#endif
