#include <mqbind/payload.h>

#include <string.h>

#include "error.h"
#include "json.h"
#include "json_text.h"
#include "number.h"
#include "pointer.h"
#include "raw.h"

static const char rule_twice[] = "must not appear twice";
static const char rule_utf8[] = "must be UTF-8";

/* ---- Open and close ---- */

void mqb_writer_init(struct mqb_writer *w, char *buf, size_t cap)
{
    w->buf = buf;
    w->cap = cap;
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

static void fail(struct mqb_writer *w, enum mqb_status status, const char *rule, size_t offset)
{
    if (w->status != MQB_OK)
        return;
    w->status = status;
    w->rule = rule;
    w->offset = offset;
}

void mqb_writer_check(struct mqb_writer *w, bool holds, const char *rule)
{
    if (!holds)
        fail(w, MQB_ERR_VALUE, rule, w->value);
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
        mqb_pointer_init(&w->pointer);
        mqb_pointer_feed(&w->pointer, (struct mqb_str){w->buf, w->len});
        if (w->len != w->value)
            keep_shown(w, w->value, w->buf + w->value, w->len - w->value);
    }
    mqb_pointer_feed(&w->pointer, (struct mqb_str){ptr, len});
    keep_shown(w, w->len, ptr, len);
    w->len = len > SIZE_MAX - w->len ? SIZE_MAX : w->len + len;
}

static void put(struct mqb_writer *w, const char *ptr, size_t len)
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

/* Start a value; false after an error. */
static bool begin(struct mqb_writer *w)
{
    if (w->status != MQB_OK)
        return false;
    w->value = w->len;
    return true;
}

/* ---- Structure ---- */

static void open_container(struct mqb_writer *w, const char *bracket)
{
    if (!begin(w))
        return;
    if (w->depth == MQB_DEPTH_MAX) {
        fail(w, MQB_ERR_LIMIT, mqb_json_rule_depth, w->value);
        return;
    }
    put(w, bracket, 1);
    w->depth++;
    w->first = true;
}

static void close_container(struct mqb_writer *w, const char *bracket)
{
    if (w->status != MQB_OK)
        return;
    put(w, bracket, 1);
    w->depth--;
    w->first = false;
    w->value = w->len;
}

void mqb_write_object(struct mqb_writer *w)
{
    open_container(w, "{");
}

void mqb_write_object_end(struct mqb_writer *w)
{
    close_container(w, "}");
}

void mqb_write_array(struct mqb_writer *w)
{
    open_container(w, "[");
}

void mqb_write_array_end(struct mqb_writer *w)
{
    close_container(w, "]");
}

void mqb_write_name(struct mqb_writer *w, struct mqb_str chunk)
{
    if (w->status != MQB_OK)
        return;
    put(w, chunk.ptr + w->first, chunk.len - w->first);
    w->first = false;
    w->value = w->len;
}

void mqb_write_item(struct mqb_writer *w)
{
    if (w->status != MQB_OK)
        return;
    put(w, ",", w->first ? 0 : 1);
    w->first = false;
    w->value = w->len;
}

/* ---- Scalars ---- */

void mqb_write_null(struct mqb_writer *w)
{
    if (begin(w))
        put(w, "null", 4);
}

void mqb_write_bool(struct mqb_writer *w, bool value)
{
    if (begin(w))
        put(w, value ? "true" : "false", value ? 4 : 5);
}

static void put_int(struct mqb_writer *w, int64_t value)
{
    char text[MQB_NUMBER_BYTES];
    put(w, text, mqb_number_write_int64(value, text));
}

void mqb_write_int(
    struct mqb_writer *w,
    int64_t value,
    int64_t minimum,
    int64_t maximum,
    const char *rule)
{
    if (!begin(w))
        return;
    put_int(w, value);
    mqb_writer_check(w, value >= minimum && value <= maximum, rule);
}

void mqb_write_uint(
    struct mqb_writer *w,
    uint64_t value,
    uint64_t minimum,
    uint64_t maximum,
    const char *rule)
{
    char text[MQB_NUMBER_BYTES];
    if (!begin(w))
        return;
    put(w, text, mqb_number_write_uint64(value, text));
    mqb_writer_check(w, value >= minimum && value <= maximum, rule);
}

/* A number as a string. */
static void write_quoted(
    struct mqb_writer *w,
    struct mqb_str number,
    const struct mqb_pattern *pattern,
    const char *rule)
{
    if (!begin(w))
        return;
    put(w, "\"", 1);
    put(w, number.ptr, number.len);
    put(w, "\"", 1);
    mqb_writer_check(w, pattern == NULL || mqb_pattern_matches(pattern, number), rule);
}

void mqb_write_text_int(
    struct mqb_writer *w,
    int64_t value,
    const struct mqb_pattern *pattern,
    const char *rule)
{
    char text[MQB_NUMBER_BYTES];
    const size_t len = mqb_number_write_int64(value, text);
    write_quoted(w, (struct mqb_str){text, len}, pattern, rule);
}

void mqb_write_text_uint(
    struct mqb_writer *w,
    uint64_t value,
    const struct mqb_pattern *pattern,
    const char *rule)
{
    char text[MQB_NUMBER_BYTES];
    const size_t len = mqb_number_write_uint64(value, text);
    write_quoted(w, (struct mqb_str){text, len}, pattern, rule);
}

void mqb_write_double(struct mqb_writer *w, double value)
{
    char text[MQB_NUMBER_BYTES];
    if (!begin(w))
        return;
    const size_t len = mqb_number_write_double(value, text);
    put(w, text, len);
    mqb_writer_check(w, len != 0, "must be a finite number");
}

/* ---- Strings ---- */

/* The text in quotes; false if it is not UTF-8. */
static bool put_string(struct mqb_writer *w, struct mqb_str text)
{
    char escape[MQB_JSON_ESCAPE_BYTES];
    put(w, "\"", 1);
    while (text.len != 0) {
        const size_t plain = mqb_json_plain(text);
        put(w, text.ptr, plain);
        if (plain == text.len)
            break;
        const size_t len = mqb_json_escape(text.ptr[plain], escape);
        if (len == 0)
            return false;
        put(w, escape, len);
        text = (struct mqb_str){text.ptr + plain + 1, text.len - plain - 1};
    }
    put(w, "\"", 1);
    return true;
}

void mqb_write_string(struct mqb_writer *w, struct mqb_str text)
{
    if (begin(w))
        mqb_writer_check(w, put_string(w, text), rule_utf8);
}

void mqb_write_choice(struct mqb_writer *w, int value, const struct mqb_choices *choices)
{
    for (size_t i = 0; i < choices->count; i++) {
        if (choices->items[i].value == value) {
            mqb_write_string(w, choices->items[i].text);
            return;
        }
    }
    if (!begin(w))
        return;
    put_int(w, value);
    mqb_writer_check(w, false, choices->rule);
}

/* ---- Open values ---- */

void mqb_write_bytes(struct mqb_writer *w, struct mqb_str bytes)
{
    if (begin(w))
        put(w, bytes.ptr, bytes.len);
}

void mqb_write_json(struct mqb_writer *w, struct mqb_json json)
{
    const struct mqb_str text = {json.ptr, json.len};
    struct mqb_json_scan scan;
    size_t twice;
    if (!begin(w))
        return;
    const enum mqb_status status = mqb_json_scan(text, MQB_DEPTH_MAX - w->depth, &scan);
    if (status != MQB_OK) {
        put(w, text.ptr, scan.offset);
        fail(w, status, scan.rule, w->len);
        return;
    }
    if (!mqb_raw_twice(json, &twice)) {
        put(w, text.ptr, text.len);
        return;
    }
    /* The name itself is written too, as the error's path has it. */
    put(w, text.ptr, mqb_json_value_end(text, twice));
    fail(w, MQB_ERR_DUPLICATE, rule_twice, w->value + twice);
}

/* The name of an entry, which is its first member. */
static struct mqb_str key_at(const void *entries, size_t size, size_t index)
{
    struct mqb_str key;
    memcpy(&key, (const char *)entries + index * size, sizeof(key));
    return key;
}

bool mqb_has_key(const void *entries, size_t count, size_t size, struct mqb_str name)
{
    for (size_t i = 0; i < count; i++) {
        if (mqb_str_equal(key_at(entries, size, i), name))
            return true;
    }
    return false;
}

void mqb_write_key(struct mqb_writer *w, const void *entries, size_t size, size_t index)
{
    const struct mqb_str key = key_at(entries, size, index);
    mqb_write_item(w);
    if (w->status != MQB_OK)
        return;
    if (!put_string(w, key))
        mqb_writer_check(w, false, rule_utf8);
    else if (mqb_has_key(entries, index, size, key))
        fail(w, MQB_ERR_DUPLICATE, rule_twice, w->value);
    else
        put(w, ":", 1);
}

void mqb_write_map(struct mqb_writer *w, const struct mqb_map *map)
{
    mqb_write_object(w);
    for (size_t i = 0; i < map->count && w->status == MQB_OK; i++) {
        mqb_write_key(w, map->entries, sizeof(map->entries[0]), i);
        mqb_write_json(w, map->entries[i].value);
    }
    mqb_write_object_end(w);
}
