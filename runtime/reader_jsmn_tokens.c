/*
 * The tokens of a payload. jsmn finds them, but it lets much pass that is no JSON. What stands
 * between the tokens is checked here; what stands in one, by mqb_token_check() when it is read.
 */
#define JSMN_STATIC
#define JSMN_PARENT_LINKS
#include <jsmn.h>

#include "reader_jsmn.h"

#include <limits.h>

#include "json.h"
#include "json_bytes.h"
#include "scratch.h"

/* ---- Parsing ---- */

/*
 * To close a container jsmn goes up from the last token, which takes the square of the depth. So it
 * stops after so many tokens, and goes on if they are not nested too deeply.
 */
#define SLICE 256

/* With the parser in registers jsmn takes a tenth less time. */
#if defined(__GNUC__) && !defined(__OPTIMIZE_SIZE__)
#define MQB_FLAT __attribute__((flatten))
#else
#define MQB_FLAT
#endif

/* A value is linked to its name, and that to its object. */
static bool is_deep(const jsmn_parser *parser, const jsmntok_t *tokens)
{
    size_t links = 0;
    for (int at = parser->toksuper; at != -1; at = tokens[at].parent) {
        if (++links > 2 * MQB_DEPTH_MAX)
            return true;
    }
    return false;
}

/* More tokens than one slice has. */
MQB_RARE static int parse_on(
    jsmn_parser parser,
    struct mqb_str json,
    jsmntok_t *tokens,
    size_t limit,
    size_t room)
{
    int found = JSMN_ERROR_NOMEM;
    while (found == JSMN_ERROR_NOMEM && limit < room) {
        if (is_deep(&parser, tokens))
            return JSMN_ERROR_INVAL;
        limit = room - limit > SLICE ? limit + SLICE : room;
        found = jsmn_parse(&parser, json.ptr, json.len, tokens, (unsigned)limit);
    }
    return found;
}

/* How many tokens there are, or jsmn's error: JSMN_ERROR_NOMEM if `room` is too small. */
MQB_FLAT static int parse(struct mqb_str json, jsmntok_t *tokens, size_t room)
{
    const size_t limit = room < SLICE ? room : SLICE;
    jsmn_parser parser;
    jsmn_init(&parser);
    if (json.len > INT_MAX)
        return JSMN_ERROR_INVAL;
    const int found = jsmn_parse(&parser, json.ptr, json.len, tokens, (unsigned)limit);
    if (found != JSMN_ERROR_NOMEM || limit == room)
        return found;
    return parse_on(parser, json, tokens, limit, room);
}

/* ---- Gaps ---- */

/*
 * In a gap that jsmn left are blanks, commas, colons, and brackets that close a container; nothing
 * else that is above a blank.
 */

/* Where a token begins, with its quote, and where it ends. */
static inline size_t start_of(const jsmntok_t *token)
{
    return (unsigned)token->start - (size_t)(token->type == JSMN_STRING);
}

static inline size_t end_of(const jsmntok_t *token)
{
    return (unsigned)token->end + (size_t)(token->type == JSMN_STRING);
}

/* Most often a line break, and spaces. */
MQB_RARE static bool are_blanks(struct mqb_str text, size_t from, size_t to)
{
    while (from < to && (unsigned char)text.ptr[from] <= ' ')
        from = (size_t)(mqb_bytes_spaces(text.ptr + from + 1, text.ptr + text.len) - text.ptr);
    return from == to;
}

/* The same where most often there is none, or one. */
static inline bool is_blank(struct mqb_str text, size_t from, size_t to)
{
    return from == to || (to - from == 1 && (unsigned char)text.ptr[from] <= ' ') ||
           are_blanks(text, from, to);
}

MQB_RARE static bool is_wide_gap(struct mqb_str text, size_t from, size_t to, char mark)
{
    size_t at = from;
    while (at != to && text.ptr[at] != mark)
        at++;
    return at != to && are_blanks(text, from, at) && are_blanks(text, at + 1, to);
}

/* True if the gap before a token has one `mark`, a comma or a colon, and blanks. */
static inline bool is_gap(struct mqb_str text, size_t from, size_t to, char mark)
{
    const size_t at = from + (text.ptr[from] == ' ');
    if (text.ptr[at] != mark)
        return is_wide_gap(text, from, to, mark);
    return is_blank(text, at + 1, to);
}

/* A walk over the gaps. */
struct walk {
    struct mqb_str text;
    const jsmntok_t *tokens;
    const jsmntok_t *last; /* Past the last one. */
    const jsmntok_t *token; /* The next one. */
    size_t at; /* Where the gap before it begins. */
    const jsmntok_t *container; /* The innermost open one. */
    size_t depth;
};

/* Enter a container, or pass any other token. The gap before it is good. */
static inline bool pass_value(struct walk *w)
{
    const jsmntok_t *token = w->token++;
    if (!mqb_token_is_container(token)) {
        w->at = end_of(token);
        return true;
    }
    w->at = (unsigned)token->start + (size_t)1;
    w->container = token;
    return ++w->depth <= MQB_DEPTH_MAX;
}

/* Go on to the next member or item. */
static inline bool pass_next(struct walk *w)
{
    const jsmntok_t *name = w->token;
    const bool first = name == w->container + 1;
    if (first ? !is_blank(w->text, w->at, start_of(name))
              : !is_gap(w->text, w->at, start_of(name), ','))
        return false;
    if (w->container->type == JSMN_ARRAY)
        return pass_value(w);
    w->token++;
    return name->type == JSMN_STRING && w->token != w->last &&
           is_gap(w->text, end_of(name), start_of(w->token), ':') && pass_value(w);
}

/* Back to what is around a container: that is good so far, and so are the links to there. */
static inline bool leave(struct walk *w)
{
    const jsmntok_t *container = w->container;
    const size_t end = (unsigned)container->end;
    if (!is_blank(w->text, w->at, end - 1))
        return false;
    w->at = end;
    w->depth--;
    if (w->depth == 0)
        return true;
    w->container = w->tokens + container->parent;
    if (w->container->type == JSMN_STRING)
        w->container = w->tokens + w->container->parent;
    return true;
}

/* True if each gap has what must be there: with tokens that are JSON themselves the text is. */
static bool has_good_gaps(const struct mqb_reader *r)
{
    const jsmntok_t *root = mqb_token_at(r, 0);
    struct walk w = {.text = r->json, .tokens = root, .last = root + r->token_count, .token = root};
    if (!is_blank(w.text, 0, start_of(root)) || !pass_value(&w))
        return false;
    while (w.depth != 0) {
        const bool within = w.token != w.last && w.token->start < w.container->end;
        if (!(within ? pass_next(&w) : leave(&w)))
            return false;
    }
    const char *rest = w.text.ptr + w.at;
    return w.token == w.last && mqb_byte_next(&rest, w.text.ptr + w.text.len) < 0;
}

/* ---- Memory ---- */

/* The far end of the scratch memory for the tokens. */
static bool reserve(struct mqb_reader *r, size_t count)
{
    if (count <= SIZE_MAX / sizeof(jsmntok_t))
        r->tokens = mqb_scratch_reserve(r->scratch, count * sizeof(jsmntok_t), _Alignof(jsmntok_t));
    if (r->tokens == NULL) {
        mqb_reader_no_space(r);
        return false;
    }
    r->token_count = count;
    return true;
}

/* There is not enough memory, or hardly: the scan tells how many tokens there are. */
MQB_RARE static int parse_exactly(struct mqb_reader *r)
{
    struct mqb_json_scan scan;
    if (mqb_json_scan(r->json, MQB_DEPTH_MAX, &scan) != MQB_OK)
        return JSMN_ERROR_INVAL;
    if (!reserve(r, scan.tokens))
        return JSMN_ERROR_NOMEM;
    return parse(r->json, r->tokens, scan.tokens);
}

/* Tokens are found at the front of what is free, and only then moved to where they stay. */
static int parse_anywhere(struct mqb_reader *r)
{
    const struct mqb_scratch *scratch = r->scratch;
    const size_t room = scratch->cap - scratch->reserved - scratch->used;
    const size_t gap = (size_t)(-((uintptr_t)scratch->ptr + scratch->used) % _Alignof(jsmntok_t));
    if (room <= gap)
        return JSMN_ERROR_NOMEM;
    void *front = scratch->ptr + scratch->used + gap;
    const size_t tokens = (room - gap) / sizeof(jsmntok_t);
    const int found = parse(r->json, front, tokens < r->json.len ? tokens : r->json.len);
    if (found > 0 && reserve(r, (size_t)found))
        memmove(r->tokens, front, (size_t)found * sizeof(jsmntok_t));
    return found;
}

void mqb_tokens_find(struct mqb_reader *r)
{
    if (r->json.len > INT_MAX) {
        mqb_reader_fail(r, MQB_ERR_LIMIT, mqb_rule_long, 0);
        return;
    }
    int found = parse_anywhere(r);
    if (found == JSMN_ERROR_NOMEM)
        found = parse_exactly(r);
    if (r->status != MQB_OK)
        return;
    if (found <= 0 || (size_t)found != r->token_count || !has_good_gaps(r))
        mqb_token_break(r);
}
