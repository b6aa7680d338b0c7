/*
 * values.h - what reading and writing a payload share.
 */
#ifndef MQBIND_DETAIL_VALUES_H
#define MQBIND_DETAIL_VALUES_H

#include <mqbind/detail/memory.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What is called in rare cases only: it is kept out of the way of what is common. */
#if defined(__GNUC__)
#define MQB_COLD __attribute__((cold))
#else
#define MQB_COLD
#endif

/* ---- Values that reading and writing share ---- */

/** One spelling of an enumerated string and the constant it stands for. */
struct mqb_choice {
    struct mqb_str text;
    int value;
};

/** All spellings; the first one of a value is the one that is sent. */
struct mqb_choices {
    const struct mqb_choice *items;
    size_t count;
    const char *rule; /**< "must be \"MD5\" or \"SHA256\"" */
    bool escaped; /**< A text has a quote, a backslash or a control character. */
};

/** A regular expression as a deterministic automaton over the bytes of UTF-8 text. */
struct mqb_pattern {
    const uint8_t *classes; /**< 256 entries: the class of each byte. */
    const uint16_t *next; /**< next[state * class_count + class]; state 0 is the start. */
    const uint8_t *accepting; /**< Bit `state % 8` of byte `state / 8`: the text may end here. */
    uint16_t class_count;
    uint16_t dead; /**< The state that no text leaves, or UINT16_MAX if there is none. */
};

/** True if the whole text takes the automaton to an accepting state. */
bool mqb_pattern_matches(const struct mqb_pattern *pattern, struct mqb_str text);

/** Number of code points in valid UTF-8. */
size_t mqb_utf8_length(struct mqb_str text);

#ifdef __cplusplus
}
#endif

#endif
