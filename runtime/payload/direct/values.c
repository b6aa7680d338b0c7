/* The scalars of the direct engine. */
#include "payload/direct/values.h"

#include "compiler.h"
#include "json/bytes.h"
#include "json/number.h"
#include "json/scanner.h"
#include "payload/direct/direct_reader.h"
#include "payload/engine.h"
#include "payload/reader.h"
#include "payload/reader_memory.h"
#include "payload/reader_values.h"

/* Most strings are plain. */
static const char *string_end(struct mqb_reader *r, const char *at)
{
    const char *end = mqb_bytes_plain(at + 1, r->end);
    r->escapes = false;
    if (end != r->end && *end == '"')
        return end + 1;
    return mqb_json_pass_string(at, r->end, &r->escapes);
}

struct mqb_str mqb_reader_scalar_text(
    struct mqb_reader *r,
    enum mqb_json_type type,
    const char *rule)
{
    const struct mqb_str none = {NULL, 0};
    if (r->bare)
        return mqb_reader_bare(r, type, rule);
    const char *at = mqb_direct_value(r);
    const char *end;
    if (at == NULL)
        return none;
    if (mqb_byte_type(*at) != type) {
        mqb_reader_refuse(r, MQB_ERR_TYPE, rule);
        return none;
    }
    if (type == MQB_JSON_STRING)
        end = string_end(r, at);
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

bool mqb_reader_null(struct mqb_reader *r)
{
    if (r->status != MQB_OK || mqb_bytes_next(r->at, r->end) == r->end)
        return false;
    if (mqb_reader_peek_type(r) != MQB_JSON_NULL)
        return false;
    return mqb_reader_scalar_text(r, MQB_JSON_NULL, "must be null").ptr != NULL;
}

MQB_RARE static bool read_any_bool(struct mqb_reader *r)
{
    const struct mqb_str text = mqb_reader_scalar_text(r, MQB_JSON_BOOLEAN, mqb_rule_boolean);
    return text.ptr != NULL && mqb_bytes_same_four(text.ptr, "true");
}

bool mqb_reader_bool(struct mqb_reader *r)
{
    const char *at = r->at;
    if (r->end - at < 5)
        return read_any_bool(r);
    at += *at == ' ';
    const bool value = mqb_bytes_same_four(at, "true");
    const size_t len = value ? 4 : 5;
    if ((size_t)(r->end - at) < len || !(value || mqb_bytes_same(at, "false", 5)))
        return read_any_bool(r);
    r->value = (size_t)(at - r->json.ptr);
    r->at = at + len;
    return value;
}

MQB_RARE static struct mqb_str read_any_string(struct mqb_reader *r)
{
    const struct mqb_str raw = mqb_reader_scalar_text(r, MQB_JSON_STRING, mqb_rule_string);
    return raw.ptr != NULL ? mqb_reader_unescape(r, raw) : raw;
}

/* Most strings begin right here and are plain: handled without a call. */
struct mqb_str mqb_reader_string(struct mqb_reader *r)
{
    const char *at = r->at;
    if (at != r->end && *at == ' ')
        at++;
    if (at == r->end || *at != '"')
        return read_any_string(r);
    const char *end = mqb_bytes_plain(at + 1, r->end);
    if (end == r->end || *end != '"')
        return read_any_string(r);
    r->value = (size_t)(at - r->json.ptr);
    r->at = end + 1;
    r->escapes = false;
    return (struct mqb_str){at + 1, (size_t)(end - at) - 1};
}

/* Just past the string that begins at `at`, or NULL if it is not plainly `text`. */
static inline const char *pass_choice_text(
    const char *at,
    const char *end,
    const struct mqb_str *text)
{
    const size_t len = text->len;
    if ((size_t)(end - at) < len + 2 || at[len + 1] != '"')
        return NULL;
    return mqb_bytes_same(at + 1, text->ptr, len) ? at + len + 2 : NULL;
}

int mqb_reader_choice(struct mqb_reader *r, const struct mqb_choices *choices)
{
    const char *at = mqb_bytes_next(r->at, r->end);
    const size_t count = at == r->end || *at != '"' || choices->escaped ? 0 : choices->count;
    for (size_t i = 0; i < count; i++) {
        const char *behind = pass_choice_text(at, r->end, &choices->items[i].text);
        if (behind == NULL)
            continue;
        r->value = (size_t)(at - r->json.ptr);
        r->at = behind;
        return choices->items[i].value;
    }
    const struct mqb_choice *choice = mqb_reader_find_choice(
        r, mqb_reader_scalar_text(r, MQB_JSON_STRING, mqb_rule_string), choices);
    return choice != NULL ? choice->value : 0;
}

uint64_t mqb_direct_any_uint(
    struct mqb_reader *r,
    uint64_t minimum,
    uint64_t maximum,
    const char *rule)
{
    const struct mqb_str text = mqb_reader_scalar_text(r, MQB_JSON_NUMBER, mqb_rule_integer);
    return mqb_reader_convert_uint(r, text, minimum, maximum, rule);
}

MQB_RARE static int64_t read_any_int(
    struct mqb_reader *r,
    int64_t minimum,
    int64_t maximum,
    const char *rule)
{
    const struct mqb_str text = mqb_reader_scalar_text(r, MQB_JSON_NUMBER, mqb_rule_integer);
    return mqb_reader_convert_int(r, text, minimum, maximum, rule);
}

/* Whitespace before an integer, a "-", or another notation. */
int64_t mqb_direct_int(struct mqb_reader *r, int64_t minimum, int64_t maximum, const char *rule)
{
    uint64_t digits = 0;
    const char *start = mqb_bytes_next(r->at, r->end);
    const bool negative = start != r->end && *start == '-';
    const char *at = negative ? mqb_direct_digits(start + 1, r->end, &digits) : NULL;
    const int64_t value = at == NULL ? 0 : -(int64_t)digits;
    if (at == NULL || value < minimum || value > maximum)
        return read_any_int(r, minimum, maximum, rule);
    r->value = (size_t)(start - r->json.ptr);
    r->at = at;
    return value;
}

static inline bool has_exponent(const char *at, const char *end)
{
    return at != end && (*at | 0x20) == 'e';
}

const char *mqb_direct_pass_short(const char *at, const char *end, double *value)
{
    uint64_t digits = 0;
    unsigned decimals = 0;
    const char *start = at;
    at = mqb_bytes_number(at, end, &digits);
    if (at == start || (*start == '0' && at - start > 1))
        return NULL;
    if (at != end && *at == '.') {
        const char *point = at + 1;
        at = mqb_bytes_number(point, end, &digits);
        if (at == point)
            return NULL;
        decimals = (unsigned)(at - point);
    }
    if (at - start > 18 || has_exponent(at, end))
        return NULL;
    return mqb_number_divide(digits, decimals, value) ? at : NULL;
}

bool mqb_reader_peek_number(const struct mqb_reader *r, bool decimal)
{
    const char *start = mqb_bytes_next(r->at, r->end);
    return mqb_reader_is_written((struct mqb_str){start, (size_t)(r->end - start)}, decimal);
}

MQB_RARE static double read_any_double(struct mqb_reader *r)
{
    const struct mqb_str text = mqb_reader_scalar_text(r, MQB_JSON_NUMBER, "must be a number");
    return mqb_reader_convert_double(r, text);
}

double mqb_reader_double(struct mqb_reader *r)
{
    double value = 0;
    if (!MQB_SHORT_DECIMALS)
        return read_any_double(r);
    const char *start = mqb_bytes_next(r->at, r->end);
    const bool negative = start != r->end && *start == '-';
    const char *at = mqb_direct_pass_short(start + negative, r->end, &value);
    if (at == NULL)
        return read_any_double(r);
    r->value = (size_t)(start - r->json.ptr);
    r->at = at;
    if (at - start > MQB_KEPT_BYTES)
        r->rounded = start;
    return negative ? -value : value;
}
