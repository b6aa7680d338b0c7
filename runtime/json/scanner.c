#include "json/scanner.h"

#include <string.h>

#include "compiler.h"
#include "json/bytes.h"
#include "json/duplicate_names.h"
#include "json/text.h"
#include "json/utf8.h"

_Static_assert(MQB_DEPTH_MAX >= 1 && MQB_DEPTH_MAX <= 64, "one bit a level in 64 bits");

#define TEXT_OF_NUMBER(number) #number
#define TEXT_OF(macro) TEXT_OF_NUMBER(macro)

static const char rule_early[] = "must be JSON: ends too early";
static const char rule_value[] = "must be JSON: expected a value";
static const char rule_literal[] = "must be JSON: expected true, false or null";
static const char rule_digit[] = "must be JSON: expected a digit";
static const char rule_name[] = "must be JSON: expected a member name in quotes";
static const char rule_colon[] = "must be JSON: expected a colon";
static const char rule_object[] = "must be JSON: expected a comma or }";
static const char rule_array[] = "must be JSON: expected a comma or ]";
static const char rule_end[] = "must be JSON: expected nothing after the value";
static const char rule_control[] = "must be JSON: control characters must be escaped";
static const char rule_strings_utf8[] = "must be JSON: strings must be UTF-8";
static const char rule_escape[] = "must be JSON: unknown escape sequence";
static const char rule_surrogate[] = "must be JSON: half a surrogate pair";
const char mqb_json_rule_depth[] = "must nest at most " TEXT_OF(MQB_DEPTH_MAX) " levels";

/* ---- Text ---- */

/* The end of the plain bytes from `at` on, with whole UTF-8 sequences. */
static const char *scan_plain(const char *at, const char *end)
{
    for (;;) {
        at = mqb_bytes_plain(at, end);
        if (at == end || (unsigned char)*at < 0x80)
            return at;
        at = mqb_utf8_pass(at, end);
        if (at != end && (unsigned char)*at >= 0x80)
            return at;
    }
}

size_t mqb_json_plain(struct mqb_str text)
{
    if (text.len == 0)
        return 0;
    return (size_t)(scan_plain(text.ptr, text.ptr + text.len) - text.ptr);
}

/* ---- The scan ---- */

/* Each scan_ function makes one step from `at` and returns its end, or NULL for an error. */
struct scanner {
    const char *end;
    size_t depth; /* Levels left. */
    uint64_t objects; /* One bit per open container, the innermost lowest: 1 is an object. */
    size_t tokens;
    bool opened; /* The last step opened a container. */
    bool escapes;
    struct mqb_names *names; /* Receives the names of objects, unless NULL. */
    enum mqb_status status;
    const char *rule;
    const char *bad;
};

MQB_RARE static const char *fail(struct scanner *s, const char *at, const char *rule)
{
    s->status = rule == mqb_json_rule_depth ? MQB_ERR_LIMIT : MQB_ERR_JSON;
    s->rule = at == s->end ? rule_early : rule;
    s->bad = at;
    return NULL;
}

static bool starts(const struct scanner *s, const char *at, char byte)
{
    return at != s->end && *at == byte;
}

static const char *scan_digits(struct scanner *s, const char *at)
{
    const char *end = mqb_bytes_digits(at, s->end);
    return end == at ? fail(s, at, rule_digit) : end;
}

static const char *scan_exponent(struct scanner *s, const char *at)
{
    if (!starts(s, at, 'e') && !starts(s, at, 'E'))
        return at;
    at++;
    if (starts(s, at, '+') || starts(s, at, '-'))
        at++;
    return scan_digits(s, at);
}

MQB_RARE static const char *scan_fraction(struct scanner *s, const char *at)
{
    if (starts(s, at, '.'))
        at = scan_digits(s, at + 1);
    return at == NULL ? NULL : scan_exponent(s, at);
}

/* Most numbers are short integers. */
static inline const char *scan_number(struct scanner *s, const char *at)
{
    const char *start = *at == '-' ? at + 1 : at;
    at = mqb_bytes_digits(start, s->end);
    if (at == start)
        return fail(s, at, rule_digit);
    if (*start == '0')
        at = start + 1;
    if (at == s->end || mqb_byte_is(*at, MQB_BREAK))
        return at;
    return scan_fraction(s, at);
}

MQB_RARE static const char *scan_literal(struct scanner *s, const char *at)
{
    const char first = at == s->end ? '\0' : *at;
    const char *literal = first == 't' ? "true" : first == 'f' ? "false" : "null";
    if (first != *literal)
        return fail(s, at, rule_value);
    for (; *literal != '\0'; literal++, at++) {
        if (!starts(s, at, *literal))
            return fail(s, at, rule_literal);
    }
    return at;
}

/* The four digits of a \u escape. */
static const char *scan_hex(struct scanner *s, const char *at, uint32_t *code)
{
    *code = 0;
    for (int i = 0; i < 4; i++, at++) {
        if (at == s->end || !mqb_byte_is(*at, MQB_HEX))
            return fail(s, at, rule_escape);
        *code = *code << 4 | mqb_json_hex(*at);
    }
    return at;
}

/* The second half of a surrogate pair whose first half begins at `start`. */
static const char *scan_low_surrogate(struct scanner *s, const char *at, const char *start)
{
    uint32_t code;
    for (const char *prefix = "\\u"; *prefix != '\0'; prefix++, at++) {
        if (!starts(s, at, *prefix))
            return fail(s, at == s->end ? at : start, rule_surrogate);
    }
    at = scan_hex(s, at, &code);
    if (at != NULL && (code < 0xDC00 || code > 0xDFFF))
        return fail(s, start, rule_surrogate);
    return at;
}

/* The digits of a \u escape, and the complete second half of a surrogate pair. */
static const char *scan_unicode(struct scanner *s, const char *at)
{
    const char *start = at - 2;
    uint32_t code;
    at = scan_hex(s, at, &code);
    if (at == NULL || code < 0xD800 || code > 0xDFFF)
        return at;
    if (code > 0xDBFF)
        return fail(s, start, rule_surrogate);
    return scan_low_surrogate(s, at, start);
}

static const char *scan_escape(struct scanner *s, const char *at)
{
    s->escapes = true;
    at++;
    if (at == s->end || memchr("\"\\/bfnrtu", *at, 9) == NULL)
        return fail(s, at, rule_escape);
    return *at == 'u' ? scan_unicode(s, at + 1) : at + 1;
}

/* Escapes, UTF-8, errors. */
MQB_RARE static const char *scan_string_rest(struct scanner *s, const char *at)
{
    while (at != NULL) {
        at = scan_plain(at, s->end);
        if (starts(s, at, '"'))
            return at + 1;
        if (starts(s, at, '\\'))
            at = scan_escape(s, at);
        else
            at = fail(
                s, at, at != s->end && (signed char)*at >= 0 ? rule_control : rule_strings_utf8);
    }
    return NULL;
}

static inline const char *scan_string(struct scanner *s, const char *at)
{
    s->tokens++;
    at = mqb_bytes_plain(at + 1, s->end);
    return starts(s, at, '"') ? at + 1 : scan_string_rest(s, at);
}

MQB_RARE static const char *scan_open(struct scanner *s, const char *at)
{
    if (s->depth == 0)
        return fail(s, at, mqb_json_rule_depth);
    s->depth--;
    s->objects = s->objects << 1 | (*at == '{');
    s->opened = true;
    s->tokens++;
    if (s->names != NULL && *at == '{' && !mqb_names_open(s->names))
        return fail(s, at, rule_early);
    return at + 1;
}

static const char *scan_close(struct scanner *s, const char *at)
{
    if (s->names != NULL && (s->objects & 1) != 0)
        mqb_names_close(s->names);
    s->depth++;
    s->objects >>= 1;
    return at + 1;
}

/* A scalar, or the bracket that opens a container. */
static const char *scan_value(struct scanner *s, const char *at)
{
    const int byte = mqb_byte_next(&at, s->end);
    if (byte == '"')
        return scan_string(s, at);
    if (byte == '{' || byte == '[')
        return scan_open(s, at);
    s->tokens++;
    if (byte == '-' || (byte >= '0' && byte <= '9'))
        return scan_number(s, at);
    return scan_literal(s, at);
}

MQB_RARE static const char *scan_noted_name(struct scanner *s, const char *at)
{
    const char *name = at;
    s->escapes = false;
    at = scan_string(s, at);
    if (at == NULL)
        return NULL;
    const struct mqb_str text = {name + 1, (size_t)(at - name) - 2};
    if (mqb_names_add(s->names, text, s->escapes))
        return at;
    return fail(s, at, rule_early);
}

/* A member name and its colon. */
static const char *scan_name(struct scanner *s, const char *at)
{
    if (mqb_byte_next(&at, s->end) != '"')
        return fail(s, at, rule_name);
    at = s->names == NULL ? scan_string(s, at) : scan_noted_name(s, at);
    if (at == NULL)
        return NULL;
    return mqb_byte_next(&at, s->end) == ':' ? at + 1 : fail(s, at, rule_colon);
}

/*
 * Members from the start of an object, or from after a member that was a container, to the end of
 * the object or the start of another container.
 */
static const char *scan_members(struct scanner *s, const char *at)
{
    bool first = s->opened;
    s->opened = false;
    for (; at != NULL && !s->opened; first = false) {
        const int byte = mqb_byte_next(&at, s->end);
        if (byte == '}')
            return scan_close(s, at);
        if (!first && byte != ',')
            return fail(s, at, rule_object);
        at = scan_name(s, first ? at : at + 1);
        if (at != NULL)
            at = scan_value(s, at);
    }
    return at;
}

/* The same for an array. */
static const char *scan_items(struct scanner *s, const char *at)
{
    bool first = s->opened;
    s->opened = false;
    for (; at != NULL && !s->opened; first = false) {
        const int byte = mqb_byte_next(&at, s->end);
        if (byte == ']')
            return scan_close(s, at);
        if (!first && byte != ',')
            return fail(s, at, rule_array);
        at = scan_value(s, first ? at : at + 1);
    }
    return at;
}

/* A value with everything in it. */
static const char *scan_whole(struct scanner *s, const char *at)
{
    const size_t depth = s->depth;
    at = scan_value(s, at);
    while (at != NULL && s->depth != depth)
        at = (s->objects & 1) != 0 ? scan_members(s, at) : scan_items(s, at);
    return at;
}

enum mqb_status mqb_json_scan(struct mqb_str text, size_t depth, struct mqb_json_scan *scan)
{
    const char *start = text.len == 0 ? "" : text.ptr;
    struct scanner s = {.end = start + text.len, .depth = depth, .rule = ""};
    const char *at = scan_whole(&s, start);
    if (at != NULL && mqb_byte_next(&at, s.end) >= 0)
        fail(&s, at, rule_end);
    *scan = (struct mqb_json_scan){.tokens = s.tokens, .escapes = s.escapes, .rule = s.rule};
    if (s.status != MQB_OK)
        scan->offset = (size_t)(s.bad - start);
    return s.status;
}

const char *mqb_json_pass_value(
    const char *at,
    const char *end,
    size_t depth,
    struct mqb_names *names)
{
    struct scanner s = {.end = end, .depth = depth, .names = names};
    return scan_whole(&s, at);
}

const char *mqb_json_pass_string(const char *at, const char *end, bool *escapes)
{
    struct scanner s = {.end = end};
    at = scan_string(&s, at);
    *escapes = s.escapes;
    return at;
}

const char *mqb_json_pass_number(const char *at, const char *end)
{
    struct scanner s = {.end = end};
    return scan_number(&s, at);
}

const char *mqb_json_pass_literal(const char *at, const char *end)
{
    struct scanner s = {.end = end};
    return scan_literal(&s, at);
}

bool mqb_json_is_string(struct mqb_str text)
{
    if (text.len < 2 || text.ptr[0] != '"')
        return false;
    struct scanner s = {.end = text.ptr + text.len};
    return scan_string(&s, text.ptr) == s.end;
}

bool mqb_json_is_number(struct mqb_str text)
{
    if (text.len == 0)
        return false;
    struct scanner s = {.end = text.ptr + text.len};
    return scan_number(&s, text.ptr) == s.end;
}
