/* Forms of one value, tried one after the other. */
#include "constraint.h"
#include "reader.h"

/* What a form takes on top of the bytes that it reads. */
#define TRIAL_STEPS 20

static const char rule_trials[] = "takes too long to find its form";

void mqb_read_alternatives(const struct mqb_reader *r, struct mqb_alternatives *alternatives)
{
    alternatives->start = *r;
    alternatives->used = r->scratch->used;
    alternatives->reserved = r->scratch->reserved;
    alternatives->farthest = *r;
}

/* After an error from before there is nothing to try. */
static bool is_settled(const struct mqb_reader *r, const struct mqb_alternatives *alternatives)
{
    return r->status == MQB_OK || r->status == MQB_ERR_SPACE ||
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

/* But for what was spent: forms within forms may be many. */
static void restore(struct mqb_reader *r, const struct mqb_reader *earlier)
{
    const uint64_t spent = r->spent;
    *r = *earlier;
    r->spent = spent;
}

/* True if what was tried in vain leaves no time to try more, here or in a form within this one. */
static bool is_too_long(struct mqb_reader *r, const struct mqb_alternatives *alternatives)
{
    if (r->rule == rule_trials)
        return true;
    const size_t start = mqb_reader_reached(&alternatives->start);
    const size_t end = mqb_reader_reached(r);
    r->spent += TRIAL_STEPS + (end > start ? end - start : 0);
    return r->spent > mqb_check_allowance(r->json.len);
}

/* The error is the outermost value's, whose forms took it all. */
static void give_up(struct mqb_reader *r, const struct mqb_alternatives *alternatives)
{
    restore(r, &alternatives->start);
    mqb_skip(r);
    mqb_reader_fail(r, MQB_ERR_LIMIT, rule_trials, r->value);
}

bool mqb_alternative_fits(struct mqb_reader *r, struct mqb_alternatives *alternatives)
{
    if (is_settled(r, alternatives))
        return true;
    if (is_too_long(r, alternatives)) {
        give_up(r, alternatives);
        return true;
    }
    if (is_farther(r, &alternatives->farthest))
        alternatives->farthest = *r;
    restore(r, &alternatives->start);
    r->scratch->used = alternatives->used;
    r->scratch->reserved = alternatives->reserved;
    return false;
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
