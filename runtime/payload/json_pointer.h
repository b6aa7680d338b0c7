/*
 * json_pointer.h - the JSON pointer (RFC 6901) of the place that a run of JSON has come to.
 *
 * Only errors need it, so it is paid for when there is one: the text up to the error is fed
 * again. Feeding may be done in pieces of any length. The text must be the start of valid JSON;
 * any other bytes are safe, but give some other pointer.
 */
#ifndef MQB_JSON_POINTER_H
#define MQB_JSON_POINTER_H

#include <mqbind/payload.h>

void mqb_pointer_init(struct mqb_pointer *p);
void mqb_pointer_feed(struct mqb_pointer *p, struct mqb_str text);

/** Step into an object, to the member `name` (not escaped), without feeding its text. */
void mqb_pointer_enter(struct mqb_pointer *p, struct mqb_str name);

/**
 * Write the pointer, printable and with a NUL; a longer one ends in "...". After a value it is
 * still the pointer of that value, until a comma or bracket follows. A name that is not complete
 * is left out.
 */
void mqb_pointer_path(const struct mqb_pointer *p, char path[MQB_PATH_BYTES]);

/**
 * The pointer of the value, or of the member name, that begins at `offset` of `text`, which is
 * valid so far. `name`, unless its ptr is NULL, is a member missing from the object there.
 */
void mqb_pointer_find(
    struct mqb_str text,
    size_t offset,
    struct mqb_str name,
    char path[MQB_PATH_BYTES]);

#endif
