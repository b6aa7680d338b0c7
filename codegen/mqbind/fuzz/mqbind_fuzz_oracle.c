/* The value oracle: a message that is sent again has the received content. */
#include "mqbind_fuzz.h"

#include <string.h>

static bool has_beside(const struct fuzz_shape *shape)
{
    return shape->kind == FUZZ_BESIDE || shape->kind == FUZZ_SOME_BESIDE;
}

/* The part for the member of an object; NULL if it is skipped. */
static const struct fuzz_part *part_of(const struct fuzz_shape *shape, struct mqb_str name)
{
    const size_t members = has_beside(shape) ? shape->count - 1 : shape->count;
    if (shape->kind == FUZZ_MAP)
        return shape->parts;
    for (size_t i = 0; i < members; i++) {
        if (fuzz_json_same_string(shape->parts[i].text, name))
            return &shape->parts[i];
    }
    return has_beside(shape) ? &shape->parts[members] : NULL;
}

/* A string with an integer counts as that integer. */
static bool is_same_integer(const struct fuzz_json *received, const struct fuzz_json *sent)
{
    return received->text.len != 0 && sent->text.len != 0 &&
           fuzz_json_same_decimal(received->text, sent->text);
}

static const struct fuzz_part *spelling_of(
    const struct fuzz_shape *shape,
    const struct fuzz_json *value)
{
    for (size_t i = 0; i < shape->count; i++) {
        const struct mqb_str text = shape->parts[i].text;
        const bool quoted = text.ptr[0] == '"';
        if (quoted != (value->type == FUZZ_JSON_STRING))
            continue;
        if (quoted
                ? fuzz_json_same_string((struct mqb_str){text.ptr + 1, text.len - 2}, value->text)
                : fuzz_json_same_decimal(text, value->text))
            return &shape->parts[i];
    }
    return NULL;
}

static bool is_same_choice(
    const struct fuzz_shape *shape,
    const struct fuzz_json *received,
    const struct fuzz_json *sent)
{
    const struct fuzz_part *const one = spelling_of(shape, received);
    const struct fuzz_part *const other = spelling_of(shape, sent);
    return one != NULL && other != NULL && one->shape == other->shape;
}

static bool is_same_list(
    size_t item,
    const struct fuzz_json *received,
    const struct fuzz_json *sent)
{
    const struct fuzz_json *other = sent->first;
    if (received->type != FUZZ_JSON_ARRAY || sent->type != FUZZ_JSON_ARRAY ||
        received->count != sent->count)
        return false;
    for (const struct fuzz_json *each = received->first; each != NULL; each = each->next) {
        if (!fuzz_says_the_same(item, each, other))
            return false;
        other = other->next;
    }
    return true;
}

/* Nothing is sent that was not received, and everything that the schema defines is. */
static bool is_same_object(
    const struct fuzz_shape *shape,
    const struct fuzz_json *received,
    const struct fuzz_json *sent)
{
    size_t known = 0;
    if (received->type != FUZZ_JSON_OBJECT || sent->type != FUZZ_JSON_OBJECT)
        return false;
    for (const struct fuzz_json *key = received->first; key != NULL; key = key->next->next) {
        const struct fuzz_part *const part = part_of(shape, key->text);
        const struct fuzz_json *const other = fuzz_json_member(sent, key->text);
        const bool may_lack =
            shape->kind == FUZZ_SOME_BESIDE && part == &shape->parts[shape->count - 1];
        if (part == NULL || (other == NULL && may_lack))
            continue;
        if (other == NULL || !fuzz_says_the_same(part->shape, key->next, other))
            return false;
        known++;
    }
    return known == sent->count;
}

static bool is_same_form(
    const struct fuzz_shape *shape,
    const struct fuzz_json *received,
    const struct fuzz_json *sent)
{
    for (size_t i = 0; i < shape->count; i++) {
        if (fuzz_says_the_same(shape->parts[i].shape, received, sent))
            return true;
    }
    return false;
}

bool fuzz_says_the_same(
    size_t place,
    const struct fuzz_json *received,
    const struct fuzz_json *sent)
{
    const struct fuzz_shape *const shape = &fuzz_schema.shapes[place];
    switch (shape->kind) {
    case FUZZ_EXACT:
        return fuzz_json_same(received, sent);
    case FUZZ_INTEGER:
        return is_same_integer(received, sent);
    case FUZZ_DOUBLE:
        return received->type == FUZZ_JSON_NUMBER && sent->type == FUZZ_JSON_NUMBER &&
               fuzz_json_same_double(received->text, sent->text);
    case FUZZ_CHOICE:
        return is_same_choice(shape, received, sent);
    case FUZZ_LIST:
        return is_same_list(shape->parts[0].shape, received, sent);
    case FUZZ_MAP:
    case FUZZ_STRUCT:
    case FUZZ_BESIDE:
    case FUZZ_SOME_BESIDE:
        return is_same_object(shape, received, sent);
    case FUZZ_NULLABLE:
        if (received->type == FUZZ_JSON_NULL || sent->type == FUZZ_JSON_NULL)
            return received->type == sent->type;
        return fuzz_says_the_same(shape->parts[0].shape, received, sent);
    case FUZZ_UNION:
        return is_same_form(shape, received, sent);
    }
    return false;
}

static bool is_spelled(const struct fuzz_json *json, unsigned types)
{
    char digits[FUZZ_INTEGER_BYTES];
    switch (json->type) {
    case FUZZ_JSON_NULL:
        return (types & MQB_TYPE_BIT(MQB_JSON_NULL)) != 0;
    case FUZZ_JSON_FALSE:
    case FUZZ_JSON_TRUE:
        return (types & MQB_TYPE_BIT(MQB_JSON_BOOLEAN)) != 0;
    case FUZZ_JSON_NUMBER:
        return (types & MQB_TYPE_BIT(MQB_JSON_NUMBER)) != 0 ||
               ((types & MQB_TYPE_BIT_INTEGER) != 0 && fuzz_json_integer(json->text, digits));
    default:
        return false;
    }
}

enum fuzz_json_verdict fuzz_parse_payload(
    const struct fuzz_message *message,
    struct mqb_str payload,
    unsigned place,
    const struct fuzz_json **root,
    char **memory)
{
    const enum fuzz_json_verdict verdict = fuzz_json_parse(payload, place, root);
    *memory = NULL;
    if (!message->is_text || (verdict == FUZZ_JSON_VALID && is_spelled(*root, message->text_types)))
        return verdict;
    const size_t cap = 6 * payload.len + 2;
    *memory = malloc(cap);
    FUZZ_CHECK(*memory != NULL);
    const struct mqb_json string = mqb_json_from_string(payload, *memory, cap);
    return fuzz_json_parse((struct mqb_str){string.ptr, string.len}, place, root);
}
