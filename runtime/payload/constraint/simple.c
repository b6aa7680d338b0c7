#include "payload/constraint/simple.h"

#include "json/bytes.h"
#include "json/digits.h"
#include "json/text.h"
#include "payload/constraint/equal.h"
#include "payload/constraint/numbers.h"
#include "payload/constraint/pattern.h"
#include "payload/constraint/unique_items.h"

static bool has_type(struct mqb_check *check, unsigned types, struct mqb_json value)
{
    const enum mqb_json_type type = mqb_byte_type(value.ptr[0]);
    char buf[MQB_NUMBER_BYTES];
    struct mqb_digits digits;
    if ((types & MQB_TYPE_BIT(type)) != 0)
        return true;
    if (type != MQB_JSON_NUMBER)
        return false;
    if ((types & MQB_TYPE_BIT_INTEGER) != 0)
        return mqb_decimal_is_integer(mqb_check_number(check, value, buf));
    if ((types & MQB_TYPE_BIT_PLAIN_INTEGER) == 0)
        return false;
    return mqb_digits_parse((struct mqb_str){value.ptr, value.len}, &digits);
}

static bool is_one_of(
    struct mqb_check *check,
    const struct mqb_constraint_texts *values,
    struct mqb_json value)
{
    bool found = false;
    check->fixed = true;
    for (size_t i = 0; i < values->count && !found; i++) {
        const struct mqb_json other = {values->items[i].ptr, values->items[i].len};
        found = mqb_check_equal(check, value, other);
    }
    check->fixed = false;
    return found;
}

static bool is_in_range(
    struct mqb_check *check,
    const struct mqb_constraint_range *range,
    struct mqb_json value)
{
    char buf[MQB_NUMBER_BYTES];
    const struct mqb_str number = mqb_check_number(check, value, buf);
    if (range->low.len != 0) {
        const int order = mqb_decimal_compare(number, range->low);
        if (order < 0 || (order == 0 && range->low_exclusive))
            return false;
    }
    if (range->high.len == 0)
        return true;
    const int order = mqb_decimal_compare(number, range->high);
    return order < 0 || (order == 0 && !range->high_exclusive);
}

static bool is_counted(const struct mqb_constraint_count *limits, size_t count)
{
    return count >= limits->low && count <= limits->high;
}

bool mqb_check_matches(
    struct mqb_check *check,
    const struct mqb_pattern *pattern,
    struct mqb_str raw)
{
    struct mqb_json_cursor cursor = {.raw = raw};
    struct mqb_pattern_state state = {0, 0};
    mqb_check_spend(check, raw.len);
    if (!mqb_json_text_escaped(raw))
        return mqb_pattern_matches(pattern, raw);
    for (int byte = mqb_json_cursor_next(&cursor); byte >= 0;
         byte = mqb_json_cursor_next(&cursor)) {
        const char piece = (char)byte;
        mqb_pattern_feed(pattern, &state, (struct mqb_str){&piece, 1});
    }
    return mqb_pattern_accepts(pattern, &state);
}

static bool is_multiple(
    struct mqb_check *check,
    const struct mqb_constraint_divisor *divisor,
    struct mqb_json value)
{
    char buf[MQB_NUMBER_BYTES];
    return mqb_decimal_is_multiple(mqb_check_number(check, value, buf), divisor);
}

bool mqb_check_simple(
    struct mqb_check *check,
    const struct mqb_constraint *constraint,
    struct mqb_json value)
{
    const struct mqb_constraint_count *limits = &constraint->is.count;
    switch (constraint->kind) {
    case MQB_CONSTRAINT_TYPE:
        return has_type(check, constraint->is.types, value);
    case MQB_CONSTRAINT_VALUES:
        return is_one_of(check, &constraint->is.values, value);
    case MQB_CONSTRAINT_RANGE:
        return is_in_range(check, &constraint->is.range, value);
    case MQB_CONSTRAINT_MULTIPLE:
        return is_multiple(check, &constraint->is.divisor, value);
    case MQB_CONSTRAINT_LENGTH:
        return is_counted(limits, mqb_json_text_points(mqb_check_raw(value)));
    case MQB_CONSTRAINT_PATTERN:
        return mqb_check_matches(check, constraint->is.pattern, mqb_check_raw(value));
    case MQB_CONSTRAINT_ITEM_COUNT:
    case MQB_CONSTRAINT_MEMBER_COUNT:
        return is_counted(limits, mqb_check_count(check, value, limits->high));
    case MQB_CONSTRAINT_UNIQUE:
        return mqb_check_unique(check, value);
    default:
        return false;
    }
}

static bool is_listed(
    struct mqb_check *check,
    const struct mqb_constraint_texts *values,
    struct mqb_str text)
{
    for (size_t i = 0; i < values->count; i++) {
        const struct mqb_str other = values->items[i];
        mqb_check_spend(check, text.len < other.len ? text.len : other.len);
        if (other.ptr[0] == '"' &&
            mqb_json_text_equal((struct mqb_str){other.ptr + 1, other.len - 2}, text))
            return true;
    }
    return false;
}

bool mqb_check_bare(
    struct mqb_check *check,
    const struct mqb_constraint *constraint,
    struct mqb_json value)
{
    const struct mqb_str text = {value.ptr, value.len};
    switch (constraint->kind) {
    case MQB_CONSTRAINT_TYPE:
        return (constraint->is.types & MQB_TYPE_BIT(MQB_JSON_STRING)) != 0;
    case MQB_CONSTRAINT_VALUES:
        return is_listed(check, &constraint->is.values, text);
    case MQB_CONSTRAINT_LENGTH:
        return is_counted(&constraint->is.count, mqb_utf8_length(text));
    case MQB_CONSTRAINT_PATTERN:
        return mqb_pattern_matches(constraint->is.pattern, text);
    default:
        return false;
    }
}
