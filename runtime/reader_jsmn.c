/*
 * The reader's engine on jsmn tokens. The scan of json.c comes first and is the only judge: jsmn
 * gets nothing but valid JSON, and exactly as many tokens as it needs.
 */
#define JSMN_STATIC
#define JSMN_PARENT_LINKS
#include <jsmn.h>

#include "reader_jsmn.h"

#include <limits.h>

#include "json.h"
#include "scratch.h"

/* ---- Open and close ---- */

static void tokenize(struct mqb_reader *r, size_t count)
{
    jsmn_parser parser;
    if (count <= SIZE_MAX / sizeof(jsmntok_t))
        r->tokens = mqb_scratch_reserve(r->scratch, count * sizeof(jsmntok_t), _Alignof(jsmntok_t));
    if (r->tokens == NULL) {
        mqb_reader_no_space(r);
        return;
    }
    jsmn_init(&parser);
    const int found = jsmn_parse(&parser, r->json.ptr, r->json.len, r->tokens, (unsigned)count);
    if (found < 0 || (size_t)found != count)
        mqb_reader_fail(r, MQB_ERR_JSON, "must be JSON", 0);
    r->token_count = count;
}

void mqb_reader_open(struct mqb_reader *r, struct mqb_str json, struct mqb_scratch *scratch)
{
    struct mqb_json_scan scan;
    *r = (struct mqb_reader){
        .json = json,
        .scratch = scratch,
        .scratch_used = scratch->used,
        .scratch_reserved = scratch->reserved,
    };
    if (json.len > INT_MAX) {
        mqb_reader_fail(r, MQB_ERR_LIMIT, mqb_rule_long, 0);
        return;
    }
    const enum mqb_status status = mqb_json_scan(json, MQB_DEPTH_MAX, &scan);
    if (status != MQB_OK) {
        mqb_reader_fail(r, status, scan.rule, scan.offset);
        return;
    }
    r->escapes = scan.escapes;
    tokenize(r, scan.tokens);
}

enum mqb_status mqb_reader_close(struct mqb_reader *r, struct mqb_error *error)
{
    r->scratch->reserved = r->scratch_reserved;
    if (r->status == MQB_OK)
        return MQB_OK;
    return mqb_reader_end(r, error);
}

/* ---- Values ---- */

enum mqb_json_type mqb_peek_type(const struct mqb_reader *r)
{
    const jsmntok_t *token = mqb_token_next(r);
    return token == NULL ? MQB_JSON_NULL : mqb_token_type(r, token);
}

void mqb_skip(struct mqb_reader *r)
{
    const jsmntok_t *token = mqb_token_next(r);
    if (token == NULL)
        return;
    r->value = mqb_token_offset(token);
    r->position = mqb_token_after_distinct(r, r->position);
}

struct mqb_json mqb_read_json(struct mqb_reader *r)
{
    const size_t mark = r->position;
    if (mqb_token_next(r) == NULL)
        return (struct mqb_json){NULL, 0};
    mqb_skip(r);
    if (r->status != MQB_OK)
        return (struct mqb_json){NULL, 0};
    const struct mqb_str text = mqb_reader_span(r, mark);
    return (struct mqb_json){text.ptr, text.len};
}

/* None of the names in the list may repeat an earlier one. */
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

int mqb_peek_choice(struct mqb_reader *r, struct mqb_str name, const struct mqb_choices *choices)
{
    const size_t position = r->position;
    const struct mqb_choice *choice = NULL;
    size_t left = enter(r, JSMN_OBJECT, mqb_rule_object);
    while (left > 0 && !mqb_reader_same(r, mqb_token_text(r, mqb_token_at(r, r->position)), name)) {
        r->position = mqb_token_after(r, r->position + 1);
        left--;
    }
    if (left > 0) {
        r->position++;
        choice = mqb_reader_choice(r, choices);
    } else if (r->status == MQB_OK) {
        r->missing = name;
        mqb_reader_fail(r, MQB_ERR_MISSING, mqb_rule_required, r->value);
    }
    r->position = position;
    return choice != NULL ? choice->value : -1;
}

/* ---- Lists ---- */

void *mqb_read_array(struct mqb_reader *r, struct mqb_list *list, size_t size, size_t most)
{
    const size_t count = enter(r, JSMN_ARRAY, mqb_rule_array);
    *list = (struct mqb_list){.left = count, .offset = r->value, .most = most};
    return size == 0 ? NULL : mqb_reader_take(r, count < most ? count : most, size);
}

bool mqb_next_item(struct mqb_reader *r, struct mqb_list *list)
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

void *mqb_read_entries(struct mqb_reader *r, struct mqb_list *list, size_t size)
{
    const size_t count = enter(r, JSMN_OBJECT, mqb_rule_object);
    *list = (struct mqb_list){.left = count, .offset = r->value, .most = SIZE_MAX};
    return mqb_reader_take(r, count, size);
}

bool mqb_next_entry(struct mqb_reader *r, struct mqb_list *list)
{
    const size_t name = r->position;
    if (!mqb_next_item(r, list)) {
        refuse_twice(r, list->names);
        return false;
    }
    r->value = mqb_token_offset(mqb_token_at(r, name));
    list->key = mqb_reader_text(r, mqb_token_text(r, mqb_token_at(r, name)));
    mqb_name_link(r, name, list->names);
    list->names = name;
    r->position++;
    return r->status == MQB_OK;
}

struct mqb_map mqb_read_map(struct mqb_reader *r)
{
    struct mqb_list list;
    struct mqb_map_entry *entries = mqb_read_entries(r, &list, sizeof(*entries));
    while (mqb_next_entry(r, &list)) {
        entries[list.item].key = list.key;
        entries[list.item].value = mqb_read_json(r);
    }
    if (r->status != MQB_OK)
        return (struct mqb_map){NULL, 0};
    return (struct mqb_map){entries, list.count};
}

/* ---- Objects ---- */

void mqb_read_object(
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

/* The known member of that name, or their count. */
static size_t find_member(
    const struct mqb_reader *r,
    const struct mqb_object *object,
    struct mqb_str name)
{
    const struct mqb_members *members = object->members;
    for (size_t i = 0; i < members->count; i++) {
        if (mqb_reader_same(r, name, members->names[i]))
            return i;
    }
    return members->count;
}

/* Skip the value of a name that is not known. The names are compared at the end of the object. */
static void skip_unknown(struct mqb_reader *r, struct mqb_object *object, size_t name)
{
    if (object->members->closed) {
        const size_t offset = mqb_token_offset(mqb_token_at(r, name));
        mqb_reader_fail(r, MQB_ERR_VALUE, "is not a known member", offset);
        return;
    }
    mqb_name_link(r, name, object->unknown);
    object->unknown = name;
    mqb_skip(r);
}

/* From here on the object is the value read last. */
static void end_object(struct mqb_reader *r, const struct mqb_object *object)
{
    r->value = object->offset;
    refuse_twice(r, object->unknown);
    mqb_reader_require(r, object);
}

/* Stop at a known member, whose name is the next token. It must not have been there before. */
static bool stop_at(struct mqb_reader *r, struct mqb_object *object, size_t member)
{
    if (mqb_seen(object, member)) {
        mqb_reader_twice(r, mqb_token_offset(mqb_token_at(r, r->position)));
        return false;
    }
    object->seen[member / 32] |= UINT32_C(1) << member % 32;
    object->member = member;
    object->predicted = member + 1;
    object->left--;
    r->position++;
    return true;
}

/* The next member, wherever it is in the schema. */
MQB_RARE static bool search_member(struct mqb_reader *r, struct mqb_object *object)
{
    for (; r->status == MQB_OK && object->left > 0; object->left--) {
        const size_t name = r->position;
        const struct mqb_str text = mqb_token_text(r, mqb_token_at(r, name));
        const size_t member = find_member(r, object, text);
        if (member != object->members->count)
            return stop_at(r, object, member);
        r->position++;
        skip_unknown(r, object, name);
    }
    if (r->status == MQB_OK)
        end_object(r, object);
    return false;
}

/* Most often it is the one that follows in the schema too, and nothing is escaped. */
bool mqb_next_member(struct mqb_reader *r, struct mqb_object *object)
{
    const size_t predicted = object->predicted;
    if (r->status != MQB_OK || r->escapes || object->left == 0)
        return search_member(r, object);
    if (predicted >= object->members->count)
        return search_member(r, object);
    const struct mqb_str name = object->members->names[predicted];
    const struct mqb_str text = mqb_token_text(r, mqb_token_at(r, r->position));
    if (text.len != name.len || !mqb_reader_same_bytes(text.ptr, name.ptr, name.len))
        return search_member(r, object);
    return stop_at(r, object, predicted);
}
