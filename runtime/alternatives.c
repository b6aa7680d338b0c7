/* Forms of one value, tried one after the other over the same tokens. */
#include <mqbind/generated.h>

void mqb_read_alternatives(const struct mqb_reader *r, struct mqb_alternatives *alternatives)
{
    alternatives->start = *r;
    alternatives->used = r->scratch->used;
    alternatives->farthest = *r;
}

/* After an error from before there is nothing to try. */
static bool is_settled(const struct mqb_reader *r, const struct mqb_alternatives *alternatives)
{
    return r->status == MQB_OK || r->status == MQB_ERR_SPACE ||
           alternatives->start.status != MQB_OK;
}

/* At one place, a form whose JSON type was right got farther than one whose type was wrong. */
static bool is_farther(const struct mqb_reader *r, const struct mqb_reader *farthest)
{
    if (farthest->status == MQB_OK)
        return true;
    if (r->offset != farthest->offset)
        return r->offset > farthest->offset;
    return farthest->status == MQB_ERR_TYPE && r->status != MQB_ERR_TYPE;
}

bool mqb_alternative_fits(struct mqb_reader *r, struct mqb_alternatives *alternatives)
{
    if (is_settled(r, alternatives))
        return true;
    if (is_farther(r, &alternatives->farthest))
        alternatives->farthest = *r;
    *r = alternatives->start;
    r->scratch->used = alternatives->used;
    return false;
}

void mqb_no_alternative(struct mqb_reader *r, const struct mqb_alternatives *alternatives)
{
    *r = alternatives->farthest;
}
