/* Regular expressions at run time: one table step a byte. */
#include <mqbind/payload.h>

bool mqb_pattern_matches(const struct mqb_pattern *pattern, struct mqb_str text)
{
    size_t state = 0;

    for (size_t i = 0; i < text.len; i++) {
        size_t byte_class = pattern->classes[(unsigned char)text.ptr[i]];

        state = pattern->next[state * pattern->class_count + byte_class];
        if (state == pattern->dead)
            return false;
    }
    return ((unsigned)pattern->accepting[state / 8] >> (state % 8) & 1U) != 0;
}
