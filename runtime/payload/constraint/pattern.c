/* Regular expressions at run time: one table lookup per byte. */
#include "payload/constraint/pattern.h"

/* The search starts at the range of the byte before, which has most bytes. */
static inline size_t feed(const struct mqb_pattern *pattern, size_t state, struct mqb_str piece)
{
    const size_t classes = pattern->class_count;
    const size_t dead = pattern->dead;
    const struct mqb_byte_range *range = pattern->ranges;

    for (size_t i = 0; i < piece.len && state != dead; i++) {
        const uint8_t byte = (uint8_t)piece.ptr[i];

        if (byte < range->first)
            range = pattern->ranges;
        while (byte > range->last)
            range++;
        state = pattern->next[state * classes + (byte < range->first ? 0U : range->byte_class)];
    }
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
