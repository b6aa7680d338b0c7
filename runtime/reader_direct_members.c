/* Members of objects that are not where the schema has them. */
#include "reader_direct.h"

#include "json.h"

struct mqb_str mqb_direct_name(struct mqb_reader *r)
{
    const struct mqb_str none = {NULL, 0};
    struct mqb_str name = mqb_direct_plain(r);
    if (name.ptr == NULL)
        name = mqb_reader_scalar(r, MQB_JSON_STRING, "must be JSON");
    if (r->status != MQB_OK || name.ptr == NULL)
        return none;
    const char *at = mqb_direct_next(r->at, r->end);
    if (at == r->end || *at != ':') {
        mqb_direct_break(r);
        return none;
    }
    r->at = at + 1;
    return name;
}

static inline bool is_name(const struct mqb_reader *r, struct mqb_str raw, struct mqb_str name)
{
    if (r->escapes)
        return mqb_json_text_equal(raw, name);
    return raw.len == name.len && mqb_direct_same(raw.ptr, name.ptr, raw.len);
}

/* The known member of that name, or their count. The search begins where it is most likely. */
static size_t find_member(
    const struct mqb_reader *r,
    const struct mqb_object *object,
    struct mqb_str name)
{
    const struct mqb_members *members = object->members;
    const size_t first = object->predicted < members->count ? object->predicted : 0;
    for (size_t i = first; i < members->count; i++) {
        if (is_name(r, name, members->names[i]))
            return i;
    }
    for (size_t i = 0; i < first; i++) {
        if (is_name(r, name, members->names[i]))
            return i;
    }
    return members->count;
}

/* Skip the value of a name that is not known. The names are compared at the end of the object. */
static void skip_unknown(struct mqb_reader *r, struct mqb_object *object, struct mqb_str name)
{
    if (object->members->closed) {
        mqb_reader_fail(r, MQB_ERR_VALUE, "is not a known member", r->value);
        return;
    }
    mqb_direct_note(r, &object->names, name);
    mqb_skip(r);
}

void mqb_direct_note(struct mqb_reader *r, size_t *count, struct mqb_str name)
{
    const size_t offset = (size_t)(name.ptr - r->json.ptr) - 1;
    if (r->status != MQB_OK)
        return;
    const uint32_t hash = r->escapes ? mqb_name_hash_escaped(name) : mqb_name_hash(name, r->end);
    ++*count;
    if (!mqb_names_push(r->scratch, hash, offset))
        mqb_reader_no_space(r);
}

void mqb_direct_compare(struct mqb_reader *r, size_t count)
{
    struct mqb_names names;
    if (r->status != MQB_OK)
        return;
    mqb_names_begin(&names, r->json, r->scratch, count);
    mqb_names_end(&names);
    if (names.twice != SIZE_MAX)
        mqb_reader_twice(r, names.twice);
}

/* Pass the bracket at `at`. From here on the object is the value read last. */
static inline void end_object(struct mqb_reader *r, const struct mqb_object *object, const char *at)
{
    r->at = at + 1;
    r->depth--;
    r->value = object->offset;
    if (object->names != 0)
        mqb_direct_compare(r, object->names);
    mqb_reader_require(r, object);
}

/* After the last member in schema order nearly always comes the end. */
bool mqb_direct_last(struct mqb_reader *r, struct mqb_object *object)
{
    const char *at = mqb_direct_next(r->at, r->end);
    if (at == r->end || *at != '}' || object->before != ',')
        return mqb_direct_member(r, object);
    end_object(r, object, at);
    return false;
}

/* Stop at a known member. It must not have been there before. */
static bool stop_at(struct mqb_reader *r, struct mqb_object *object, size_t member)
{
    if (mqb_seen(object, member)) {
        mqb_reader_twice(r, r->value);
        return false;
    }
    object->seen[member / 32] |= UINT32_C(1) << member % 32;
    object->member = member;
    object->predicted = object->members->escaped ? object->members->count : member + 1;
    return true;
}

/* Pass what stands before the next member. False at the end of the object, and after an error. */
static bool step(struct mqb_reader *r, struct mqb_object *object)
{
    const char *at = mqb_direct_next(r->at, r->end);
    if (r->status != MQB_OK)
        return false;
    if (at != r->end && *at == object->before) {
        at = mqb_direct_next(at + 1, r->end);
        if (object->before == ',' || at == r->end || *at != '}') {
            object->before = ',';
            r->at = at;
            return true;
        }
    }
    if (at == r->end || *at != '}') {
        mqb_direct_break(r);
        return false;
    }
    end_object(r, object, at);
    return false;
}

bool mqb_direct_member(struct mqb_reader *r, struct mqb_object *object)
{
    while (step(r, object)) {
        const struct mqb_str name = mqb_direct_name(r);
        if (r->status != MQB_OK)
            return false;
        const size_t member = find_member(r, object, name);
        if (member != object->members->count)
            return stop_at(r, object, member);
        skip_unknown(r, object, name);
    }
    return false;
}
