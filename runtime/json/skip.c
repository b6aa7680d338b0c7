/* Steps over checked JSON. */
#include "json/skip.h"

#include "json/bytes.h"

/*@ requires readable_text(text) && text.len <= PTRDIFF_MAX;
    assigns \nothing;
    ensures place: at <= \result && (at < text.len ==> \result <= text.len);
    ensures blanks: at < text.len ==> all_blank(text.ptr + at, text.ptr + \result);
    ensures stopped: \result < text.len ==> !is_blank(byte_at(text.ptr, \result)); */
size_t mqb_json_blanks(struct mqb_str text, size_t at)
{
    if (at >= text.len)
        return at;
    return (size_t)(mqb_bytes_next(text.ptr + at, text.ptr + text.len) - text.ptr);
}

/*@ requires between(at, end);
    assigns \nothing;
    ensures place: between(at, \result) && between(\result, end);
    ensures closed: \result == end || (at < \result && (\result[-1] | 0x20) == '}'); */
static const char *container_end(const char *at, const char *end)
{
    size_t depth = 0;
    /*@ loop invariant between(\at(at, Pre), at) && between(at, end);
        loop assigns at, depth;
        loop variant end - at; */
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

/*@ predicate none_breaks{L}(char *at, char *end) =
      \forall char *p; within(p, at, end) ==> !is_break((unsigned char)*p);
*/

/*@ requires between(at, end) && at != end;
    assigns \nothing;
    ensures place: between(at, \result) && between(\result, end) && at != \result;
    ensures text: *at == '"' ==> \result == end || \result[-1] == '"';
    ensures container: *at == '{' || *at == '[' ==>
                       \result == end || (\result[-1] | 0x20) == '}';
    ensures scalar: *at != '"' && *at != '{' && *at != '[' ==> none_breaks(at + 1, \result) &&
                    (\result == end || is_break((unsigned char)*\result)); */
static const char *value_end(const char *at, const char *end)
{
    if (*at == '"')
        return mqb_bytes_string_end(at + 1, end);
    if (*at == '{' || *at == '[')
        return container_end(at, end);
    at++;
    /*@ loop invariant between(\at(at, Pre), at) && between(at, end) && \at(at, Pre) != at;
        loop invariant none_breaks(\at(at, Pre) + 1, at);
        loop assigns at;
        loop variant end - at; */
    while (at != end && !mqb_byte_is(*at, MQB_BREAK))
        at++;
    return at;
}

/*@ requires readable_text(text) && text.len <= PTRDIFF_MAX;
    assigns \nothing;
    ensures place: at < text.len ? at < \result <= text.len : \result == text.len; */
size_t mqb_json_value_end(struct mqb_str text, size_t at)
{
    if (at >= text.len)
        return text.len;
    return (size_t)(value_end(text.ptr + at, text.ptr + text.len) - text.ptr);
}
