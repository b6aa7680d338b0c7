/* Writing values: scalars, strings, and arbitrary values. */
#include "payload/writer.h"

#include <string.h>

#include "compiler.h"
#include "json/bytes.h"
#include "json/compact.h"
#include "json/duplicate_members.h"
#include "json/duplicate_names.h"
#include "json/number_writer.h"
#include "json/scanner.h"
#include "json/simple_value.h"
#include "json/skip.h"
#include "json/text.h"
#include "payload/writer_text.h"

/* Objects with up to this many levels are simple: the function that skips them is recursive. */
#define SIMPLE_LEVELS 3

/* ---- Scalars ---- */

void mqb_writer_null(struct mqb_writer *w)
{
    if (mqb_writer_ok(w))
        mqb_writer_put(w, "null", 4);
}

void mqb_writer_bool_slow(struct mqb_writer *w, bool value)
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

void mqb_writer_int_slow(
    struct mqb_writer *w,
    int64_t value,
    int64_t minimum,
    int64_t maximum,
    const char *rule)
{
    put_int(w, value);
    mqb_writer_check(w, value >= minimum && value <= maximum, rule);
}

void mqb_writer_uint_slow(
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

/* An integer as a string, in the buffer or in a temporary one. */
static inline void write_text(
    struct mqb_writer *w,
    bool negative,
    uint64_t magnitude,
    const struct mqb_pattern *pattern,
    const char *rule)
{
    char beside[MQB_NUMBER_BYTES];
    const size_t bare = w->text != 0;
    char *quoted = mqb_writer_inline(w, MQB_NUMBER_BYTES) ? w->at : beside;
    char *digits = quoted + 1;
    quoted[0] = '"';
    quoted[1] = '-';
    char *end = mqb_number_write_digits(digits + negative, magnitude);
    *end = '"';
    if (quoted != beside)
        w->at = end + 1;
    else if (mqb_writer_ok(w))
        mqb_writer_put(w, quoted + bare, (size_t)(end - quoted) + 1 - 2 * bare);
    const struct mqb_str number = {digits, (size_t)(end - digits)};
    if (pattern != NULL && !mqb_pattern_matches(pattern, number))
        mqb_writer_refuse(w, rule);
}

void mqb_writer_quoted_int(
    struct mqb_writer *w,
    int64_t value,
    const struct mqb_pattern *pattern,
    const char *rule)
{
    const uint64_t magnitude = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    write_text(w, value < 0, magnitude, pattern, rule);
}

void mqb_writer_quoted_uint(
    struct mqb_writer *w,
    uint64_t value,
    const struct mqb_pattern *pattern,
    const char *rule)
{
    write_text(w, false, value, pattern, rule);
}

void mqb_writer_double_slow(struct mqb_writer *w, double value)
{
    char text[MQB_NUMBER_BYTES];
    if (!mqb_writer_ok(w))
        return;
    const size_t len = mqb_number_write_double(value, text);
    mqb_writer_put(w, text, len);
    mqb_writer_check(w, len != 0, "must be a finite number");
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

static MQB_RARE void write_string(struct mqb_writer *w, struct mqb_str text)
{
    if (!mqb_writer_ok(w))
        return;
    if (w->text != 0)
        mqb_writer_put_bare(w, text);
    else if (!put_string(w, text))
        mqb_writer_refuse(w, mqb_writer_rule_utf8);
}

/* Add quotes to a string that was copied with a gap for the first quote. */
static inline void quote(struct mqb_writer *w, size_t len)
{
    char *at = w->at;
    at[0] = at[len + 1] = '"';
    w->at = at + len + 2;
}

/* Copy eight bytes; a high bit is set if one of them is not plain. */
static inline uint64_t copy_word(char *out, const char *ptr)
{
    uint64_t word;
    memcpy(&word, ptr, sizeof(word));
    memcpy(out, &word, sizeof(word));
    return mqb_word_special(word);
}

/* Eight bytes or more. If the string is not plain, it is written again with escapes. */
static MQB_RARE void write_words(struct mqb_writer *w, struct mqb_str text)
{
    const size_t room = (size_t)(w->end - w->at);
    if (room < 2 || text.len > room - 2) {
        write_string(w, text);
        return;
    }
    char *out = w->at + 1;
    const char *ptr = text.ptr;
    const char *last = ptr + text.len - 8;
    uint64_t special = copy_word(out + text.len - 8, last);
    for (; ptr < last; ptr += 8, out += 8)
        special |= copy_word(out, ptr);
    if ((special & MQB_HIGH_BITS) == 0)
        quote(w, text.len);
    else
        write_string(w, text);
}

void mqb_writer_string(struct mqb_writer *w, struct mqb_str text)
{
    if (!MQB_SMALL && text.len >= 8) {
        write_words(w, text);
        return;
    }
    if (!mqb_writer_inline(w, text.len + 2)) {
        write_string(w, text);
        return;
    }
    unsigned kinds = MQB_PLAIN;
    char *out = w->at + 1;
    for (size_t i = 0; i < text.len; i++) {
        out[i] = text.ptr[i];
        kinds &= mqb_json_classes[(unsigned char)text.ptr[i]];
    }
    if (kinds != 0)
        quote(w, text.len);
    else
        write_string(w, text);
}

static const struct mqb_choice *find_choice(int value, const struct mqb_choices *choices)
{
    for (size_t i = 0; i < choices->count; i++) {
        if (choices->items[i].value == value)
            return &choices->items[i];
    }
    return NULL;
}

static MQB_RARE void write_choice(
    struct mqb_writer *w,
    int value,
    const struct mqb_choices *choices)
{
    const struct mqb_choice *choice = find_choice(value, choices);
    if (choice != NULL) {
        write_string(w, choice->text);
        return;
    }
    put_int(w, value);
    mqb_writer_refuse(w, choices->rule);
}

/* Usually the constants are consecutive from the first one on, and strings need no escapes. */
void mqb_writer_choice(struct mqb_writer *w, int value, const struct mqb_choices *choices)
{
    const struct mqb_choice *items = choices->items;
    const size_t place = (size_t)value - (size_t)items[0].value;
    if (choices->escaped || place >= choices->count || items[place].value != value ||
        !mqb_writer_inline(w, items[place].text.len + 2)) {
        write_choice(w, value, choices);
        return;
    }
    const struct mqb_str text = items[place].text;
    char *out = w->at + 1;
    for (size_t i = 0; i < text.len; i++)
        out[i] = text.ptr[i];
    quote(w, text.len);
}

/* ---- Open values ---- */

void mqb_writer_bytes(struct mqb_writer *w, struct mqb_str bytes)
{
    if (mqb_writer_ok(w))
        mqb_writer_put(w, bytes.ptr, bytes.len);
}

/*
 * The end of the value; NULL if anything is wrong. The rest of the buffer, into which the text will
 * be written, serves as memory for names.
 */
static MQB_RARE const char *pass_any(struct mqb_writer *w, struct mqb_str text)
{
    struct mqb_scratch behind = {.ptr = w->at, .cap = (size_t)(w->end - w->at)};
    struct mqb_names names;
    if (text.len > UINT32_MAX / 2)
        return NULL;
    mqb_scratch_align_end(&behind);
    mqb_names_begin(&names, text, &behind, 0);
    const char *end = text.ptr + text.len;
    const char *at = mqb_json_pass_value(text.ptr, end, MQB_DEPTH_MAX - w->depth, &names);
    return names.twice == SIZE_MAX ? at : NULL;
}

/* The same for most values. */
static inline const char *pass_simple(const struct mqb_writer *w, struct mqb_str text)
{
    const size_t levels = MQB_DEPTH_MAX - w->depth;
    if (MQB_SMALL)
        return NULL;
    return mqb_json_pass_simple(
        text.ptr, text.ptr + text.len, levels < SIMPLE_LEVELS ? (unsigned)levels : SIMPLE_LEVELS);
}

/* Most values are scalars. `behind` is the end of the value. */
static inline bool is_compact(struct mqb_str text, const char *behind)
{
    const bool scalar = (text.ptr[0] | 0x20) != '{' && !mqb_byte_is(text.ptr[0], MQB_BLANK);
    return (scalar && behind == text.ptr + text.len) || mqb_json_is_compact(text);
}

/* Check the text and write it. False, with nothing written, if that is not possible in one go. */
static bool put_checked(struct mqb_writer *w, struct mqb_str text)
{
    if (text.len == 0 || !mqb_writer_room(w, text.len))
        return false;
    const char *end = text.ptr + text.len;
    const char *at = pass_simple(w, text);
    if (at == NULL)
        at = pass_any(w, text);
    const char *behind = at;
    if (at == NULL || mqb_byte_next(&at, end) >= 0)
        return false;
    w->source_mark = mqb_writer_mark(w);
    if (is_compact(text, behind)) {
        memcpy(w->at, text.ptr, text.len);
        w->at += text.len;
    } else {
        w->at += mqb_json_compact_copy(text, w->at);
    }
    w->source = text;
    w->source_end = w->at;
    return true;
}

static void put_compact(struct mqb_writer *w, struct mqb_str text)
{
    for (size_t at = 0; at < text.len;) {
        const struct mqb_str part = mqb_json_compact_next(text, &at);
        mqb_writer_put(w, part.ptr, part.len);
    }
}

/* The same step by step: the valid part is written, for the path of the error. */
static void put_json(struct mqb_writer *w, struct mqb_str text)
{
    struct mqb_json_scan scan;
    size_t twice;
    const enum mqb_status status = mqb_json_scan(text, MQB_DEPTH_MAX - w->depth, &scan);
    if (status != MQB_OK) {
        put_compact(w, (struct mqb_str){text.ptr, scan.offset});
        mqb_writer_fail(w, status, scan.rule, mqb_writer_mark(w));
        return;
    }
    const size_t room = (size_t)(w->end - w->at);
    if (!mqb_raw_twice((struct mqb_json){text.ptr, text.len}, w->at, room, &twice)) {
        w->source_mark = mqb_writer_mark(w);
        put_compact(w, text);
        w->source = text;
        w->source_end = w->at;
        return;
    }
    put_compact(w, (struct mqb_str){text.ptr, twice});
    const size_t start = mqb_writer_mark(w);
    mqb_writer_put(w, text.ptr + twice, mqb_json_value_end(text, twice) - twice);
    mqb_writer_fail(w, MQB_ERR_DUPLICATE, mqb_writer_rule_twice, start);
}

void mqb_writer_json(struct mqb_writer *w, struct mqb_json json)
{
    const struct mqb_str text = {json.ptr, json.len};
    if (put_checked(w, text) || !mqb_writer_ok(w))
        return;
    if (w->text != 0)
        mqb_writer_put_spelled(w, text);
    else
        put_json(w, text);
}
