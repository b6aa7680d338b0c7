/*
 * Constraints that have others in them. Their functions call each other, once for each level of the
 * value and of the constraint, so each has a frame of its own, as small as it can be.
 */
#include "payload/constraint/evaluate.h"

#include "compiler.h"
#include "json/bytes.h"
#include "payload/constraint/member_names.h"
#include "payload/constraint/simple.h"

static const char rule_memory[] = "takes more memory to check";

static bool holds(
    struct mqb_check *check,
    const struct mqb_constraint *constraint,
    struct mqb_json value);

/* NULL is anything. */
static inline bool part_holds(
    struct mqb_check *check,
    const struct mqb_constraint *part,
    struct mqb_json value)
{
    return part == NULL || holds(check, part, value);
}

MQB_RARE static bool contains(
    struct mqb_check *check,
    const struct mqb_constraint_contains *contains,
    struct mqb_json value)
{
    struct mqb_json_walk walk = mqb_check_begin(value);
    struct mqb_json item;
    size_t held = 0;
    while (mqb_check_next(check, &walk, NULL, &item)) {
        if (!part_holds(check, contains->part, item))
            continue;
        held++;
        if (held > contains->count.high)
            return false;
        if (held >= contains->count.low && contains->count.high == SIZE_MAX)
            return true;
    }
    return held >= contains->count.low;
}

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
        if (!part_holds(check, i < items->first_count ? items->first[i] : items->rest, item))
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
        if (!holds(check, parts->items[i], value))
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
        if (holds(check, parts->items[i], value))
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
    const bool met = part_holds(check, branch->condition, value);
    return part_holds(check, met ? branch->then : branch->otherwise, value);
}

/* ---- Members ---- */

/* A member that is not allowed is refused at its name. */
static bool member_holds(
    struct mqb_check *check,
    const struct mqb_constraint *part,
    struct mqb_json key,
    struct mqb_json value)
{
    if (part == NULL || part->kind != MQB_CONSTRAINT_NEVER)
        return part_holds(check, part, value);
    mqb_check_refuse(check, part, key);
    check->refusal.shown = false;
    return false;
}

/* All constraints that apply to a member because of its name. */
static bool parts_hold(
    struct mqb_check *check,
    const struct mqb_constraint_members *members,
    size_t named,
    struct mqb_json key,
    struct mqb_json value)
{
    bool known = named < members->named_count;
    if (known && !member_holds(check, members->named[named].part, key, value))
        return false;
    for (size_t i = 0; i < members->matching_count; i++) {
        if (!mqb_check_matches(check, members->matching[i].pattern, mqb_check_raw(key)))
            continue;
        known = true;
        if (!member_holds(check, members->matching[i].part, key, value))
            return false;
    }
    return known || member_holds(check, members->other, key, value);
}

MQB_RARE static bool members_hold(
    struct mqb_check *check,
    const struct mqb_constraint_members *members,
    struct mqb_json value)
{
    const struct mqb_check_names names = {
        members->named, sizeof(struct mqb_constraint_named), members->named_count};
    struct mqb_json_walk walk = mqb_check_begin(value);
    struct mqb_json key;
    struct mqb_json member;
    size_t predicted = 0;
    while (mqb_check_next(check, &walk, &key, &member)) {
        const size_t named = mqb_check_find_name(check, &names, predicted, mqb_check_raw(key));
        if (named < names.count)
            predicted = named + 1;
        if (!parts_hold(check, members, named, key, member))
            return false;
    }
    return true;
}

MQB_RARE static bool names_hold(
    struct mqb_check *check,
    const struct mqb_constraint *part,
    struct mqb_json value)
{
    struct mqb_json_walk walk = mqb_check_begin(value);
    struct mqb_json key;
    struct mqb_json member;
    while (mqb_check_next(check, &walk, &key, &member)) {
        if (!part_holds(check, part, key))
            return false;
    }
    return true;
}

/* ---- Items and members that nothing else evaluates ---- */

static bool covers_member(
    struct mqb_check *check,
    const struct mqb_constraint_members *members,
    struct mqb_json key)
{
    const struct mqb_check_names names = {
        members->named, sizeof(struct mqb_constraint_named), members->named_count};
    const struct mqb_str raw = mqb_check_raw(key);
    if (mqb_check_find_name(check, &names, 0, raw) < names.count)
        return true;
    for (size_t i = 0; i < members->matching_count; i++) {
        if (mqb_check_matches(check, members->matching[i].pattern, raw))
            return true;
    }
    return false;
}

/* Whether one of those that count covers the item at `index`, or the member with the key. */
static bool is_covered(
    struct mqb_check *check,
    const struct mqb_constraint_unevaluated *rest,
    uint64_t met,
    size_t index,
    const struct mqb_json *key,
    struct mqb_json value)
{
    for (size_t i = 0; i < rest->count; i++) {
        const struct mqb_constraint *covers = rest->items[i].covers;
        if ((met >> i & 1) == 0)
            continue;
        if (covers->kind == MQB_CONSTRAINT_MEMBERS) {
            if (covers_member(check, &covers->is.members, *key))
                return true;
        } else if (
            index < covers->is.items.first_count ||
            (covers->is.items.rest != NULL && holds(check, covers->is.items.rest, value))) {
            return true;
        }
    }
    return false;
}

MQB_RARE static bool unevaluated_hold(
    struct mqb_check *check,
    const struct mqb_constraint_unevaluated *rest,
    struct mqb_json value,
    bool members)
{
    struct mqb_json_walk walk = mqb_check_begin(value);
    struct mqb_json key = value;
    struct mqb_json inner;
    uint64_t met = 0;
    for (size_t i = 0; i < rest->count; i++) {
        if (!part_holds(check, rest->items[i].condition, value))
            continue;
        if (rest->items[i].covers == NULL)
            return true;
        met |= UINT64_C(1) << i;
    }
    for (size_t i = 0; mqb_check_next(check, &walk, members ? &key : NULL, &inner); i++) {
        if (is_covered(check, rest, met, i, &key, inner))
            continue;
        if (!(members ? member_holds(check, rest->other, key, inner)
                      : part_holds(check, rest->other, inner)))
            return false;
    }
    return true;
}

/* ---- Any constraint ---- */

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
    case MQB_CONSTRAINT_UNEVALUATED_ITEMS:
        return MQB_TYPE_BIT(MQB_JSON_ARRAY);
    case MQB_CONSTRAINT_MEMBER_COUNT:
    case MQB_CONSTRAINT_REQUIRED:
    case MQB_CONSTRAINT_MEMBERS:
    case MQB_CONSTRAINT_MEMBER_NAMES:
    case MQB_CONSTRAINT_IF_MEMBER:
    case MQB_CONSTRAINT_UNEVALUATED_MEMBERS:
        return MQB_TYPE_BIT(MQB_JSON_OBJECT);
    default:
        return 0;
    }
}

/* Constraints that report their own rule. */
MQB_RARE static bool is_kept(
    struct mqb_check *check,
    const struct mqb_constraint *constraint,
    struct mqb_json value)
{
    if (constraint->kind == MQB_CONSTRAINT_CONTAINS)
        return contains(check, &constraint->is.contains, value);
    if (constraint->kind == MQB_CONSTRAINT_NOT)
        return !holds(check, constraint->is.part, value);
    return (check->bare ? mqb_check_bare : mqb_check_simple)(check, constraint, value);
}

static bool holds(
    struct mqb_check *check,
    const struct mqb_constraint *constraint,
    struct mqb_json value)
{
    const enum mqb_json_type type = check->bare ? MQB_JSON_STRING : mqb_byte_type(value.ptr[0]);
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
        return members_hold(check, &constraint->is.members, value);
    case MQB_CONSTRAINT_MEMBER_NAMES:
        return names_hold(check, constraint->is.part, value);
    case MQB_CONSTRAINT_IF_MEMBER:
        return !mqb_check_has_member(check, constraint->is.if_member.name, value) ||
               holds(check, constraint->is.if_member.then, value);
    case MQB_CONSTRAINT_ALL:
        return all_hold(check, &constraint->is.parts, value);
    case MQB_CONSTRAINT_ANY:
        return some_hold(check, constraint, value, 1);
    case MQB_CONSTRAINT_ONE:
        return some_hold(check, constraint, value, 2);
    case MQB_CONSTRAINT_IF:
        return branch_holds(check, &constraint->is.branch, value);
    case MQB_CONSTRAINT_UNEVALUATED_ITEMS:
        return unevaluated_hold(check, &constraint->is.unevaluated, value, false);
    case MQB_CONSTRAINT_UNEVALUATED_MEMBERS:
        return unevaluated_hold(check, &constraint->is.unevaluated, value, true);
    default:
        return is_kept(check, constraint, value) || mqb_check_refuse(check, constraint, value);
    }
}

bool mqb_check_run(
    struct mqb_check *check,
    const struct mqb_constraint *constraint,
    struct mqb_str value,
    uint64_t *spent)
{
    const struct mqb_json json = {value.ptr, value.len};
    const uint64_t steps = mqb_check_steps(check->bytes != 0 ? check->bytes : check->text.len);
    check->steps = *spent < steps ? steps - *spent : 0;
    const bool held = holds(check, constraint, json);
    *spent = steps - check->steps;
    if (check->steps != 0)
        return held;
    check->refusal = (struct mqb_refusal){
        .status = check->starved ? MQB_ERR_SPACE : MQB_ERR_LIMIT,
        .rule = check->starved ? rule_memory : mqb_check_rule_steps,
        .offset = mqb_check_offset(check, json),
    };
    return false;
}
