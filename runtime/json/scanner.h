/*
 * scanner.h - the JSON grammar (RFC 8259). Every byte that comes in or goes out as JSON passes
 * here.
 */
#ifndef MQB_SCANNER_H
#define MQB_SCANNER_H

#include <mqbind/mqbind.h>

/** What nesting beyond MQB_DEPTH_MAX breaks. */
extern const char mqb_json_rule_depth[];

/** What a scan found out. */
struct mqb_json_scan {
    size_t tokens; /**< Objects, arrays, strings (names too), numbers and literals. */
    bool escapes; /**< There is a backslash somewhere. */
    size_t offset; /**< The first bad byte; the length of the text if it ends too early. */
    const char *rule; /**< What was expected there. */
};

/**
 * Check that the whole text is one JSON value, nested at most `depth` levels. MQB_ERR_JSON, or
 * MQB_ERR_LIMIT for the nesting. Neither recursion nor memory: one bit a level.
 */
enum mqb_status mqb_json_scan(struct mqb_str text, size_t depth, struct mqb_json_scan *scan);

/** The same with the depth limit of the build. On failure *offset and *rule are set. */
enum mqb_status mqb_json_check(
    struct mqb_str text,
    size_t *token_count,
    size_t *offset,
    const char **rule);

/*
 * The same from `at` on, for a value that begins there; what follows is not looked at. They return
 * where it ends, or NULL if it is no JSON.
 */

struct mqb_names;

/** Any value. The names of its objects go to *names, which may be too small: NULL too. */
const char *mqb_json_pass_value(
    const char *at,
    const char *end,
    size_t depth,
    struct mqb_names *names);

/**
 * A scalar, or lists and small objects of such values, of at most `levels`; names have no escapes,
 * and differ. NULL also if it is anything else.
 */
const char *mqb_json_pass_simple(const char *at, const char *end, unsigned levels);

/** Just past the string that begins with the quote at `at`. */
const char *mqb_json_pass_string(const char *at, const char *end, bool *escapes);
const char *mqb_json_pass_number(const char *at, const char *end);
const char *mqb_json_pass_literal(const char *at, const char *end);

/** True if the text is exactly one JSON string, or one JSON number. */
bool mqb_json_is_string(struct mqb_str text);
bool mqb_json_is_number(struct mqb_str text);

/** How many bytes at the front stand for themselves within a JSON string. */
size_t mqb_json_plain(struct mqb_str text);

/* Steps over checked text. On any other bytes they stay within it and move forward. */

/** The first offset from `at` on that is not blank. */
size_t mqb_json_blanks(struct mqb_str text, size_t at);

/** Just past the value that begins at `at`. */
size_t mqb_json_value_end(struct mqb_str text, size_t at);

#endif
