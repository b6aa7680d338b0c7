/* A parser of RFC 8259 that shares no code with the runtime, and comparisons of what it reads. */
#include "mqbind_fuzz.h"

#include <string.h>

#define NODES 65536
#define DEPTH 256

struct parser {
    const unsigned char *at;
    const unsigned char *end;
    struct fuzz_json *nodes;
    size_t used;
    unsigned depth;
    bool too_large;
};

static bool parse_value(struct parser *parser, struct fuzz_json **value);

static void skip_blanks(struct parser *parser)
{
    while (parser->at < parser->end && strchr(" \t\r\n", *parser->at) && *parser->at != 0)
        parser->at++;
}

static bool accept(struct parser *parser, char byte)
{
    if (parser->at == parser->end || *parser->at != (unsigned char)byte)
        return false;
    parser->at++;
    return true;
}

static bool accept_word(struct parser *parser, const char *word)
{
    const size_t len = strlen(word);
    if ((size_t)(parser->end - parser->at) < len || memcmp(parser->at, word, len) != 0)
        return false;
    parser->at += len;
    return true;
}

static bool is_digit(const struct parser *parser)
{
    return parser->at < parser->end && *parser->at >= '0' && *parser->at <= '9';
}

static bool parse_digits(struct parser *parser)
{
    if (!is_digit(parser))
        return false;
    while (is_digit(parser))
        parser->at++;
    return true;
}

static bool parse_number(struct parser *parser)
{
    accept(parser, '-');
    if (!accept(parser, '0') && !parse_digits(parser))
        return false;
    if (accept(parser, '.') && !parse_digits(parser))
        return false;
    if (accept(parser, 'e') || accept(parser, 'E')) {
        if (!accept(parser, '+'))
            accept(parser, '-');
        return parse_digits(parser);
    }
    return true;
}

/* ---- Strings ---- */

static bool parse_hex(struct parser *parser, unsigned *unit)
{
    *unit = 0;
    for (int i = 0; i < 4; i++, parser->at++) {
        const char *const digits = "0123456789abcdef";
        if (parser->at == parser->end || *parser->at == 0)
            return false;
        const int lower = *parser->at | (*parser->at >= 'A' && *parser->at <= 'F' ? 0x20 : 0);
        const char *const digit = strchr(digits, lower);
        if (digit == NULL)
            return false;
        *unit = *unit * 16 + (unsigned)(digit - digits);
    }
    return true;
}

/* The code point after "\\u", which may need a second escape. */
static bool parse_unicode_escape(struct parser *parser, unsigned *point)
{
    unsigned low;
    if (!parse_hex(parser, point))
        return false;
    if (*point < 0xD800 || *point > 0xDFFF)
        return true;
    if (*point > 0xDBFF || !accept_word(parser, "\\u") || !parse_hex(parser, &low))
        return false;
    *point = 0x10000 + ((*point - 0xD800) << 10) + (low - 0xDC00);
    return low >= 0xDC00 && low <= 0xDFFF;
}

/* The code point after a backslash. */
static bool parse_escape(struct parser *parser, unsigned *point)
{
    static const char letters[] = "\"\\/bfnrt";
    static const char meant[] = "\"\\/\b\f\n\r\t";
    if (parser->at == parser->end || *parser->at == 0)
        return false;
    const char *const letter = strchr(letters, *parser->at);
    if (letter != NULL) {
        *point = (unsigned char)meant[letter - letters];
        parser->at++;
        return true;
    }
    return accept(parser, 'u') && parse_unicode_escape(parser, point);
}

/* The length of a code point by its first byte; 0 if that is invalid. */
static int sequence_length(unsigned first)
{
    if (first < 0x80)
        return 1;
    if (first < 0xC0 || first > 0xF7)
        return 0;
    return first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
}

/* Length of a code point in UTF-8. */
static bool parse_utf8(struct parser *parser, unsigned *point)
{
    static const unsigned least[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned first = *parser->at++;
    const int bytes = sequence_length(first);
    if (bytes == 0 || parser->end - parser->at < bytes - 1)
        return false;
    *point = bytes == 1 ? first : first & (0x7Fu >> bytes);
    for (int i = 1; i < bytes; i++) {
        if ((*parser->at & 0xC0) != 0x80)
            return false;
        *point = *point << 6 | (*parser->at++ & 0x3F);
    }
    return *point >= least[bytes] && *point <= 0x10FFFF && (*point < 0xD800 || *point > 0xDFFF);
}

/* The next character of a string; false at its end, or if it is invalid. */
static bool parse_character(struct parser *parser, unsigned *point, bool *wrong)
{
    *wrong = true;
    if (parser->at == parser->end || *parser->at < 0x20)
        return false;
    *wrong = *parser->at != '"';
    if (!*wrong)
        return false;
    *wrong = accept(parser, '\\') ? !parse_escape(parser, point) : !parse_utf8(parser, point);
    return !*wrong;
}

static bool parse_string(struct parser *parser, struct mqb_str *text)
{
    const unsigned char *const start = parser->at;
    unsigned point;
    bool wrong;
    while (parse_character(parser, &point, &wrong))
        continue;
    *text = (struct mqb_str){(const char *)start, (size_t)(parser->at - start)};
    return !wrong && accept(parser, '"');
}

/* ---- Values ---- */

static struct fuzz_json *new_node(struct parser *parser, enum fuzz_json_type type)
{
    if (parser->used == NODES) {
        parser->too_large = true;
        return NULL;
    }
    struct fuzz_json *node = &parser->nodes[parser->used++];
    *node = (struct fuzz_json){.type = type};
    return node;
}

static bool parse_member_name(struct parser *parser, struct fuzz_json **name)
{
    skip_blanks(parser);
    *name = new_node(parser, FUZZ_JSON_STRING);
    if (*name == NULL || !accept(parser, '"') || !parse_string(parser, &(*name)->text))
        return false;
    skip_blanks(parser);
    return accept(parser, ':');
}

static bool parse_container(struct parser *parser, struct fuzz_json *container, char close)
{
    const struct fuzz_json **link = &container->first;
    struct fuzz_json *value;
    skip_blanks(parser);
    if (accept(parser, close))
        return true;
    do {
        if (container->type == FUZZ_JSON_OBJECT) {
            if (!parse_member_name(parser, &value))
                return false;
            *link = value;
            link = &value->next;
        }
        if (!parse_value(parser, &value))
            return false;
        *link = value;
        link = &value->next;
        container->count++;
        skip_blanks(parser);
    } while (accept(parser, ','));
    return accept(parser, close);
}

static bool parse_known_value(struct parser *parser, struct fuzz_json *value)
{
    if (accept(parser, '"')) {
        value->type = FUZZ_JSON_STRING;
        return parse_string(parser, &value->text);
    }
    if (accept(parser, '[')) {
        value->type = FUZZ_JSON_ARRAY;
        return parse_container(parser, value, ']');
    }
    if (accept(parser, '{')) {
        value->type = FUZZ_JSON_OBJECT;
        return parse_container(parser, value, '}');
    }
    if (accept_word(parser, "true")) {
        value->type = FUZZ_JSON_TRUE;
        return true;
    }
    if (accept_word(parser, "false")) {
        value->type = FUZZ_JSON_FALSE;
        return true;
    }
    if (accept_word(parser, "null"))
        return true;
    value->type = FUZZ_JSON_NUMBER;
    return parse_number(parser);
}

static bool parse_value(struct parser *parser, struct fuzz_json **value)
{
    if (parser->depth == DEPTH) {
        parser->too_large = true;
        return false;
    }
    parser->depth++;
    skip_blanks(parser);
    *value = new_node(parser, FUZZ_JSON_NULL);
    if (*value == NULL)
        return false;
    const unsigned char *const start = parser->at;
    const bool valid = parse_known_value(parser, *value);
    if ((*value)->type != FUZZ_JSON_STRING)
        (*value)->text = (struct mqb_str){(const char *)start, (size_t)(parser->at - start)};
    parser->depth--;
    return valid;
}

enum fuzz_json_verdict fuzz_json_parse(
    struct mqb_str text,
    unsigned place,
    const struct fuzz_json **root)
{
    static struct fuzz_json nodes[2][NODES];
    const unsigned char *const start = (const unsigned char *)text.ptr;
    struct parser parser = {.at = start, .end = start, .nodes = nodes[place]};
    struct fuzz_json *value;
    if (text.len == 0)
        return FUZZ_JSON_INVALID;
    parser.end += text.len;
    const bool valid = parse_value(&parser, &value);
    skip_blanks(&parser);
    if (parser.too_large)
        return FUZZ_JSON_TOO_LARGE;
    *root = value;
    return valid && parser.at == parser.end ? FUZZ_JSON_VALID : FUZZ_JSON_INVALID;
}

/* ---- Comparing ---- */

bool fuzz_json_same_string(struct mqb_str a, struct mqb_str b)
{
    const unsigned char *const a_start = (const unsigned char *)a.ptr;
    const unsigned char *const b_start = (const unsigned char *)b.ptr;
    struct parser left = {.at = a_start, .end = a_start + a.len};
    struct parser right = {.at = b_start, .end = b_start + b.len};
    while (left.at != left.end && right.at != right.end) {
        unsigned one = 0;
        unsigned other = 0;
        bool wrong;
        if (!parse_character(&left, &one, &wrong) || !parse_character(&right, &other, &wrong) ||
            one != other)
            return false;
    }
    return left.at == left.end && right.at == right.end;
}

const struct fuzz_json *fuzz_json_member(const struct fuzz_json *object, struct mqb_str name)
{
    for (const struct fuzz_json *key = object->first; key != NULL; key = key->next->next) {
        if (fuzz_json_same_string(key->text, name))
            return key->next;
    }
    return NULL;
}

static bool same_items(const struct fuzz_json *a, const struct fuzz_json *b)
{
    const struct fuzz_json *other = b->first;
    for (const struct fuzz_json *item = a->first; item != NULL; item = item->next) {
        if (!fuzz_json_same(item, other))
            return false;
        other = other->next;
    }
    return true;
}

static bool same_members(const struct fuzz_json *a, const struct fuzz_json *b)
{
    for (const struct fuzz_json *key = a->first; key != NULL; key = key->next->next) {
        const struct fuzz_json *const other = fuzz_json_member(b, key->text);
        if (other == NULL || !fuzz_json_same(key->next, other))
            return false;
    }
    return true;
}

bool fuzz_json_same(const struct fuzz_json *a, const struct fuzz_json *b)
{
    if (a->type != b->type || a->count != b->count)
        return false;
    switch (a->type) {
    case FUZZ_JSON_NUMBER:
        return fuzz_json_same_decimal(a->text, b->text);
    case FUZZ_JSON_STRING:
        return fuzz_json_same_string(a->text, b->text);
    case FUZZ_JSON_ARRAY:
        return same_items(a, b);
    case FUZZ_JSON_OBJECT:
        return same_members(a, b);
    default:
        return true;
    }
}
