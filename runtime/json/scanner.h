/*
 * scanner.h - the JSON grammar (RFC 8259). All JSON that is received or sent is checked here.
 */
#ifndef MQB_SCANNER_H
#define MQB_SCANNER_H

#include <mqbind/mqbind.h>

/** The rule that nesting beyond MQB_DEPTH_MAX breaks. */
extern const char mqb_json_rule_depth[];

/** The result of a scan. */
struct mqb_json_scan {
    size_t tokens; /**< Objects, arrays, strings (names too), numbers and literals. */
    bool escapes; /**< There is a backslash somewhere. */
    size_t offset; /**< The first invalid byte; the length of the text if it ends too early. */
    const char *rule; /**< What was expected there. */
};

/**
 * Check that the whole text is one JSON value, nested at most `depth` levels. MQB_ERR_JSON, or
 * MQB_ERR_LIMIT for the nesting. Needs neither recursion nor memory, only one bit per level.
 */
enum mqb_status mqb_json_scan(struct mqb_str text, size_t depth, struct mqb_json_scan *scan);

/*
 * The same from `at` on, for a value that begins there; what follows is ignored. They return its
 * end, or NULL if it is not valid JSON.
 */

struct mqb_names;

/**
 * Any value. The names of its objects are added to *names; NULL also if there is no room for them.
 */
const char *mqb_json_pass_value(
    const char *at,
    const char *end,
    size_t depth,
    struct mqb_names *names);

/** Just past the string that begins with the quote at `at`. */
const char *mqb_json_pass_string(const char *at, const char *end, bool *escapes);
const char *mqb_json_pass_number(const char *at, const char *end);
const char *mqb_json_pass_literal(const char *at, const char *end);

/** True if the text is exactly one JSON string, or one JSON number. */
bool mqb_json_is_string(struct mqb_str text);
bool mqb_json_is_number(struct mqb_str text);

/** The number of leading bytes that represent themselves in a JSON string. */
size_t mqb_json_plain(struct mqb_str text);

#endif
