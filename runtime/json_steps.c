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

static const char *container_end(const char *at, const char *end)
{
    size_t depth = 0;
    while (at != end) {
        const char byte = *at++;
        if (byte == '"')
            at = mqb_bytes_string_end(at, end);
        else if ((byte | 0x20) == '{') /* or [ */
            depth++;
        else if ((byte | 0x20) == '}' && --depth == 0)
            return at;
    }
    return end;
}

static const char *value_end(const char *at, const char *end)
{
    if (*at == '"')
        return mqb_bytes_string_end(at + 1, end);
    if (*at == '{' || *at == '[')
        return container_end(at, end);
    at++;
    while (at != end && !mqb_byte_is(*at, MQB_BREAK))
        at++;
    return at;
}

size_t mqb_json_value_end(struct mqb_str text, size_t at)
{
    if (at >= text.len)
        return text.len;
    return (size_t)(value_end(text.ptr + at, text.ptr + text.len) - text.ptr);
}
