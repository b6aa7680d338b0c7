/*
 * pattern.h - matches a regular expression piece by piece. The initial state is 0.
 */
#ifndef MQB_PATTERN_H
#define MQB_PATTERN_H

#include <mqbind/detail/values.h>

/** The state after a piece of the text. pattern->dead is never left. */
size_t mqb_pattern_feed(const struct mqb_pattern *pattern, size_t state, struct mqb_str piece);

/** True if the text may end in that state. */
bool mqb_pattern_accepts(const struct mqb_pattern *pattern, size_t state);

#endif
