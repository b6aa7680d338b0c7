/* The scalars and maps of the reader, based on what an engine gives. */
#include "payload/reader_values.h"

#include "json/digits.h"
#include "json/number.h"
#include "json/text.h"
#include "payload/engine.h"
#include "payload/reader.h"

static const char rule_integer[] = "must be an integer";
static const char rule_bits[] = "must fit in 64 bits";

/* ---- Strings ---- */

struct mqb_str mqb_reader_copy_string(struct mqb_reader *r, char *buf, size_t cap, const char *rule)
{
    const struct mqb_str raw = mqb_reader_scalar_text(r, MQB_JSON_STRING, mqb_rule_string);
    const struct mqb_str none = {buf, 0};
    if (raw.ptr == NULL)
        return none;
    if (mqb_json_text_length(raw) >= cap) {
        mqb_reader_refuse(r, MQB_ERR_VALUE, rule);
        return none;
    }
    const size_t len = mqb_json_text_copy(raw, buf);
    buf[len] = '\0';
    if (memchr(buf, '\0', len) == NULL)
        return (struct mqb_str){buf, len};
    mqb_reader_refuse(r, MQB_ERR_LIMIT, "must not contain NUL when stored as a C string");
    return none;
}

/* ---- Choices ---- */

const struct mqb_choice *mqb_reader_find_choice(
    struct mqb_reader *r,
    const struct mqb_choices *choices)
{
    const struct mqb_str raw = mqb_reader_scalar_text(r, MQB_JSON_STRING, mqb_rule_string);
    if (raw.ptr == NULL)
        return NULL;
    for (size_t i = 0; i < choices->count; i++) {
        if (mqb_reader_same(r, raw, choices->items[i].text))
            return &choices->items[i];
    }
    mqb_reader_refuse(r, MQB_ERR_VALUE, choices->rule);
    return NULL;
}

/* ---- Numbers ---- */

/*
 * Out of range. A bound of the schema is a rule; without one, the range of the C type is the bound,
 * and exceeding it is a limit of this build.
 */
static void refuse_range(struct mqb_reader *r, bool at_end_of_type, const char *rule)
{
    if (at_end_of_type)
        mqb_reader_refuse(r, MQB_ERR_LIMIT, rule_bits);
    else
        mqb_reader_refuse(r, MQB_ERR_VALUE, rule);
}

/* An integer in any notation. */
int64_t mqb_reader_any_int(struct mqb_reader *r, int64_t minimum, int64_t maximum, const char *rule)
{
    const struct mqb_str text = mqb_reader_scalar_text(r, MQB_JSON_NUMBER, rule_integer);
    int64_t value;
    if (text.ptr == NULL)
        return 0;
    const enum mqb_status status = mqb_number_int64(text, &value);
    if (status == MQB_OK && value >= minimum && value <= maximum)
        return value;
    if (status == MQB_ERR_TYPE)
        mqb_reader_refuse(r, MQB_ERR_TYPE, rule_integer);
    else if (status == MQB_OK)
        mqb_reader_refuse(r, MQB_ERR_VALUE, rule);
    else if (mqb_number_is_negative(text))
        refuse_range(r, minimum == INT64_MIN, rule);
    else
        refuse_range(r, maximum == INT64_MAX, rule);
    return 0;
}

uint64_t mqb_reader_any_uint(
    struct mqb_reader *r,
    uint64_t minimum,
    uint64_t maximum,
    const char *rule)
{
    const struct mqb_str text = mqb_reader_scalar_text(r, MQB_JSON_NUMBER, rule_integer);
    uint64_t value;
    if (text.ptr == NULL)
        return 0;
    const enum mqb_status status = mqb_number_uint64(text, &value);
    if (status == MQB_OK && value >= minimum && value <= maximum)
        return value;
    if (status == MQB_ERR_TYPE)
        mqb_reader_refuse(r, MQB_ERR_TYPE, rule_integer);
    else if (status == MQB_OK || mqb_number_is_negative(text))
        mqb_reader_refuse(r, MQB_ERR_VALUE, rule);
    else
        refuse_range(r, maximum == UINT64_MAX, rule);
    return 0;
}

double mqb_reader_any_double(struct mqb_reader *r)
{
    const struct mqb_str text = mqb_reader_scalar_text(r, MQB_JSON_NUMBER, "must be a number");
    double value = 0;
    if (text.ptr == NULL)
        return 0;
    if (mqb_number_double(text, &value) == MQB_OK)
        return value;
    mqb_reader_refuse(r, MQB_ERR_LIMIT, "must fit in a double");
    return 0;
}

/* ---- Integers in strings ---- */

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
        refuse_range(r, digits.negative ? minimum == INT64_MIN : maximum == INT64_MAX, rule);
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
        refuse_range(r, maximum == UINT64_MAX, rule);
        return 0;
    }
    const bool natural = valid && mqb_digits_uint64(&digits, &value);
    mqb_reader_check(r, natural && is_uint_between(value, minimum, maximum), rule);
    return r->status == MQB_OK ? value : 0;
}

/* ---- Maps ---- */

struct mqb_map mqb_reader_any_map(struct mqb_reader *r)
{
    struct mqb_list list;
    struct mqb_map_entry *entries = mqb_reader_entries(r, &list, sizeof(*entries));
    while (mqb_reader_next_entry(r, &list)) {
        entries[list.item].key = list.key;
        entries[list.item].value = mqb_reader_json(r);
    }
    if (r->status != MQB_OK)
        return (struct mqb_map){NULL, 0};
    return (struct mqb_map){entries, list.count};
}
