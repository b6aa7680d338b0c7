/*
 * member_names.h - names of members, looked up in tables.
 */
#ifndef MQB_MEMBER_NAMES_H
#define MQB_MEMBER_NAMES_H

#include "payload/constraint/check.h"

/** Names in a table of any structs that begin with one. */
struct mqb_check_names {
    const void *first;
    size_t size; /**< Of a struct. */
    size_t count;
};

/** The index of a name, most likely the predicted one, or the count. */
size_t mqb_check_find_name(
    struct mqb_check *check,
    const struct mqb_check_names *names,
    size_t predicted,
    struct mqb_str raw);

/** True if the object has all members that the constraint asks for; else it is refused. */
bool mqb_check_required(
    struct mqb_check *check,
    const struct mqb_constraint *constraint,
    struct mqb_json object);

/** True if the object has a member of that name. */
bool mqb_check_has_member(struct mqb_check *check, struct mqb_str name, struct mqb_json object);

#endif
