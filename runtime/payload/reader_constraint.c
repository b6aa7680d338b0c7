/* Constraints on what was read. */
#include "payload/constraint/check.h"
#include "payload/constraint/evaluate.h"
#include "payload/engine.h"
#include "payload/reader.h"
#include "scratch.h"

void mqb_reader_constrain(
    struct mqb_reader *r,
    size_t mark,
    const struct mqb_constraint *constraint)
{
    if (r->status != MQB_OK)
        return;
    struct mqb_check check = {.text = r->json, .scratch = *r->scratch, .bare = r->bare};
    const struct mqb_str value = r->bare ? r->json : mqb_reader_span(r, mark);
    bool holds = mqb_check_run(&check, constraint, value, &r->spent);
    if (holds && r->rounded != NULL && r->rounded >= value.ptr) {
        check.rounding = true;
        holds = mqb_check_run(&check, constraint, value, &r->spent);
        if (!holds && check.steps != 0)
            check.refusal.status = MQB_ERR_PRECISION;
    }
    if (check.needed != 0)
        mqb_scratch_note(r->scratch, check.needed);
    if (holds)
        return;
    r->missing = check.refusal.missing;
    r->shown = check.refusal.shown;
    mqb_reader_fail(r, check.refusal.status, check.refusal.rule, check.refusal.offset);
}
