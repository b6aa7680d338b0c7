/* Choices and numbers from their JSON text, in any notation. */
#include "payload/reader_values.h"

#include "json/bytes.h"
#include "json/number.h"
#include "payload/constraint/rounding.h"
#include "payload/reader.h"

static const char rule_bits[] = "must fit in 64 bits";

/* ---- Choices ---- */

const struct mqb_choice *mqb_reader_find_choice(
    struct mqb_reader *r,
    struct mqb_str raw,
    const struct mqb_choices *choices)
{
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

bool mqb_reader_is_written(struct mqb_str text, bool decimal)
{
    bool found = false;
    if (text.len == 0 || mqb_byte_type(text.ptr[0]) != MQB_JSON_NUMBER)
        return false;
    for (size_t i = 0; i < text.len && !found && !mqb_byte_is(text.ptr[i], MQB_BREAK); i++)
        found = text.ptr[i] == '.' || (text.ptr[i] | 0x20) == 'e';
    return found == decimal;
}

void mqb_reader_refuse_range(struct mqb_reader *r, bool at_end_of_type, const char *rule)
{
    if (at_end_of_type)
        mqb_reader_refuse(r, MQB_ERR_LIMIT, rule_bits);
    else
        mqb_reader_refuse(r, MQB_ERR_VALUE, rule);
}

int64_t mqb_reader_convert_int(
    struct mqb_reader *r,
    struct mqb_str text,
    int64_t minimum,
    int64_t maximum,
    const char *rule)
{
    int64_t value;
    if (text.ptr == NULL)
        return 0;
    const enum mqb_status status = mqb_number_int64(text, &value);
    if (status == MQB_OK && value >= minimum && value <= maximum)
        return value;
    if (status == MQB_ERR_TYPE)
        mqb_reader_refuse(r, MQB_ERR_TYPE, mqb_rule_integer);
    else if (status == MQB_OK)
        mqb_reader_refuse(r, MQB_ERR_VALUE, rule);
    else if (mqb_number_is_negative(text))
        mqb_reader_refuse_range(r, minimum == INT64_MIN, rule);
    else
        mqb_reader_refuse_range(r, maximum == INT64_MAX, rule);
    return 0;
}

uint64_t mqb_reader_convert_uint(
    struct mqb_reader *r,
    struct mqb_str text,
    uint64_t minimum,
    uint64_t maximum,
    const char *rule)
{
    uint64_t value;
    if (text.ptr == NULL)
        return 0;
    const enum mqb_status status = mqb_number_uint64(text, &value);
    if (status == MQB_OK && value >= minimum && value <= maximum)
        return value;
    if (status == MQB_ERR_TYPE)
        mqb_reader_refuse(r, MQB_ERR_TYPE, mqb_rule_integer);
    else if (status == MQB_OK || mqb_number_is_negative(text))
        mqb_reader_refuse(r, MQB_ERR_VALUE, rule);
    else
        mqb_reader_refuse_range(r, maximum == UINT64_MAX, rule);
    return 0;
}

double mqb_reader_convert_double(struct mqb_reader *r, struct mqb_str text)
{
    double value = 0;
    if (text.ptr == NULL)
        return 0;
    if (mqb_number_double(text, &value) != MQB_OK) {
        mqb_reader_refuse(r, MQB_ERR_LIMIT, "must fit in a double");
        return 0;
    }
    if (mqb_rounding_keeps(text))
        return value;
    if (!mqb_rounding_keeps_integer(text, value)) {
        mqb_reader_refuse(r, MQB_ERR_PRECISION, "must be the same integer");
        return 0;
    }
    r->rounded = text.ptr;
    return value;
}
