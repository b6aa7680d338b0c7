/*
 * reader_direct.h - the hot functions of the engine that reads the bytes directly. Part of
 * reader.h.
 *
 * Each handles the common case: the member that follows in the schema, an integer of a few digits.
 * All others, including errors, are left to the function behind it, which starts again. Bytes that
 * are not JSON stop the reading; one scan at the end finds which byte it was. After an error `at`
 * is the end, so that nothing here matches.
 */
#ifndef MQBIND_DETAIL_READER_DIRECT_H
#define MQBIND_DETAIL_READER_DIRECT_H

#include <mqbind/detail/bytes.h>
#include <mqbind/detail/reader.h>

#ifdef MQB_PARSER_DIRECT

#include <limits.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- In runtime/payload/direct/ ---- */

/* Code compiled for one engine does not link with the other. */
void mqb_direct_open(struct mqb_reader *r, struct mqb_str json, struct mqb_scratch *scratch);
enum mqb_status mqb_direct_close(struct mqb_reader *r, struct mqb_error *error);
void mqb_direct_no_object(struct mqb_reader *r);
bool mqb_direct_member(struct mqb_reader *r, struct mqb_object *object);
bool mqb_direct_item(struct mqb_reader *r, struct mqb_list *list);
int64_t mqb_direct_int(struct mqb_reader *r, int64_t minimum, int64_t maximum, const char *rule);
uint64_t mqb_direct_any_uint(
    struct mqb_reader *r,
    uint64_t minimum,
    uint64_t maximum,
    const char *rule);

/* ---- Open and close ---- */

MQB_HOT void mqb_reader_open(struct mqb_reader *r, struct mqb_str json, struct mqb_scratch *scratch)
{
    const uintptr_t end = (uintptr_t)scratch->ptr + (scratch->cap - scratch->reserved);
    if (json.len == 0 || json.len > INT_MAX || end % MQB_SCRATCH_UNIT != 0) {
        mqb_direct_open(r, json, scratch);
        return;
    }
    memset(r, 0, sizeof(*r));
    r->json = json;
    r->scratch = scratch;
    r->scratch_used = scratch->used;
    r->scratch_reserved = scratch->reserved;
    r->at = json.ptr;
    r->end = json.ptr + json.len;
    r->fresh = true;
}

/* In the common case one value was read, up to the end. */
MQB_HOT enum mqb_status mqb_reader_close(struct mqb_reader *r, struct mqb_error *error)
{
    r->scratch->reserved = r->scratch_reserved;
    if (r->status == MQB_OK && r->depth == 0 && r->at == r->end && r->json.len != 0)
        return MQB_OK;
    return mqb_direct_close(r, error);
}

/* ---- Marks, objects, lists ---- */

MQB_HOT size_t mqb_reader_mark(const struct mqb_reader *r)
{
    return (size_t)(r->at - r->json.ptr);
}

/* The bracket is skipped with the first member, which it precedes like a comma precedes others. */
MQB_HOT void mqb_reader_object(
    struct mqb_reader *r,
    struct mqb_object *object,
    const struct mqb_members *members,
    uint32_t *seen)
{
    const char *at = mqb_bytes_next(r->at, r->end);
    object->members = members;
    object->seen = seen;
    object->predicted = 0;
    object->run = 0;
    object->limit = members->escaped ? 0 : members->count;
    object->names = 0;
    object->before = '{';
    if (at != r->end) {
        object->offset = (size_t)(at - r->json.ptr);
        r->value = object->offset;
        r->at = at;
        if (*at == '{' && r->depth < MQB_DEPTH_MAX) {
            r->depth++;
            return;
        }
    }
    mqb_direct_no_object(r);
}

/*
 * Just past the colon, and a blank behind it, if the name ends with a quote at `at`, else NULL.
 * It reads four bytes, which is safe: in JSON a value and a bracket follow.
 */
MQB_HOT_ALWAYS const char *mqb_direct_colon(const char *at)
{
    if (at[0] != '"')
        return NULL;
    at += at[1] == ' ' ? 2 : 1;
    if (*at != ':')
        return NULL;
    return at[1] == ' ' ? at + 2 : at + 1;
}

/* The value of the next member if the input continues with `before` and `name`, else NULL. */
MQB_HOT_ALWAYS const char *mqb_direct_expect(
    const char *at,
    const char *end,
    char before,
    const struct mqb_str *name)
{
    const size_t len = name->len;
    if ((size_t)(end - at) < len + 6 || *at != before)
        return NULL;
    at++;
    if (mqb_byte_may_be_blank(*at)) {
        at = mqb_bytes_indent(at, end);
        if ((size_t)(end - at) < len + 5)
            return NULL;
    }
    if (*at != '"' || !mqb_bytes_same(at + 1, name->ptr, len))
        return NULL;
    return mqb_direct_colon(at + 1 + len);
}

MQB_HOT_ALWAYS bool mqb_reader_next_member(struct mqb_reader *r, struct mqb_object *object)
{
    const size_t member = object->predicted;
    if (member >= object->limit)
        return mqb_direct_member(r, object);
    const char *value =
        mqb_direct_expect(r->at, r->end, object->before, &object->members->names[member]);
    if (value == NULL)
        return mqb_direct_member(r, object);
    object->member = member;
    object->predicted = member + 1;
    object->before = ',';
    r->at = value;
    return true;
}

/* Most items are as small as a number or a string. */
MQB_HOT void mqb_direct_clear(char *item, size_t size)
{
    const uint64_t zero = 0;
    if (size < sizeof(zero) || size > 2 * sizeof(zero)) {
        memset(item, 0, size);
        return;
    }
    memcpy(item, &zero, sizeof(zero));
    memcpy(item + size - sizeof(zero), &zero, sizeof(zero));
}

/* The memory of a growing list is the last that was allocated. */
MQB_HOT_ALWAYS bool mqb_reader_next_item(struct mqb_reader *r, struct mqb_list *list)
{
    const char *at = mqb_bytes_next(r->at, r->end);
    if (at == r->end || *at != list->before || r->growing != list || list->count >= list->room)
        return mqb_direct_item(r, list);
    mqb_direct_clear(r->scratch->ptr + r->scratch->used, list->size);
    r->scratch->used += list->size;
    MQB_SCRATCH_ASSERT(r->scratch);
    r->at = at + 1;
    list->mark = at + 1;
    list->before = ',';
    list->item = list->count++;
    return true;
}

/* ---- Values ---- */

MQB_HOT enum mqb_json_type mqb_reader_peek_type(const struct mqb_reader *r)
{
    const char *at = mqb_bytes_next(r->at, r->end);
    return at == r->end ? mqb_reader_last_type(r) : mqb_byte_type(*at);
}

/*
 * The end of an integer that, like most, is a few digits and nothing else; otherwise NULL. More
 * than 18 digits may exceed *value.
 */
MQB_HOT const char *mqb_direct_digits(const char *at, const char *end, uint64_t *value)
{
    const char *start = at;
    *value = 0;
    at = mqb_bytes_number(at, end, value);
    if (at != end && (*at == '.' || (*at | 0x20) == 'e'))
        return NULL;
    if ((size_t)(at - start) - 1 > 17 || (at - start > 1 && *start == '0'))
        return NULL;
    return at;
}

MQB_HOT_ALWAYS int64_t
mqb_reader_int(struct mqb_reader *r, int64_t minimum, int64_t maximum, const char *rule)
{
    uint64_t value = 0;
    const char *start = mqb_bytes_next(r->at, r->end);
    const char *at = mqb_direct_digits(start, r->end, &value);
    if (at == NULL || (int64_t)value < minimum || (int64_t)value > maximum)
        return mqb_direct_int(r, minimum, maximum, rule);
    r->value = (size_t)(start - r->json.ptr);
    r->at = at;
    return (int64_t)value;
}

MQB_HOT_ALWAYS uint64_t
mqb_reader_uint(struct mqb_reader *r, uint64_t minimum, uint64_t maximum, const char *rule)
{
    uint64_t value = 0;
    const char *start = mqb_bytes_next(r->at, r->end);
    const char *at = mqb_direct_digits(start, r->end, &value);
    if (at == NULL || value < minimum || value > maximum)
        return mqb_direct_any_uint(r, minimum, maximum, rule);
    r->value = (size_t)(start - r->json.ptr);
    r->at = at;
    return value;
}

#ifdef __cplusplus
}
#endif

#endif

#endif
