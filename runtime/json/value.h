/*
 * value.h - questions of the writer and the constraints about raw JSON.
 */
#ifndef MQB_VALUE_H
#define MQB_VALUE_H

#include <mqbind/mqbind.h>

/** The type of the value that begins with `first`. */
enum mqb_json_type mqb_raw_type(char first);

/**
 * True if an object in checked JSON, at any depth, has a duplicate member; *offset is that of the
 * first name that repeats an earlier one. Uses the `bytes` bytes at `memory`. With as many bytes as
 * the text has, no duplicate is missed; without any, objects of up to 64 members are checked.
 */
bool mqb_raw_twice(struct mqb_json json, char *memory, size_t bytes, size_t *offset);

#endif
