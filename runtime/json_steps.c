/* Steps over checked JSON, and the classes of its bytes. */
#include "json.h"
#include "json_bytes.h"

const unsigned char mqb_json_classes[256] = {
    0,  0,  0,  0,  0,  0,  0,  0,  0,  18, 18, 0,  0,  18, 0, 0, /* tab, line feed, return */
    0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0, 0, /* control characters */
    19, 1,  16, 1,  1,  1,  1,  1,  1,  1,  1,  1,  17, 1,  1, 1, /* blank " , */
    13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 17, 1,  1,  1,  1, 1, /* 0-9 : */
    1,  9,  9,  9,  9,  9,  9,  1,  1,  1,  1,  1,  1,  1,  1, 1, /* A-F */
    1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  17, 0,  17, 1, 1, /* [ \ ] */
    1,  9,  9,  9,  9,  9,  9,  1,  1,  1,  1,  1,  1,  1,  1, 1, /* a-f */
    1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  17, 1,  17, 1, 1, /* { } */
};

size_t mqb_json_blanks(struct mqb_str text, size_t at)
{
    while (at < text.len && mqb_byte_is(text.ptr[at], MQB_BLANK))
        at++;
    return at;
}

static size_t string_end(struct mqb_str text, size_t at)
{
    for (at++; at < text.len; at++) {
        if (text.ptr[at] == '"')
            return at + 1;
        if (text.ptr[at] == '\\')
            at++;
    }
    return text.len;
}

static size_t container_end(struct mqb_str text, size_t at)
{
    size_t depth = 0;
    while (at < text.len) {
        const char byte = text.ptr[at];
        if (byte == '"') {
            at = string_end(text, at);
            continue;
        }
        at++;
        if (byte == '{' || byte == '[')
            depth++;
        else if ((byte == '}' || byte == ']') && --depth == 0)
            return at;
    }
    return text.len;
}

size_t mqb_json_value_end(struct mqb_str text, size_t at)
{
    if (at >= text.len)
        return text.len;
    const char byte = text.ptr[at];
    if (byte == '"')
        return string_end(text, at);
    if (byte == '{' || byte == '[')
        return container_end(text, at);
    at++;
    while (at < text.len && !mqb_byte_is(text.ptr[at], MQB_BREAK))
        at++;
    return at;
}
