/* Peeking at one member of the next value. */
#include "json/skip.h"
#include "json/text.h"
#include "payload/direct/any_value.h"
#include "payload/direct/direct_reader.h"
#include "payload/engine.h"
#include "payload/reader.h"
#include "payload/reader_values.h"

/* Just past the value at `at`, which is read again, so only its end matters. NULL at the end. */
static inline const char *skip_value(const char *at, const char *end)
{
    if (at == end)
        return NULL;
    if (*at != '{' && *at != '[')
        return mqb_direct_pass_scalar(at, end);
    return at + mqb_json_value_end((struct mqb_str){at, (size_t)(end - at)}, 0);
}

/*
 * The value of the first member with this name of the object at `at`, as long as nothing before it
 * is unusual; else NULL.
 */
static const char *find_plain_member(const char *at, const char *end, struct mqb_str name)
{
    do {
        struct mqb_str key;
        at = mqb_direct_name_at(mqb_direct_line(at + 1, end), end, &key);
        if (at == NULL)
            return NULL;
        at = mqb_bytes_next(at + 1, end);
        if (mqb_bytes_equal(key, name))
            return at == end ? NULL : at;
        at = skip_value(at, end);
        if (at == NULL)
            return NULL;
        at = mqb_direct_line(at, end);
    } while (at != end && *at == ',');
    return NULL;
}

/*
 * The same for every object. The functions for checked text can be used on any text here: what they
 * find is read again.
 */
static const char *find_any_member(const char *at, const char *end, struct mqb_str name)
{
    struct mqb_json_walk walk = {.container = {at, (size_t)(end - at)}, .position = 1};
    struct mqb_json key;
    struct mqb_json value;
    while (mqb_json_walk_next(&walk, &key, &value)) {
        const struct mqb_str raw = {key.ptr + 1, key.len - 2};
        if (key.len >= 2 && mqb_json_text_equal(raw, name))
            return value.ptr;
    }
    return NULL;
}

int mqb_reader_peek_choice(
    struct mqb_reader *r,
    struct mqb_str name,
    const struct mqb_choices *choices)
{
    const char *at = mqb_direct_value(r);
    if (at == NULL)
        return -1;
    if (*at != '{') {
        mqb_reader_refuse(r, MQB_ERR_TYPE, mqb_rule_object);
        return -1;
    }
    const char *value = find_plain_member(at, r->end, name);
    if (value == NULL)
        value = find_any_member(at, r->end, name);
    if (value == NULL) {
        r->missing = name;
        mqb_reader_fail(r, MQB_ERR_MISSING, mqb_rule_required, r->value);
        return -1;
    }
    r->at = value;
    const int choice = mqb_reader_choice(r, choices);
    if (r->status != MQB_OK)
        return -1;
    r->at = at;
    return choice;
}
