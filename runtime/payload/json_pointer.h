/*
 * json_pointer.h - the JSON pointer (RFC 6901) of a place in JSON text.
 *
 * Only errors need it, so the text up to an error is scanned again for it. It may be fed in pieces
 * of any length. The text must be the start of valid JSON; other bytes are safe, but give a
 * meaningless pointer.
 */
#ifndef MQB_JSON_POINTER_H
#define MQB_JSON_POINTER_H

#include <mqbind/detail/writer.h>

void mqb_pointer_init(struct mqb_pointer *p);
void mqb_pointer_feed(struct mqb_pointer *p, struct mqb_str text);

/** Continue an object with members, which was fed to its end, as if that had not been fed. */
void mqb_pointer_reopen(struct mqb_pointer *p);

/** Step into an object, to the member `name` (not escaped), without feeding its text. */
void mqb_pointer_enter(struct mqb_pointer *p, struct mqb_str name);

/**
 * Write the pointer, printable and with a NUL; a longer one ends in "...". After a value it remains
 * the pointer of that value until a comma or bracket follows. An incomplete name is left out.
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
