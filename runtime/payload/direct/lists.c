/* Arrays, and objects with arbitrary names. */
#include "payload/direct/direct_reader.h"

#include "json/bytes.h"
#include "json/duplicate_names.h"
#include "payload/direct/growing_list.h"
#include "payload/direct/members.h"
#include "payload/direct/names.h"
#include "payload/engine.h"
#include "payload/reader.h"
#include "payload/reader_memory.h"
#include "payload/reader_others.h"
#include "scratch.h"

/* ---- Memory ---- */

/* Not enough memory: report what all items need. */
static void *refuse_items(struct mqb_reader *r, struct mqb_list *list)
{
    mqb_direct_count_total(r, list);
    r->growing = NULL;
    return mqb_reader_front(r, list->total - list->item, list->size, _Alignof(union mqb_anything));
}

/* The items begin at the end of the reserved memory and extend it one by one. */
static void *begin_items(struct mqb_reader *r, struct mqb_list *list)
{
    struct mqb_scratch *scratch = r->scratch;
    mqb_direct_settle(r);
    list->items = mqb_scratch_front(scratch, _Alignof(union mqb_anything));
    if (list->items == NULL)
        return refuse_items(r, list);
    list->room = mqb_scratch_free(scratch) / list->size;
    if (list->room > list->most)
        list->room = list->most;
    r->growing = list;
    return list->items;
}

/* Memory for the current item. */
static bool take_item(struct mqb_reader *r, struct mqb_list *list)
{
    if (list->size == 0)
        return true;
    if (r->growing != list) {
        if (list->item >= list->total)
            mqb_direct_break(r);
    } else if (mqb_scratch_take(r->scratch, list->size, 1) == NULL)
        refuse_items(r, list);
    if (r->status == MQB_OK)
        memset(list->items + list->item * list->size, 0, list->size);
    return r->status == MQB_OK;
}

/* ---- Walking ---- */

static void *begin_list(
    struct mqb_reader *r,
    struct mqb_list *list,
    const char *brackets,
    const char *rule)
{
    const char *at = mqb_direct_value(r);
    list->offset = r->value;
    if (at == NULL)
        return NULL;
    if (*at != brackets[0])
        mqb_reader_refuse(r, MQB_ERR_TYPE, rule);
    else if (r->depth == MQB_DEPTH_MAX)
        mqb_direct_break(r);
    if (r->status != MQB_OK)
        return NULL;
    r->depth++;
    list->mark = mqb_bytes_next(at + 1, r->end);
    if (list->size == 0 || (list->mark != r->end && *list->mark == brackets[1]))
        return NULL;
    return begin_items(r, list);
}

void *mqb_reader_array(struct mqb_reader *r, struct mqb_list *list, size_t size, size_t most)
{
    *list = (struct mqb_list){.size = size, .most = most, .before = '['};
    return begin_list(r, list, "[]", mqb_rule_array);
}

void *mqb_reader_entries(struct mqb_reader *r, struct mqb_list *list, size_t size)
{
    *list = (struct mqb_list){.size = size, .most = SIZE_MAX, .before = '{'};
    return begin_list(r, list, "{}", mqb_rule_object);
}

/* From now on the list is the value read last. */
static void end_list(struct mqb_reader *r, const struct mqb_list *list)
{
    r->value = list->offset;
    if (r->growing != list)
        return;
    r->growing = NULL;
    mqb_scratch_note(r->scratch, 0);
}

/* Pass the comma before the next item, or the bracket that closes the list. */
static bool step(struct mqb_reader *r, struct mqb_list *list, char close)
{
    const char *at = mqb_bytes_next(r->at, r->end);
    if (r->status != MQB_OK)
        return false;
    if (list->count == 0)
        at = list->mark;
    if (at != r->end && *at == close) {
        r->at = at + 1;
        r->depth--;
        end_list(r, list);
        return false;
    }
    if (list->count != 0 && (at == r->end || *at++ != ',')) {
        mqb_direct_break(r);
        return false;
    }
    if (list->count == list->most) {
        list->count++;
        end_list(r, list);
        return false;
    }
    r->at = at;
    list->mark = at;
    list->before = ',';
    list->item = list->count++;
    return take_item(r, list);
}

bool mqb_direct_item(struct mqb_reader *r, struct mqb_list *list)
{
    return step(r, list, ']');
}

/* The start of the next entry's name; NULL if there is no comma before it. */
static inline const char *next_name(const struct mqb_reader *r, const struct mqb_list *list)
{
    if (list->count == 0)
        return list->mark;
    const char *at = mqb_bytes_next(r->at, r->end);
    return at != r->end && *at == ',' ? mqb_direct_line(at + 1, r->end) : NULL;
}

/* Step to the next entry in the common case: no escapes in its name, and memory at the front. */
static inline bool step_plain(struct mqb_reader *r, struct mqb_list *list)
{
    struct mqb_scratch *scratch = r->scratch;
    const char *at = r->growing == list ? next_name(r, list) : NULL;
    if (at == NULL || r->status != MQB_OK || mqb_scratch_free(scratch) < list->size)
        return false;
    const char *colon = mqb_direct_name_at(at, r->end, &list->key);
    if (colon == NULL)
        return false;
    mqb_direct_clear(scratch->ptr + scratch->used, list->size);
    scratch->used += list->size;
    MQB_SCRATCH_ASSERT(scratch);
    r->value = (size_t)(at - r->json.ptr);
    r->at = colon + 1;
    list->mark = at;
    list->item = list->count++;
    list->names++;
    if (!mqb_names_push(scratch, mqb_name_hash(list->key, r->end), r->value))
        mqb_reader_no_space(r);
    return r->status == MQB_OK;
}

bool mqb_reader_next_entry(struct mqb_reader *r, struct mqb_list *list)
{
    if (step_plain(r, list))
        return true;
    const bool more = step(r, list, '}');
    if (r->status != MQB_OK)
        return false;
    if (!more) {
        mqb_direct_compare(r, list->names);
        return false;
    }
    const struct mqb_str name = mqb_direct_name(r);
    mqb_direct_note(r, &list->names, name);
    list->key = mqb_reader_unescape(r, name);
    return r->status == MQB_OK;
}

/* ---- Members without a field ---- */

void *mqb_reader_others(
    struct mqb_reader *r,
    struct mqb_list *list,
    const struct mqb_others *others,
    size_t size)
{
    *list = (struct mqb_list){.offset = others->object->offset};
    if (!mqb_reader_has_others(r, others))
        return NULL;
    mqb_reader_rewind(r, others->mark);
    return mqb_reader_entries(r, list, size);
}

/* Pass the brace or the comma before the next member; false at the end of the object. */
static bool pass_separator(struct mqb_reader *r, struct mqb_list *list)
{
    const char *at = mqb_bytes_next(r->at, r->end);
    if (at == r->end || (*at != list->before && *at != '}')) {
        mqb_direct_break(r);
        return false;
    }
    r->at = at + 1;
    if (*at == list->before)
        return true;
    r->depth--;
    end_list(r, list);
    return false;
}

bool mqb_reader_next_other(
    struct mqb_reader *r,
    struct mqb_list *list,
    const struct mqb_others *others)
{
    while (r->status == MQB_OK && list->most != 0 && pass_separator(r, list)) {
        const char *mark = mqb_bytes_next(r->at, r->end);
        const struct mqb_str name = mqb_direct_name(r);
        if (r->status != MQB_OK)
            return false;
        list->before = ',';
        const size_t member = mqb_direct_find_member(r, others->object->members, name);
        if (mqb_reader_is_other(r, list, others, member, name)) {
            list->mark = mark;
            list->item = list->count++;
            return r->status == MQB_OK && take_item(r, list);
        }
        mqb_reader_skip(r);
    }
    return false;
}
