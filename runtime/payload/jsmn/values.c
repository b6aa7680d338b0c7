/* The scalars of the jsmn engine. */
#include "payload/jsmn/values.h"

#include "compiler.h"
#include "json/bytes.h"
#include "json/digits.h"
#include "json/number.h"
#include "json/scanner.h"
#include "payload/engine.h"
#include "payload/reader.h"
#include "payload/reader_memory.h"
#include "payload/reader_values.h"

void mqb_token_break(struct mqb_reader *r)
{
    mqb_reader_fail(r, MQB_ERR_JSON, "must be JSON", 0);
}

/* Almost all numbers and literals. */
static bool is_usual(struct mqb_str text)
{
    const char *end = text.ptr + text.len;
    if (mqb_byte_type(text.ptr[0]) != MQB_JSON_NUMBER)
        return mqb_bytes_literal(text.ptr, end) == end;
    if (text.len > 1 && text.ptr[0] == '0')
        return false;
    return mqb_bytes_digits(text.ptr, end) == end;
}

/* Escapes, UTF-8, other numbers, and invalid JSON. */
MQB_RARE static bool check_rest(struct mqb_reader *r, const jsmntok_t *token)
{
    const char *start = r->json.ptr + mqb_token_offset(token);
    const char *end = r->json.ptr + r->json.len;
    bool escapes = false;
    if (token->type == JSMN_STRING)
        end = mqb_json_pass_string(start, end, &escapes);
    else if (mqb_token_type(r, token) == MQB_JSON_NUMBER)
        end = mqb_json_pass_number(start, end);
    else
        end = mqb_json_pass_literal(start, end);
    r->escapes = r->escapes || escapes;
    if (end == r->json.ptr + token->end + (token->type == JSMN_STRING))
        return true;
    mqb_token_break(r);
    return false;
}

bool mqb_token_check(struct mqb_reader *r, const jsmntok_t *token)
{
    const struct mqb_str text = mqb_token_text(r, token);
    const bool quick =
        token->type == JSMN_STRING ? mqb_bytes_are_plain(text.ptr, text.len) : is_usual(text);
    return quick || check_rest(r, token);
}

struct mqb_str mqb_reader_scalar_text(
    struct mqb_reader *r,
    enum mqb_json_type type,
    const char *rule)
{
    const jsmntok_t *token = mqb_token_next(r);
    if (token == NULL)
        return r->bare ? mqb_reader_bare(r, type, rule) : (struct mqb_str){NULL, 0};
    r->value = mqb_token_offset(token);
    if (mqb_token_type(r, token) != type) {
        mqb_reader_refuse(r, MQB_ERR_TYPE, rule);
        return (struct mqb_str){NULL, 0};
    }
    if (!mqb_token_check(r, token))
        return (struct mqb_str){NULL, 0};
    r->position++;
    return mqb_token_text(r, token);
}

bool mqb_reader_null(struct mqb_reader *r)
{
    const jsmntok_t *token = mqb_token_next(r);
    if (token == NULL || mqb_token_type(r, token) != MQB_JSON_NULL)
        return false;
    return mqb_reader_scalar_text(r, MQB_JSON_NULL, "must be null").ptr != NULL;
}

/* ---- Strings ---- */

struct mqb_str mqb_reader_string(struct mqb_reader *r)
{
    const jsmntok_t *token = mqb_token_next(r);
    if (token == NULL || token->type != JSMN_STRING || !mqb_token_check(r, token))
        return mqb_reader_scalar_text(r, MQB_JSON_STRING, mqb_rule_string);
    const struct mqb_str text = mqb_token_text(r, token);
    r->value = mqb_token_offset(token);
    r->position++;
    return r->escapes ? mqb_reader_unescape(r, text) : text;
}

int mqb_reader_choice(struct mqb_reader *r, const struct mqb_choices *choices)
{
    const struct mqb_choice *choice = mqb_reader_find_choice(
        r, mqb_reader_scalar_text(r, MQB_JSON_STRING, mqb_rule_string), choices);
    return choice != NULL ? choice->value : 0;
}

/* ---- Literals and numbers ---- */

bool mqb_reader_bool(struct mqb_reader *r)
{
    const struct mqb_str text = mqb_reader_scalar_text(r, MQB_JSON_BOOLEAN, mqb_rule_boolean);
    return text.ptr != NULL && mqb_bytes_same_four(text.ptr, "true");
}

/* Almost all integers: only a few digits. INT64_MAX for any other. */
static inline int64_t few_digits(struct mqb_str text)
{
    uint64_t value;
    if (!mqb_digits_natural(text, &value) || (text.ptr[0] == '0' && text.len > 1))
        return INT64_MAX;
    return (int64_t)value;
}

/* The text of the next number or literal; ptr is NULL if there is none. */
static inline struct mqb_str next_primitive(const struct mqb_reader *r)
{
    const jsmntok_t *token = mqb_token_next(r);
    if (token == NULL || token->type != JSMN_PRIMITIVE)
        return (struct mqb_str){NULL, 0};
    return mqb_token_text(r, token);
}

bool mqb_reader_peek_number(const struct mqb_reader *r, bool decimal)
{
    const struct mqb_str text = next_primitive(r);
    return text.ptr != NULL && mqb_reader_is_written(text, decimal);
}

static inline void consume(struct mqb_reader *r, struct mqb_str primitive)
{
    r->value = (size_t)(primitive.ptr - r->json.ptr);
    r->position++;
}

int64_t mqb_reader_int(struct mqb_reader *r, int64_t minimum, int64_t maximum, const char *rule)
{
    const struct mqb_str text = next_primitive(r);
    const int64_t value = text.ptr == NULL ? INT64_MAX : few_digits(text);
    if (value == INT64_MAX || value < minimum || value > maximum)
        return mqb_reader_convert_int(
            r, mqb_reader_scalar_text(r, MQB_JSON_NUMBER, mqb_rule_integer), minimum, maximum,
            rule);
    consume(r, text);
    return value;
}

uint64_t mqb_reader_uint(struct mqb_reader *r, uint64_t minimum, uint64_t maximum, const char *rule)
{
    const struct mqb_str text = next_primitive(r);
    const uint64_t value = text.ptr == NULL ? INT64_MAX : (uint64_t)few_digits(text);
    if (value == INT64_MAX || value < minimum || value > maximum)
        return mqb_reader_convert_uint(
            r, mqb_reader_scalar_text(r, MQB_JSON_NUMBER, mqb_rule_integer), minimum, maximum,
            rule);
    consume(r, text);
    return value;
}

double mqb_reader_double(struct mqb_reader *r)
{
    const struct mqb_str text = next_primitive(r);
    double value;
    if (text.ptr == NULL || !mqb_number_short(text, &value))
        return mqb_reader_convert_double(
            r, mqb_reader_scalar_text(r, MQB_JSON_NUMBER, "must be a number"));
    consume(r, text);
    if (text.len > MQB_KEPT_BYTES)
        r->rounded = text.ptr;
    return value;
}
