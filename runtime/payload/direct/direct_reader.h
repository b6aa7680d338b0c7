/*
 * direct_reader.h - declarations shared by the files of the engine without tokens.
 *
 * Everything that is consumed is checked, so that only strict JSON is accepted. After an error,
 * mqb_reader_close() scans the whole text with json/scanner.c: invalid JSON takes precedence over
 * all other errors.
 */
#ifndef MQB_DIRECT_READER_H
#define MQB_DIRECT_READER_H

#include <mqbind/detail/reader.h>

#include "compiler.h"
#include "json/bytes.h"

/**
 * The start of the next value, which becomes the value read last; NULL after an error and past the
 * last value, and with an error if there is none.
 */
const char *mqb_direct_value(struct mqb_reader *r);

/** The text is not valid JSON; closing the reader determines where and why. */
void mqb_direct_break(struct mqb_reader *r);

/** Continue at `at`, or fail if that is NULL. */
void mqb_direct_move(struct mqb_reader *r, const char *at);

/** The next string, consumed if it is plain; else ptr is NULL. */
static inline struct mqb_str mqb_direct_plain(struct mqb_reader *r)
{
    const char *at = mqb_bytes_next(r->at, r->end);
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

/* Skip whitespace that may contain a line break. */
static inline const char *mqb_direct_line(const char *at, const char *end)
{
    return at == end ? at : mqb_bytes_indent(at, end);
}

/* The colon after a name without escapes that begins with the quote at `at`; or NULL. */
static inline const char *mqb_direct_name_at(const char *at, const char *end, struct mqb_str *name)
{
    if (at == end || *at != '"')
        return NULL;
    const char *quote = mqb_bytes_plain(at + 1, end);
    if (quote == end || *quote != '"')
        return NULL;
    *name = (struct mqb_str){at + 1, (size_t)(quote - at) - 1};
    at = mqb_bytes_next(quote + 1, end);
    return at == end || *at != ':' ? NULL : at;
}

#endif
