/* The text as a whole, and its structure. */
#include "writer.h"

#include <string.h>

#include "error.h"
#include "json.h"
#include "pointer.h"

/* ---- Open and close ---- */

void mqb_writer_init(struct mqb_writer *w, char *buf, size_t cap)
{
    w->buf = buf;
    w->cap = cap;
    w->limit = cap;
    w->len = 0;
    w->value = 0;
    w->depth = 0;
    w->first = true;
    w->status = MQB_OK;
    w->rule = NULL;
    w->offset = 0;
    w->missing = (struct mqb_str){NULL, 0};
    w->spent = 0;
}

void mqb_writer_fail(struct mqb_writer *w, enum mqb_status status, const char *rule, size_t offset)
{
    if (w->status != MQB_OK)
        return;
    w->limit = 0;
    w->status = status;
    w->rule = rule;
    w->offset = offset;
}

void mqb_writer_check(struct mqb_writer *w, bool holds, const char *rule)
{
    if (!holds)
        mqb_writer_fail(w, MQB_ERR_VALUE, rule, w->value);
}

/* A name has been written twice, or raw text is wrong: there is no value to show. */
static bool can_show(const struct mqb_writer *w)
{
    const bool refused = w->status == MQB_ERR_VALUE || w->status == MQB_ERR_TYPE;
    return refused && w->offset == w->value && w->len > w->value;
}

static void tell(const struct mqb_writer *w, struct mqb_error *error)
{
    mqb_error_set(error, w->status, w->rule, w->offset);
    if (w->len > w->cap) {
        const size_t count = w->len - w->value;
        const size_t kept = count < sizeof(w->shown) ? count : sizeof(w->shown);
        mqb_pointer_path(&w->pointer, error->path);
        if (can_show(w))
            mqb_error_show(error, (struct mqb_str){w->shown, kept});
        return;
    }
    const struct mqb_str text = {w->buf, w->len};
    if (w->offset <= text.len)
        mqb_pointer_find(text, w->offset, w->missing, error->path);
    if (can_show(w))
        mqb_error_show(error, (struct mqb_str){text.ptr + w->value, text.len - w->value});
}

enum mqb_status mqb_writer_verdict(struct mqb_writer *w, struct mqb_error *error)
{
    if (w->status != MQB_OK && error != NULL)
        tell(w, error);
    return w->status;
}

enum mqb_status mqb_writer_close(struct mqb_writer *w, size_t *len, struct mqb_error *error)
{
    if (len != NULL)
        *len = w->status == MQB_OK ? w->len : 0;
    if (w->status != MQB_OK || w->len <= w->cap)
        return mqb_writer_verdict(w, error);
    if (error != NULL)
        mqb_error_set(error, MQB_ERR_SPACE, "needs a larger buffer", 0);
    return MQB_ERR_SPACE;
}

/* ---- Bytes ---- */

/* Keep the start of the value that bytes at `offset` belong to. */
static void keep_shown(struct mqb_writer *w, size_t offset, const char *ptr, size_t len)
{
    const size_t done = offset - w->value;
    if (done >= sizeof(w->shown))
        return;
    const size_t room = sizeof(w->shown) - done;
    memcpy(w->shown + done, ptr, len < room ? len : room);
}

/* The text does not fit: from here on only count it, and watch where it is. */
static void count(struct mqb_writer *w, const char *ptr, size_t len)
{
    if (w->len <= w->cap) {
        w->limit = 0;
        mqb_pointer_init(&w->pointer);
        mqb_pointer_feed(&w->pointer, (struct mqb_str){w->buf, w->len});
        if (w->len != w->value)
            keep_shown(w, w->value, w->buf + w->value, w->len - w->value);
    }
    mqb_pointer_feed(&w->pointer, (struct mqb_str){ptr, len});
    keep_shown(w, w->len, ptr, len);
    w->len = len > SIZE_MAX - w->len ? SIZE_MAX : w->len + len;
}

void mqb_writer_put(struct mqb_writer *w, const char *ptr, size_t len)
{
    if (len == 0)
        return;
    if (w->len > w->cap || len > w->cap - w->len) {
        count(w, ptr, len);
        return;
    }
    memcpy(w->buf + w->len, ptr, len);
    w->len += len;
}

/* ---- Structure ---- */

static void open_container(struct mqb_writer *w, const char *bracket)
{
    if (!mqb_writer_begin(w))
        return;
    if (w->depth == MQB_DEPTH_MAX) {
        mqb_writer_fail(w, MQB_ERR_LIMIT, mqb_json_rule_depth, w->value);
        return;
    }
    mqb_writer_put(w, bracket, 1);
    w->depth++;
    w->first = true;
}

void mqb_writer_end(struct mqb_writer *w, const char *bracket)
{
    if (w->status != MQB_OK)
        return;
    mqb_writer_put(w, bracket, 1);
    w->depth--;
    w->first = false;
    w->value = w->len;
}

void mqb_write_object(struct mqb_writer *w)
{
    open_container(w, "{");
}

void mqb_write_array(struct mqb_writer *w)
{
    open_container(w, "[");
}

void mqb_write_array_end(struct mqb_writer *w)
{
    mqb_writer_end(w, "]");
}

void mqb_writer_chunk(struct mqb_writer *w, struct mqb_str chunk)
{
    if (w->status != MQB_OK)
        return;
    mqb_writer_put(w, chunk.ptr, chunk.len);
    w->first = false;
    w->value = w->len;
}

void mqb_write_item(struct mqb_writer *w)
{
    mqb_writer_chunk(w, (struct mqb_str){",", w->first ? 0 : 1});
}
