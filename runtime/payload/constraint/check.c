/* Constraint checks of JSON text, of a value that was read, and of a value that was written. */
#include "payload/constraint/check.h"

#include <string.h>

#include "payload/error.h"
#include "payload/json_pointer.h"
#include "payload/reader.h"
#include "payload/writer.h"
#include "scratch.h"
#include "json/scanner.h"

/* ---- Steps ---- */

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

/* ---- The whole check ---- */

const char mqb_check_rule_steps[] = "takes too long to check";
static const char rule_memory[] = "needs more memory to be checked";

bool mqb_check_run(
    struct mqb_check *check,
    const struct mqb_constraint *constraint,
    struct mqb_str value,
    uint64_t *spent)
{
    const struct mqb_json json = {value.ptr, value.len};
    const uint64_t steps = mqb_check_steps(check->bytes != 0 ? check->bytes : check->text.len);
    check->steps = *spent < steps ? steps - *spent : 0;
    const bool holds = mqb_check_holds(check, constraint, json);
    *spent = steps - check->steps;
    if (check->steps != 0)
        return holds;
    check->refusal = (struct mqb_refusal){
        .status = check->starved ? MQB_ERR_SPACE : MQB_ERR_LIMIT,
        .rule = check->starved ? rule_memory : mqb_check_rule_steps,
        .offset = mqb_check_offset(check, json),
    };
    return false;
}

/* Not valid JSON. */
static enum mqb_status tell_json(
    enum mqb_status status,
    const struct mqb_json_scan *scan,
    struct mqb_str text,
    struct mqb_error *error)
{
    if (error == NULL)
        return status;
    mqb_error_set(error, status, scan->rule, scan->offset);
    mqb_pointer_find(text, scan->offset, (struct mqb_str){NULL, 0}, error->path);
    return status;
}

static void tell(const struct mqb_check *check, struct mqb_error *error)
{
    const struct mqb_refusal *refusal = &check->refusal;
    const struct mqb_str text = check->text;
    const size_t offset = refusal->offset;
    mqb_error_set(error, refusal->status, refusal->rule, offset);
    mqb_pointer_find(text, offset, refusal->missing, error->path);
    if (refusal->shown)
        mqb_error_show(error, (struct mqb_str){text.ptr + offset, text.len - offset}, false);
}

enum mqb_status mqb_constraint_check(
    const struct mqb_constraint *constraint,
    struct mqb_json json,
    struct mqb_scratch *scratch,
    struct mqb_error *error)
{
    struct mqb_check check = {.text = {json.ptr, json.len}};
    struct mqb_json_scan scan;
    const enum mqb_status status = mqb_json_scan(check.text, MQB_DEPTH_MAX, &scan);
    if (status != MQB_OK)
        return tell_json(status, &scan, check.text, error);
    const size_t start = mqb_json_blanks(check.text, 0);
    const size_t end = mqb_json_value_end(check.text, start);
    uint64_t spent = 0;
    if (scratch != NULL)
        check.scratch = *scratch;
    const struct mqb_str value = {json.ptr + start, end - start};
    const bool holds = mqb_check_run(&check, constraint, value, &spent);
    if (scratch != NULL && check.needed != 0)
        mqb_scratch_note(scratch, check.needed);
    if (holds)
        return MQB_OK;
    if (error != NULL)
        tell(&check, error);
    return check.refusal.status;
}

/* ---- Payloads ---- */

void mqb_reader_constrain(
    struct mqb_reader *r,
    size_t mark,
    const struct mqb_constraint *constraint)
{
    if (r->status != MQB_OK)
        return;
    struct mqb_check check = {.text = r->json, .scratch = *r->scratch};
    const bool holds = mqb_check_run(&check, constraint, mqb_reader_span(r, mark), &r->spent);
    if (check.needed != 0)
        mqb_scratch_note(r->scratch, check.needed);
    if (holds)
        return;
    r->missing = check.refusal.missing;
    r->shown = check.refusal.shown;
    mqb_reader_fail(r, check.refusal.status, check.refusal.rule, check.refusal.offset);
}

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
        .bytes = mqb_writer_mark(w),
        .scratch = {.ptr = w->buf + mark, .cap = (size_t)(w->end - w->buf) - mark},
    };
    const struct mqb_str value = {w->source.ptr + start, end - start};
    const bool holds = mqb_check_run(check, constraint, value, &w->spent);
    if (check->needed != 0)
        memcpy(w->buf + mark, w->source.ptr, w->source.len);
    check->refusal.offset += mark;
    return holds;
}

/* The error shows the value written last. */
void mqb_writer_constrain(
    struct mqb_writer *w,
    size_t mark,
    const struct mqb_constraint *constraint)
{
    const size_t len = mqb_writer_mark(w);
    struct mqb_check check;
    if (w->status != MQB_OK || w->beyond != 0 || mark >= len || w->drafting)
        return;
    const bool raw = w->source_end == w->at && w->source.len == len - mark;
    if ((raw ? holds_in_source : holds_in_buffer)(w, &check, mark, constraint))
        return;
    const struct mqb_refusal *refusal = &check.refusal;
    w->value = refusal->shown ? w->buf + refusal->offset : w->at;
    mqb_writer_fail(w, refusal->status, refusal->rule, refusal->offset);
    w->missing = refusal->missing;
}
