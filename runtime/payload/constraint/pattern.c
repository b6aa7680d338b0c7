/* Regular expressions at run time: one table lookup per byte. */
#include "payload/constraint/pattern.h"

static inline size_t feed(const struct mqb_pattern *pattern, size_t state, struct mqb_str piece)
{
    const size_t classes = pattern->class_count;
    const size_t dead = pattern->dead;
    for (size_t i = 0; i < piece.len && state != dead; i++)
        state = pattern->next[state * classes + pattern->classes[(unsigned char)piece.ptr[i]]];
    return state;
}

static inline bool accepts(const struct mqb_pattern *pattern, size_t state)
{
    return ((unsigned)pattern->accepting[state / 8] >> (state % 8) & 1U) != 0;
}

size_t mqb_pattern_feed(const struct mqb_pattern *pattern, size_t state, struct mqb_str piece)
{
    return feed(pattern, state, piece);
}

bool mqb_pattern_accepts(const struct mqb_pattern *pattern, size_t state)
{
    return accepts(pattern, state);
}

bool mqb_pattern_matches(const struct mqb_pattern *pattern, struct mqb_str text)
{
    return accepts(pattern, feed(pattern, 0, text));
}
