/* Strings that are copied, and integers that are sent as strings. */
#include <mqbind/detail/reader.h>

#include <string.h>

#include "json/digits.h"
#include "json/text.h"
#include "payload/engine.h"
#include "payload/error.h"
#include "payload/reader.h"
#include "payload/reader_values.h"

struct mqb_str mqb_reader_copy_string(struct mqb_reader *r, char *buf, size_t cap, const char *rule)
{
    const struct mqb_str raw = mqb_reader_scalar_text(r, MQB_JSON_STRING, mqb_rule_string);
    const struct mqb_str none = {buf, 0};
    if (raw.ptr == NULL)
        return none;
    const size_t len = r->escapes ? mqb_json_text_length(raw) : raw.len;
    if (len >= cap) {
        mqb_reader_refuse(r, MQB_ERR_VALUE, rule);
        return none;
    }
    if (r->escapes)
        mqb_json_text_copy(raw, buf);
    else
        memcpy(buf, raw.ptr, len);
    buf[len] = '\0';
    if (memchr(buf, '\0', len) == NULL)
        return (struct mqb_str){buf, len};
    mqb_reader_refuse(r, MQB_ERR_LIMIT, mqb_rule_nul);
    return none;
}

int64_t mqb_reader_quoted_int(
    struct mqb_reader *r,
    int64_t minimum,
    int64_t maximum,
    const char *rule,
    struct mqb_str *text)
{
    struct mqb_digits digits;
    uint64_t natural;
    int64_t value = 0;
    *text = mqb_reader_string(r);
    if (r->status != MQB_OK)
        return 0;
    if (mqb_digits_natural(*text, &natural) && (int64_t)natural >= minimum &&
        (int64_t)natural <= maximum)
        return (int64_t)natural;
    if (!mqb_digits_parse(*text, &digits)) {
        mqb_reader_refuse(r, MQB_ERR_VALUE, rule);
        return 0;
    }
    if (!mqb_digits_int64(&digits, &value)) {
        mqb_reader_refuse_range(
            r, digits.negative ? minimum == INT64_MIN : maximum == INT64_MAX, rule);
        return 0;
    }
    mqb_reader_check(r, value >= minimum && value <= maximum, rule);
    return r->status == MQB_OK ? value : 0;
}

static bool is_uint_between(uint64_t value, uint64_t minimum, uint64_t maximum)
{
    return value >= minimum && value <= maximum;
}

uint64_t mqb_reader_quoted_uint(
    struct mqb_reader *r,
    uint64_t minimum,
    uint64_t maximum,
    const char *rule,
    struct mqb_str *text)
{
    struct mqb_digits digits;
    uint64_t value = 0;
    *text = mqb_reader_string(r);
    if (r->status != MQB_OK)
        return 0;
    if (mqb_digits_natural(*text, &value) && is_uint_between(value, minimum, maximum))
        return value;
    const bool valid = mqb_digits_parse(*text, &digits);
    if (valid && digits.beyond && !digits.negative) {
        mqb_reader_refuse_range(r, maximum == UINT64_MAX, rule);
        return 0;
    }
    const bool natural = valid && mqb_digits_uint64(&digits, &value);
    mqb_reader_check(r, natural && is_uint_between(value, minimum, maximum), rule);
    return r->status == MQB_OK ? value : 0;
}
