/*
 * pattern.h - matches a regular expression piece by piece.
 */
#ifndef MQB_PATTERN_H
#define MQB_PATTERN_H

#include <mqbind/detail/values.h>

/** How far the text was matched; zero at first. */
struct mqb_pattern_state {
    size_t state;
    uint32_t count;
};

/** Match a piece of the text. */
void mqb_pattern_feed(
    const struct mqb_pattern *pattern,
    struct mqb_pattern_state *state,
    struct mqb_str piece);

/** True if the text may end there. */
bool mqb_pattern_accepts(const struct mqb_pattern *pattern, const struct mqb_pattern_state *state);

#endif
