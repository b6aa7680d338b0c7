#include "payload/constraint/member_names.h"

#include <string.h>

#include "compiler.h"
#include "json/bytes.h"
#include "json/text.h"

static struct mqb_str name_in_table(const struct mqb_check_names *names, size_t index)
{
    struct mqb_str name;
    memcpy(&name, (const char *)names->first + index * names->size, sizeof(name));
    return name;
}

/* A string is never longer than its raw form, and equally long only if nothing is escaped. */
static bool is_member_name(struct mqb_str raw, bool escaped, struct mqb_str name)
{
    if (raw.len == name.len)
        return mqb_bytes_equal(raw, name);
    return escaped && raw.len > name.len && mqb_json_text_equal(raw, name);
}

size_t mqb_check_find_name(
    struct mqb_check *check,
    const struct mqb_check_names *names,
    size_t predicted,
    struct mqb_str raw)
{
    const bool escaped = mqb_json_text_escaped(raw);
    if (predicted < names->count && is_member_name(raw, escaped, name_in_table(names, predicted)))
        return predicted;
    for (size_t i = 0; i < names->count; i++) {
        if (!mqb_check_spend(check, 1))
            break;
        if (is_member_name(raw, escaped, name_in_table(names, i)))
            return i;
    }
    return names->count;
}

/* The first of up to 64 names that the object lacks, or their count. */
MQB_RARE static size_t find_absent(
    struct mqb_check *check,
    const struct mqb_check_names *names,
    struct mqb_json object)
{
    struct mqb_json_walk walk = mqb_check_begin(object);
    struct mqb_json key;
    struct mqb_json value;
    uint64_t seen = 0;
    size_t left = names->count;
    size_t predicted = 0;
    while (left != 0 && mqb_check_next(check, &walk, &key, &value)) {
        const size_t found = mqb_check_find_name(check, names, predicted, mqb_check_raw(key));
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
    struct mqb_json object)
{
    const struct mqb_constraint_texts *texts = &constraint->is.names;
    for (size_t first = 0; first < texts->count; first += 64) {
        const size_t rest = texts->count - first;
        const struct mqb_check_names names = {
            texts->items + first, sizeof(struct mqb_str), rest < 64 ? rest : 64};
        const size_t absent = find_absent(check, &names, object);
        if (absent == names.count)
            continue;
        check->refusal = (struct mqb_refusal){
            .status = MQB_ERR_MISSING,
            .rule = constraint->rule,
            .offset = mqb_check_offset(check, object),
            .missing = texts->items[first + absent],
        };
        return false;
    }
    return true;
}

bool mqb_check_has_member(struct mqb_check *check, struct mqb_str name, struct mqb_json object)
{
    const struct mqb_check_names names = {&name, sizeof(name), 1};
    struct mqb_json_walk walk = mqb_check_begin(object);
    struct mqb_json key;
    struct mqb_json value;
    while (mqb_check_next(check, &walk, &key, &value)) {
        if (mqb_check_find_name(check, &names, 0, mqb_check_raw(key)) == 0)
            return true;
    }
    return false;
}
