/* The alternative forms of a union, tried one after the other. */
#include "json/skip.h"
#include "payload/constraint/check.h"
#include "payload/reader.h"
#include "scratch.h"

void mqb_reader_alternatives(const struct mqb_reader *r, struct mqb_alternatives *alternatives)
{
    alternatives->mark = mqb_reader_mark(r);
    alternatives->value = r->value;
#ifdef MQB_PARSER_DIRECT
    alternatives->depth = r->depth;
    alternatives->growing = r->growing;
#else
    alternatives->token_count = r->token_count;
#endif
    alternatives->used = r->scratch->used;
    alternatives->reserved = r->scratch->reserved;
    alternatives->rounded = r->rounded;
    alternatives->skipped = r->skipped;
    alternatives->failed = r->status != MQB_OK;
    alternatives->farthest.status = MQB_OK;
}

/* Nested forms may be tried repeatedly, at every level. */
static bool is_exhausted(const struct mqb_reader *r)
{
    return r->spent >= mqb_check_steps(r->json.len);
}

/* After an earlier error there is nothing to try. */
static bool is_settled(const struct mqb_reader *r, const struct mqb_alternatives *alternatives)
{
    return r->status == MQB_OK || r->status == MQB_ERR_SPACE || alternatives->failed ||
           is_exhausted(r);
}

/*
 * Progress at one place: a wrong type, then a broken rule, then a valid value that C cannot hold.
 */
static int rank(enum mqb_status status)
{
    if (status == MQB_ERR_TYPE)
        return 0;
    return status == MQB_ERR_LIMIT || status == MQB_ERR_PRECISION ? 2 : 1;
}

static bool is_farther(const struct mqb_reader *r, const struct mqb_failure *farthest)
{
    if (farthest->status == MQB_OK)
        return true;
    if (r->offset != farthest->offset)
        return r->offset > farthest->offset;
    return rank(r->status) > rank(farthest->status);
}

/* Where the reader stopped: a value that is wrong as a whole was read to its end. */
static size_t reached(const struct mqb_reader *r)
{
    if (r->status == MQB_ERR_TYPE)
        return r->offset;
    if (r->bare)
        return r->json.len;
    if (r->status == MQB_ERR_DUPLICATE) /* known only at the end of its object */
        return r->json.len;
#ifdef MQB_PARSER_DIRECT
    if (r->status == MQB_ERR_MISSING && r->reached != NULL)
        return (size_t)(r->reached - r->json.ptr);
#endif
    return mqb_json_value_end(r->json, r->offset);
}

/* Count the bytes read in vain since `value`. */
static void spend(struct mqb_reader *r, size_t value)
{
    const size_t end = reached(r);
    const size_t passed = end > value ? end - value : 0;
    r->spent += MQB_VISIT_STEPS * ((uint64_t)passed + 1);
}

static void keep(struct mqb_failure *failure, const struct mqb_reader *r)
{
    failure->status = r->status;
    failure->shown = r->shown;
    failure->rule = r->rule;
    failure->offset = r->offset;
    failure->missing = r->missing;
}

/* Restore the state before the attempt, except for the steps spent. */
static void restore(struct mqb_reader *r, const struct mqb_alternatives *alternatives)
{
    r->status = MQB_OK;
    r->shown = false;
    r->missing = (struct mqb_str){NULL, 0};
    r->value = alternatives->value;
#ifdef MQB_PARSER_DIRECT
    r->depth = alternatives->depth;
    r->growing = alternatives->growing;
    r->reached = NULL;
#else
    r->token_count = alternatives->token_count;
#endif
    r->rounded = alternatives->rounded;
    r->skipped = alternatives->skipped;
    mqb_reader_rewind(r, alternatives->mark);
    mqb_scratch_note(r->scratch, 0);
    r->scratch->used = alternatives->used;
    r->scratch->reserved = alternatives->reserved;
}

bool mqb_reader_alternative_fits(struct mqb_reader *r, struct mqb_alternatives *alternatives)
{
    if (is_settled(r, alternatives))
        return true;
    if (is_farther(r, &alternatives->farthest))
        keep(&alternatives->farthest, r);
    spend(r, alternatives->value);
    restore(r, alternatives);
    if (is_exhausted(r))
        mqb_reader_fail(r, MQB_ERR_LIMIT, mqb_check_rule_steps, alternatives->farthest.offset);
    return is_exhausted(r);
}

bool mqb_reader_member_fits(
    struct mqb_reader *r,
    struct mqb_alternatives *alternatives,
    const struct mqb_others *others)
{
    const size_t member = others->object->member;
    if (mqb_reader_alternative_fits(r, alternatives))
        return true;
    others->misfits[member / 32] |= UINT32_C(1) << member % 32;
    mqb_reader_skip(r);
    return false;
}

void mqb_reader_refuse_alternatives(
    struct mqb_reader *r,
    const struct mqb_alternatives *alternatives,
    const char *types)
{
    const struct mqb_failure *farthest = &alternatives->farthest;
    if (alternatives->failed)
        return;
    if (!r->bare)
        mqb_reader_skip(r);
    const size_t start = r->value;
    restore(r, alternatives);
    r->value = start;
    if (farthest->status == MQB_OK ||
        (farthest->status == MQB_ERR_TYPE && farthest->offset == start)) {
        mqb_reader_refuse(r, MQB_ERR_TYPE, types);
        return;
    }
    mqb_reader_fail(r, farthest->status, farthest->rule, farthest->offset);
    r->shown = farthest->shown;
    r->missing = farthest->missing;
}
