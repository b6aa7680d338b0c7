/*
 * duplicate_members.h - members of checked JSON that have the same name.
 */
#ifndef MQB_DUPLICATE_MEMBERS_H
#define MQB_DUPLICATE_MEMBERS_H

#include <mqbind/mqbind.h>

/**
 * True if an object in checked JSON, at any depth, has a duplicate member; *offset is that of the
 * first name that repeats an earlier one. Uses the `bytes` bytes at `memory`. With as many bytes as
 * the text has, no duplicate is missed; without any, objects of up to 64 members are checked.
 */
bool mqb_raw_twice(struct mqb_json json, char *memory, size_t bytes, size_t *offset);

#endif
