/* The reader's engine that reads straight from the bytes: open and close, whole values, lists. */
#include "reader_direct.h"

#include <limits.h>

#include "json.h"
#include "json_bytes.h"
#include "scratch.h"

/* ---- Open and close ---- */

void mqb_reader_open(struct mqb_reader *r, struct mqb_str json, struct mqb_scratch *scratch)
{
    if (json.len == 0)
        json.ptr = "";
    *r = (struct mqb_reader){
        .json = json,
        .scratch = scratch,
        .scratch_used = scratch->used,
        .scratch_reserved = scratch->reserved,
        .at = json.ptr,
        .end = json.ptr,
    };
    if (json.len > INT_MAX)
        mqb_reader_fail(r, MQB_ERR_LIMIT, mqb_rule_long, 0);
    else
        r->end = json.ptr + json.len;
}

/* True if a value and nothing else was read. */
static bool is_complete(const struct mqb_reader *r)
{
    return r->depth == 0 && r->at != r->json.ptr && mqb_direct_next(r->at, r->end) == r->end;
}

/* The text as a whole has the last word, unless it is too long for any. */
static void scan_text(struct mqb_reader *r)
{
    struct mqb_json_scan scan;
    if (r->json.len > INT_MAX)
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

enum mqb_status mqb_reader_close(struct mqb_reader *r, struct mqb_error *error)
{
    r->scratch->reserved = r->scratch_reserved;
    if (r->status == MQB_OK && is_complete(r))
        return MQB_OK;
    scan_text(r);
    if (r->status == MQB_OK)
        return MQB_OK;
    return mqb_reader_end(r, error);
}

/* ---- The next value ---- */

/* Most are indentation: eight spaces at a time. */
const char *mqb_direct_blanks(const char *at, const char *end)
{
    while (at != end && mqb_byte_is(*at, MQB_BLANK)) {
        at = mqb_bytes_spaces(at + 1, end);
        if (at != end && (unsigned char)*at > ' ')
            break;
    }
    return at;
}

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
    const char *at = mqb_direct_next(r->at, r->end);
    if (at != r->end) {
        r->value = (size_t)(at - r->json.ptr);
        r->at = at;
        return at;
    }
    /* Reading more values than there are does no harm. */
    const bool over = r->depth == 0 && mqb_json_blanks(r->json, 0) != r->json.len;
    if (!over)
        mqb_direct_break(r);
    return NULL;
}

/* ---- Whole values ---- */

/* Just past a string without escapes, or an integer of some digits; NULL if it is neither. */
static inline const char *pass_plain(const char *at, const char *end)
{
    uint64_t value;
    if (at == end || *at != '"')
        return mqb_direct_digits(at, end, &value);
    at = mqb_bytes_plain(at + 1, end);
    return at != end && *at == '"' ? at + 1 : NULL;
}

static inline bool repeats(const struct mqb_str *names, size_t count)
{
    const struct mqb_str last = names[count];
    for (size_t i = 0; i < count; i++) {
        if (names[i].len == last.len && mqb_direct_same(names[i].ptr, last.ptr, last.len))
            return true;
    }
    return false;
}

/*
 * Just past a small object of plain strings and integers, as open ones often are. NULL if there is
 * anything else: the scan knows what to do.
 */
static const char *pass_flat(const char *at, const char *end)
{
    struct mqb_str names[8];
    for (size_t count = 0; count < sizeof(names) / sizeof(names[0]); count++) {
        const char *name = mqb_direct_next(at + 1, end);
        at = name == end || *name != '"' ? NULL : pass_plain(name, end);
        if (at == NULL)
            return NULL;
        names[count] = (struct mqb_str){name + 1, (size_t)(at - name) - 2};
        at = mqb_direct_next(at, end);
        if (at == end || *at != ':' || repeats(names, count))
            return NULL;
        at = pass_plain(mqb_direct_next(at + 1, end), end);
        if (at == NULL)
            return NULL;
        at = mqb_direct_next(at, end);
        if (at == end || *at != ',')
            return at == end || *at != '}' ? NULL : at + 1;
    }
    return NULL;
}

static void skip_container(struct mqb_reader *r, const char *at)
{
    struct mqb_names names;
    const char *flat =
        !MQB_SMALL && *at == '{' && r->depth < MQB_DEPTH_MAX ? pass_flat(at, r->end) : NULL;
    if (flat != NULL) {
        r->at = flat;
        return;
    }
    mqb_names_begin(&names, r->json.ptr, r->scratch, 0);
    at = mqb_json_pass_value(at, r->end, MQB_DEPTH_MAX - r->depth, &names);
    mqb_names_keep(&names);
    if (names.full)
        mqb_reader_no_space(r);
    mqb_direct_move(r, at);
    if (names.twice != SIZE_MAX)
        mqb_reader_twice(r, names.twice);
}

void mqb_skip(struct mqb_reader *r)
{
    const char *at = mqb_direct_value(r);
    if (at == NULL)
        return;
    if (*at == '{' || *at == '[')
        skip_container(r, at);
    else if (*at == '"')
        mqb_direct_move(r, mqb_direct_string(r, at));
    else if (mqb_direct_type(*at) == MQB_JSON_NUMBER)
        mqb_direct_move(r, mqb_json_pass_number(at, r->end));
    else
        mqb_direct_move(r, mqb_json_pass_literal(at, r->end));
}

struct mqb_json mqb_read_json(struct mqb_reader *r)
{
    const size_t mark = mqb_reader_mark(r);
    mqb_skip(r);
    if (r->status != MQB_OK)
        return (struct mqb_json){NULL, 0};
    const struct mqb_str text = mqb_reader_span(r, mark);
    return (struct mqb_json){text.ptr, text.len};
}

void mqb_reader_rewind(struct mqb_reader *r, size_t mark)
{
    if (r->status == MQB_OK)
        r->at = r->json.ptr + mark;
}

struct mqb_str mqb_reader_span(const struct mqb_reader *r, size_t mark)
{
    const char *start = mqb_direct_next(r->json.ptr + mark, r->at);
    return (struct mqb_str){start, (size_t)(r->at - start)};
}

/* What comes is no object, or one too many. */
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

/* The steps over the members of checked text do for any text: what they find is read once more. */
int mqb_peek_choice(struct mqb_reader *r, struct mqb_str name, const struct mqb_choices *choices)
{
    const char *at = mqb_direct_value(r);
    struct mqb_json key;
    struct mqb_json value;
    if (at == NULL)
        return -1;
    if (*at != '{') {
        mqb_reader_refuse(r, MQB_ERR_TYPE, mqb_rule_object);
        return -1;
    }
    struct mqb_json_walk walk = {.container = {at, (size_t)(r->end - at)}, .position = 1};
    while (mqb_json_next(&walk, &key, &value)) {
        const struct mqb_str raw = {key.ptr + 1, key.len - 2};
        if (key.len < 2 || !mqb_json_text_equal(raw, name))
            continue;
        r->at = value.ptr;
        const struct mqb_choice *choice = mqb_reader_choice(r, choices);
        if (choice == NULL)
            return -1;
        r->at = at;
        return choice->value;
    }
    r->missing = name;
    mqb_reader_fail(r, MQB_ERR_MISSING, mqb_rule_required, r->value);
    return -1;
}

/* ---- Lists ---- */

/* Items of the container that begins at `at`; of text that is no JSON any number. */
static size_t count_items(const char *at, const char *end)
{
    struct mqb_json_walk walk = {.container = {at, (size_t)(end - at)}, .position = 1};
    struct mqb_json value;
    size_t count = 0;
    while (mqb_json_next(&walk, NULL, &value))
        count++;
    return count;
}

static void begin_list(struct mqb_reader *r, struct mqb_list *list, char bracket, const char *rule)
{
    const char *at = mqb_direct_value(r);
    *list = (struct mqb_list){.before = bracket, .offset = r->value};
    if (at == NULL)
        return;
    if (*at != bracket)
        mqb_reader_refuse(r, MQB_ERR_TYPE, rule);
    else if (r->depth == MQB_DEPTH_MAX)
        mqb_direct_break(r);
    if (r->status != MQB_OK)
        return;
    r->depth++;
    list->count = count_items(at, r->end);
}

void mqb_read_array(struct mqb_reader *r, struct mqb_list *list)
{
    begin_list(r, list, '[', mqb_rule_array);
}

void mqb_read_entries(struct mqb_reader *r, struct mqb_list *list)
{
    begin_list(r, list, '{', mqb_rule_object);
}

/* Pass the comma before the next item, or the bracket that opens or closes the list. */
static bool step(struct mqb_reader *r, struct mqb_list *list, char close)
{
    const char *at = mqb_direct_next(r->at, r->end);
    if (r->status != MQB_OK)
        return false;
    if (list->next < list->count && at != r->end && *at == list->before) {
        r->at = at + 1;
        list->before = ',';
        list->item = list->next++;
        return true;
    }
    if (at != r->end && list->before != ',' && *at == list->before)
        at = mqb_direct_next(at + 1, r->end);
    if (at == r->end || *at != close || list->next != list->count) {
        mqb_direct_break(r);
        return false;
    }
    r->at = at + 1;
    r->depth--;
    r->value = list->offset;
    return false;
}

bool mqb_direct_item(struct mqb_reader *r, struct mqb_list *list)
{
    return step(r, list, ']');
}

bool mqb_next_entry(struct mqb_reader *r, struct mqb_list *list)
{
    const bool more = step(r, list, '}');
    if (r->status != MQB_OK)
        return false;
    if (!more) {
        mqb_direct_compare(r, list->names);
        return false;
    }
    const struct mqb_str name = mqb_direct_name(r);
    mqb_direct_note(r, &list->names, name);
    list->key = mqb_reader_text(r, name);
    return r->status == MQB_OK;
}
