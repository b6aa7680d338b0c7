/*
 * writer_inline.h - the inline functions of the writer. Part of writer.h.
 *
 * Each handles the common case: there is room, and the value is valid. All others, and everything
 * with -Os, are left to functions that are not inline and handle every case.
 */
#ifndef MQBIND_DETAIL_WRITER_INLINE_H
#define MQBIND_DETAIL_WRITER_INLINE_H

#include <mqbind/detail/inline.h>
#include <mqbind/detail/writer.h>

#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/** True if there is room for `count` bytes, and there was no error. */
static inline bool mqb_writer_room(const struct mqb_writer *w, size_t count)
{
    return (size_t)(w->end - w->at) >= count;
}

/**
 * True if `count` bytes should be written inline. It may be false near the end of the buffer: short
 * values ask for the room of a number.
 */
static inline bool mqb_writer_inline(const struct mqb_writer *w, size_t count)
{
    if (MQB_SMALL)
        return false;
    return count <= MQB_NUMBER_BYTES ? w->at < w->easy : mqb_writer_room(w, count);
}

static inline void mqb_writer_check(struct mqb_writer *w, bool holds, const char *rule)
{
    if (!holds)
        mqb_writer_refuse(w, rule);
}

/* ---- Structure ---- */

static inline void mqb_writer_object(struct mqb_writer *w)
{
    if (!MQB_SMALL && w->depth != MQB_DEPTH_MAX) {
        w->depth++;
        w->before = '{';
        return;
    }
    mqb_writer_open_slow(w, '{');
}

static inline void mqb_writer_array(struct mqb_writer *w)
{
    if (!MQB_SMALL && w->depth != MQB_DEPTH_MAX) {
        w->depth++;
        w->before = '[';
        return;
    }
    mqb_writer_open_slow(w, '[');
}

/* The opening bracket of an empty container has not been written yet. */
static inline void mqb_writer_brackets(struct mqb_writer *w, const char *brackets)
{
    if (mqb_writer_inline(w, 1) && w->before == ',') {
        *w->at++ = brackets[1];
        w->depth--;
        return;
    }
    mqb_writer_end_slow(w, brackets);
}

static inline void mqb_writer_object_end(struct mqb_writer *w)
{
    mqb_writer_brackets(w, "{}");
}

static inline void mqb_writer_array_end(struct mqb_writer *w)
{
    mqb_writer_brackets(w, "[]");
}

static inline void mqb_writer_next_name(struct mqb_writer *w, struct mqb_str chunk)
{
    if (mqb_writer_inline(w, chunk.len)) {
        char *at = w->at;
        memcpy(at, chunk.ptr, chunk.len);
        w->at = w->value = at + chunk.len;
        return;
    }
    mqb_writer_name_slow(w, chunk);
}

static inline void mqb_writer_first_name(struct mqb_writer *w, struct mqb_str chunk)
{
    mqb_writer_object(w);
    if (mqb_writer_inline(w, chunk.len)) {
        char *at = w->at;
        memcpy(at, chunk.ptr, chunk.len);
        w->at = w->value = at + chunk.len;
        w->before = ',';
        return;
    }
    mqb_writer_name_slow(w, chunk);
}

static inline void mqb_writer_name(struct mqb_writer *w, struct mqb_str chunk)
{
    if (mqb_writer_inline(w, chunk.len)) {
        char *at = w->at;
        const char before = w->before;
        memcpy(at, chunk.ptr, chunk.len);
        *at = before;
        w->at = w->value = at + chunk.len;
        w->before = ',';
        return;
    }
    mqb_writer_name_slow(w, chunk);
}

static inline void mqb_writer_item(struct mqb_writer *w)
{
    const struct mqb_str comma = {",", 1};
    mqb_writer_name(w, comma);
}

/* ---- Values ---- */

static inline void mqb_writer_bool(struct mqb_writer *w, bool value)
{
    if (mqb_writer_inline(w, sizeof("false") - 1)) {
        char *at = w->at;
        memcpy(at, value ? "true" : "fals", 4);
        at[4] = 'e';
        w->at = at + (value ? 4 : 5);
        return;
    }
    mqb_writer_bool_slow(w, value);
}

/* Digits without a sign. */
static inline void mqb_writer_digits(struct mqb_writer *w, uint64_t value)
{
    char *at = w->at;
    if (value > 9) {
        w->at = mqb_number_write_digits(at, value);
        return;
    }
    *at = (char)('0' + value);
    w->at = at + 1;
}

static inline void mqb_writer_double(struct mqb_writer *w, double value)
{
    const bool room = mqb_writer_inline(w, MQB_NUMBER_BYTES);
    const size_t len = room ? mqb_number_write_double(value, w->at) : 0;
    w->at += len;
    if (len == 0)
        mqb_writer_double_slow(w, value);
}

static inline void mqb_writer_int(
    struct mqb_writer *w,
    int64_t value,
    int64_t minimum,
    int64_t maximum,
    const char *rule)
{
    if (value >= minimum && value <= maximum && mqb_writer_inline(w, MQB_NUMBER_BYTES)) {
        if (minimum < 0 && value < 0)
            *w->at++ = '-';
        mqb_writer_digits(w, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
    } else
        mqb_writer_int_slow(w, value, minimum, maximum, rule);
}

static inline void mqb_writer_uint(
    struct mqb_writer *w,
    uint64_t value,
    uint64_t minimum,
    uint64_t maximum,
    const char *rule)
{
    if (value >= minimum && value <= maximum && mqb_writer_inline(w, MQB_NUMBER_BYTES))
        mqb_writer_digits(w, value);
    else
        mqb_writer_uint_slow(w, value, minimum, maximum, rule);
}

#ifdef __cplusplus
}
#endif

#endif
