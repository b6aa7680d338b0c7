/*
 * token.h - jsmn's tokens, among the files of the engine that reads them.
 *
 * Only what is consumed is checked, and all of it is: what is accepted is strict JSON. After an
 * error, mqb_reader_finish() asks json/scanner.c about the whole text: broken JSON comes before all
 * else.
 *
 * What a token's fields hold once jsmn is done:
 *   start, end  as jsmn sets them: a string is without its quotes
 *   size        members of an object, items of an array
 *   parent      of a container: once its members are known to be distinct, at every depth, the
 *               token after it, which is beyond its own; of a name: the link of a list
 */
#ifndef MQB_TOKEN_H
#define MQB_TOKEN_H

#include <mqbind/detail/bytes.h>
#include <mqbind/detail/reader.h>

#ifndef JSMN_H /* Only tokenizer.c has the code. */
#define JSMN_PARENT_LINKS
#define JSMN_HEADER
#include <jsmn.h>
#endif

static inline jsmntok_t *mqb_token_at(const struct mqb_reader *r, size_t index)
{
    return (jsmntok_t *)r->tokens + index;
}

/* NULL after an error, and past the last value. */
static inline jsmntok_t *mqb_token_next(const struct mqb_reader *r)
{
    return r->position < r->token_count ? mqb_token_at(r, r->position) : NULL;
}

static inline bool mqb_token_is_container(const jsmntok_t *token)
{
    return token->type <= JSMN_ARRAY;
}

/* The text of a value; of a string without its quotes. */
static inline struct mqb_str mqb_token_text(const struct mqb_reader *r, const jsmntok_t *token)
{
    return (struct mqb_str){
        r->json.ptr + (unsigned)token->start, (unsigned)token->end - (unsigned)token->start};
}

static inline size_t mqb_token_offset(const jsmntok_t *token)
{
    return (unsigned)token->start - (size_t)(token->type == JSMN_STRING);
}

static inline enum mqb_json_type mqb_token_type(const struct mqb_reader *r, const jsmntok_t *token)
{
    return mqb_byte_type(r->json.ptr[mqb_token_offset(token)]);
}

/*
 * Name tokens form lists, linked by index; 0, the root, is not a name and ends a list. A list is in
 * reverse order of the payload.
 */
static inline void mqb_name_link(const struct mqb_reader *r, size_t name, size_t next)
{
    mqb_token_at(r, name)->parent = (int)next;
}

#endif
