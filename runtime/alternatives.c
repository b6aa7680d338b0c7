/* Forms of one value, tried one after the other. */
#include "constraint.h"
#include "json.h"
#include "reader.h"
#include "scratch.h"

void mqb_read_alternatives(const struct mqb_reader *r, struct mqb_alternatives *alternatives)
{
    alternatives->start = *r;
    alternatives->used = r->scratch->used;
    alternatives->reserved = r->scratch->reserved;
    alternatives->farthest = *r;
}

/* Forms within forms may be tried again and again, level by level. */
static bool is_exhausted(const struct mqb_reader *r)
{
    return r->spent >= mqb_check_steps(r->json.len);
}

/* After an error from before there is nothing to try. */
static bool is_settled(const struct mqb_reader *r, const struct mqb_alternatives *alternatives)
{
    return r->status == MQB_OK || r->status == MQB_ERR_SPACE || is_exhausted(r) ||
           alternatives->start.status != MQB_OK;
}

/* At one place: a wrong type, a rule that is broken, and farthest what is valid but too large. */
static int rank(const struct mqb_reader *r)
{
    if (r->status == MQB_ERR_TYPE)
        return 0;
    return r->status == MQB_ERR_LIMIT ? 2 : 1;
}

static bool is_farther(const struct mqb_reader *r, const struct mqb_reader *farthest)
{
    if (farthest->status == MQB_OK)
        return true;
    if (r->offset != farthest->offset)
        return r->offset > farthest->offset;
    return rank(r) > rank(farthest);
}

/* About where the reader came to: what is wrong as a whole was read to its end. */
static size_t reached(const struct mqb_reader *r)
{
    if (r->status == MQB_ERR_TYPE)
        return r->offset;
    if (r->status == MQB_ERR_DUPLICATE) /* known at the end of its object */
        return r->json.len;
    return mqb_json_value_end(r->json, r->offset);
}

/* Count what was passed in vain. */
static void spend(struct mqb_reader *r, const struct mqb_reader *start)
{
    const size_t end = reached(r);
    const size_t passed = end > start->value ? end - start->value : 0;
    r->spent += MQB_VISIT_STEPS * ((uint64_t)passed + 1);
}

/* But for what was spent. */
static void restore(struct mqb_reader *r, const struct mqb_reader *earlier)
{
    const uint64_t spent = r->spent;
    *r = *earlier;
    r->spent = spent;
}

bool mqb_alternative_fits(struct mqb_reader *r, struct mqb_alternatives *alternatives)
{
    if (is_settled(r, alternatives))
        return true;
    if (is_farther(r, &alternatives->farthest))
        alternatives->farthest = *r;
    spend(r, &alternatives->start);
    restore(r, &alternatives->start);
    mqb_scratch_note(r->scratch, 0);
    r->scratch->used = alternatives->used;
    r->scratch->reserved = alternatives->reserved;
    if (is_exhausted(r))
        mqb_reader_fail(r, MQB_ERR_LIMIT, mqb_check_rule_steps, alternatives->farthest.offset);
    return is_exhausted(r);
}

void mqb_no_alternative(
    struct mqb_reader *r,
    const struct mqb_alternatives *alternatives,
    const char *types)
{
    size_t start;

    mqb_skip(r);
    start = r->value;
    restore(r, &alternatives->farthest);
    if (r->status == MQB_ERR_TYPE && r->offset == start)
        r->rule = types;
}
