/*
 * values.h - what reading and writing a payload share.
 */
#ifndef MQBIND_DETAIL_VALUES_H
#define MQBIND_DETAIL_VALUES_H

#include <mqbind/detail/memory.h>

#ifdef __cplusplus
extern "C" {
#endif

/* For functions that are called rarely: compilers move them and the branches to them aside. */
#if defined(__GNUC__)
#define MQB_COLD __attribute__((cold))
#else
#define MQB_COLD
#endif

/* ---- Values that reading and writing share ---- */

/** One value of a string enum, and its constant. */
struct mqb_choice {
    struct mqb_str text;
    int value;
};

/** All values of a string enum; of several with one constant the first is sent. */
struct mqb_choices {
    const struct mqb_choice *items;
    size_t count;
    const char *rule; /**< "must be \"MD5\" or \"SHA256\"" */
    bool escaped; /**< A string has a quote, a backslash or a control character. */
};

/** Consecutive bytes of one class. */
struct mqb_byte_range {
    uint8_t first;
    uint8_t last;
    uint8_t byte_class;
};

/** How many characters a state of a pattern takes: less than `high` may be followed by another. */
struct mqb_pattern_counter {
    uint32_t low;
    uint32_t high; /**< UINT32_MAX for no limit. */
};

/** Bits of mqb_pattern.next, if it counts: the next state has one character more, or its first. */
#define MQB_PATTERN_MORE 0x4000U
#define MQB_PATTERN_FIRST 0x8000U

/** A regular expression as a deterministic automaton over the bytes of UTF-8. */
struct mqb_pattern {
    /** In ascending order; the last one ends at 255. Bytes in no range are of class 0. */
    const struct mqb_byte_range *ranges;
    const uint16_t *next; /**< next[state * class_count + class]; state 0 is the start. */
    const uint8_t *accepting; /**< Bit `state % 8` of byte `state / 8`: the string may end here. */
    uint16_t class_count;
    uint16_t dead; /**< The state that is never left, or UINT16_MAX if there is none. */
    uint16_t counting; /**< From this state on each has a counter, and three rows. */
    /** NULL if none counts. The row is that of the state, plus 1 from `low` on, plus 1 at `high`.
     */
    const struct mqb_pattern_counter *counters;
};

/** True if the whole string matches. */
bool mqb_pattern_matches(const struct mqb_pattern *pattern, struct mqb_str text);

/** The number of code points in valid UTF-8. */
size_t mqb_utf8_length(struct mqb_str text);

#ifdef __cplusplus
}
#endif

#endif
