/* The reader's scalars, as the engine on jsmn tokens has them. */
#include "reader_jsmn.h"

#include "digits.h"
#include "number.h"

static const char rule_integer[] = "must be an integer";
static const char rule_string[] = "must be a string";
static const char rule_bits[] = "must fit in 64 bits";

/*
 * The text of the next value, consumed. It must have the type, a scalar one, else `rule` is broken.
 * ptr is NULL after an error.
 */
static struct mqb_str take_scalar(struct mqb_reader *r, enum mqb_json_type type, const char *rule)
{
    const jsmntok_t *token = mqb_token_next(r);
    if (token == NULL)
        return (struct mqb_str){NULL, 0};
    r->value = mqb_token_offset(token);
    if (mqb_token_type(r, token) != type) {
        mqb_reader_refuse(r, MQB_ERR_TYPE, rule);
        return (struct mqb_str){NULL, 0};
    }
    r->position++;
    return mqb_token_text(r, token);
}

bool mqb_read_null(struct mqb_reader *r)
{
    const jsmntok_t *token = mqb_token_next(r);
    if (token == NULL || mqb_token_type(r, token) != MQB_JSON_NULL)
        return false;
    r->value = mqb_token_offset(token);
    r->position++;
    return true;
}

/* ---- Strings ---- */

struct mqb_str mqb_read_string(struct mqb_reader *r)
{
    const struct mqb_str raw = take_scalar(r, MQB_JSON_STRING, rule_string);
    return raw.ptr != NULL ? mqb_reader_text(r, raw) : raw;
}

const struct mqb_choice *mqb_token_choice(struct mqb_reader *r, const struct mqb_choices *choices)
{
    const struct mqb_str raw = take_scalar(r, MQB_JSON_STRING, rule_string);
    if (raw.ptr == NULL)
        return NULL;
    for (size_t i = 0; i < choices->count; i++) {
        if (mqb_reader_same(r, raw, choices->items[i].text))
            return &choices->items[i];
    }
    mqb_reader_refuse(r, MQB_ERR_VALUE, choices->rule);
    return NULL;
}

int mqb_read_choice(struct mqb_reader *r, const struct mqb_choices *choices)
{
    const struct mqb_choice *choice = mqb_token_choice(r, choices);
    return choice != NULL ? choice->value : 0;
}

/* ---- Literals and numbers ---- */

bool mqb_read_bool(struct mqb_reader *r)
{
    const struct mqb_str text = take_scalar(r, MQB_JSON_BOOLEAN, "must be true or false");
    return text.ptr != NULL && text.ptr[0] == 't';
}

/*
 * Out of range. The schema's own bound is its rule; where there is none, the bound is the end of
 * the C type, and what lies beyond is a limit of this build.
 */
static void refuse_range(struct mqb_reader *r, bool at_end_of_type, const char *rule)
{
    if (at_end_of_type)
        mqb_reader_refuse(r, MQB_ERR_LIMIT, rule_bits);
    else
        mqb_reader_refuse(r, MQB_ERR_VALUE, rule);
}

/* Any integer, in whatever form. */
MQB_RARE static int64_t read_int(
    struct mqb_reader *r,
    int64_t minimum,
    int64_t maximum,
    const char *rule)
{
    const struct mqb_str text = take_scalar(r, MQB_JSON_NUMBER, rule_integer);
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

MQB_RARE static uint64_t read_uint(
    struct mqb_reader *r,
    uint64_t minimum,
    uint64_t maximum,
    const char *rule)
{
    const struct mqb_str text = take_scalar(r, MQB_JSON_NUMBER, rule_integer);
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

/* What nearly all integers are: a few digits and nothing else. INT64_MAX if it is not. */
static inline int64_t few_digits(const struct mqb_reader *r, const jsmntok_t *token)
{
    int64_t value = 0;
    if (token == NULL || token->type != JSMN_PRIMITIVE || token->end - token->start > 18)
        return INT64_MAX;
    for (int at = token->start; at < token->end; at++) {
        const int digit = r->json.ptr[at] - '0';
        if (digit < 0 || digit > 9)
            return INT64_MAX;
        value = value * 10 + digit;
    }
    return value;
}

int64_t mqb_read_int(struct mqb_reader *r, int64_t minimum, int64_t maximum, const char *rule)
{
    const jsmntok_t *token = mqb_token_next(r);
    const int64_t value = few_digits(r, token);
    if (value == INT64_MAX || value < minimum || value > maximum)
        return read_int(r, minimum, maximum, rule);
    r->value = (size_t)token->start;
    r->position++;
    return value;
}

uint64_t mqb_read_uint(struct mqb_reader *r, uint64_t minimum, uint64_t maximum, const char *rule)
{
    const jsmntok_t *token = mqb_token_next(r);
    const uint64_t value = (uint64_t)few_digits(r, token);
    if (value == INT64_MAX || value < minimum || value > maximum)
        return read_uint(r, minimum, maximum, rule);
    r->value = (size_t)token->start;
    r->position++;
    return value;
}

double mqb_read_double(struct mqb_reader *r)
{
    const struct mqb_str text = take_scalar(r, MQB_JSON_NUMBER, "must be a number");
    double value = 0;
    if (text.ptr == NULL)
        return 0;
    if (mqb_number_double(text, &value) == MQB_OK)
        return value;
    mqb_reader_refuse(r, MQB_ERR_LIMIT, "must fit in a double");
    return 0;
}

/* ---- Integers in strings ---- */

int64_t mqb_read_text_int(
    struct mqb_reader *r,
    int64_t minimum,
    int64_t maximum,
    const char *rule,
    struct mqb_str *text)
{
    struct mqb_digits digits;
    int64_t value = 0;
    *text = mqb_read_string(r);
    if (r->status != MQB_OK)
        return 0;
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

uint64_t mqb_read_text_uint(
    struct mqb_reader *r,
    uint64_t minimum,
    uint64_t maximum,
    const char *rule,
    struct mqb_str *text)
{
    struct mqb_digits digits;
    uint64_t value = 0;
    *text = mqb_read_string(r);
    if (r->status != MQB_OK)
        return 0;
    const bool valid = mqb_digits_parse(*text, &digits);
    if (valid && digits.beyond && !digits.negative) {
        refuse_range(r, maximum == UINT64_MAX, rule);
        return 0;
    }
    const bool natural = valid && mqb_digits_uint64(&digits, &value);
    mqb_reader_check(r, natural && value >= minimum && value <= maximum, rule);
    return r->status == MQB_OK ? value : 0;
}
