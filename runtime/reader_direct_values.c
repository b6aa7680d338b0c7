/* The reader's scalars, straight from the bytes. */
#include "reader_direct.h"

#include "json.h"
#include "number.h"

/* Most strings are plain. */
const char *mqb_direct_string(struct mqb_reader *r, const char *at)
{
    const char *end = mqb_bytes_plain(at + 1, r->end);
    r->escapes = false;
    if (end != r->end && *end == '"')
        return end + 1;
    return mqb_json_pass_string(at, r->end, &r->escapes);
}

struct mqb_str mqb_reader_scalar(struct mqb_reader *r, enum mqb_json_type type, const char *rule)
{
    const struct mqb_str none = {NULL, 0};
    const char *at = mqb_direct_value(r);
    const char *end;
    if (at == NULL)
        return none;
    if (mqb_direct_type(*at) != type) {
        mqb_reader_refuse(r, MQB_ERR_TYPE, rule);
        return none;
    }
    if (type == MQB_JSON_STRING)
        end = mqb_direct_string(r, at);
    else if (type == MQB_JSON_NUMBER)
        end = mqb_json_pass_number(at, r->end);
    else
        end = mqb_json_pass_literal(at, r->end);
    mqb_direct_move(r, end);
    if (end == NULL)
        return none;
    const size_t quote = type == MQB_JSON_STRING;
    return (struct mqb_str){at + quote, (size_t)(end - at) - 2 * quote};
}

bool mqb_read_null(struct mqb_reader *r)
{
    if (r->status != MQB_OK || mqb_direct_next(r->at, r->end) == r->end)
        return false;
    if (mqb_peek_type(r) != MQB_JSON_NULL)
        return false;
    return mqb_reader_scalar(r, MQB_JSON_NULL, "must be null").ptr != NULL;
}

bool mqb_read_bool(struct mqb_reader *r)
{
    const struct mqb_str text = mqb_reader_scalar(r, MQB_JSON_BOOLEAN, mqb_rule_boolean);
    return text.ptr != NULL && text.ptr[0] == 't';
}

struct mqb_str mqb_read_string(struct mqb_reader *r)
{
    const struct mqb_str plain = mqb_direct_plain(r);
    if (plain.ptr != NULL)
        return plain;
    const struct mqb_str raw = mqb_reader_scalar(r, MQB_JSON_STRING, mqb_rule_string);
    return raw.ptr != NULL ? mqb_reader_text(r, raw) : raw;
}

int mqb_read_choice(struct mqb_reader *r, const struct mqb_choices *choices)
{
    const char *start = r->at;
    const struct mqb_str text = mqb_direct_plain(r);
    for (size_t i = 0; text.ptr != NULL && i < choices->count; i++) {
        const struct mqb_choice *choice = &choices->items[i];
        if (choice->text.len == text.len && mqb_direct_same(text.ptr, choice->text.ptr, text.len))
            return choice->value;
    }
    if (text.ptr != NULL)
        r->at = start;
    const struct mqb_choice *choice = mqb_reader_choice(r, choices);
    return choice != NULL ? choice->value : 0;
}

/* Up to 17 digits and no exponent, at `at`: where they end, or NULL. */
static inline const char *pass_short(const char *at, const char *end, double *value)
{
    const char *start = at;
    const char *point = NULL;
    uint64_t digits = 0;
    for (; at != end && at - start <= 18; at++) {
        const unsigned digit = (unsigned)(unsigned char)*at - '0';
        if (digit <= 9)
            digits = digits * 10 + digit;
        else if (*at == '.' && point == NULL && at != start)
            point = at;
        else
            break;
    }
    if (at == start || at - start > 18 || at - 1 == point || (at != end && (*at | 0x20) == 'e'))
        return NULL;
    if (*start == '0' && at - start > 1 && point != start + 1)
        return NULL;
    if (!mqb_number_divide(digits, point == NULL ? 0 : (unsigned)(at - point - 1), value))
        return NULL;
    return at;
}

double mqb_read_double(struct mqb_reader *r)
{
    double value = 0;
    if (!MQB_SHORT_DECIMALS)
        return mqb_read_any_double(r);
    const char *start = mqb_direct_next(r->at, r->end);
    const bool negative = start != r->end && *start == '-';
    const char *at = pass_short(start + negative, r->end, &value);
    if (at == NULL)
        return mqb_read_any_double(r);
    r->value = (size_t)(start - r->json.ptr);
    r->at = at;
    return negative ? -value : value;
}
