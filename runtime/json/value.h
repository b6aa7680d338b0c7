/*
 * value.h - questions of the writer and the constraints about raw JSON.
 */
#ifndef MQB_VALUE_H
#define MQB_VALUE_H

#include <mqbind/mqbind.h>

/** The type of the value that begins with `first`. */
enum mqb_json_type mqb_raw_type(char first);

#endif
