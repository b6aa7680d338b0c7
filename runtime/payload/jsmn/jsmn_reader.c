/* The reader's engine on jsmn tokens. */
#include "compiler.h"
#include "json/text.h"
#include "payload/engine.h"
#include "payload/jsmn/token.h"
#include "payload/jsmn/token_names.h"
#include "payload/jsmn/tokenizer.h"
#include "payload/jsmn/values.h"
#include "payload/reader.h"
#include "payload/reader_memory.h"
#include "payload/reader_others.h"
#include "payload/reader_values.h"

/* ---- Open and close ---- */

void mqb_reader_open(struct mqb_reader *r, struct mqb_str json, struct mqb_scratch *scratch)
{
    *r = (struct mqb_reader){
        .json = json,
        .scratch = scratch,
        .scratch_used = scratch->used,
        .scratch_reserved = scratch->reserved,
    };
    mqb_scratch_align_end(scratch);
    mqb_tokens_find(r);
}

enum mqb_status mqb_reader_close(struct mqb_reader *r, struct mqb_error *error)
{
    r->scratch->reserved = r->scratch_reserved;
    if (r->status == MQB_OK && r->position == r->token_count)
        return MQB_OK;
    return mqb_reader_finish(r, error);
}

/* ---- Values ---- */

enum mqb_json_type mqb_reader_peek_type(const struct mqb_reader *r)
{
    const jsmntok_t *token = mqb_token_next(r);
    return token == NULL ? mqb_reader_last_type(r) : mqb_token_type(r, token);
}

void mqb_reader_skip(struct mqb_reader *r)
{
    const jsmntok_t *token = mqb_token_next(r);
    if (token == NULL)
        return;
    r->value = mqb_token_offset(token);
    if (mqb_token_is_container(token))
        r->position = mqb_token_after_distinct(r, r->position);
    else if (mqb_token_check(r, token))
        r->position++;
}

struct mqb_json mqb_reader_json(struct mqb_reader *r)
{
    const size_t mark = r->position;
    if (r->bare)
        return mqb_reader_quoted(r);
    mqb_reader_skip(r);
    if (r->status != MQB_OK || r->position == mark)
        return (struct mqb_json){NULL, 0};
    const struct mqb_str text = mqb_reader_span(r, mark);
    return (struct mqb_json){text.ptr, text.len};
}

/* No name in the list may repeat an earlier one. */
static void refuse_twice(struct mqb_reader *r, size_t names)
{
    const size_t twice = r->status != MQB_OK || names == 0 ? 0 : mqb_name_twice(r, names);
    if (twice != 0)
        mqb_reader_twice(r, mqb_token_offset(mqb_token_at(r, twice)));
}

/* Enter a container and return its number of members or items. */
static size_t enter(struct mqb_reader *r, jsmntype_t type, const char *rule)
{
    const jsmntok_t *token = mqb_token_next(r);
    if (token == NULL)
        return 0;
    r->value = mqb_token_offset(token);
    if (token->type != type) {
        mqb_reader_refuse(r, MQB_ERR_TYPE, rule);
        return 0;
    }
    r->position++;
    return (size_t)token->size;
}

size_t mqb_reader_mark(const struct mqb_reader *r)
{
    return r->position;
}

void mqb_reader_rewind(struct mqb_reader *r, size_t mark)
{
    r->position = mark;
}

struct mqb_str mqb_reader_span(const struct mqb_reader *r, size_t mark)
{
    const jsmntok_t *token = mqb_token_at(r, mark);
    const size_t quotes = token->type == JSMN_STRING ? 2 : 0;
    return (struct mqb_str){
        r->json.ptr + mqb_token_offset(token), mqb_token_text(r, token).len + quotes};
}

/* A value that is peeked at is checked here, and again when it is read. */
static bool is_token_name(struct mqb_reader *r, size_t token, struct mqb_str name)
{
    if (!mqb_token_check(r, mqb_token_at(r, token)))
        return false;
    return mqb_reader_same(r, mqb_token_text(r, mqb_token_at(r, token)), name);
}

int mqb_reader_peek_choice(
    struct mqb_reader *r,
    struct mqb_str name,
    const struct mqb_choices *choices)
{
    const size_t position = r->position;
    const struct mqb_choice *choice = NULL;
    size_t left = enter(r, JSMN_OBJECT, mqb_rule_object);
    while (left > 0 && !is_token_name(r, r->position, name)) {
        r->position = mqb_token_after(r, r->position + 1);
        left--;
    }
    if (r->status == MQB_OK && left > 0) {
        r->position++;
        choice = mqb_reader_find_choice(
            r, mqb_reader_scalar_text(r, MQB_JSON_STRING, mqb_rule_string), choices);
    } else if (r->status == MQB_OK) {
        r->missing = name;
        mqb_reader_fail(r, MQB_ERR_MISSING, mqb_rule_required, r->value);
    }
    r->position = position;
    return choice != NULL ? choice->value : -1;
}

/* ---- Lists ---- */

void *mqb_reader_array(struct mqb_reader *r, struct mqb_list *list, size_t size, size_t most)
{
    const size_t count = enter(r, JSMN_ARRAY, mqb_rule_array);
    *list = (struct mqb_list){.left = count, .offset = r->value, .most = most};
    return size == 0 ? NULL : mqb_reader_take(r, count < most ? count : most, size);
}

bool mqb_reader_next_item(struct mqb_reader *r, struct mqb_list *list)
{
    if (r->status != MQB_OK)
        return false;
    if (list->left == 0 || list->count == list->most) {
        list->count += list->left != 0;
        r->value = list->offset;
        return false;
    }
    list->left--;
    list->item = list->count++;
    return true;
}

void *mqb_reader_entries(struct mqb_reader *r, struct mqb_list *list, size_t size)
{
    const size_t count = enter(r, JSMN_OBJECT, mqb_rule_object);
    *list = (struct mqb_list){.left = count, .offset = r->value, .most = SIZE_MAX};
    return mqb_reader_take(r, count, size);
}

bool mqb_reader_next_entry(struct mqb_reader *r, struct mqb_list *list)
{
    const size_t name = r->position;
    if (!mqb_reader_next_item(r, list)) {
        refuse_twice(r, list->names);
        return false;
    }
    r->value = mqb_token_offset(mqb_token_at(r, name));
    if (!mqb_token_check(r, mqb_token_at(r, name)))
        return false;
    list->key = mqb_reader_unescape(r, mqb_token_text(r, mqb_token_at(r, name)));
    mqb_name_link(r, name, list->names);
    list->names = name;
    r->position++;
    return r->status == MQB_OK;
}

/* ---- Objects ---- */

void mqb_reader_object(
    struct mqb_reader *r,
    struct mqb_object *object,
    const struct mqb_members *members,
    uint32_t *seen)
{
    object->members = members;
    object->seen = seen;
    object->left = enter(r, JSMN_OBJECT, mqb_rule_object);
    object->offset = r->value;
    object->predicted = 0;
    object->unknown = 0;
}

/*
 * The known member with that plain name, or their count. The search begins with the most likely
 * one.
 */
static inline size_t find_plain(const struct mqb_object *object, struct mqb_str name)
{
    const size_t count = object->members->count;
    size_t member = object->predicted;
    for (size_t tries = count; tries > 0; tries--, member++) {
        if (member >= count)
            member = 0;
        if (mqb_bytes_equal(name, object->members->names[member]))
            return member;
    }
    return count;
}

/* The same if either of them may have escapes. */
static size_t find_escaped(const struct mqb_members *members, struct mqb_str raw)
{
    for (size_t member = 0; member < members->count; member++) {
        if (mqb_json_text_equal(raw, members->names[member]))
            return member;
    }
    return members->count;
}

/* The known member that the token names. A name equal to a plain name needs no check. */
static size_t find_token_member(
    struct mqb_reader *r,
    const struct mqb_object *object,
    const jsmntok_t *token)
{
    const struct mqb_members *members = object->members;
    const struct mqb_str name = mqb_token_text(r, token);
    const size_t member = members->escaped ? members->count : find_plain(object, name);
    if (member != members->count || !mqb_token_check(r, token))
        return member;
    return r->escapes || members->escaped ? find_escaped(members, name) : member;
}

/* Skip the value of an unknown name. Names are compared at the end of the object. */
static void jsmn_skip_unknown(struct mqb_reader *r, struct mqb_object *object, size_t name)
{
    if (object->members->closed) {
        const size_t offset = mqb_token_offset(mqb_token_at(r, name));
        mqb_reader_fail(r, MQB_ERR_VALUE, "is not a known member", offset);
        return;
    }
    mqb_name_link(r, name, object->unknown);
    object->unknown = name;
    r->skipped++;
    mqb_reader_skip(r);
}

/* The object ends, and becomes the value read last. Always false. */
static bool jsmn_end_object(struct mqb_reader *r, const struct mqb_object *object)
{
    r->value = object->offset;
    if (object->unknown != 0)
        refuse_twice(r, object->unknown);
    if (object->members->required != NULL)
        mqb_reader_require(r, object);
    return false;
}

/* Step to a known member, whose name is the next token. */
static inline bool step_to(struct mqb_reader *r, struct mqb_object *object, size_t member)
{
    object->seen[member / 32] |= UINT32_C(1) << member % 32;
    object->member = member;
    object->predicted = member + 1;
    object->left--;
    r->position++;
    return true;
}

/* The next member, anywhere in the schema. It must not have been read before. */
MQB_RARE static bool jsmn_search_member(struct mqb_reader *r, struct mqb_object *object)
{
    for (; r->status == MQB_OK && object->left > 0; object->left--) {
        const size_t name = r->position;
        const jsmntok_t *token = mqb_token_at(r, name);
        const size_t member = find_token_member(r, object, token);
        if (r->status != MQB_OK)
            return false;
        if (member != object->members->count) {
            if (!mqb_reader_has_seen(object, member))
                return step_to(r, object, member);
            mqb_reader_twice(r, mqb_token_offset(token));
            return false;
        }
        r->position++;
        jsmn_skip_unknown(r, object, name);
    }
    return r->status == MQB_OK && jsmn_end_object(r, object);
}

/* True if the next name is that of the predicted member. It is plain then. */
static inline bool is_predicted(const struct mqb_reader *r, const struct mqb_object *object)
{
    if (object->predicted >= object->members->count || object->members->escaped)
        return false;
    const struct mqb_str name = mqb_token_text(r, mqb_token_at(r, r->position));
    return mqb_bytes_equal(name, object->members->names[object->predicted]);
}

/* Usually it is also the next one in the schema. */
bool mqb_reader_next_member(struct mqb_reader *r, struct mqb_object *object)
{
    if (r->status != MQB_OK)
        return false;
    if (object->left == 0)
        return jsmn_end_object(r, object);
    if (is_predicted(r, object) && !mqb_reader_has_seen(object, object->predicted))
        return step_to(r, object, object->predicted);
    return jsmn_search_member(r, object);
}

/* ---- Members without a field ---- */

/* How many of the `count` members that begin here are kept beside a form. */
static size_t count_beside(struct mqb_reader *r, const struct mqb_others *others, size_t count)
{
    const size_t position = r->position;
    struct mqb_list list;
    size_t beside = 0;
    for (; count > 0; count--) {
        const jsmntok_t *token = mqb_token_at(r, r->position);
        const size_t member = find_token_member(r, others->object, token);
        beside += mqb_reader_is_other(r, &list, others, member, mqb_token_text(r, token));
        r->position = mqb_token_after(r, r->position + 1);
    }
    r->position = position;
    return beside;
}

void *mqb_reader_others(
    struct mqb_reader *r,
    struct mqb_list *list,
    const struct mqb_others *others,
    size_t size)
{
    *list = (struct mqb_list){.offset = others->object->offset, .most = SIZE_MAX};
    if (!mqb_reader_has_others(r, others))
        return NULL;
    mqb_reader_rewind(r, others->mark);
    list->left = enter(r, JSMN_OBJECT, mqb_rule_object);
    const bool may_be_many = others->unknown || others->beside == NULL;
    const size_t most = may_be_many ? list->left : count_beside(r, others, list->left);
    return mqb_reader_take(r, most, size);
}

bool mqb_reader_next_other(
    struct mqb_reader *r,
    struct mqb_list *list,
    const struct mqb_others *others)
{
    for (; r->status == MQB_OK && list->left > 0; list->left--) {
        const jsmntok_t *token = mqb_token_at(r, r->position);
        const size_t member = find_token_member(r, others->object, token);
        r->position++;
        if (mqb_reader_is_other(r, list, others, member, mqb_token_text(r, token))) {
            list->left--;
            list->item = list->count++;
            r->value = mqb_token_offset(token);
            return r->status == MQB_OK;
        }
        r->position = mqb_token_after(r, r->position);
    }
    if (r->status == MQB_OK)
        r->value = list->offset;
    return false;
}
