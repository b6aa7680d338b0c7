/* Values: scalars, strings, and those of any shape. */
#include "writer.h"

#include <string.h>

#include "json.h"
#include "json_bytes.h"
#include "json_text.h"
#include "names.h"
#include "number.h"
#include "rare.h"
#include "raw.h"

static const char rule_twice[] = "must not appear twice";
static const char rule_utf8[] = "must be UTF-8";

/* ---- Scalars ---- */

void mqb_write_null(struct mqb_writer *w)
{
    if (mqb_writer_ok(w))
        mqb_writer_put(w, "null", 4);
}

void mqb_writer_bool(struct mqb_writer *w, bool value)
{
    if (mqb_writer_ok(w))
        mqb_writer_put(w, value ? "true" : "false", value ? 4 : 5);
}

static void put_int(struct mqb_writer *w, int64_t value)
{
    char text[MQB_NUMBER_BYTES];
    if (mqb_writer_ok(w))
        mqb_writer_put(w, text, mqb_number_write_int64(value, text));
}

void mqb_writer_int(
    struct mqb_writer *w,
    int64_t value,
    int64_t minimum,
    int64_t maximum,
    const char *rule)
{
    put_int(w, value);
    mqb_writer_check(w, value >= minimum && value <= maximum, rule);
}

void mqb_writer_uint(
    struct mqb_writer *w,
    uint64_t value,
    uint64_t minimum,
    uint64_t maximum,
    const char *rule)
{
    char text[MQB_NUMBER_BYTES];
    if (mqb_writer_ok(w))
        mqb_writer_put(w, text, mqb_number_write_uint64(value, text));
    mqb_writer_check(w, value >= minimum && value <= maximum, rule);
}

/* An integer as a string: its digits lie at `digits`, with a byte before and behind them. */
static void write_quoted(
    struct mqb_writer *w,
    char *digits,
    size_t len,
    const struct mqb_pattern *pattern,
    const char *rule)
{
    const struct mqb_str number = {digits, len};
    digits[-1] = digits[len] = '"';
    if (digits == w->at + 1)
        w->at += len + 2;
    else if (mqb_writer_ok(w))
        mqb_writer_put(w, digits - 1, len + 2);
    if (pattern != NULL && !mqb_pattern_matches(pattern, number))
        mqb_writer_refuse(w, rule);
}

void mqb_write_text_int(
    struct mqb_writer *w,
    int64_t value,
    const struct mqb_pattern *pattern,
    const char *rule)
{
    char text[MQB_NUMBER_BYTES];
    char *digits = (w->at < w->easy ? w->at : text) + 1;
    write_quoted(w, digits, mqb_number_write_int64(value, digits), pattern, rule);
}

void mqb_write_text_uint(
    struct mqb_writer *w,
    uint64_t value,
    const struct mqb_pattern *pattern,
    const char *rule)
{
    char text[MQB_NUMBER_BYTES];
    char *digits = (w->at < w->easy ? w->at : text) + 1;
    const size_t len = (size_t)(mqb_number_digits(digits, value) - digits);
    write_quoted(w, digits, len, pattern, rule);
}

static MQB_RARE void write_double(struct mqb_writer *w, double value)
{
    char text[MQB_NUMBER_BYTES];
    if (!mqb_writer_ok(w))
        return;
    const size_t len = mqb_number_write_double(value, text);
    mqb_writer_put(w, text, len);
    mqb_writer_check(w, len != 0, "must be a finite number");
}

void mqb_write_double(struct mqb_writer *w, double value)
{
    const size_t len = w->at < w->easy ? mqb_number_write_double(value, w->at) : 0;
    w->at += len;
    if (len == 0)
        write_double(w, value);
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

/* Copy eight bytes; a high bit is set if one of them is not plain. */
static inline uint64_t copy_word(char *out, const char *ptr)
{
    uint64_t word;
    memcpy(&word, ptr, sizeof(word));
    memcpy(out, &word, sizeof(word));
    return mqb_word_special(word);
}

/* Copy the text, of eight bytes or more; false if it is not plain. */
static MQB_RARE bool copy_words(char *out, struct mqb_str text)
{
    const char *last = text.ptr + text.len - 8;
    uint64_t special = copy_word(out + text.len - 8, last);
    for (; text.ptr < last; text.ptr += 8, out += 8)
        special |= copy_word(out, text.ptr);
    return (special & MQB_HIGH_BITS) == 0;
}

static bool copy_bytes(char *out, struct mqb_str text)
{
    unsigned kinds = MQB_PLAIN;
    for (size_t at = 0; at < text.len; at++) {
        out[at] = text.ptr[at];
        kinds &= mqb_json_classes[(unsigned char)text.ptr[at]];
    }
    return kinds != 0;
}

static MQB_RARE void write_string(struct mqb_writer *w, struct mqb_str text)
{
    if (mqb_writer_ok(w) && !put_string(w, text))
        mqb_writer_refuse(w, rule_utf8);
}

/* What is plain, and has room, is copied; the quotes come last. */
void mqb_write_string(struct mqb_writer *w, struct mqb_str text)
{
    char *out = w->at;
    const size_t room = (size_t)(w->end - out);
    const bool fits = room >= 2 && text.len <= room - 2;
    if (fits && (text.len < 8 ? copy_bytes(out + 1, text) : copy_words(out + 1, text))) {
        out[0] = '"';
        out += text.len + 1;
        *out = '"';
        w->at = out + 1;
    } else {
        write_string(w, text);
    }
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

/* A text that needs no escapes, in quotes; false, and nothing is written, if there is no room. */
static bool put_quoted(struct mqb_writer *w, struct mqb_str text)
{
    if (!mqb_writer_room(w, text.len + 2))
        return false;
    char *out = w->at;
    *out++ = '"';
    for (size_t i = 0; i < text.len; i++)
        *out++ = text.ptr[i];
    *out++ = '"';
    w->at = out;
    return true;
}

void mqb_write_choice(struct mqb_writer *w, int value, const struct mqb_choices *choices)
{
    const struct mqb_choice *choice = find_choice(value, choices);
    if (choice == NULL) {
        put_int(w, value);
        mqb_writer_check(w, false, choices->rule);
    } else if (choices->escaped || !put_quoted(w, choice->text)) {
        write_string(w, choice->text);
    }
}

/* ---- Open values ---- */

void mqb_write_bytes(struct mqb_writer *w, struct mqb_str bytes)
{
    if (mqb_writer_ok(w))
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
    struct mqb_scratch behind = {.ptr = w->at, .cap = (size_t)(w->end - w->at), .used = text.len};
    const char *end = text.ptr + text.len;
    struct mqb_names names;
    mqb_names_begin(&names, text.ptr, &behind, 0);
    const char *at = mqb_json_pass_value(text.ptr, end, MQB_DEPTH_MAX - w->depth, &names);
    if (at == NULL || mqb_byte_next(&at, end) >= 0 || names.twice != SIZE_MAX)
        return false;
    memcpy(w->at, text.ptr, text.len);
    w->at += text.len;
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
        mqb_writer_fail(w, status, scan.rule, mqb_writer_mark(w));
        return;
    }
    if (!mqb_raw_twice((struct mqb_json){text.ptr, text.len}, &twice)) {
        mqb_writer_put(w, text.ptr, text.len);
        return;
    }
    /* The name itself is written too. */
    const size_t start = mqb_writer_mark(w);
    mqb_writer_put(w, text.ptr, mqb_json_value_end(text, twice));
    mqb_writer_fail(w, MQB_ERR_DUPLICATE, rule_twice, start + twice);
}

void mqb_write_json(struct mqb_writer *w, struct mqb_json json)
{
    const struct mqb_str text = {json.ptr, json.len};
    if (mqb_writer_ok(w) && !put_checked(w, text))
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
    const size_t start = mqb_writer_mark(w);
    mqb_write_string(w, key);
    if (mqb_has_key(entries, index, size, key))
        mqb_writer_fail(w, MQB_ERR_DUPLICATE, rule_twice, start);
    if (!mqb_writer_ok(w))
        return;
    mqb_writer_put(w, ":", 1);
    mqb_writer_next(w);
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
