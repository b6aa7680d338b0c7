/*
 * members.h - finds members of objects.
 */
#ifndef MQB_DIRECT_MEMBERS_H
#define MQB_DIRECT_MEMBERS_H

#include <mqbind/detail/reader.h>

/** The known member with that name, which was read last, or their count. */
size_t mqb_direct_find_member(
    const struct mqb_reader *r,
    const struct mqb_members *members,
    struct mqb_str name);

#endif
