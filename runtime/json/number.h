/*
 * number.h - JSON numbers as C numbers, exact, without the C library or its locale.
 *
 * `text` is a number token that the JSON grammar has already accepted. Time is linear in its
 * length, whatever its digits and exponent.
 */
#ifndef MQB_NUMBER_H
#define MQB_NUMBER_H

#include <mqbind/mqbind.h>

#include <float.h>

#include "json/decimal_to_double.h"

/*
 * If double arithmetic is done in hardware and rounds each result to double, short decimals need
 * one division. 32-bit machines either keep extra bits or divide in software, which is no faster
 * than exact integers and takes more code.
 */
#if FLT_EVAL_METHOD == 0 && UINTPTR_MAX > UINT32_MAX
#define MQB_SHORT_DECIMALS 1
#else
#define MQB_SHORT_DECIMALS 0
#endif

/*
 * An integer is a number whose value is one: "1.0", "1e2" and "10e-1" are, "-0" is 0. MQB_ERR_TYPE
 * if it is not integral, MQB_ERR_LIMIT if it is out of range of the C type (for uint64_t,
 * everything below zero). *value is set only with MQB_OK.
 */
enum mqb_status mqb_number_int64(struct mqb_str text, int64_t *value);
enum mqb_status mqb_number_uint64(struct mqb_str text, uint64_t *value);

/**
 * The nearest double, ties to even. MQB_ERR_LIMIT if that exceeds the largest double; underflow
 * gives zero, with the sign of the text.
 */
enum mqb_status mqb_number_double(struct mqb_str text, double *value);

/**
 * The nearest double to digits / 10^decimals, of at most 17 decimals. False if that takes more than
 * one operation.
 */
bool mqb_number_divide(uint64_t digits, unsigned decimals, double *value);

/**
 * The value of up to 17 digits, with or without a point between them. False for any other text,
 * number or not, and if it takes more than one operation.
 */
bool mqb_number_short(struct mqb_str text, double *value);

/** True if the value is below zero, so not for "-0" and "-0.0". */
bool mqb_number_is_negative(struct mqb_str text);

/** The digits and the power of ten of a number. */
struct mqb_decimal mqb_number_decimal(struct mqb_str text);

#endif
