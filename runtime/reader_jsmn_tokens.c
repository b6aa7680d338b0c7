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

/* How many tokens there are, or jsmn's error: JSMN_ERROR_NOMEM if `room` is too small. */
static int parse(struct mqb_str json, jsmntok_t *tokens, size_t room)
{
    jsmn_parser parser;
    size_t limit = 0;
    int found = JSMN_ERROR_NOMEM;
    if (json.len > INT_MAX)
        return JSMN_ERROR_INVAL;
    if (room > json.len)
        room = json.len;
    jsmn_init(&parser);
    while (found == JSMN_ERROR_NOMEM && limit < room) {
        if (is_deep(&parser, tokens))
            return JSMN_ERROR_INVAL;
        limit = room - limit > SLICE ? limit + SLICE : room;
        found = jsmn_parse(&parser, json.ptr, json.len, tokens, (unsigned)limit);
    }
    return found;
}

/* ---- Gaps ---- */

/*
 * A walk over the gaps. jsmn took any blanks, commas and colons for one, and brackets, each of
 * which has its other one: before the next token, or before the end of an open container, no check
 * for the end of the text is needed.
 */
struct gaps {
    const char *json;
    const char *at; /* Where the next gap begins. */
    const char *end;
    const jsmntok_t *token; /* The next one. */
    const jsmntok_t *last; /* Past the last one. */
    uint64_t objects; /* A bit for each open container, the innermost lowest: 1 is an object. */
    size_t depth;
    bool opened; /* The last step opened a container. */
};

MQB_RARE static const char *pass_indentation(const char *at, const char *end)
{
    while ((unsigned char)*at <= ' ')
        at = mqb_bytes_spaces(at + 1, end);
    return at;
}

/* Most often there is none, or one. */
static inline const char *pass_blanks(const char *at, const char *end)
{
    if ((unsigned char)*at > ' ')
        return at;
    if ((unsigned char)at[1] > ' ')
        return at + 1;
    return pass_indentation(at + 1, end);
}

/* A member name and its colon. A value must follow. */
static inline bool pass_name(struct gaps *g, const char *at)
{
    if (g->last - g->token < 2)
        return false;
    at = pass_blanks(at, g->end);
    if (*at != '"')
        return false;
    at = pass_blanks(g->json + g->token->end + 1, g->end);
    g->token++;
    g->at = at + 1;
    return *at == ':';
}

/* A scalar, or the bracket that opens a container. */
static inline bool pass_value(struct gaps *g)
{
    const jsmntok_t *token = g->token;
    if (token == g->last)
        return false;
    const char *at = pass_blanks(g->at, g->end);
    const char byte = *at;
    g->token++;
    g->at = g->json + token->end;
    if (byte == '"') {
        g->at++;
        return true;
    }
    if (at != g->json + token->start)
        return false;
    if (byte != '{' && byte != '[')
        return true;
    g->at = at + 1;
    g->objects = g->objects << 1 | (byte == '{');
    g->opened = true;
    return ++g->depth <= MQB_DEPTH_MAX;
}

static inline bool pass_end(struct gaps *g, const char *at)
{
    g->at = at + 1;
    g->objects >>= 1;
    g->depth--;
    return true;
}

/* From within an object to its end, or to the start of a container in it. */
static bool pass_members(struct gaps *g)
{
    bool first = g->opened;
    g->opened = false;
    for (; !g->opened; first = false) {
        const char *at = pass_blanks(g->at, g->end);
        if (*at == '}')
            return pass_end(g, at);
        if (!first && *at++ != ',')
            return false;
        if (!pass_name(g, at) || !pass_value(g))
            return false;
    }
    return true;
}

/* The same for an array. */
static bool pass_items(struct gaps *g)
{
    bool first = g->opened;
    g->opened = false;
    for (; !g->opened; first = false) {
        const char *at = pass_blanks(g->at, g->end);
        if (*at == ']')
            return pass_end(g, at);
        if (!first && *at++ != ',')
            return false;
        g->at = at;
        if (!pass_value(g))
            return false;
    }
    return true;
}

/* True if each gap has what must be there: with tokens that are JSON themselves the text is. */
static bool has_good_gaps(const struct mqb_reader *r)
{
    struct gaps g = {
        .json = r->json.ptr,
        .at = r->json.ptr,
        .end = r->json.ptr + r->json.len,
        .token = mqb_token_at(r, 0),
        .last = mqb_token_at(r, r->token_count),
    };
    if (!pass_value(&g))
        return false;
    while (g.depth != 0) {
        if (!((g.objects & 1) != 0 ? pass_members(&g) : pass_items(&g)))
            return false;
    }
    return mqb_byte_next(&g.at, g.end) < 0;
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
    const int found = parse(r->json, front, (room - gap) / sizeof(jsmntok_t));
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
