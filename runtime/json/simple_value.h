/*
 * simple_value.h - the quick way over what raw JSON mostly is.
 */
#ifndef MQB_SIMPLE_VALUE_H
#define MQB_SIMPLE_VALUE_H

/**
 * Just past a scalar, or lists and small objects of such values, of at most `levels`; names have no
 * escapes, and differ. NULL if it is anything else, which may be JSON too.
 */
const char *mqb_json_pass_simple(const char *at, const char *end, unsigned levels);

#endif
