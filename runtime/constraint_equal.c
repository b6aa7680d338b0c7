/* Deep equality of two values, side by side, with a bounded stack. */
#include "constraint.h"

#include "json.h"
#include "json_text.h"
#include "raw.h"

/* Two open containers with as many members or items. */
struct pair {
    struct mqb_json_walk a;
    struct mqb_json_walk b;
};

static bool same_string(struct mqb_str a, struct mqb_str b)
{
    return mqb_str_equal(a, b) || mqb_json_text_compare(a, b) == 0;
}

/* Both have the same type. */
static bool same_scalar(struct mqb_check *check, struct mqb_json a, struct mqb_json b)
{
    switch (mqb_raw_type(a.ptr[0])) {
    case MQB_JSON_STRING:
        mqb_check_spend(check, a.len < b.len ? a.len : b.len);
        return same_string(mqb_check_raw(a), mqb_check_raw(b));
    case MQB_JSON_NUMBER:
        mqb_check_spend(check, a.len + b.len);
        return mqb_decimal_compare(
                   (struct mqb_str){a.ptr, a.len}, (struct mqb_str){b.ptr, b.len}) == 0;
    default:
        return a.ptr[0] == b.ptr[0];
    }
}

/* The member of that name, most likely where the walk is; if it is not there, from the start. */
static bool find_member(
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

/* The next two values to compare. At the end *same is true, and if there is no second one false. */
static bool next_pair(
    struct mqb_check *check,
    struct pair *pair,
    struct mqb_json *a,
    struct mqb_json *b,
    bool *same)
{
    struct mqb_json key;
    *same = !mqb_check_next(check, &pair->a, &key, a);
    if (*same)
        return false;
    if (pair->a.container.ptr[0] == '[')
        return mqb_check_next(check, &pair->b, NULL, b);
    return find_member(check, &pair->b, mqb_check_raw(key), b);
}

static bool same_count(struct mqb_check *check, struct mqb_json a, struct mqb_json b)
{
    const size_t count = mqb_check_count(check, a, SIZE_MAX);
    return mqb_check_count(check, b, count) == count;
}

bool mqb_check_equal(struct mqb_check *check, struct mqb_json a, struct mqb_json b)
{
    struct pair pairs[MQB_DEPTH_MAX];
    size_t depth = 0;
    bool same;
    for (;;) {
        const enum mqb_json_type type = mqb_raw_type(a.ptr[0]);
        if (!mqb_check_spend(check, 1) || type != mqb_raw_type(b.ptr[0]))
            return false;
        if (type < MQB_JSON_ARRAY && !same_scalar(check, a, b))
            return false;
        if (type >= MQB_JSON_ARRAY && !same_count(check, a, b))
            return false;
        if (type >= MQB_JSON_ARRAY && depth == MQB_DEPTH_MAX)
            return mqb_check_stop(check, mqb_json_rule_depth);
        if (type >= MQB_JSON_ARRAY)
            pairs[depth++] = (struct pair){mqb_check_begin(a), mqb_check_begin(b)};
        for (same = true; depth != 0 && !next_pair(check, &pairs[depth - 1], &a, &b, &same);) {
            if (!same)
                return false;
            depth--;
        }
        if (depth == 0)
            return true;
    }
}
