/*
 * skip.h - steps over checked JSON. On any other bytes they stay within the text and move forward.
 */
#ifndef MQB_SKIP_H
#define MQB_SKIP_H

#include <mqbind/mqbind.h>

/** The first offset from `at` on that is not blank. */
size_t mqb_json_blanks(struct mqb_str text, size_t at);

/** Just past the value that begins at `at`. */
size_t mqb_json_value_end(struct mqb_str text, size_t at);

#endif
