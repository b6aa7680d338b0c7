/*
 * The check of each kind of constraint. They call each other, once for each level of the value and
 * of the constraint, so each is a separate function with a small stack frame.
 */
#include "payload/constraint/check.h"

#include "compiler.h"
#include "payload/constraint/pattern.h"
#include "json/text.h"
#include "json/value.h"

/* ---- Refusals ---- */

bool mqb_check_refuse(
    struct mqb_check *check,
    const struct mqb_constraint *constraint,
    struct mqb_json value)
{
    const bool type = constraint->kind == MQB_CONSTRAINT_TYPE;
    check->refusal = (struct mqb_refusal){
        .status = type ? MQB_ERR_TYPE : MQB_ERR_VALUE,
        .rule = constraint->rule,
        .offset = mqb_check_offset(check, value),
        .shown = true,
    };
    return false;
}

/* ---- One value ---- */

static bool has_type(unsigned types, struct mqb_json value)
{
    const enum mqb_json_type type = mqb_raw_type(value.ptr[0]);
    if ((types & MQB_TYPE_BIT(type)) != 0)
        return true;
    if (type != MQB_JSON_NUMBER || (types & MQB_TYPE_BIT_INTEGER) == 0)
        return false;
    return mqb_decimal_is_integer((struct mqb_str){value.ptr, value.len});
}

static bool is_one_of(
    struct mqb_check *check,
    const struct mqb_constraint_texts *values,
    struct mqb_json value)
{
    for (size_t i = 0; i < values->count; i++) {
        const struct mqb_json other = {values->items[i].ptr, values->items[i].len};
        if (mqb_check_equal(check, value, other))
            return true;
    }
    return false;
}

static bool is_in_range(const struct mqb_constraint_range *range, struct mqb_json value)
{
    const struct mqb_str number = {value.ptr, value.len};
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
    size_t state = 0;
    mqb_check_spend(check, raw.len);
    if (!mqb_json_text_escaped(raw))
        return mqb_pattern_matches(pattern, raw);
    for (int byte = mqb_json_cursor_next(&cursor); byte >= 0;
         byte = mqb_json_cursor_next(&cursor)) {
        const char piece = (char)byte;
        state = mqb_pattern_feed(pattern, state, (struct mqb_str){&piece, 1});
    }
    return mqb_pattern_accepts(pattern, state);
}

MQB_RARE static bool contains(
    struct mqb_check *check,
    const struct mqb_constraint *part,
    struct mqb_json value)
{
    struct mqb_json_walk walk = mqb_check_begin(value);
    struct mqb_json item;
    while (mqb_check_next(check, &walk, NULL, &item)) {
        if (mqb_check_part(check, part, item))
            return true;
    }
    return false;
}

/* Constraints that report their own rule. */
MQB_RARE static bool is_kept(
    struct mqb_check *check,
    const struct mqb_constraint *constraint,
    struct mqb_json value)
{
    const struct mqb_constraint_count *limits = &constraint->is.count;
    const struct mqb_str number = {value.ptr, value.len};
    switch (constraint->kind) {
    case MQB_CONSTRAINT_TYPE:
        return has_type(constraint->is.types, value);
    case MQB_CONSTRAINT_VALUES:
        return is_one_of(check, &constraint->is.values, value);
    case MQB_CONSTRAINT_RANGE:
        return is_in_range(&constraint->is.range, value);
    case MQB_CONSTRAINT_MULTIPLE:
        return mqb_decimal_is_multiple(number, &constraint->is.divisor);
    case MQB_CONSTRAINT_LENGTH:
        return is_counted(limits, mqb_json_text_points(mqb_check_raw(value)));
    case MQB_CONSTRAINT_PATTERN:
        return mqb_check_matches(check, constraint->is.pattern, mqb_check_raw(value));
    case MQB_CONSTRAINT_ITEM_COUNT:
    case MQB_CONSTRAINT_MEMBER_COUNT:
        return is_counted(limits, mqb_check_count(check, value, limits->high));
    case MQB_CONSTRAINT_CONTAINS:
        return contains(check, constraint->is.part, value);
    case MQB_CONSTRAINT_UNIQUE:
        return mqb_check_unique(check, value);
    case MQB_CONSTRAINT_NOT:
        return !mqb_check_holds(check, constraint->is.part, value);
    default:
        return false;
    }
}

/* ---- Constraints that report the rules of their parts ---- */

MQB_RARE static bool items_hold(
    struct mqb_check *check,
    const struct mqb_constraint_items *items,
    struct mqb_json value)
{
    struct mqb_json_walk walk = mqb_check_begin(value);
    struct mqb_json item;
    for (size_t i = 0; mqb_check_next(check, &walk, NULL, &item); i++) {
        if (i >= items->first_count && items->rest == NULL)
            return true;
        if (!mqb_check_part(check, i < items->first_count ? items->first[i] : items->rest, item))
            return false;
    }
    return true;
}

MQB_RARE static bool all_hold(
    struct mqb_check *check,
    const struct mqb_constraint_parts *parts,
    struct mqb_json value)
{
    for (size_t i = 0; i < parts->count; i++) {
        if (!mqb_check_holds(check, parts->items[i], value))
            return false;
    }
    return true;
}

/* The value has a type that the part does not allow, so the part was probably not meant. */
static bool is_by_type(const struct mqb_check *check, struct mqb_json value)
{
    return check->refusal.status == MQB_ERR_TYPE &&
           check->refusal.offset == mqb_check_offset(check, value);
}

/*
 * ANY and ONE: count the satisfied parts, up to `most`. If there are none, and only one part allows
 * the type of the value, the refusal of that part is kept.
 */
MQB_RARE static bool some_hold(
    struct mqb_check *check,
    const struct mqb_constraint *constraint,
    struct mqb_json value,
    size_t most)
{
    const struct mqb_constraint_parts *parts = &constraint->is.parts;
    struct mqb_refusal refusal = {.status = MQB_OK};
    size_t held = 0;
    size_t meant = 0;
    for (size_t i = 0; i < parts->count && held < most; i++) {
        if (mqb_check_holds(check, parts->items[i], value))
            held++;
        else if (!is_by_type(check, value) && meant++ == 0)
            refusal = check->refusal;
    }
    if (held == 1)
        return true;
    mqb_check_refuse(check, constraint, value);
    if (held == 0 && meant == 1)
        check->refusal = refusal;
    return false;
}

MQB_RARE static bool branch_holds(
    struct mqb_check *check,
    const struct mqb_constraint_branch *branch,
    struct mqb_json value)
{
    const bool holds = mqb_check_part(check, branch->condition, value);
    return mqb_check_part(check, holds ? branch->then : branch->otherwise, value);
}

/* The type that a constraint is about, as a bit; 0 for any. */
static unsigned type_of_kind(enum mqb_constraint_kind kind)
{
    switch (kind) {
    case MQB_CONSTRAINT_RANGE:
    case MQB_CONSTRAINT_MULTIPLE:
        return MQB_TYPE_BIT(MQB_JSON_NUMBER);
    case MQB_CONSTRAINT_LENGTH:
    case MQB_CONSTRAINT_PATTERN:
        return MQB_TYPE_BIT(MQB_JSON_STRING);
    case MQB_CONSTRAINT_ITEM_COUNT:
    case MQB_CONSTRAINT_ITEMS:
    case MQB_CONSTRAINT_CONTAINS:
    case MQB_CONSTRAINT_UNIQUE:
        return MQB_TYPE_BIT(MQB_JSON_ARRAY);
    case MQB_CONSTRAINT_MEMBER_COUNT:
    case MQB_CONSTRAINT_REQUIRED:
    case MQB_CONSTRAINT_MEMBERS:
    case MQB_CONSTRAINT_MEMBER_NAMES:
    case MQB_CONSTRAINT_IF_MEMBER:
        return MQB_TYPE_BIT(MQB_JSON_OBJECT);
    default:
        return 0;
    }
}

bool mqb_check_holds(
    struct mqb_check *check,
    const struct mqb_constraint *constraint,
    struct mqb_json value)
{
    const enum mqb_json_type type = mqb_raw_type(value.ptr[0]);
    const unsigned speaks_of = type_of_kind(constraint->kind);
    if (!mqb_check_spend(check, MQB_VISIT_STEPS + (type < MQB_JSON_ARRAY ? value.len : 0)))
        return false;
    if (speaks_of != 0 && speaks_of != MQB_TYPE_BIT(type))
        return true;
    switch (constraint->kind) {
    case MQB_CONSTRAINT_ITEMS:
        return items_hold(check, &constraint->is.items, value);
    case MQB_CONSTRAINT_REQUIRED:
        return mqb_check_required(check, constraint, value);
    case MQB_CONSTRAINT_MEMBERS:
        return mqb_check_members(check, &constraint->is.members, value);
    case MQB_CONSTRAINT_MEMBER_NAMES:
        return mqb_check_names(check, constraint->is.part, value);
    case MQB_CONSTRAINT_IF_MEMBER:
        return mqb_check_if_member(check, &constraint->is.if_member, value);
    case MQB_CONSTRAINT_ALL:
        return all_hold(check, &constraint->is.parts, value);
    case MQB_CONSTRAINT_ANY:
        return some_hold(check, constraint, value, 1);
    case MQB_CONSTRAINT_ONE:
        return some_hold(check, constraint, value, 2);
    case MQB_CONSTRAINT_IF:
        return branch_holds(check, &constraint->is.branch, value);
    default:
        return is_kept(check, constraint, value) || mqb_check_refuse(check, constraint, value);
    }
}
