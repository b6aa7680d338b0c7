/* Deep equality of two values, side by side, with a bounded stack. */
#include "payload/constraint/equal.h"

#include "json/bytes.h"
#include "json/text.h"
#include "payload/constraint/numbers.h"

/* Two open containers with the same number of members or items. */
struct pair {
    struct mqb_json_walk a;
    struct mqb_json_walk b;
};

static bool same_string(struct mqb_str a, struct mqb_str b)
{
    return mqb_bytes_equal(a, b) || mqb_json_text_compare(a, b) == 0;
}

static bool same_number(struct mqb_check *check, struct mqb_json a, struct mqb_json b)
{
    char buf[MQB_NUMBER_BYTES];
    char other_buf[MQB_NUMBER_BYTES];
    const struct mqb_str number = mqb_check_number(check, a, buf);
    const struct mqb_str other =
        check->fixed ? (struct mqb_str){b.ptr, b.len} : mqb_check_number(check, b, other_buf);
    mqb_check_spend(check, a.len + b.len);
    return mqb_decimal_compare(number, other) == 0;
}

/* Both have the same type. */
static bool same_scalar(struct mqb_check *check, struct mqb_json a, struct mqb_json b)
{
    switch (mqb_byte_type(a.ptr[0])) {
    case MQB_JSON_STRING:
        mqb_check_spend(check, a.len < b.len ? a.len : b.len);
        return same_string(mqb_check_raw(a), mqb_check_raw(b));
    case MQB_JSON_NUMBER:
        return same_number(check, a, b);
    default:
        return a.ptr[0] == b.ptr[0];
    }
}

/*
 * The member with that name: probably the current one of the walk; otherwise search from the start.
 */
static bool find_equal_name(
    struct mqb_check *check,
    struct mqb_json_walk *walk,
    struct mqb_str name,
    struct mqb_json *value)
{
    struct mqb_json key;
    for (int round = 0; round < 2; round++) {
        while (mqb_check_next(check, walk, &key, value)) {
            if (same_string(mqb_check_raw(key), name))
                return true;
        }
        *walk = mqb_check_begin(walk->container);
    }
    return false;
}

/* The counterpart of a member with that name, or of the next item; false if there is none. */
static bool next_other(
    struct mqb_check *check,
    struct mqb_json_walk *walk,
    struct mqb_json key,
    struct mqb_json *value)
{
    if (walk->container.ptr[0] == '[')
        return mqb_check_next(check, walk, NULL, value);
    return find_equal_name(check, walk, mqb_check_raw(key), value);
}

static bool same_count(struct mqb_check *check, struct mqb_json a, struct mqb_json b)
{
    const size_t count = mqb_check_count(check, a, SIZE_MAX);
    return mqb_check_count(check, b, count) == count;
}

/* Compare two scalars completely, containers without their contents. */
static bool same_outside(struct mqb_check *check, struct mqb_json a, struct mqb_json b)
{
    const enum mqb_json_type type = mqb_byte_type(a.ptr[0]);
    if (!mqb_check_spend(check, MQB_VISIT_STEPS) || type != mqb_byte_type(b.ptr[0]))
        return false;
    return type < MQB_JSON_ARRAY ? same_scalar(check, a, b) : same_count(check, a, b);
}

/* A constant may nest deeper than a value, which then lacks a container there. */
bool mqb_check_equal(struct mqb_check *check, struct mqb_json value, struct mqb_json other)
{
    struct pair pairs[MQB_DEPTH_MAX];
    struct mqb_json key;
    size_t depth = 0;
    while (same_outside(check, value, other)) {
        if (mqb_byte_type(value.ptr[0]) >= MQB_JSON_ARRAY)
            pairs[depth++] = (struct pair){mqb_check_begin(value), mqb_check_begin(other)};
        while (depth != 0 && !mqb_check_next(check, &pairs[depth - 1].a, &key, &value))
            depth--;
        if (depth == 0)
            return true;
        if (!next_other(check, &pairs[depth - 1].b, key, &other))
            return false;
    }
    return false;
}
