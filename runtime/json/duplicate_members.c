/*
 * Finds duplicate members in JSON object by object, so that memory for the names of one object is
 * enough: at most a quarter of the length of the text.
 */
#include "json/duplicate_members.h"

#include "compiler.h"
#include "json/duplicate_names.h"
#include "json/hash_rounds.h"
#include "json/siphash.h"
#include "json/skip.h"

struct object {
    struct mqb_str text; /* The whole text: offsets in it identify names. */
    struct mqb_json json;
    struct mqb_distinct names;
};

static struct mqb_str unquoted(struct mqb_json name)
{
    return (struct mqb_str){name.ptr + 1, name.len - 2};
}

/* The number of names, and a hash of all of them. */
static size_t count_names(const struct object *object, uint64_t *key)
{
    struct mqb_json_walk walk = mqb_json_walk_begin(object->json);
    struct mqb_json name;
    struct mqb_json value;
    size_t count = 0;
    for (*key = 0; mqb_json_walk_next(&walk, &name, &value); count++)
        *key = mqb_fingerprint_raw(*key, unquoted(name));
    return count;
}

static size_t find_twice_in_object(struct object *object, uint64_t key)
{
    const struct mqb_distinct *names = &object->names;
    size_t patience = SIZE_MAX;
    size_t twice = SIZE_MAX;
    do {
        struct mqb_json_walk walk = mqb_json_walk_begin(object->json);
        struct mqb_json name;
        struct mqb_json value;
        while (mqb_json_walk_next(&walk, &name, &value)) {
            const size_t offset = (size_t)(name.ptr - object->text.ptr);
            mqb_distinct_add(&object->names, mqb_fingerprint_raw(key, unquoted(name)), offset);
        }
        mqb_distinct_sort(&object->names);
        const size_t found =
            mqb_names_repeated(object->text, names->items, names->count, &patience);
        twice = found < twice ? found : twice;
    } while (mqb_distinct_more(&object->names));
    return twice;
}

MQB_RARE static size_t find_twice_in_few(struct object *object, uint64_t key)
{
    struct mqb_hashed few[MQB_DISTINCT_FEW];
    mqb_distinct_few(&object->names, few);
    return find_twice_in_object(object, key);
}

static size_t twice_in(struct object *object, char *memory, size_t bytes)
{
    uint64_t key;
    const size_t count = count_names(object, &key);
    if (count < 2)
        return SIZE_MAX;
    if (count <= MQB_DISTINCT_FEW)
        return find_twice_in_few(object, key);
    if (!mqb_distinct_begin(&object->names, count, memory, bytes))
        return SIZE_MAX;
    return find_twice_in_object(object, key);
}

/* The first offset of a name that repeats one of its object; SIZE_MAX if there is none. */
static size_t first_twice(struct mqb_json json, char *memory, size_t bytes)
{
    struct object object = {.text = {json.ptr, json.len}};
    size_t first = SIZE_MAX;
    for (size_t at = 0; at < json.len;) {
        if (json.ptr[at] != '{') {
            at = json.ptr[at] == '"' ? mqb_json_value_end(object.text, at) : at + 1;
            continue;
        }
        const size_t end = mqb_json_value_end(object.text, at);
        object.json = (struct mqb_json){json.ptr + at, end - at};
        const size_t twice = twice_in(&object, memory, bytes);
        if (twice < first)
            first = twice;
        at++;
    }
    return first;
}

bool mqb_raw_twice(struct mqb_json json, char *memory, size_t bytes, size_t *offset)
{
    const size_t first = json.len > UINT32_MAX ? SIZE_MAX : first_twice(json, memory, bytes);
    if (first == SIZE_MAX)
        return false;
    *offset = first;
    return true;
}
