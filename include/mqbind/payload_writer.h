/*
 * payload_writer.h - the part of the writer that is inline. Part of payload.h.
 */
#ifndef MQBIND_PAYLOAD_WRITER_H
#define MQBIND_PAYLOAD_WRITER_H

#include <mqbind/payload.h>

#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/** True if so many bytes can be written, and nothing went wrong before. */
static inline bool mqb_writer_room(const struct mqb_writer *w, size_t count)
{
    return w->limit >= count && w->len <= w->limit - count;
}

static inline void mqb_write_next_name(struct mqb_writer *w, struct mqb_str chunk)
{
#ifndef __OPTIMIZE_SIZE__
    if (mqb_writer_room(w, chunk.len)) {
        memcpy(w->buf + w->len, chunk.ptr, chunk.len);
        w->len += chunk.len;
        w->value = w->len;
        return;
    }
#endif
    mqb_writer_chunk(w, chunk);
}

static inline void mqb_write_first_name(struct mqb_writer *w, struct mqb_str chunk)
{
#ifndef __OPTIMIZE_SIZE__
    if (mqb_writer_room(w, chunk.len) && w->depth != MQB_DEPTH_MAX) {
        memcpy(w->buf + w->len, chunk.ptr, chunk.len);
        w->len += chunk.len;
        w->value = w->len;
        w->depth++;
        w->first = false;
        return;
    }
#endif
    mqb_write_object(w);
    chunk.ptr++;
    chunk.len--;
    mqb_writer_chunk(w, chunk);
}

/* The first name stands on the bracket's place first, as if it were a comma's. */
static inline void mqb_write_name(struct mqb_writer *w, struct mqb_str chunk)
{
#ifndef __OPTIMIZE_SIZE__
    if (mqb_writer_room(w, chunk.len)) {
        char *out = w->buf + w->len - w->first;
        memcpy(out, chunk.ptr, chunk.len);
        if (w->first)
            *out = '{';
        w->len += chunk.len - w->first;
        w->value = w->len;
        w->first = false;
        return;
    }
#endif
    chunk.ptr += w->first;
    chunk.len -= w->first;
    mqb_writer_chunk(w, chunk);
}

static inline void mqb_write_object_end(struct mqb_writer *w)
{
#ifndef __OPTIMIZE_SIZE__
    if (mqb_writer_room(w, 1)) {
        w->buf[w->len++] = '}';
        w->value = w->len;
        w->depth--;
        w->first = false;
        return;
    }
#endif
    mqb_writer_end(w, "}");
}

#ifdef __cplusplus
}
#endif

#endif
