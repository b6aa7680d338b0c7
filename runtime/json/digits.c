#include "json/digits.h"

bool mqb_digits_parse(struct mqb_str text, struct mqb_digits *digits)
{
    const size_t start = text.len != 0 && text.ptr[0] == '-' ? 1 : 0;
    digits->negative = start != 0;
    digits->beyond = false;
    digits->magnitude = 0;
    if (start == text.len)
        return false;
    /*@ loop invariant start <= at <= text.len;
        loop invariant all_digits(text.ptr, start, at);
        loop invariant digits->beyond ? decimal(text.ptr, start, at) > UINT64_MAX :
                                        digits->magnitude == decimal(text.ptr, start, at);
        loop assigns at, digits->beyond, digits->magnitude;
        loop variant text.len - at; */
    for (size_t at = start; at < text.len; at++) {
        const char byte = text.ptr[at];
        if (byte < '0' || byte > '9')
            return false;
        const unsigned digit = (unsigned char)byte - (unsigned)'0';
        if (digits->magnitude > UINT64_MAX / 10 || digits->magnitude * 10 > UINT64_MAX - digit)
            digits->beyond = true;
        else
            digits->magnitude = digits->magnitude * 10 + digit;
    }
    return true;
}

bool mqb_digits_int64(const struct mqb_digits *digits, int64_t *value)
{
    const uint64_t magnitude = digits->magnitude;
    if (digits->beyond || magnitude > (uint64_t)INT64_MAX + digits->negative)
        return false;
    if (!digits->negative)
        *value = (int64_t)magnitude;
    else
        *value = magnitude > INT64_MAX ? INT64_MIN : -(int64_t)magnitude;
    return true;
}

bool mqb_digits_uint64(const struct mqb_digits *digits, uint64_t *value)
{
    if (digits->beyond || (digits->negative && digits->magnitude != 0))
        return false;
    *value = digits->magnitude;
    return true;
}
