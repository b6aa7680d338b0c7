/* The reader's scalars, straight from the bytes. */
#include "reader_direct.h"

#include "json.h"
#include "json_bytes.h"

/* Most strings are plain. */
static const char *pass_string(struct mqb_reader *r, const char *at)
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
        end = pass_string(r, at);
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
    const char *at = mqb_direct_next(r->at, r->end);
    if (at != r->end && *at == '"') {
        const char *end = mqb_bytes_plain(at + 1, r->end);
        if (end != r->end && *end == '"') {
            r->value = (size_t)(at - r->json.ptr);
            r->at = end + 1;
            return (struct mqb_str){at + 1, (size_t)(end - at) - 1};
        }
    }
    const struct mqb_str raw = mqb_reader_scalar(r, MQB_JSON_STRING, mqb_rule_string);
    return raw.ptr != NULL ? mqb_reader_text(r, raw) : raw;
}
