/* Regular expressions at run time: one table step a byte. */
#include "pattern.h"

size_t mqb_pattern_feed(const struct mqb_pattern *pattern, size_t state, struct mqb_str piece)
{
    for (size_t i = 0; i < piece.len && state != pattern->dead; i++) {
        size_t byte_class = pattern->classes[(unsigned char)piece.ptr[i]];

        state = pattern->next[state * pattern->class_count + byte_class];
    }
    return state;
}

bool mqb_pattern_accepts(const struct mqb_pattern *pattern, size_t state)
{
    return ((unsigned)pattern->accepting[state / 8] >> (state % 8) & 1U) != 0;
}

bool mqb_pattern_matches(const struct mqb_pattern *pattern, struct mqb_str text)
{
    return mqb_pattern_accepts(pattern, mqb_pattern_feed(pattern, 0, text));
}
