/* Constraints on what was read and on what was written. */
#include "constraint.h"

#include "reader.h"

void mqb_reader_constrain(
    struct mqb_reader *r,
    size_t mark,
    const struct mqb_constraint *constraint)
{
    if (r->status != MQB_OK)
        return;
    struct mqb_check check = {.text = r->json, .scratch = *r->scratch};
    if (mqb_check_run(&check, constraint, mqb_reader_span(r, mark), &r->spent))
        return;
    r->missing = check.refusal.missing;
    r->shown = check.refusal.shown;
    mqb_reader_fail(r, check.refusal.status, check.refusal.rule, check.refusal.offset);
}

/* The rest of the buffer is scratch memory. What is shown is the value written last. */
void mqb_writer_constrain(
    struct mqb_writer *w,
    size_t mark,
    const struct mqb_constraint *constraint)
{
    if (w->status != MQB_OK || w->len > w->cap || mark >= w->len)
        return;
    struct mqb_check check = {
        .text = {w->buf, w->len},
        .scratch = {.ptr = w->buf, .cap = w->cap, .used = w->len},
    };
    const struct mqb_str value = {w->buf + mark, w->len - mark};
    if (mqb_check_run(&check, constraint, value, &w->spent))
        return;
    w->status = check.refusal.status;
    w->rule = check.refusal.rule;
    w->offset = check.refusal.offset;
    w->missing = check.refusal.missing;
    w->value = check.refusal.shown ? w->offset : w->len;
}
