/* Members of objects that are not in the order of the schema. */
#include "payload/direct/members.h"

#include "compiler.h"
#include "json/bytes.h"
#include "payload/direct/direct_reader.h"
#include "payload/direct/names.h"
#include "payload/engine.h"
#include "payload/member_hash.h"
#include "payload/reader.h"

/* The next word of a name that ends with a quote. */
static inline bool hash_more(uint64_t *hash, const char *at)
{
    const uint64_t each = UINT64_C(0x0101010101010101);
    const uint64_t word = mqb_bytes_word(at);
    const uint64_t others = word ^ each * '"';
    const uint64_t quotes = (others - each) & ~others & each * 0x80;
    *hash = mqb_hash_word(*hash, word & (((quotes & (0 - quotes)) >> 7) - 1));
    return quotes == 0;
}

/* The hash of the name that begins at `at`, over `words` words, usually one. */
static inline uint64_t hash_name(const char *at, size_t words)
{
    uint64_t hash = 0;
    if (words == 1) {
        hash_more(&hash, at);
        return hash;
    }
    while (words-- > 0 && hash_more(&hash, at))
        at += 8;
    return hash;
}

size_t mqb_direct_find_member(
    const struct mqb_reader *r,
    const struct mqb_members *members,
    struct mqb_str name)
{
    size_t member = 0;
    if (members->slot_places == NULL) {
        while (member < members->count && !mqb_reader_same(r, name, members->names[member]))
            member++;
        return member;
    }
    const size_t words = members->slot_words;
    const bool plain = !r->escapes && (size_t)(r->end - name.ptr) >= 8 * words;
    size_t slot = (size_t)(plain ? hash_name(name.ptr, words) : mqb_hash_name(name, words));
    for (;; slot++) {
        member = members->slot_places[slot & members->slot_mask];
        if (member == 0)
            return members->count;
        if (mqb_reader_same(r, name, members->names[member - 1]))
            return member - 1;
    }
}

/* Skip the value of an unknown name. Names are compared at the end of the object. */
static void direct_skip_unknown(
    struct mqb_reader *r,
    struct mqb_object *object,
    struct mqb_str name)
{
    if (object->members->closed) {
        mqb_reader_fail(r, MQB_ERR_VALUE, "is not a known member", r->value);
        return;
    }
    mqb_direct_note(r, &object->names, name);
    r->skipped++;
    mqb_reader_skip(r);
}

/* All members since the start of the run were present. */
static inline void mark_run(struct mqb_object *object)
{
    while (object->run < object->predicted) {
        const size_t first = object->run % 32;
        const size_t left = object->predicted - object->run;
        const size_t count = left < 32 - first ? left : 32 - first;
        object->seen[object->run / 32] |= UINT32_MAX >> (32 - count) << first;
        object->run += count;
    }
}

/* Members may be missing or duplicate. */
MQB_RARE static bool check_end(struct mqb_reader *r, struct mqb_object *object)
{
    mark_run(object);
    if (object->names != 0)
        mqb_direct_compare(r, object->names);
    if (object->members->required != NULL)
        mqb_reader_require(r, object);
    return false;
}

/*
 * Skip the bracket at `at`. From now on the object is the value read last. Usually all members were
 * present, in order, and no others.
 */
static inline bool direct_end_object(
    struct mqb_reader *r,
    struct mqb_object *object,
    const char *at)
{
    const size_t count = object->members->count;
    r->at = at + 1;
    r->depth--;
    r->value = object->offset;
    if (object->run != 0 || object->predicted != count || object->names != 0 || count - 1 > 31)
        return check_end(r, object);
    object->seen[0] = (uint32_t)((UINT64_C(1) << count) - 1);
    return false;
}

/* Stop at a member that was not read before. */
static inline void stop_at(struct mqb_object *object, size_t member)
{
    object->seen[member / 32] |= UINT32_C(1) << member % 32;
    if (member < object->predicted)
        object->limit = 0; /* the predicted member may have been read before */
    object->member = member;
    object->predicted = member + 1;
    object->run = member + 1;
    object->before = ',';
}

/* Skip everything before the next member. False at the end of the object, and after an error. */
static bool step_member(struct mqb_reader *r, struct mqb_object *object)
{
    const char *at = mqb_bytes_next(r->at, r->end);
    if (r->status != MQB_OK)
        return false;
    if (at != r->end && *at == object->before) {
        at = mqb_bytes_next(at + 1, r->end);
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
    return direct_end_object(r, object, at);
}

/* The next known member, or the end, in the general case. */
MQB_RARE static bool direct_search_member(struct mqb_reader *r, struct mqb_object *object)
{
    mark_run(object);
    while (step_member(r, object)) {
        const struct mqb_str name = mqb_direct_name(r);
        if (r->status != MQB_OK)
            return false;
        const size_t member = mqb_direct_find_member(r, object->members, name);
        if (member == object->members->count) {
            direct_skip_unknown(r, object, name);
        } else if (mqb_reader_has_seen(object, member)) {
            mqb_reader_twice(r, r->value);
            return false;
        } else {
            stop_at(object, member);
            return true;
        }
    }
    return false;
}

/* Just past the colon of a member whose name begins at `at`, or NULL if it is not `name`. */
MQB_INLINE const char *pass_known_name(const char *at, const char *end, const struct mqb_str *name)
{
    if ((size_t)(end - at) < name->len + 4 || at[name->len] != '"')
        return NULL;
    return mqb_bytes_same(at, name->ptr, name->len) ? mqb_direct_colon(at + name->len) : NULL;
}

/* The same for the member whose name begins at `at`. */
static inline const char *pass_member(
    const char *at,
    const char *end,
    const struct mqb_members *members,
    size_t *member)
{
    const char *value = NULL;
    if (members->slot_places == NULL) {
        for (*member = 0; *member < members->count && value == NULL; ++*member)
            value = pass_known_name(at, end, &members->names[*member]);
        --*member;
        return value;
    }
    if ((size_t)(end - at) < 8 * members->slot_words)
        return NULL;
    for (size_t slot = (size_t)hash_name(at, members->slot_words); value == NULL; slot++) {
        *member = members->slot_places[slot & members->slot_mask];
        if (*member == 0)
            return NULL;
        value = pass_known_name(at, end, &members->names[--*member]);
    }
    return value;
}

/*
 * Usually a known name without escapes begins at `at`, or the one after it if an optional member is
 * absent. Handled without a call.
 */
MQB_RARE static bool find_next_member(
    struct mqb_reader *r,
    struct mqb_object *object,
    const char *at)
{
    const struct mqb_members *members = object->members;
    const char *value = NULL;
    size_t member = object->predicted + 1;
    if (*at++ != '"' || members->escaped)
        return direct_search_member(r, object);
    mark_run(object);
    if (member < object->limit)
        value = pass_known_name(at, r->end, &members->names[member]);
    if (value == NULL)
        value = pass_member(at, r->end, members, &member);
    if (value == NULL || mqb_reader_has_seen(object, member))
        return direct_search_member(r, object);
    r->at = value;
    stop_at(object, member);
    return true;
}

struct mqb_fast_found mqb_fast_search(
    const char *at,
    const char *end,
    const struct mqb_members *members)
{
    struct mqb_fast_found found = {NULL, 0};
    if (at != end && *at == '"')
        found.at = pass_member(at + 1, end, members, &found.member);
    return found;
}

bool mqb_direct_member(struct mqb_reader *r, struct mqb_object *object)
{
    const char *at = r->at;
    if (r->end - at > 1 && *at == object->before) {
        at = mqb_bytes_indent(at + 1, r->end);
        if (at != r->end && (*at != '}' || object->before == ','))
            return find_next_member(r, object, at);
    } else if (at != r->end) {
        at = mqb_bytes_indent(at, r->end);
    }
    if (at == r->end || *at != '}')
        return direct_search_member(r, object);
    return direct_end_object(r, object, at);
}
