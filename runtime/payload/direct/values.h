/*
 * values.h - numbers in the notation that most have.
 */
#ifndef MQB_DIRECT_VALUES_H
#define MQB_DIRECT_VALUES_H

#include <mqbind/mqbind.h>

/** The end of up to 17 digits without sign and exponent at `at`, and their value; else NULL. */
const char *mqb_direct_pass_short(const char *at, const char *end, double *value);

#endif
