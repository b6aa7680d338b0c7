#include "names.h"

#include <string.h>

#include "json.h"
#include "json_text.h"
#include "rare.h"
#include "scratch.h"

_Static_assert(sizeof(struct mqb_name) <= MQB_TOKEN_BYTES, "a name takes no more than its token");
_Static_assert(
    sizeof(struct mqb_name) % MQB_SCRATCH_UNIT == 0 &&
        MQB_SCRATCH_UNIT % _Alignof(struct mqb_name) == 0,
    "names need no gaps");

#define FEW 16

static struct mqb_name *top_of(const struct mqb_scratch *scratch)
{
    return (void *)mqb_scratch_end(scratch);
}

bool mqb_names_refuse(struct mqb_scratch *scratch)
{
    mqb_scratch_note(scratch, sizeof(struct mqb_name));
    return false;
}

void mqb_names_close(struct mqb_names *names)
{
    mqb_names_end(names);
    names->count = top_of(names->scratch)->offset;
    names->scratch->reserved -= sizeof(struct mqb_name);
}

/* The same as of a text without escapes, eight bytes at a time. */
uint32_t mqb_name_hash_escaped(struct mqb_str raw)
{
    struct mqb_json_cursor cursor = {.raw = raw};
    uint64_t hash = 0;
    uint64_t word = 0;
    unsigned bits = 0;
    int byte;
    while ((byte = mqb_json_cursor_next(&cursor)) >= 0) {
        word |= (uint64_t)(unsigned)byte << bits;
        bits = (bits + 8) % 64;
        if (bits != 0)
            continue;
        hash = mqb_name_mix(hash, word);
        word = 0;
    }
    return (uint32_t)(mqb_name_mix(hash, word) >> 32);
}

/* ---- Comparing ---- */

static int compare_texts(
    const struct mqb_names *names,
    const struct mqb_name *a,
    const struct mqb_name *b)
{
    const size_t end = mqb_json_value_end(names->json, a->offset);
    const size_t other = mqb_json_value_end(names->json, b->offset);
    return mqb_json_text_compare(
        (struct mqb_str){names->json.ptr + a->offset + 1, end - a->offset - 2},
        (struct mqb_str){names->json.ptr + b->offset + 1, other - b->offset - 2});
}

/* Equal names in the order of the payload. */
MQB_RARE static bool is_text_before(
    const struct mqb_names *names,
    const struct mqb_name *a,
    const struct mqb_name *b)
{
    const int difference = compare_texts(names, a, b);
    return difference != 0 ? difference < 0 : a->offset < b->offset;
}

static inline bool is_before(
    const struct mqb_names *names,
    const struct mqb_name *a,
    const struct mqb_name *b)
{
    return a->hash != b->hash ? a->hash < b->hash : is_text_before(names, a, b);
}

/*
 * Put the entry at `root` where none below it in the heap is greater. It most often belongs near
 * the bottom: so its place sinks all the way, and it rises from there.
 */
static void sift(const struct mqb_names *names, struct mqb_name *entries, size_t root, size_t count)
{
    const struct mqb_name entry = entries[root];
    size_t place = root;
    for (size_t child = 2 * root + 2; child < count; child = 2 * place + 2) {
        if (!is_before(names, &entries[child - 1], &entries[child]))
            child--;
        entries[place] = entries[child];
        place = child;
    }
    if (2 * place + 2 == count) {
        entries[place] = entries[count - 1];
        place = count - 1;
    }
    while (place != root && is_before(names, &entries[(place - 1) / 2], &entry)) {
        entries[place] = entries[(place - 1) / 2];
        place = (place - 1) / 2;
    }
    entries[place] = entry;
}

/* A heap needs no memory, and no more time in the worst case. */
static void sort(const struct mqb_names *names, struct mqb_name *entries, size_t count)
{
    for (size_t root = count / 2; root-- > 0;)
        sift(names, entries, root, count);
    while (count-- > 1) {
        const struct mqb_name last = entries[count];
        entries[count] = entries[0];
        entries[0] = last;
        sift(names, entries, 0, count);
    }
}

static void compare_two(
    struct mqb_names *names,
    const struct mqb_name *later,
    const struct mqb_name *earlier)
{
    if (later->offset < names->twice && compare_texts(names, later, earlier) == 0)
        names->twice = later->offset;
}

/* Few names are compared each with each; the later ones come first. */
static void compare_few(struct mqb_names *names, const struct mqb_name *entries)
{
    const struct mqb_name *end = entries + names->count;
    for (const struct mqb_name *later = entries; later != end; later++) {
        for (const struct mqb_name *earlier = later + 1; earlier != end; earlier++) {
            if (later->hash == earlier->hash)
                compare_two(names, later, earlier);
        }
    }
}

static void compare_all(struct mqb_names *names, struct mqb_name *entries)
{
    sort(names, entries, names->count);
    for (size_t i = 1; i < names->count; i++) {
        if (entries[i].hash == entries[i - 1].hash)
            compare_two(names, &entries[i], &entries[i - 1]);
    }
}

void mqb_names_end(struct mqb_names *names)
{
    struct mqb_scratch *scratch = names->scratch;
    mqb_scratch_note(scratch, 0);
    if (names->count > FEW)
        compare_all(names, top_of(scratch));
    else if (names->count > 1)
        compare_few(names, top_of(scratch));
    scratch->reserved -= names->count * sizeof(struct mqb_name);
    names->count = 0;
}
