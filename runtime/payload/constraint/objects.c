/* Constraints on objects. */
#include "payload/constraint/check.h"

#include <string.h>

#include "compiler.h"
#include "json/text.h"

/* Names in a table of arbitrary structs that begin with one. */
struct names {
    const void *first;
    size_t size; /* Of a struct. */
    size_t count;
};

static struct mqb_str name_at(const struct names *names, size_t index)
{
    struct mqb_str name;
    memcpy(&name, (const char *)names->first + index * names->size, sizeof(name));
    return name;
}

/* A string is never longer than its raw form, and equally long only if nothing is escaped. */
static bool is_name(struct mqb_str raw, bool escaped, struct mqb_str name)
{
    if (raw.len == name.len)
        return mqb_str_equal(raw, name);
    return escaped && raw.len > name.len && mqb_json_text_equal(raw, name);
}

/* The index of a name, probably the predicted one, or the count. */
MQB_RARE static size_t find_name(
    struct mqb_check *check,
    const struct names *names,
    size_t predicted,
    struct mqb_str raw)
{
    const bool escaped = mqb_json_text_escaped(raw);
    if (predicted < names->count && is_name(raw, escaped, name_at(names, predicted)))
        return predicted;
    for (size_t i = 0; i < names->count; i++) {
        if (!mqb_check_spend(check, 1))
            break;
        if (is_name(raw, escaped, name_at(names, i)))
            return i;
    }
    return names->count;
}

/* ---- Required members ---- */

/* The first of up to 64 names that the object lacks, or their count. */
MQB_RARE static size_t find_absent(
    struct mqb_check *check,
    const struct names *names,
    struct mqb_json object)
{
    struct mqb_json_walk walk = mqb_check_begin(object);
    struct mqb_json key;
    struct mqb_json value;
    uint64_t seen = 0;
    size_t left = names->count;
    size_t predicted = 0;
    while (left != 0 && mqb_check_next(check, &walk, &key, &value)) {
        const size_t found = find_name(check, names, predicted, mqb_check_raw(key));
        if (found == names->count)
            continue;
        seen |= UINT64_C(1) << found;
        predicted = found + 1;
        left--;
    }
    size_t absent = 0;
    while (absent < names->count && (seen >> absent & 1) != 0)
        absent++;
    return absent;
}

bool mqb_check_required(
    struct mqb_check *check,
    const struct mqb_constraint *constraint,
    struct mqb_json value)
{
    const struct mqb_constraint_texts *texts = &constraint->is.names;
    for (size_t first = 0; first < texts->count; first += 64) {
        const size_t rest = texts->count - first;
        const struct names names = {
            texts->items + first, sizeof(struct mqb_str), rest < 64 ? rest : 64};
        const size_t absent = find_absent(check, &names, value);
        if (absent == names.count)
            continue;
        check->refusal = (struct mqb_refusal){
            .status = MQB_ERR_MISSING,
            .rule = constraint->rule,
            .offset = mqb_check_offset(check, value),
            .missing = texts->items[first + absent],
        };
        return false;
    }
    return true;
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
        return mqb_check_part(check, part, value);
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

bool mqb_check_members(
    struct mqb_check *check,
    const struct mqb_constraint_members *members,
    struct mqb_json value)
{
    const struct names names = {
        members->named, sizeof(struct mqb_constraint_named), members->named_count};
    struct mqb_json_walk walk = mqb_check_begin(value);
    struct mqb_json key;
    struct mqb_json member;
    size_t predicted = 0;
    while (mqb_check_next(check, &walk, &key, &member)) {
        const size_t named = find_name(check, &names, predicted, mqb_check_raw(key));
        if (named < names.count)
            predicted = named + 1;
        if (!parts_hold(check, members, named, key, member))
            return false;
    }
    return true;
}

bool mqb_check_names(
    struct mqb_check *check,
    const struct mqb_constraint *part,
    struct mqb_json value)
{
    struct mqb_json_walk walk = mqb_check_begin(value);
    struct mqb_json key;
    struct mqb_json member;
    while (mqb_check_next(check, &walk, &key, &member)) {
        if (!mqb_check_part(check, part, key))
            return false;
    }
    return true;
}

bool mqb_check_if_member(
    struct mqb_check *check,
    const struct mqb_constraint_if_member *if_member,
    struct mqb_json value)
{
    const struct names names = {&if_member->name, sizeof(struct mqb_str), 1};
    struct mqb_json_walk walk = mqb_check_begin(value);
    struct mqb_json key;
    struct mqb_json member;
    while (mqb_check_next(check, &walk, &key, &member)) {
        if (find_name(check, &names, 0, mqb_check_raw(key)) == 0)
            return mqb_check_holds(check, if_member->then, value);
    }
    return true;
}
