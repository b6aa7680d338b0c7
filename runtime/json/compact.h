/*
 * compact.h - JSON without the whitespace between its tokens. The text has been checked, or is the
 * start of one that has; on other bytes the functions stay within it.
 */
#ifndef MQB_COMPACT_H
#define MQB_COMPACT_H

#include <mqbind/mqbind.h>

/** False if there may be whitespace between tokens: also for spaces in strings of containers. */
bool mqb_json_is_compact(struct mqb_str text);

/**
 * The bytes from *at on up to the next whitespace between tokens; *at is moved behind them. Empty
 * at the end of the text.
 */
struct mqb_str mqb_json_compact_next(struct mqb_str text, size_t *at);

/** Length of the text without whitespace between tokens. */
size_t mqb_json_compact_length(struct mqb_str text);

/** Copy the text without whitespace between tokens to `out`, and return its length. */
size_t mqb_json_compact_copy(struct mqb_str text, char *out);

#endif
