/* The reader's scalars, as the engine on jsmn tokens has them. */
#include "reader_jsmn.h"

#include "json.h"

void mqb_token_break(struct mqb_reader *r)
{
    mqb_reader_fail(r, MQB_ERR_JSON, "must be JSON", 0);
}

bool mqb_token_check(struct mqb_reader *r, const jsmntok_t *token)
{
    const char *start = r->json.ptr + token->start;
    const char *end = r->json.ptr + r->json.len;
    const char *stop = r->json.ptr + token->end;
    bool escapes = false;
    if (mqb_token_is_plain(r, token))
        return true;
    if (token->type == JSMN_STRING)
        end = mqb_json_pass_string(start - 1, end, &escapes);
    else if (mqb_token_type(r, token) == MQB_JSON_NUMBER)
        end = mqb_json_pass_number(start, end);
    else
        end = mqb_json_pass_literal(start, end);
    r->escapes = r->escapes || escapes;
    if (end == stop + (token->type == JSMN_STRING))
        return true;
    mqb_token_break(r);
    return false;
}

struct mqb_str mqb_reader_scalar(struct mqb_reader *r, enum mqb_json_type type, const char *rule)
{
    const jsmntok_t *token = mqb_token_next(r);
    if (token == NULL)
        return (struct mqb_str){NULL, 0};
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

bool mqb_read_null(struct mqb_reader *r)
{
    const jsmntok_t *token = mqb_token_next(r);
    if (token == NULL || mqb_token_type(r, token) != MQB_JSON_NULL)
        return false;
    return mqb_reader_scalar(r, MQB_JSON_NULL, "must be null").ptr != NULL;
}

/* ---- Strings ---- */

struct mqb_str mqb_read_string(struct mqb_reader *r)
{
    const struct mqb_str raw = mqb_reader_scalar(r, MQB_JSON_STRING, mqb_rule_string);
    return raw.ptr != NULL ? mqb_reader_text(r, raw) : raw;
}

int mqb_read_choice(struct mqb_reader *r, const struct mqb_choices *choices)
{
    const struct mqb_choice *choice = mqb_reader_choice(r, choices);
    return choice != NULL ? choice->value : 0;
}

/* ---- Literals and numbers ---- */

bool mqb_read_bool(struct mqb_reader *r)
{
    const struct mqb_str text = mqb_reader_scalar(r, MQB_JSON_BOOLEAN, mqb_rule_boolean);
    return text.ptr != NULL && text.ptr[0] == 't';
}

/* What nearly all integers are: a few digits and nothing else. INT64_MAX if it is not. */
static inline int64_t few_digits(const struct mqb_reader *r, const jsmntok_t *token)
{
    int64_t value = 0;
    if (token == NULL || token->type != JSMN_PRIMITIVE || token->end - token->start > 18)
        return INT64_MAX;
    if (r->json.ptr[token->start] == '0' && token->end - token->start > 1)
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
        return mqb_read_any_int(r, minimum, maximum, rule);
    r->value = (size_t)token->start;
    r->position++;
    return value;
}

uint64_t mqb_read_uint(struct mqb_reader *r, uint64_t minimum, uint64_t maximum, const char *rule)
{
    const jsmntok_t *token = mqb_token_next(r);
    const uint64_t value = (uint64_t)few_digits(r, token);
    if (value == INT64_MAX || value < minimum || value > maximum)
        return mqb_read_any_uint(r, minimum, maximum, rule);
    r->value = (size_t)token->start;
    r->position++;
    return value;
}

double mqb_read_double(struct mqb_reader *r)
{
    return mqb_read_any_double(r);
}
