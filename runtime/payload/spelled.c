#include "payload/spelled.h"

#include "json/bytes.h"
#include "json/scanner.h"
#include "json/skip.h"
#include "payload/constraint/numbers.h"

/* The value without blanks around it; empty if there is anything else. */
static struct mqb_str only_value(struct mqb_str text)
{
    const size_t start = mqb_json_blanks(text, 0);
    const size_t end = start == text.len ? start : mqb_json_value_end(text, start);
    const size_t len = mqb_json_blanks(text, end) == text.len ? end - start : 0;
    return (struct mqb_str){text.ptr + start, len};
}

static bool is_literal(struct mqb_str text, unsigned types, enum mqb_json_type type)
{
    if ((types & MQB_TYPE_BIT(type)) == 0)
        return false;
    if (type == MQB_JSON_NULL)
        return mqb_bytes_equal(text, MQB_STR("null"));
    return mqb_bytes_equal(text, MQB_STR("true")) || mqb_bytes_equal(text, MQB_STR("false"));
}

static bool is_number(struct mqb_str text, unsigned types)
{
    const unsigned numbers = MQB_TYPE_BIT(MQB_JSON_NUMBER);
    if ((types & (numbers | MQB_TYPE_BIT_INTEGER)) == 0 || !mqb_json_is_number(text))
        return false;
    return (types & numbers) != 0 || mqb_decimal_is_integer(text);
}

bool mqb_text_spells(struct mqb_str text, unsigned types)
{
    if (text.len == 0)
        return false;
    text = only_value(text);
    return is_number(text, types) || is_literal(text, types, MQB_JSON_BOOLEAN) ||
           is_literal(text, types, MQB_JSON_NULL);
}
