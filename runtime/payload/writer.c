/* The written text as a whole, and its structure. */
#include "payload/writer.h"

#include <string.h>

#include "json/scanner.h"
#include "payload/error.h"
#include "payload/json_pointer.h"

const char mqb_writer_rule_twice[] = "must not appear twice";

/* ---- Open and close ---- */

void mqb_writer_init(struct mqb_writer *w, char *buf, size_t cap)
{
    mqb_writer_begin(w, buf, cap);
}

/* Write nothing more without asking. */
static void full(struct mqb_writer *w)
{
    w->end = w->at;
    w->easy = w->buf;
}

/* Nothing is written inline, so that all of it is written by put_text(). */
void mqb_writer_as_text(struct mqb_writer *w, unsigned types)
{
    w->text = types | MQB_TYPE_BIT(MQB_JSON_STRING);
    w->limit = w->end;
    full(w);
}

/* The position of the value written last. */
static size_t value_offset(const struct mqb_writer *w)
{
    return (size_t)(w->value - w->buf) + w->value_beyond;
}

void mqb_writer_fail(struct mqb_writer *w, enum mqb_status status, const char *rule, size_t offset)
{
    if (w->status != MQB_OK)
        return;
    full(w);
    w->status = status;
    w->rule = rule;
    w->offset = offset;
    w->missing = (struct mqb_str){NULL, 0};
}

void mqb_writer_refuse(struct mqb_writer *w, const char *rule)
{
    mqb_writer_fail(w, MQB_ERR_VALUE, rule, value_offset(w));
}

/* As with mqb_writer_constrain(), drafts are not checked: they are written again. */
void mqb_writer_check_since(struct mqb_writer *w, size_t mark, bool holds, const char *rule)
{
    if (holds || w->status != MQB_OK || w->drafting)
        return;
    if (w->beyond == 0)
        w->value = w->buf + mark;
    mqb_writer_fail(w, MQB_ERR_VALUE, rule, mark);
}

void mqb_writer_no_nul(struct mqb_writer *w, struct mqb_str text)
{
    if (text.len != 0 && memchr(text.ptr, '\0', text.len) != NULL)
        mqb_writer_fail(w, MQB_ERR_LIMIT, mqb_rule_nul, value_offset(w));
}

/* A duplicate name, or invalid raw text: there is no value to show. */
static bool can_show(const struct mqb_writer *w)
{
    const bool refused = w->status == MQB_ERR_VALUE || w->status == MQB_ERR_TYPE;
    return refused && w->offset == value_offset(w) && mqb_writer_mark(w) > w->offset;
}

static void show_text(const struct mqb_writer *w, struct mqb_error *error)
{
    const size_t len = mqb_writer_mark(w);
    const size_t kept = len < sizeof(w->shown) ? len : sizeof(w->shown);
    if (!can_show(w))
        return;
    if (w->beyond != 0)
        mqb_error_show_text(error, (struct mqb_str){w->shown, kept}, kept < len);
    else
        mqb_error_show_text(error, (struct mqb_str){w->buf, len}, false);
}

static void fill_writer_error(const struct mqb_writer *w, struct mqb_error *error)
{
    mqb_error_set(error, w->status, w->rule, w->offset);
    if (w->text != 0) {
        show_text(w, error);
        return;
    }
    if (w->beyond != 0) {
        const size_t count = mqb_writer_mark(w) - value_offset(w);
        const size_t kept = count < sizeof(w->shown) ? count : sizeof(w->shown);
        mqb_pointer_path(&w->pointer, error->path);
        if (can_show(w))
            mqb_error_show(error, (struct mqb_str){w->shown, kept}, kept < count);
        return;
    }
    const struct mqb_str text = {w->buf, (size_t)(w->at - w->buf)};
    if (w->offset <= text.len)
        mqb_pointer_find(text, w->offset, w->missing, error->path);
    if (can_show(w))
        mqb_error_show(error, (struct mqb_str){w->value, (size_t)(w->at - w->value)}, false);
}

enum mqb_status mqb_writer_verdict(struct mqb_writer *w, struct mqb_error *error)
{
    if (w->status != MQB_OK && error != NULL)
        fill_writer_error(w, error);
    return w->status;
}

static MQB_RARE enum mqb_status close_failed(
    struct mqb_writer *w,
    size_t *len,
    struct mqb_error *error)
{
    const bool space = w->status == MQB_OK;
    if (len != NULL)
        *len = space ? mqb_writer_mark(w) : 0;
    if (!space)
        return mqb_writer_verdict(w, error);
    if (error != NULL)
        mqb_error_set(error, MQB_ERR_SPACE, "needs a larger buffer", MQB_NO_OFFSET);
    return MQB_ERR_SPACE;
}

enum mqb_status mqb_writer_close(struct mqb_writer *w, size_t *len, struct mqb_error *error)
{
    if (w->status != MQB_OK || w->beyond != 0)
        return close_failed(w, len, error);
    if (len != NULL)
        *len = (size_t)(w->at - w->buf);
    return MQB_OK;
}

/* ---- Bytes ---- */

/* Keep the start of the value, of which `done` bytes were written before. */
static void keep_shown(struct mqb_writer *w, size_t done, const char *ptr, size_t len)
{
    if (done >= sizeof(w->shown))
        return;
    const size_t room = sizeof(w->shown) - done;
    memcpy(w->shown + done, ptr, len < room ? len : room);
}

/* A piece of text, if there is room for it. */
static void put_text(struct mqb_writer *w, const char *ptr, size_t len)
{
    const size_t whole = mqb_writer_mark(w);
    if (w->beyond == 0 && (size_t)(w->limit - w->at) >= len) {
        memcpy(w->at, ptr, len);
        w->at += len;
        w->end = w->at;
        return;
    }
    if (w->beyond == 0)
        keep_shown(w, 0, w->buf, whole);
    keep_shown(w, whole, ptr, len);
    w->beyond += len > SIZE_MAX - whole ? SIZE_MAX - whole : len;
}

/* The text does not fit: from now on only count it, and track the position. */
static void count(struct mqb_writer *w, const char *ptr, size_t len)
{
    const size_t whole = mqb_writer_mark(w);
    if (w->beyond == 0) {
        full(w);
        mqb_pointer_init(&w->pointer);
        mqb_pointer_feed(&w->pointer, (struct mqb_str){w->buf, whole});
        if (w->at != w->value)
            keep_shown(w, 0, w->value, (size_t)(w->at - w->value));
    }
    mqb_pointer_feed(&w->pointer, (struct mqb_str){ptr, len});
    keep_shown(w, whole - value_offset(w), ptr, len);
    w->beyond += len > SIZE_MAX - whole ? SIZE_MAX - whole : len;
}

void mqb_writer_put(struct mqb_writer *w, const char *ptr, size_t len)
{
    if (len == 0)
        return;
    if (!mqb_writer_room(w, len)) {
        (w->text != 0 ? put_text : count)(w, ptr, len);
        return;
    }
    memcpy(w->at, ptr, len);
    w->at += len;
}

/* ---- Structure ---- */

void mqb_writer_open_slow(struct mqb_writer *w, char bracket)
{
    if (w->status == MQB_OK && w->depth == MQB_DEPTH_MAX)
        mqb_writer_fail(w, MQB_ERR_LIMIT, mqb_json_rule_depth, mqb_writer_mark(w));
    if (w->status != MQB_OK)
        return;
    w->depth++;
    w->before = bracket;
}

void mqb_writer_end_slow(struct mqb_writer *w, const char *brackets)
{
    if (w->status != MQB_OK)
        return;
    if (w->before == ',')
        mqb_writer_put(w, brackets + 1, 1);
    else
        mqb_writer_put(w, brackets, 2);
    w->depth--;
    w->before = ',';
}

void mqb_writer_name_slow(struct mqb_writer *w, struct mqb_str chunk)
{
    if (w->status != MQB_OK)
        return;
    mqb_writer_put(w, &w->before, 1);
    mqb_writer_put(w, chunk.ptr + 1, chunk.len - 1);
    w->before = ',';
    mqb_writer_next(w);
}
