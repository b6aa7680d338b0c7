/*
 * direct_reader.h - the engine without tokens, among its files.
 *
 * Only what is consumed is checked, and all of it is: what is accepted is strict JSON. After an
 * error, mqb_reader_close() asks json/scanner.c about the whole text: broken JSON comes before all
 * else.
 */
#ifndef MQB_DIRECT_READER_H
#define MQB_DIRECT_READER_H

#include "payload/reader.h"

#include "json/bytes.h"
#include "json/duplicate_names.h"

/**
 * The start of the next value, which becomes the value read last; NULL after an error, past the
 * last value, and with an error if there is none.
 */
const char *mqb_direct_value(struct mqb_reader *r);

/** The text is no JSON; where and why is found out when the reader is closed. */
void mqb_direct_break(struct mqb_reader *r);

/** Go on at `at`, or break if that is NULL. */
void mqb_direct_move(struct mqb_reader *r, const char *at);

/** Just past the string that begins at `at`, or NULL. Tells r->escapes. */
const char *mqb_direct_string(struct mqb_reader *r, const char *at);

/** The string that comes next, consumed if it is plain; else ptr is NULL. */
static inline struct mqb_str mqb_direct_plain(struct mqb_reader *r)
{
    const char *at = mqb_direct_next(r->at, r->end);
    if (MQB_SMALL || at == r->end || *at != '"')
        return (struct mqb_str){NULL, 0};
    const char *end = mqb_bytes_plain(at + 1, r->end);
    if (end == r->end || *end != '"')
        return (struct mqb_str){NULL, 0};
    r->value = (size_t)(at - r->json.ptr);
    r->at = end + 1;
    r->escapes = false;
    return (struct mqb_str){at + 1, (size_t)(end - at) - 1};
}

/* Pass blanks, where a new line may begin. */
static inline const char *mqb_direct_line(const char *at, const char *end)
{
    if (end - at < 2 || (unsigned char)*at > ' ')
        return at;
    return mqb_direct_indent(at, end);
}

/* The colon behind a name that has no escapes, and begins with the quote at `at`; or NULL. */
static inline const char *mqb_direct_name_at(const char *at, const char *end, struct mqb_str *name)
{
    if (at == end || *at != '"')
        return NULL;
    const char *quote = mqb_bytes_plain(at + 1, end);
    if (quote == end || *quote != '"')
        return NULL;
    *name = (struct mqb_str){at + 1, (size_t)(quote - at) - 1};
    at = mqb_direct_next(quote + 1, end);
    return at == end || *at != ':' ? NULL : at;
}

/* Names of an object that must be distinct: keep one more, and compare them at its end. */
void mqb_direct_note(struct mqb_reader *r, size_t *count, struct mqb_str name);
void mqb_direct_compare(struct mqb_reader *r, size_t count);

/** Consume a member's name and its colon. The value read last is the name then. */
struct mqb_str mqb_direct_name(struct mqb_reader *r);

#endif
