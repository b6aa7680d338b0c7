/*
 * any_value.h - passing over values of any kind.
 */
#ifndef MQB_ANY_VALUE_H
#define MQB_ANY_VALUE_H

#include "compiler.h"
#include "json/bytes.h"
#include "json/scanner.h"
#include "payload/direct/direct_reader.h"

MQB_INLINE const char *mqb_direct_pass_string(const char *at, const char *end)
{
    const char *quote = mqb_bytes_plain(at + 1, end);
    bool escapes;
    if (quote != end && *quote == '"')
        return quote + 1;
    return mqb_json_pass_string(at, end, &escapes);
}

/* Most have no exponent. */
MQB_INLINE const char *mqb_direct_pass_number(const char *start, const char *end)
{
    const char *digits = *start == '-' ? start + 1 : start;
    const char *at = mqb_bytes_digits(digits, end);
    if (at == digits || (*digits == '0' && at - digits > 1))
        return NULL;
    if (at != end && *at == '.') {
        digits = at + 1;
        at = mqb_bytes_digits(digits, end);
        if (at == digits)
            return NULL;
    }
    if (at != end && (*at | 0x20) == 'e')
        return mqb_json_pass_number(start, end);
    return at;
}

/** The end of the scalar at `at`, or NULL. The caller checks what follows. */
MQB_INLINE const char *mqb_direct_pass_scalar(const char *at, const char *end)
{
    if (*at == '"')
        return mqb_direct_pass_string(at, end);
    if (mqb_byte_type(*at) == MQB_JSON_NUMBER)
        return mqb_direct_pass_number(at, end);
    return mqb_bytes_literal(at, end);
}

/** Just past the object or array at `at`; NULL with an error. */
const char *mqb_direct_pass_container(struct mqb_reader *r, const char *at);

#endif
