#include "payload/reader.h"

#include <limits.h>

#include "json/scanner.h"
#include "payload/error.h"
#include "payload/json_pointer.h"
#include "scratch.h"

const char mqb_rule_boolean[] = "must be true or false";
const char mqb_rule_string[] = "must be a string";
const char mqb_rule_array[] = "must be an array";
const char mqb_rule_object[] = "must be an object";
const char mqb_rule_integer[] = "must be an integer";
const char mqb_rule_required[] = "is required";
const char mqb_rule_long[] = "must be shorter than 2 GiB";

/* ---- Errors ---- */

void mqb_reader_fail(struct mqb_reader *r, enum mqb_status status, const char *rule, size_t offset)
{
    if (r->status != MQB_OK)
        return;
    r->status = status;
    r->rule = rule;
    r->offset = offset;
#ifdef MQB_PARSER_DIRECT
    r->at = r->end;
#else
    r->token_count = 0;
#endif
}

void mqb_reader_refuse(struct mqb_reader *r, enum mqb_status status, const char *rule)
{
    if (r->status != MQB_OK)
        return;
    mqb_reader_fail(r, status, rule, r->value);
    r->shown = true;
}

void mqb_reader_check(struct mqb_reader *r, bool holds, const char *rule)
{
    if (!holds)
        mqb_reader_refuse(r, MQB_ERR_VALUE, rule);
}

void mqb_reader_no_space(struct mqb_reader *r)
{
    mqb_reader_fail(r, MQB_ERR_SPACE, "needs more scratch memory", r->value);
}

void mqb_reader_twice(struct mqb_reader *r, size_t offset)
{
    mqb_reader_fail(r, MQB_ERR_DUPLICATE, "must not appear twice", offset);
}

void mqb_reader_require(struct mqb_reader *r, const struct mqb_object *object)
{
    const struct mqb_members *members = object->members;
    if (r->status != MQB_OK || members->required == NULL)
        return;
    for (size_t word = 0; word < MQB_SEEN_WORDS(members->count); word++) {
        const uint32_t absent = members->required[word] & ~object->seen[word];
        size_t member = word * 32;
        if (absent == 0)
            continue;
        while ((absent >> member % 32 & 1) == 0)
            member++;
        r->missing = members->names[member];
#ifdef MQB_PARSER_DIRECT
        r->reached = r->at;
#endif
        mqb_reader_fail(r, MQB_ERR_MISSING, mqb_rule_required, object->offset);
        return;
    }
}

static void fill_reader_error(const struct mqb_reader *r, struct mqb_error *error)
{
    const size_t offset = r->offset;
    mqb_error_set(error, r->status, r->rule, offset);
    if (r->bare) {
        if (r->shown)
            mqb_error_show_text(error, r->json, false);
        return;
    }
    mqb_pointer_find(r->json, offset, r->missing, error->path);
    if (r->shown)
        mqb_error_show(error, (struct mqb_str){r->json.ptr + offset, r->json.len - offset}, false);
}

/* Errors of the text as a whole take precedence, unless it is too long to scan. */
static void scan_text(struct mqb_reader *r)
{
    struct mqb_json_scan scan;
    if (r->bare || r->json.len > INT_MAX)
        return;
    const enum mqb_status status = mqb_json_scan(r->json, MQB_DEPTH_MAX, &scan);
    if (status == MQB_OK)
        return;
    r->status = status;
    r->rule = scan.rule;
    r->offset = scan.offset;
    r->shown = false;
    r->missing = (struct mqb_str){NULL, 0};
}

enum mqb_status mqb_reader_finish(struct mqb_reader *r, struct mqb_error *error)
{
    scan_text(r);
    if (r->status == MQB_OK)
        return MQB_OK;
    mqb_scratch_note(r->scratch, 0);
    r->scratch->used = r->scratch_used;
    if (error != NULL)
        fill_reader_error(r, error);
    return r->status;
}

/* ---- Text ---- */

struct mqb_str mqb_reader_bare(struct mqb_reader *r, enum mqb_json_type type, const char *rule)
{
    const struct mqb_str none = {NULL, 0};
    if (r->status != MQB_OK)
        return none;
    r->value = 0;
    r->escapes = false;
    if (type == MQB_JSON_STRING)
        return r->json;
    mqb_reader_refuse(r, MQB_ERR_TYPE, rule);
    return none;
}

enum mqb_json_type mqb_reader_last_type(const struct mqb_reader *r)
{
    return r->bare ? MQB_JSON_STRING : MQB_JSON_NULL;
}

/* ---- Memory ---- */

void *mqb_reader_front(struct mqb_reader *r, size_t count, size_t size, size_t align)
{
    void *memory = NULL;
    if (r->status != MQB_OK || count == 0)
        return NULL;
    if (size <= SIZE_MAX / count)
        memory = mqb_scratch_take(r->scratch, count * size, align);
    if (memory == NULL)
        mqb_reader_no_space(r);
    return memory;
}
