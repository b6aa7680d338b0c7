#include "payload/constraint/check.h"

#include "payload/constraint/rounding.h"

const char mqb_check_rule_steps[] = "takes too long to check";

bool mqb_check_spend(struct mqb_check *check, size_t steps)
{
    const bool enough = steps < check->steps;
    check->steps = enough ? check->steps - steps : 0;
    return enough;
}

struct mqb_json_walk mqb_check_begin(struct mqb_json container)
{
    return (struct mqb_json_walk){.container = container, .position = 1};
}

bool mqb_check_next(
    struct mqb_check *check,
    struct mqb_json_walk *walk,
    struct mqb_json *key,
    struct mqb_json *value)
{
    const size_t before = walk->position;
    return mqb_json_walk_next(walk, key, value) &&
           mqb_check_spend(check, walk->position - before + MQB_VISIT_STEPS);
}

size_t mqb_check_count(struct mqb_check *check, struct mqb_json container, size_t enough)
{
    struct mqb_json_walk walk = mqb_check_begin(container);
    struct mqb_json value;
    size_t count = 0;
    while (mqb_check_next(check, &walk, NULL, &value)) {
        if (count++ == enough)
            break;
    }
    return count;
}

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

struct mqb_str mqb_check_number(
    struct mqb_check *check,
    struct mqb_json value,
    char buf[MQB_NUMBER_BYTES])
{
    const struct mqb_str number = {value.ptr, value.len};
    if (!check->rounding)
        return number;
    mqb_check_spend(check, MQB_ROUNDING_STEPS + value.len);
    return mqb_rounding_print(number, buf);
}
