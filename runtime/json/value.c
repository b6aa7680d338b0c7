#include "json/bytes.h"

#include <string.h>

#include "json/number.h"
#include "json/number_writer.h"
#include "json/scanner.h"
#include "json/skip.h"
#include "json/text.h"
#include "scratch.h"

static struct mqb_str trim(struct mqb_json json)
{
    struct mqb_str text = {json.ptr, json.ptr == NULL ? 0 : json.len};
    const size_t start = mqb_json_blanks(text, 0);
    if (start == text.len)
        return (struct mqb_str){NULL, 0};
    text = (struct mqb_str){text.ptr + start, text.len - start};
    return (struct mqb_str){text.ptr, mqb_json_value_end(text, 0)};
}

/* ---- Scalars ---- */

enum mqb_json_type mqb_json_type(struct mqb_json json)
{
    const struct mqb_str text = trim(json);
    return text.len == 0 ? MQB_JSON_NULL : mqb_byte_type(text.ptr[0]);
}

enum mqb_status mqb_json_get_bool(struct mqb_json json, bool *value)
{
    if (value == NULL)
        return MQB_ERR_ARGUMENT;
    const struct mqb_str text = trim(json);
    const bool yes = mqb_bytes_equal(text, MQB_STR("true"));
    if (!yes && !mqb_bytes_equal(text, MQB_STR("false")))
        return MQB_ERR_TYPE;
    *value = yes;
    return MQB_OK;
}

enum mqb_status mqb_json_get_int64(struct mqb_json json, int64_t *value)
{
    if (value == NULL)
        return MQB_ERR_ARGUMENT;
    const struct mqb_str text = trim(json);
    return mqb_json_is_number(text) ? mqb_number_int64(text, value) : MQB_ERR_TYPE;
}

enum mqb_status mqb_json_get_uint64(struct mqb_json json, uint64_t *value)
{
    if (value == NULL)
        return MQB_ERR_ARGUMENT;
    const struct mqb_str text = trim(json);
    return mqb_json_is_number(text) ? mqb_number_uint64(text, value) : MQB_ERR_TYPE;
}

enum mqb_status mqb_json_get_double(struct mqb_json json, double *value)
{
    if (value == NULL)
        return MQB_ERR_ARGUMENT;
    const struct mqb_str text = trim(json);
    return mqb_json_is_number(text) ? mqb_number_double(text, value) : MQB_ERR_TYPE;
}

enum mqb_status mqb_json_get_string(
    struct mqb_json json,
    struct mqb_scratch *scratch,
    struct mqb_str *value)
{
    if (value == NULL)
        return MQB_ERR_ARGUMENT;
    struct mqb_str text = trim(json);
    if (!mqb_json_is_string(text))
        return MQB_ERR_TYPE;
    text = (struct mqb_str){text.ptr + 1, text.len - 2};
    if (mqb_json_text_escaped(text)) {
        char *copy = mqb_scratch_is_invalid(scratch)
                         ? NULL
                         : mqb_scratch_take(scratch, mqb_json_text_length(text), 1);
        if (copy == NULL)
            return MQB_ERR_SPACE;
        text = (struct mqb_str){copy, mqb_json_text_copy(text, copy)};
    }
    *value = text;
    return MQB_OK;
}

/* ---- Containers ---- */

struct mqb_json_walk mqb_json_walk_begin(struct mqb_json json)
{
    const struct mqb_str text = trim(json);
    const bool container = text.len != 0 && (text.ptr[0] == '{' || text.ptr[0] == '[');
    return (struct mqb_json_walk){
        .container = {text.ptr, text.len},
        .position = container ? 1 : text.len,
    };
}

/* The next name and colon: the offset after them, or the length of the text. */
static size_t pass_key(struct mqb_str text, size_t at, struct mqb_json *key)
{
    const size_t end = mqb_json_value_end(text, at);
    *key = (struct mqb_json){text.ptr + at, end - at};
    at = mqb_json_blanks(text, end);
    if (key->ptr[0] != '"' || at == text.len || text.ptr[at] != ':')
        return text.len;
    return mqb_json_blanks(text, at + 1);
}

/* Where the next member or item begins; the end of the text if there is none. */
static size_t find_next(struct mqb_str text, size_t at)
{
    at = mqb_json_blanks(text, at);
    if (at < text.len && text.ptr[at] == ',')
        at = mqb_json_blanks(text, at + 1);
    if (at >= text.len || text.ptr[at] == '}' || text.ptr[at] == ']')
        return text.len;
    return at;
}

bool mqb_json_walk_next(struct mqb_json_walk *walk, struct mqb_json *key, struct mqb_json *value)
{
    if (walk == NULL || value == NULL)
        return false;
    const struct mqb_str text = {walk->container.ptr, walk->container.len};
    struct mqb_json name = {NULL, 0};
    size_t at = find_next(text, walk->position);
    if (at == text.len)
        return false;
    if (text.ptr[0] == '{')
        at = pass_key(text, at, &name);
    walk->position = mqb_json_value_end(text, at);
    if (at == text.len)
        return false;
    *value = (struct mqb_json){text.ptr + at, walk->position - at};
    if (key != NULL)
        *key = name;
    return true;
}

/* A JSON string without its quotes. */
static struct mqb_str unquote(struct mqb_json string)
{
    if (string.len < 2)
        return (struct mqb_str){NULL, 0};
    return (struct mqb_str){string.ptr + 1, string.len - 2};
}

bool mqb_json_find(struct mqb_json object, struct mqb_str name, struct mqb_json *value)
{
    struct mqb_json_walk walk = mqb_json_walk_begin(object);
    struct mqb_json key;
    struct mqb_json candidate;
    if (value == NULL)
        return false;
    while (mqb_json_walk_next(&walk, &key, &candidate)) {
        if (key.len >= 2 && mqb_json_text_equal(unquote(key), name)) {
            *value = candidate;
            return true;
        }
    }
    return false;
}

const struct mqb_map_entry *mqb_map_find(const struct mqb_map *map, struct mqb_str key)
{
    for (size_t i = 0; map != NULL && i < map->count; i++) {
        if (mqb_bytes_equal(map->entries[i].key, key))
            return &map->entries[i];
    }
    return NULL;
}

/* ---- Writing text ---- */

struct mqb_json mqb_json_from_bool(bool value)
{
    return value ? MQB_JSON("true") : MQB_JSON("false");
}

struct mqb_json mqb_json_from_int64(int64_t value, char buf[MQB_NUMBER_BYTES])
{
    return (struct mqb_json){buf, buf == NULL ? 0 : mqb_number_write_int64(value, buf)};
}

struct mqb_json mqb_json_from_uint64(uint64_t value, char buf[MQB_NUMBER_BYTES])
{
    return (struct mqb_json){buf, buf == NULL ? 0 : mqb_number_write_uint64(value, buf)};
}

struct mqb_json mqb_json_from_double(double value, char buf[MQB_NUMBER_BYTES])
{
    return (struct mqb_json){buf, buf == NULL ? 0 : mqb_number_write_double(value, buf)};
}

/* Append to a buffer of `cap` bytes; false if there is no room. */
static bool append_text(char *buf, size_t cap, size_t *len, const char *bytes, size_t count)
{
    if (count > cap - *len)
        return false;
    if (count != 0)
        memcpy(buf + *len, bytes, count);
    *len += count;
    return true;
}

/* Append the content of a string with escapes. */
static bool append_escaped(char *buf, size_t cap, size_t *len, struct mqb_str text)
{
    char escape[MQB_JSON_ESCAPE_BYTES];
    while (text.len != 0) {
        const size_t plain = mqb_json_plain(text);
        if (!append_text(buf, cap, len, text.ptr, plain))
            return false;
        if (plain == text.len)
            return true;
        const size_t count = mqb_json_escape(text.ptr[plain], escape);
        if (count == 0 || !append_text(buf, cap, len, escape, count))
            return false;
        text = (struct mqb_str){text.ptr + plain + 1, text.len - plain - 1};
    }
    return true;
}

struct mqb_json mqb_json_from_string(struct mqb_str text, char *buf, size_t cap)
{
    const struct mqb_json none = {NULL, 0};
    size_t len = 0;
    if (buf == NULL || (text.ptr == NULL && text.len != 0))
        return none;
    if (!append_text(buf, cap, &len, "\"", 1) || !append_escaped(buf, cap, &len, text))
        return none;
    return append_text(buf, cap, &len, "\"", 1) ? (struct mqb_json){buf, len} : none;
}
