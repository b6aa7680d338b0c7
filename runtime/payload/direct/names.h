/*
 * names.h - names of members, straight from the bytes.
 */
#ifndef MQB_NAMES_H
#define MQB_NAMES_H

#include <mqbind/detail/reader.h>

/*
 * Names of an object that must be distinct: keep each, and compare them at the end of the object.
 */
void mqb_direct_note(struct mqb_reader *r, size_t *count, struct mqb_str name);
void mqb_direct_compare(struct mqb_reader *r, size_t count);

/** Consume a member's name and its colon. The value read last is the name then. */
struct mqb_str mqb_direct_name(struct mqb_reader *r);

#endif
