/*
 * The tokens of a payload, found by jsmn. It accepts much that is not valid JSON. The gaps between
 * tokens are checked immediately, in punctuation.c; the content of a token is checked when it is
 * read.
 */
#define JSMN_STATIC
#define JSMN_PARENT_LINKS
#include <jsmn.h>

#include "payload/jsmn/tokenizer.h"

#include <limits.h>

#include "compiler.h"
#include "json/scanner.h"
#include "payload/jsmn/punctuation.h"
#include "payload/jsmn/values.h"
#include "payload/reader.h"
#include "scratch.h"

/* ---- Parsing ---- */

/*
 * To close a container, jsmn walks up from the last token, which takes quadratic time in the depth.
 * So parsing stops after so many tokens, and continues if they are not nested too deeply.
 */
#define SLICE 256

/* Most payloads have one slice. For these, jsmn is inlined, with its parser in registers. */
#if defined(__GNUC__) && !MQB_SMALL
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

/* The number of tokens, or jsmn's error: JSMN_ERROR_NOMEM if `room` is too small. */
MQB_FLAT static int parse(struct mqb_str json, jsmntok_t *tokens, size_t room)
{
    const size_t limit = room < SLICE ? room : SLICE;
    jsmn_parser parser;
    jsmn_init(&parser);
    if (json.len > INT_MAX) /* also tells the compiler that no offset wraps */
        return JSMN_ERROR_INVAL;
    const int found = jsmn_parse(&parser, json.ptr, json.len, tokens, (unsigned)limit);
    if (found != JSMN_ERROR_NOMEM || limit == room)
        return found;
    return parse_on(parser, json, tokens, limit, room);
}

/* ---- Memory ---- */

_Static_assert(
    sizeof(jsmntok_t) % MQB_SCRATCH_UNIT == 0 && MQB_SCRATCH_UNIT % _Alignof(jsmntok_t) == 0,
    "tokens need no gaps");

/* The far end of the scratch memory for the tokens. */
static bool reserve(struct mqb_reader *r, size_t count)
{
    if (count <= SIZE_MAX / sizeof(jsmntok_t))
        r->tokens = mqb_scratch_reserve(r->scratch, count * sizeof(jsmntok_t));
    if (r->tokens == NULL) {
        mqb_reader_no_space(r);
        return false;
    }
    r->token_count = count;
    return true;
}

/* There is not enough memory, or barely enough: a scan counts the tokens. */
MQB_RARE static int parse_exactly(struct mqb_reader *r)
{
    struct mqb_json_scan scan;
    if (mqb_json_scan(r->json, MQB_DEPTH_MAX, &scan) != MQB_OK)
        return JSMN_ERROR_INVAL;
    if (!reserve(r, scan.tokens))
        return JSMN_ERROR_NOMEM;
    return parse(r->json, r->tokens, scan.tokens);
}

/* Tokens are found at the front of the free memory, and then moved to their final place. */
static int parse_anywhere(struct mqb_reader *r)
{
    const struct mqb_scratch *scratch = r->scratch;
    const size_t room = mqb_scratch_free(scratch);
    const size_t gap = mqb_scratch_gap(scratch, _Alignof(jsmntok_t));
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
    if (found <= 0 || (size_t)found != r->token_count || !mqb_token_gaps_hold(r))
        mqb_token_break(r);
}
