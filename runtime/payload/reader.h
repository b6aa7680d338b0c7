/*
 * reader.h - what any engine of the reader needs: errors, names, memory.
 */
#ifndef MQB_READER_H
#define MQB_READER_H

#include <mqbind/detail/reader.h>

#include <string.h>

#include "compiler.h"
#include "json/bytes.h"
#include "json/text.h"

/** Keep the first error: at `offset`, or about the value read last. */
void mqb_reader_fail(struct mqb_reader *r, enum mqb_status status, const char *rule, size_t offset);
void mqb_reader_refuse(struct mqb_reader *r, enum mqb_status status, const char *rule);

extern const char mqb_rule_boolean[];
extern const char mqb_rule_string[];
extern const char mqb_rule_array[];
extern const char mqb_rule_object[];
extern const char mqb_rule_integer[];
extern const char mqb_rule_required[];
extern const char mqb_rule_long[];

static inline bool mqb_reader_has_seen(const struct mqb_object *object, size_t member)
{
    return (object->seen[member / 32] >> (member % 32) & 1U) != 0;
}

/** Refuse the second of two names, at `offset`. */
void mqb_reader_twice(struct mqb_reader *r, size_t offset);

/** At the end of an object: refuse it if it lacks a member. */
void mqb_reader_require(struct mqb_reader *r, const struct mqb_object *object);

/** True if it represents `text`. */
static inline bool mqb_reader_same(
    const struct mqb_reader *r,
    struct mqb_str raw,
    struct mqb_str text)
{
    if (r->escapes)
        return mqb_json_text_equal(raw, text);
    return mqb_bytes_equal(raw, text);
}

/** mqb_reader_scalar_text() for a payload that is one string, without quotes. */
struct mqb_str mqb_reader_bare(struct mqb_reader *r, enum mqb_json_type type, const char *rule);

/** The scratch memory is too small. */
void mqb_reader_no_space(struct mqb_reader *r);

/** Memory from mqb_reader_take() is aligned for all of these types. */
union mqb_anything {
    int64_t integer;
    double number;
    void *pointer;
};

/**
 * Reserve memory for `count` items while no list grows, not cleared; NULL after an error.
 */
void *mqb_reader_front(struct mqb_reader *r, size_t count, size_t size, size_t align);

/**
 * End reading after an error, or if not everything was read. Errors of the text as a whole take
 * precedence. After an error the memory is released, and *error is filled unless it is NULL.
 */
enum mqb_status mqb_reader_finish(struct mqb_reader *r, struct mqb_error *error);

#endif
