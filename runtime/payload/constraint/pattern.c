/* Regular expressions at run time: one table lookup per byte. */
#include "payload/constraint/pattern.h"

/* The search starts at the range of the byte before, which has most bytes. */
static inline uint8_t class_of(
    const struct mqb_pattern *pattern,
    const struct mqb_byte_range **range,
    uint8_t byte)
{
    if (byte < (*range)->first)
        *range = pattern->ranges;
    while (byte > (*range)->last)
        ++*range;
    return byte < (*range)->first ? 0U : (*range)->byte_class;
}

static inline size_t feed(const struct mqb_pattern *pattern, size_t state, struct mqb_str piece)
{
    const size_t classes = pattern->class_count;
    const size_t dead = pattern->dead;
    const struct mqb_byte_range *range = pattern->ranges;

    for (size_t i = 0; i < piece.len && state != dead; i++) {
        const uint8_t byte_class = class_of(pattern, &range, (uint8_t)piece.ptr[i]);
        state = pattern->next[state * classes + byte_class];
    }
    return state;
}

/* The row of a state, which depends on the count if it has a counter. */
static inline size_t row_of(const struct mqb_pattern *pattern, size_t state, uint32_t count)
{
    if (pattern->counters == NULL || state < pattern->counting)
        return state;
    const struct mqb_pattern_counter *counter =
        &pattern->counters[(state - pattern->counting) / 3U];
    return state + (count >= counter->low) + (count >= counter->high);
}

/* A count never reaches UINT32_MAX: no string is so long. */
static void feed_counting(
    const struct mqb_pattern *pattern,
    struct mqb_pattern_state *state,
    struct mqb_str piece)
{
    const struct mqb_byte_range *range = pattern->ranges;

    for (size_t i = 0; i < piece.len && state->state != pattern->dead; i++) {
        const size_t row = row_of(pattern, state->state, state->count);
        const uint8_t byte_class = class_of(pattern, &range, (uint8_t)piece.ptr[i]);
        const uint16_t next = pattern->next[row * pattern->class_count + byte_class];

        if ((next & MQB_PATTERN_MORE) != 0)
            state->count++;
        else if ((next & MQB_PATTERN_FIRST) != 0)
            state->count = 1;
        state->state = next & (MQB_PATTERN_MORE - 1U);
    }
}

static inline bool accepts(const struct mqb_pattern *pattern, size_t row)
{
    return ((unsigned)pattern->accepting[row / 8] >> (row % 8) & 1U) != 0;
}

void mqb_pattern_feed(
    const struct mqb_pattern *pattern,
    struct mqb_pattern_state *state,
    struct mqb_str piece)
{
    if (pattern->counters != NULL)
        feed_counting(pattern, state, piece);
    else
        state->state = feed(pattern, state->state, piece);
}

bool mqb_pattern_accepts(const struct mqb_pattern *pattern, const struct mqb_pattern_state *state)
{
    return accepts(pattern, row_of(pattern, state->state, state->count));
}

bool mqb_pattern_matches(const struct mqb_pattern *pattern, struct mqb_str text)
{
    struct mqb_pattern_state state = {0, 0};

    if (pattern->counters == NULL)
        return accepts(pattern, feed(pattern, 0, text));
    feed_counting(pattern, &state, text);
    return mqb_pattern_accepts(pattern, &state);
}
