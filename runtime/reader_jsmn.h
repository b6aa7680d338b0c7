/*
 * reader_jsmn.h - jsmn's tokens, among the files of the engine that reads them.
 *
 * What a token's fields hold once jsmn is done:
 *   start, end  as jsmn sets them: a string is without its quotes
 *   size        members of an object, items of an array
 *   parent      of a container: once its members are known to be distinct, at every depth, the
 *               token after it, which is beyond its own; of a name: the link of a list
 */
#ifndef MQB_READER_JSMN_H
#define MQB_READER_JSMN_H

#ifndef JSMN_H /* Only reader_jsmn.c has the code. */
#define JSMN_PARENT_LINKS
#define JSMN_HEADER
#include <jsmn.h>
#endif

#include "rare.h"
#include "reader.h"

static inline jsmntok_t *mqb_token_at(const struct mqb_reader *r, size_t index)
{
    return (jsmntok_t *)r->tokens + index;
}

/* NULL after an error, and past the last value. */
static inline const jsmntok_t *mqb_token_next(const struct mqb_reader *r)
{
    if (r->status != MQB_OK || r->position >= r->token_count)
        return NULL;
    return mqb_token_at(r, r->position);
}

static inline bool mqb_token_is_container(const jsmntok_t *token)
{
    return token->type <= JSMN_ARRAY;
}

/* The text of a value; of a string without its quotes. */
static inline struct mqb_str mqb_token_text(const struct mqb_reader *r, const jsmntok_t *token)
{
    return (struct mqb_str){r->json.ptr + token->start, (size_t)(token->end - token->start)};
}

static inline size_t mqb_token_offset(const jsmntok_t *token)
{
    return (size_t)token->start - (token->type == JSMN_STRING);
}

static inline enum mqb_json_type mqb_token_type(const struct mqb_reader *r, const jsmntok_t *token)
{
    const char byte = r->json.ptr[token->start];
    if (token->type == JSMN_STRING)
        return MQB_JSON_STRING;
    if (mqb_token_is_container(token))
        return token->type == JSMN_OBJECT ? MQB_JSON_OBJECT : MQB_JSON_ARRAY;
    if (byte <= '9') /* a digit or "-"; the literals are letters */
        return MQB_JSON_NUMBER;
    return byte == 'n' ? MQB_JSON_NULL : MQB_JSON_BOOLEAN;
}

/** The token after a value. */
size_t mqb_token_after(const struct mqb_reader *r, size_t value);

/** The same, but no object in the value, at any depth, may have a member twice. */
size_t mqb_token_after_distinct(struct mqb_reader *r, size_t value);

/*
 * Name tokens make lists, linked by index; 0, the root, is no name and ends one. A list is in the
 * reverse order of the payload.
 */
static inline void mqb_name_link(const struct mqb_reader *r, size_t name, size_t next)
{
    mqb_token_at(r, name)->parent = (int)next;
}

/** Of the names that repeat an earlier one the first in the payload, or 0. Sorts the list. */
size_t mqb_name_twice(const struct mqb_reader *r, size_t head);

#endif
