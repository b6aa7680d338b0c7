/* The direct engine of the reader: open and close, whole values, lists. */
#include "payload/direct/direct_reader.h"

#include <limits.h>

#include "json/skip.h"
#include "payload/engine.h"
#include "payload/reader.h"

/* ---- Open and close ---- */

/* The text is empty or too long, or the scratch memory does not end at a multiple of its unit. */
void mqb_direct_open(struct mqb_reader *r, struct mqb_str json, struct mqb_scratch *scratch)
{
    const bool is_long = json.len > INT_MAX;
    if (json.len == 0)
        json.ptr = "";
    *r = (struct mqb_reader){
        .json = json,
        .scratch = scratch,
        .scratch_used = scratch->used,
        .scratch_reserved = scratch->reserved,
        .at = json.ptr,
        .end = is_long ? json.ptr : json.ptr + json.len,
        .fresh = !is_long,
    };
    mqb_scratch_align_end(scratch);
    if (is_long)
        mqb_reader_fail(r, MQB_ERR_LIMIT, mqb_rule_long, 0);
}

/* True if exactly one value was read. */
static bool is_complete(const struct mqb_reader *r)
{
    return r->depth == 0 && r->at != r->json.ptr && mqb_bytes_next(r->at, r->end) == r->end;
}

enum mqb_status mqb_direct_close(struct mqb_reader *r, struct mqb_error *error)
{
    if (r->status == MQB_OK && is_complete(r))
        return MQB_OK;
    return mqb_reader_finish(r, error);
}

/* ---- The next value ---- */

void mqb_direct_break(struct mqb_reader *r)
{
    mqb_reader_fail(r, MQB_ERR_JSON, "must be JSON", (size_t)(r->at - r->json.ptr));
}

void mqb_direct_move(struct mqb_reader *r, const char *at)
{
    if (at != NULL)
        r->at = at;
    else
        mqb_direct_break(r);
}

const char *mqb_direct_value(struct mqb_reader *r)
{
    const char *at = mqb_bytes_next(r->at, r->end);
    if (at != r->end) {
        r->value = (size_t)(at - r->json.ptr);
        r->at = at;
        return at;
    }
    /* Reading beyond the last value does no harm. */
    const bool over = r->depth == 0 && mqb_json_blanks(r->json, 0) != r->json.len;
    if (!over)
        mqb_direct_break(r);
    return NULL;
}

/* ---- Marks ---- */

void mqb_reader_rewind(struct mqb_reader *r, size_t mark)
{
    if (r->status == MQB_OK)
        r->at = r->json.ptr + mark;
}

struct mqb_str mqb_reader_span(const struct mqb_reader *r, size_t mark)
{
    const char *start = mqb_bytes_next(r->json.ptr + mark, r->at);
    return (struct mqb_str){start, (size_t)(r->at - start)};
}

/* The next value is not an object, or nested too deeply. */
void mqb_direct_no_object(struct mqb_reader *r)
{
    const char *at = mqb_direct_value(r);
    if (at == NULL)
        return;
    if (*at == '{')
        mqb_direct_break(r);
    else
        mqb_reader_refuse(r, MQB_ERR_TYPE, mqb_rule_object);
}
