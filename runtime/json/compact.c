#include "json/compact.h"

#include <string.h>

#include "json/bytes.h"
#include "json/skip.h"

/* Whether one of eight bytes is a blank; none is another control character. */
static bool has_blank(const char *bytes)
{
    const uint64_t word = mqb_bytes_word(bytes);
    return ((word - UINT64_C(0x0101010101010101) * 0x21) & ~word & MQB_HIGH_BITS) != 0;
}

bool mqb_json_is_compact(struct mqb_str text)
{
    size_t at = 0;
    if (text.len == 0)
        return true;
    if (mqb_byte_is(text.ptr[0], MQB_BLANK) || mqb_byte_is(text.ptr[text.len - 1], MQB_BLANK))
        return false;
    if (text.ptr[0] != '{' && text.ptr[0] != '[')
        return true;
    for (; text.len - at >= sizeof(uint64_t); at += sizeof(uint64_t)) {
        if (has_blank(text.ptr + at))
            return false;
    }
    for (; at < text.len; at++) {
        if (mqb_byte_is(text.ptr[at], MQB_BLANK))
            return false;
    }
    return true;
}

struct mqb_str mqb_json_compact_next(struct mqb_str text, size_t *at)
{
    const char *const end = text.ptr + text.len;
    const size_t start = mqb_json_blanks(text, *at);
    const char *next = text.ptr + start;
    while (next != end) {
        if (mqb_byte_is(*next, MQB_BLANK))
            break;
        if (*next++ == '"')
            next = mqb_bytes_string_end(next, end);
    }
    *at = (size_t)(next - text.ptr);
    return (struct mqb_str){text.ptr + start, *at - start};
}

size_t mqb_json_compact_length(struct mqb_str text)
{
    size_t len = 0;
    for (size_t at = 0; at < text.len;)
        len += mqb_json_compact_next(text, &at).len;
    return len;
}

size_t mqb_json_compact_copy(struct mqb_str text, char *out)
{
    size_t len = 0;
    for (size_t at = 0; at < text.len;) {
        const struct mqb_str part = mqb_json_compact_next(text, &at);
        if (part.len != 0)
            memcpy(out + len, part.ptr, part.len);
        len += part.len;
    }
    return len;
}
