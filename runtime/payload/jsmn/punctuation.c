/*
 * The gaps between tokens. jsmn leaves only whitespace, commas, colons and closing brackets there,
 * and each closing bracket matches an opening one.
 */
#include "payload/jsmn/punctuation.h"

#include "compiler.h"
#include "json/bytes.h"
#include "payload/jsmn/token.h"

/* Where a token begins and ends, including quotes. */
static inline size_t start_of(const jsmntok_t *token)
{
    return (unsigned)token->start - (size_t)(token->type == JSMN_STRING);
}

static inline size_t end_of(const jsmntok_t *token)
{
    return (unsigned)token->end + (size_t)(token->type == JSMN_STRING);
}

MQB_RARE static bool are_blanks(struct mqb_str text, size_t from, size_t to)
{
    return mqb_bytes_blanks(text.ptr + from, text.ptr + text.len) == text.ptr + to;
}

/*
 * The same, if there is usually none, or one, or a line break and some spaces. Commas, colons and
 * brackets have bit 3 and bit 5 or 6 set: whitespace does not.
 */
static inline bool is_blank(struct mqb_str text, size_t from, size_t to)
{
    const size_t length = to - from;
    if (length == 0 || (length == 1 && mqb_byte_may_be_blank(text.ptr[from])))
        return true;
    if (length > 8 || text.len - from < 8)
        return are_blanks(text, from, to);
    const uint64_t gap = mqb_bytes_word(text.ptr + from) << (64 - 8 * length);
    return (gap & (gap >> 2 | gap >> 3) & UINT64_C(0x0808080808080808)) == 0;
}

MQB_RARE static bool is_wide_gap(struct mqb_str text, size_t from, size_t to, char mark)
{
    size_t at = from;
    while (at < to && text.ptr[at] != mark)
        at++;
    return at < to && are_blanks(text, from, at) && are_blanks(text, at + 1, to);
}

/* True if the gap before a token has one `mark`, a comma or a colon, and whitespace. */
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

/* Enter a container, or skip any other token. The gap before it has been checked. */
static inline bool pass_token(struct walk *w)
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

/* Continue with the next member or item. */
static inline bool pass_next(struct walk *w)
{
    const jsmntok_t *name = w->token;
    const bool first = name == w->container + 1;
    if (first ? !is_blank(w->text, w->at, start_of(name))
              : !is_gap(w->text, w->at, start_of(name), ','))
        return false;
    if (w->container->type == JSMN_ARRAY)
        return pass_token(w);
    w->token++;
    return name->type == JSMN_STRING && w->token != w->last &&
           is_gap(w->text, end_of(name), start_of(w->token), ':') && pass_token(w);
}

/* Return to the enclosing container: it has been checked so far, and so have the links to it. */
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

bool mqb_token_gaps_hold(const struct mqb_reader *r)
{
    const jsmntok_t *root = mqb_token_at(r, 0);
    struct walk w = {.text = r->json, .tokens = root, .last = root + r->token_count, .token = root};
    if (!is_blank(w.text, 0, start_of(root)) || !pass_token(&w))
        return false;
    while (w.depth != 0) {
        const bool within = w.token != w.last && w.token->start < w.container->end;
        if (!(within ? pass_next(&w) : leave(&w)))
            return false;
    }
    const char *rest = w.text.ptr + w.at;
    return w.token == w.last && mqb_byte_next(&rest, w.text.ptr + w.text.len) < 0;
}
