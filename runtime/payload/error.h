/*
 * error.h - filling struct mqb_error. Data from a peer is made safe to print here.
 */
#ifndef MQB_ERROR_H
#define MQB_ERROR_H

#include <mqbind/mqbind.h>

/** What a string breaks that is stored in a struct and contains NUL, when read and when written. */
extern const char mqb_rule_nul[];

/** Start an error: path and value are empty. */
void mqb_error_set(
    struct mqb_error *error,
    enum mqb_status status,
    const char *rule,
    size_t offset);

/**
 * Show the JSON value at the start of `text`, which need not be valid JSON. `cut`: the value may
 * continue after the text.
 */
void mqb_error_show(struct mqb_error *error, struct mqb_str text, bool cut);

/** Show the start of text that is not JSON. `cut`: it may continue. */
void mqb_error_show_text(struct mqb_error *error, struct mqb_str text, bool cut);

/**
 * Copy text as printable UTF-8 with a NUL: tabs and line breaks become `blank`, other control
 * characters and bad bytes "?". Text that does not fit in `cap` bytes (at least 4), or has already
 * been `cut`, ends in "...".
 */
void mqb_error_print(char *out, size_t cap, struct mqb_str text, bool cut, char blank);

#endif
