#include "json/text.h"

#include <mqbind/detail/values.h>

#include <string.h>

#include <mqbind/detail/contracts.h>

unsigned mqb_json_hex(char digit)
{
    const unsigned byte = (unsigned char)digit;
    return byte <= '9' ? byte & 0xFU : (byte & 0xFU) + 9;
}

size_t mqb_json_utf8(uint32_t code, char out[4])
{
    const size_t count = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    static const unsigned char first[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t i = count - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (code & 0x3F));
        code >>= 6;
    }
    out[0] = (char)(first[count] | code);
    return count;
}

/* The code unit of the \uXXXX at `at`, or 0. */
static uint32_t code_unit(struct mqb_str raw, size_t at)
{
    uint32_t code = 0;
    if (raw.len < 6 || at > raw.len - 6 || raw.ptr[at] != '\\' || raw.ptr[at + 1] != 'u')
        return 0;
    for (size_t i = at + 2; i < at + 6; i++)
        code = code << 4 | mqb_json_hex(raw.ptr[i]);
    return code & 0xFFFF;
}

/* Decode the \u escape at the cursor, including the second half of a surrogate pair. */
static void decode_unicode(struct mqb_json_cursor *c)
{
    uint32_t code = code_unit(c->raw, c->at);
    c->at = c->raw.len - c->at < 6 ? c->raw.len : c->at + 6;
    if (code >= 0xD800 && code <= 0xDBFF) {
        const uint32_t low = code_unit(c->raw, c->at);
        code = 0x10000 + ((code & 0x3FF) << 10 | (low & 0x3FF));
        c->at = c->raw.len - c->at < 6 ? c->raw.len : c->at + 6;
    }
    c->count = mqb_json_utf8(code, c->bytes);
    c->next = 0;
}

/*@ assigns \nothing;
    ensures control: letter == 'b' ? \result == '\b' : letter == 'f' ? \result == '\f' :
                     letter == 'n' ? \result == '\n' : letter == 'r' ? \result == '\r' :
                     letter == 't' ? \result == '\t' : \result == letter; */
static char short_escape(char letter)
{
    switch (letter) {
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    default:
        return letter;
    }
}

int mqb_json_cursor_next(struct mqb_json_cursor *c)
{
    if (c->next < c->count)
        return (unsigned char)c->bytes[c->next++];
    if (c->at >= c->raw.len)
        return -1;
    char byte = c->raw.ptr[c->at];
    if (byte == '\\' && c->raw.len - c->at >= 2) {
        if (c->raw.ptr[c->at + 1] == 'u') {
            decode_unicode(c);
            return (unsigned char)c->bytes[c->next++];
        }
        byte = short_escape(c->raw.ptr[++c->at]);
    }
    c->at++;
    return (unsigned char)byte;
}

bool mqb_json_text_escaped(struct mqb_str raw)
{
    return raw.len != 0 && memchr(raw.ptr, '\\', raw.len) != NULL;
}

/* The next escape sequence from `at` on, or the end. */
/*@ requires readable_text(raw) && at <= raw.len;
    assigns \nothing;
    ensures place: at <= \result <= raw.len;
    ensures none: \forall integer i; at <= i < \result ==> raw.ptr[i] != '\\';
    ensures found: \result < raw.len ==> raw.ptr[\result] == '\\'; */
static size_t find_escape(struct mqb_str raw, size_t at)
{
    /*@ loop invariant \at(at, Pre) <= at <= raw.len;
        loop invariant \forall integer i; \at(at, Pre) <= i < at ==> raw.ptr[i] != '\\';
        loop assigns at;
        loop variant raw.len - at; */
    while (at < raw.len && raw.ptr[at] != '\\')
        at++;
    return at;
}

size_t mqb_json_text_length(struct mqb_str raw)
{
    struct mqb_json_cursor c = {.raw = raw};
    size_t length = 0;
    for (;;) {
        const size_t escape = find_escape(raw, c.at);
        length += escape - c.at;
        c.at = escape;
        if (mqb_json_cursor_next(&c) < 0)
            return length;
        length += 1 + c.count - c.next;
        c.next = c.count;
    }
}

size_t mqb_json_text_points(struct mqb_str raw)
{
    struct mqb_json_cursor c = {.raw = raw};
    size_t points = 0;
    if (!mqb_json_text_escaped(raw))
        return mqb_utf8_length(raw);
    for (int byte = mqb_json_cursor_next(&c); byte >= 0; byte = mqb_json_cursor_next(&c))
        points += (byte & 0xC0) != 0x80;
    return points;
}

size_t mqb_json_text_copy(struct mqb_str raw, char *out)
{
    struct mqb_json_cursor c = {.raw = raw};
    size_t length = 0;
    for (;;) {
        while (c.next == c.count && c.at < raw.len && raw.ptr[c.at] != '\\')
            out[length++] = raw.ptr[c.at++];
        const int byte = mqb_json_cursor_next(&c);
        if (byte < 0)
            return length;
        out[length++] = (char)byte;
    }
}

int mqb_json_text_compare(struct mqb_str raw, struct mqb_str other)
{
    struct mqb_json_cursor a = {.raw = raw};
    struct mqb_json_cursor b = {.raw = other};
    int byte;
    int difference;
    do {
        byte = mqb_json_cursor_next(&a);
        difference = byte - mqb_json_cursor_next(&b);
    } while (difference == 0 && byte >= 0);
    return difference;
}

bool mqb_json_text_equal(struct mqb_str raw, struct mqb_str text)
{
    struct mqb_json_cursor c = {.raw = raw};
    for (size_t i = 0; i < text.len; i++) {
        if (mqb_json_cursor_next(&c) != (unsigned char)text.ptr[i])
            return false;
    }
    return mqb_json_cursor_next(&c) < 0;
}

size_t mqb_json_escape(char byte, char out[MQB_JSON_ESCAPE_BYTES])
{
    static const char letters[] = "btn_fr"; /* From 8 on; 11 has no letter. */
    static const char hex[] = "0123456789abcdef";
    const unsigned code = (unsigned char)byte;
    out[0] = '\\';
    if (byte == '"' || byte == '\\') {
        out[1] = byte;
        return 2;
    }
    if (code >= 0x20)
        return 0;
    if (code >= 8 && code <= 13 && code != 11) {
        out[1] = letters[code - 8];
        return 2;
    }
    memcpy(out + 1, "u00", 3);
    out[4] = hex[code >> 4];
    out[5] = hex[code & 0xF];
    return MQB_JSON_ESCAPE_BYTES;
}
