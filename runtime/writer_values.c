/* Values: scalars, strings, and those of any shape. */
#include "writer.h"

#include <string.h>

#include "json.h"
#include "json_bytes.h"
#include "json_text.h"
#include "names.h"
#include "number.h"
#include "raw.h"

static const char rule_twice[] = "must not appear twice";
static const char rule_utf8[] = "must be UTF-8";

/* ---- Scalars ---- */

void mqb_write_null(struct mqb_writer *w)
{
    if (mqb_writer_begin(w))
        mqb_writer_put(w, "null", 4);
}

void mqb_write_bool(struct mqb_writer *w, bool value)
{
    if (mqb_writer_begin(w))
        mqb_writer_put(w, value ? "true" : "false", value ? 4 : 5);
}

static void put_uint(struct mqb_writer *w, uint64_t value)
{
    char text[MQB_NUMBER_BYTES];
    if (!mqb_writer_room(w, MQB_NUMBER_BYTES))
        mqb_writer_put(w, text, mqb_number_write_uint64(value, text));
    else if (value < 10)
        w->buf[w->len++] = (char)('0' + value);
    else
        w->len += mqb_number_write_uint64(value, w->buf + w->len);
}

static void put_int(struct mqb_writer *w, int64_t value)
{
    if (value < 0)
        mqb_writer_put(w, "-", 1);
    put_uint(w, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

void mqb_write_int(
    struct mqb_writer *w,
    int64_t value,
    int64_t minimum,
    int64_t maximum,
    const char *rule)
{
    if (!mqb_writer_begin(w))
        return;
    put_int(w, value);
    if (value < minimum || value > maximum)
        mqb_writer_check(w, false, rule);
}

void mqb_write_uint(
    struct mqb_writer *w,
    uint64_t value,
    uint64_t minimum,
    uint64_t maximum,
    const char *rule)
{
    if (!mqb_writer_begin(w))
        return;
    put_uint(w, value);
    if (value < minimum || value > maximum)
        mqb_writer_check(w, false, rule);
}

/* An integer as a string: its text lies in `quoted`, behind one byte. */
static void write_quoted(
    struct mqb_writer *w,
    char *quoted,
    size_t digits,
    const struct mqb_pattern *pattern,
    const char *rule)
{
    if (!mqb_writer_begin(w))
        return;
    quoted[0] = quoted[digits + 1] = '"';
    mqb_writer_put(w, quoted, digits + 2);
    const struct mqb_str number = {quoted + 1, digits};
    if (pattern != NULL && !mqb_pattern_matches(pattern, number))
        mqb_writer_check(w, false, rule);
}

void mqb_write_text_int(
    struct mqb_writer *w,
    int64_t value,
    const struct mqb_pattern *pattern,
    const char *rule)
{
    char text[MQB_NUMBER_BYTES + 2];
    write_quoted(w, text, mqb_number_write_int64(value, text + 1), pattern, rule);
}

void mqb_write_text_uint(
    struct mqb_writer *w,
    uint64_t value,
    const struct mqb_pattern *pattern,
    const char *rule)
{
    char text[MQB_NUMBER_BYTES + 2];
    write_quoted(w, text, mqb_number_write_uint64(value, text + 1), pattern, rule);
}

void mqb_write_double(struct mqb_writer *w, double value)
{
    char text[MQB_NUMBER_BYTES];
    if (!mqb_writer_begin(w))
        return;
    const bool room = mqb_writer_room(w, MQB_NUMBER_BYTES);
    const size_t len = mqb_number_write_double(value, room ? w->buf + w->len : text);
    if (room)
        w->len += len;
    else
        mqb_writer_put(w, text, len);
    if (len == 0)
        mqb_writer_check(w, false, "must be a finite number");
}

/* ---- Strings ---- */

/* The text in quotes; false if it is not UTF-8. */
static bool put_string(struct mqb_writer *w, struct mqb_str text)
{
    char escape[MQB_JSON_ESCAPE_BYTES];
    mqb_writer_put(w, "\"", 1);
    while (text.len != 0) {
        const size_t plain = mqb_json_plain(text);
        mqb_writer_put(w, text.ptr, plain);
        if (plain == text.len)
            break;
        const size_t len = mqb_json_escape(text.ptr[plain], escape);
        if (len == 0)
            return false;
        mqb_writer_put(w, escape, len);
        text = (struct mqb_str){text.ptr + plain + 1, text.len - plain - 1};
    }
    mqb_writer_put(w, "\"", 1);
    return true;
}

/* Copy plain bytes, up to the first that is not; where they end. */
static size_t copy_plain(char *out, struct mqb_str text)
{
    size_t at = 0;
    for (; text.len - at >= 8; at += 8) {
        memcpy(out + at, text.ptr + at, 8);
        const uint64_t special = mqb_bytes_special(text.ptr + at);
        if (special != 0)
            return at + mqb_bytes_first(special);
    }
    /* Again the last eight, some of which are copied already. */
    if (text.len >= 8 && at != text.len && mqb_bytes_special(text.ptr + text.len - 8) == 0) {
        memcpy(out + text.len - 8, text.ptr + text.len - 8, 8);
        return text.len;
    }
    for (; at < text.len && mqb_byte_is(text.ptr[at], MQB_PLAIN); at++)
        out[at] = text.ptr[at];
    return at;
}

/* The text in quotes if all of it is plain, and there is room; else nothing is written. */
static bool put_plain(struct mqb_writer *w, struct mqb_str text)
{
    if (text.len > SIZE_MAX - 2 || !mqb_writer_room(w, text.len + 2))
        return false;
    char *out = w->buf + w->len;
    if (copy_plain(out + 1, text) != text.len)
        return false;
    out[0] = out[text.len + 1] = '"';
    w->len += text.len + 2;
    return true;
}

void mqb_write_string(struct mqb_writer *w, struct mqb_str text)
{
    if (!mqb_writer_begin(w) || put_plain(w, text))
        return;
    if (!put_string(w, text))
        mqb_writer_check(w, false, rule_utf8);
}

/* Mostly the constants count from that of the first text on. */
static const struct mqb_choice *find_choice(int value, const struct mqb_choices *choices)
{
    const int64_t place = choices->count != 0 ? (int64_t)value - choices->items[0].value : -1;
    if (place >= 0 && (uint64_t)place < choices->count && choices->items[place].value == value)
        return &choices->items[place];
    for (size_t i = 0; i < choices->count; i++) {
        if (choices->items[i].value == value)
            return &choices->items[i];
    }
    return NULL;
}

void mqb_write_choice(struct mqb_writer *w, int value, const struct mqb_choices *choices)
{
    const struct mqb_choice *choice = find_choice(value, choices);
    if (choice != NULL) {
        mqb_write_string(w, choice->text);
        return;
    }
    if (!mqb_writer_begin(w))
        return;
    put_int(w, value);
    mqb_writer_check(w, false, choices->rule);
}

/* ---- Open values ---- */

void mqb_write_bytes(struct mqb_writer *w, struct mqb_str bytes)
{
    if (mqb_writer_begin(w))
        mqb_writer_put(w, bytes.ptr, bytes.len);
}

/*
 * Check the text, with the rest of the buffer as memory for the names in it, and write it. False,
 * and nothing is written, if anything is wrong, or there is no such room.
 */
static bool put_checked(struct mqb_writer *w, struct mqb_str text)
{
    if (text.len == 0 || text.len > UINT32_MAX / 2 || !mqb_writer_room(w, text.len))
        return false;
    struct mqb_scratch behind = {.ptr = w->buf, .cap = w->limit, .used = w->len + text.len};
    const char *end = text.ptr + text.len;
    struct mqb_names names;
    mqb_names_begin(&names, text, &behind, 0);
    const char *at = mqb_json_pass_value(text.ptr, end, MQB_DEPTH_MAX - w->depth, &names);
    if (at == NULL || mqb_byte_next(&at, end) >= 0 || names.twice != SIZE_MAX)
        return false;
    memcpy(w->buf + w->len, text.ptr, text.len);
    w->len += text.len;
    return true;
}

/* The same step by step: what is right is written, as the error's path has it. */
static void put_json(struct mqb_writer *w, struct mqb_str text)
{
    struct mqb_json_scan scan;
    size_t twice;
    const enum mqb_status status = mqb_json_scan(text, MQB_DEPTH_MAX - w->depth, &scan);
    if (status != MQB_OK) {
        mqb_writer_put(w, text.ptr, scan.offset);
        mqb_writer_fail(w, status, scan.rule, w->len);
        return;
    }
    if (!mqb_raw_twice((struct mqb_json){text.ptr, text.len}, &twice)) {
        mqb_writer_put(w, text.ptr, text.len);
        return;
    }
    /* The name itself is written too. */
    mqb_writer_put(w, text.ptr, mqb_json_value_end(text, twice));
    mqb_writer_fail(w, MQB_ERR_DUPLICATE, rule_twice, w->value + twice);
}

void mqb_write_json(struct mqb_writer *w, struct mqb_json json)
{
    const struct mqb_str text = {json.ptr, json.len};
    if (mqb_writer_begin(w) && !put_checked(w, text))
        put_json(w, text);
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
        mqb_writer_fail(w, MQB_ERR_DUPLICATE, rule_twice, w->value);
    else
        mqb_writer_put(w, ":", 1);
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
