/*
 * reader.h - what any engine of the reader needs: errors, memory, strings.
 */
#ifndef MQB_READER_H
#define MQB_READER_H

#include <mqbind/detail/reader.h>

#include <string.h>

#include "compiler.h"
#include "json/text.h"

/** Keep the first error: at `offset`, or about the value read last. */
void mqb_reader_fail(struct mqb_reader *r, enum mqb_status status, const char *rule, size_t offset);
void mqb_reader_refuse(struct mqb_reader *r, enum mqb_status status, const char *rule);

extern const char mqb_rule_boolean[];
extern const char mqb_rule_string[];
extern const char mqb_rule_array[];
extern const char mqb_rule_object[];
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

/**
 * The string that a raw string represents: a view of the payload, or a copy if there are escapes.
 */
struct mqb_str mqb_reader_unescape(struct mqb_reader *r, struct mqb_str raw);

static inline bool mqb_reader_same_eight(const char *a, const char *b)
{
    uint64_t word;
    uint64_t other;
    memcpy(&word, a, sizeof(word));
    memcpy(&other, b, sizeof(other));
    return word == other;
}

static inline bool mqb_reader_same_four(const char *a, const char *b)
{
    uint32_t word;
    uint32_t other;
    memcpy(&word, a, sizeof(word));
    memcpy(&other, b, sizeof(other));
    return word == other;
}

/** Of eight bytes at least. Long names usually differ at the end, so that is compared first. */
static inline bool mqb_reader_same_long(const char *a, const char *b, size_t len)
{
    const size_t last = len - 8;
    bool same = mqb_reader_same_eight(a + last, b + last);
    for (size_t at = 0; same && at < last; at += 8)
        same = mqb_reader_same_eight(a + at, b + at);
    return same;
}

/** memcmp() == 0 without the call: most names are short. */
static inline bool mqb_reader_same_bytes(const char *a, const char *b, size_t len)
{
    if (MQB_SMALL)
        return len == 0 || memcmp(a, b, len) == 0;
    if (len >= 8)
        return mqb_reader_same_long(a, b, len);
    if (len >= 4)
        return mqb_reader_same_four(a, b) && mqb_reader_same_four(a + len - 4, b + len - 4);
    if (len == 0)
        return true;
    return a[0] == b[0] && a[len / 2] == b[len / 2] && a[len - 1] == b[len - 1];
}

/** True if it represents `text`. */
static inline bool mqb_reader_same(
    const struct mqb_reader *r,
    struct mqb_str raw,
    struct mqb_str text)
{
    if (r->escapes)
        return mqb_json_text_equal(raw, text);
    return raw.len == text.len && mqb_reader_same_bytes(raw.ptr, text.ptr, raw.len);
}

/** The scratch memory is too small. */
void mqb_reader_no_space(struct mqb_reader *r);

/** Memory from mqb_reader_take() is aligned for all of these types. */
union mqb_anything {
    int64_t integer;
    double number;
    void *pointer;
};

/** Reserve memory for `count` items, not cleared; NULL after an error. */
void *mqb_reader_memory(struct mqb_reader *r, size_t count, size_t size, size_t align);
/** The same while no list grows. */
void *mqb_reader_front(struct mqb_reader *r, size_t count, size_t size, size_t align);

/**
 * End reading after an error, or if not everything was read. Errors of the text as a whole take
 * precedence. After an error the memory is released, and *error is filled unless it is NULL.
 */
enum mqb_status mqb_reader_finish(struct mqb_reader *r, struct mqb_error *error);

#endif
