/* Constraints on what was written. */
#include <string.h>

#include "json/compact.h"
#include "json/skip.h"
#include "payload/constraint/check.h"
#include "payload/constraint/evaluate.h"
#include "payload/spelled.h"
#include "payload/writer.h"

/* Check the written value; the rest of the buffer is scratch memory. */
static bool holds_in_buffer(
    struct mqb_writer *w,
    struct mqb_check *check,
    size_t mark,
    const struct mqb_constraint *constraint)
{
    const size_t len = mqb_writer_mark(w);
    *check = (struct mqb_check){
        .text = {w->buf, len},
        .scratch = {.ptr = w->buf, .cap = (size_t)(w->end - w->buf), .used = len},
        .told = w->drafted + 1,
        .distinct = w->distinct,
    };
    const struct mqb_str value = {w->buf + mark, len - mark};
    return mqb_check_run(check, constraint, value, &w->spent);
}

/* Copy raw JSON again, which has no blanks if the copy is as long. */
static void restore_copy(const struct mqb_writer *w, size_t mark)
{
    char *copy = w->buf + mark;
    if ((size_t)(w->at - copy) == w->source.len)
        memcpy(copy, w->source.ptr, w->source.len);
    else
        (void)mqb_json_compact_copy(w->source, copy);
}

/* Check the original of copied raw JSON; the copy is scratch memory, too. */
static bool holds_in_source(
    struct mqb_writer *w,
    struct mqb_check *check,
    size_t mark,
    const struct mqb_constraint *constraint)
{
    const size_t start = mqb_json_blanks(w->source, 0);
    const size_t end = mqb_json_value_end(w->source, start);
    *check = (struct mqb_check){
        .text = w->source,
        .bytes = mark + w->source.len, /* with the blanks that are checked as well */
        .scratch = {.ptr = w->buf + mark, .cap = (size_t)(w->end - w->buf) - mark},
    };
    const struct mqb_str value = {w->source.ptr + start, end - start};
    const bool holds = mqb_check_run(check, constraint, value, &w->spent);
    if (check->needed != 0)
        restore_copy(w, mark);
    if (!holds) {
        const struct mqb_str before = {w->source.ptr, check->refusal.offset};
        check->refusal.offset = mark + mqb_json_compact_length(before);
    }
    return holds;
}

/* Check text as its receiver reads it. */
static bool holds_in_text(
    struct mqb_writer *w,
    struct mqb_check *check,
    const struct mqb_constraint *constraint)
{
    const struct mqb_str text = {w->buf, mqb_writer_mark(w)};
    *check = (struct mqb_check){.text = text, .bare = !mqb_text_spells(text, w->text)};
    return mqb_check_run(check, constraint, text, &w->spent);
}

static bool written_holds(
    struct mqb_writer *w,
    struct mqb_check *check,
    size_t mark,
    const struct mqb_constraint *constraint)
{
    if (w->text != 0)
        return holds_in_text(w, check, constraint);
    if (w->source_end == w->at && w->source_mark == mark)
        return holds_in_source(w, check, mark, constraint);
    return holds_in_buffer(w, check, mark, constraint);
}

/* Whether the constraint must wait until the object is complete. */
static bool is_held(struct mqb_writer *w, size_t mark, const struct mqb_constraint *constraint)
{
    if (w->open != mark + 1 || w->held_count == MQB_HELD_MAX)
        return false;
    w->held[w->held_count++] = constraint;
    return true;
}

/* The error shows the value written last. */
void mqb_writer_constrain(
    struct mqb_writer *w,
    size_t mark,
    const struct mqb_constraint *constraint)
{
    const size_t len = mqb_writer_mark(w);
    struct mqb_check check;
    if (w->status != MQB_OK || w->beyond != 0 || w->drafting || is_held(w, mark, constraint))
        return;
    if ((mark >= len && w->text == 0) || written_holds(w, &check, mark, constraint))
        return;
    const struct mqb_refusal *refusal = &check.refusal;
    w->value = refusal->shown ? w->buf + refusal->offset : w->at;
    mqb_writer_fail(w, refusal->status, refusal->rule, refusal->offset);
    w->missing = refusal->missing;
}
