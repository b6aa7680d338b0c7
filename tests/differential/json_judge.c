/*
 * Checks whether payloads are JSON. Standard input has for each its length (four bytes, lowest
 * first) and its bytes. Standard output gets a byte for each status: of the grammar, of reading the
 * text as it is, of reading it by its type; then length and bytes of the value as it was
 * understood, written anew from numbers and unescaped strings, or nothing if there is no value.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mqbind/detail/reader.h>

#include "json/scanner.h"

/* Scratch memory and output for a payload of `len` bytes; a number may become longer than it was.
 */
#define ROOM(len) (1024 + 64 * (len))

struct output {
    char *ptr;
    size_t len;
};

static void put(struct output *out, struct mqb_str text)
{
    memcpy(out->ptr + out->len, text.ptr, text.len);
    out->len += text.len;
}

static void put_json(struct output *out, struct mqb_json json)
{
    put(out, (struct mqb_str){json.ptr, json.len});
}

static void put_number(struct output *out, struct mqb_json json)
{
    char buf[MQB_NUMBER_BYTES];
    int64_t integer;
    uint64_t natural;
    double number;

    if (mqb_json_get_int64(json, &integer) == MQB_OK)
        put_json(out, mqb_json_from_int64(integer, buf));
    else if (mqb_json_get_uint64(json, &natural) == MQB_OK)
        put_json(out, mqb_json_from_uint64(natural, buf));
    else if (mqb_json_get_double(json, &number) == MQB_OK)
        put_json(out, mqb_json_from_double(number, buf));
    else
        put_json(out, json); /* beyond the largest double */
}

static void put_string(struct output *out, struct mqb_json json)
{
    const size_t bytes = json.len;
    char *memory = malloc(bytes);
    struct mqb_scratch scratch = mqb_scratch_from(memory, bytes);
    struct mqb_str text;

    if (mqb_json_get_string(json, &scratch, &text) != MQB_OK)
        abort();
    const struct mqb_json written =
        mqb_json_from_string(text, out->ptr + out->len, 6 * text.len + 2);
    out->len += written.len;
    free(memory);
}

/* Nesting was checked, so this ends. */
static void put_value(struct output *out, struct mqb_json json)
{
    const enum mqb_json_type type = mqb_json_type(json);
    const bool is_object = type == MQB_JSON_OBJECT;
    struct mqb_json_walk walk;
    struct mqb_json key;
    struct mqb_json value;

    if (type == MQB_JSON_NUMBER) {
        put_number(out, json);
        return;
    }
    if (type == MQB_JSON_STRING) {
        put_string(out, json);
        return;
    }
    if (!is_object && type != MQB_JSON_ARRAY) {
        put_json(out, json);
        return;
    }
    walk = mqb_json_walk_begin(json);
    put(out, is_object ? MQB_STR("{") : MQB_STR("["));
    for (bool first = true; mqb_json_walk_next(&walk, &key, &value); first = false) {
        put(out, first ? MQB_STR("") : MQB_STR(","));
        if (is_object) {
            put_string(out, key);
            put(out, MQB_STR(":"));
        }
        put_value(out, value);
    }
    put(out, is_object ? MQB_STR("}") : MQB_STR("]"));
}

static void read_by_type(struct mqb_reader *r)
{
    struct mqb_list list;

    switch (mqb_reader_peek_type(r)) {
    case MQB_JSON_NULL:
        mqb_reader_null(r);
        break;
    case MQB_JSON_BOOLEAN:
        mqb_reader_bool(r);
        break;
    case MQB_JSON_NUMBER:
        mqb_reader_double(r);
        break;
    case MQB_JSON_STRING:
        mqb_reader_string(r);
        break;
    case MQB_JSON_ARRAY:
        mqb_reader_array(r, &list, 0, SIZE_MAX);
        while (mqb_reader_next_item(r, &list))
            read_by_type(r);
        break;
    case MQB_JSON_OBJECT:
        mqb_reader_map(r);
        break;
    }
}

static void answer(struct mqb_str text)
{
    const size_t bytes = ROOM(text.len);
    char *memory = malloc(bytes);
    struct output out = {malloc(bytes), 0};
    struct mqb_scratch scratch = mqb_scratch_from(memory, bytes);
    struct mqb_reader r;
    struct mqb_json_scan scan;

    putchar((char)mqb_json_scan(text, MQB_DEPTH_MAX, &scan));
    mqb_reader_open(&r, text, &scratch);
    const struct mqb_json json = mqb_reader_json(&r);
    const enum mqb_status status = mqb_reader_close(&r, NULL);
    putchar((char)status);
    if (status == MQB_OK)
        put_value(&out, json);
    mqb_scratch_reset(&scratch);
    mqb_reader_open(&r, text, &scratch);
    read_by_type(&r);
    putchar((char)mqb_reader_close(&r, NULL));
    for (int shift = 0; shift < 32; shift += 8)
        putchar((char)(out.len >> shift & 0xFF));
    fwrite(out.ptr, 1, out.len, stdout);
    free(out.ptr);
    free(memory);
}

int main(void)
{
    unsigned char head[4];

    while (fread(head, 1, sizeof(head), stdin) == sizeof(head)) {
        const size_t len = head[0] | (size_t)head[1] << 8 | (size_t)head[2] << 16;
        char *text = malloc(len > 0 ? len : 1); /* exact, so that reading past it is seen */
        if (fread(text, 1, len, stdin) != len)
            return 1;
        answer((struct mqb_str){text, len});
        free(text);
    }
    return 0;
}
