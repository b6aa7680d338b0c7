#include "json/duplicate_names.h"

#include <string.h>

#include "compiler.h"
#include "json/hash_sort.h"
#include "json/skip.h"
#include "json/text.h"
#include "scratch.h"

_Static_assert(sizeof(struct mqb_hashed) <= MQB_TOKEN_BYTES, "a name takes no more than its token");
_Static_assert(
    sizeof(struct mqb_hashed) % MQB_SCRATCH_UNIT == 0 &&
        MQB_SCRATCH_UNIT % _Alignof(struct mqb_hashed) == 0,
    "names need no gaps");

#define FEW_NAMES 16

static struct mqb_hashed *top_of(const struct mqb_scratch *scratch)
{
    return (void *)mqb_scratch_end(scratch);
}

bool mqb_names_refuse(struct mqb_scratch *scratch)
{
    mqb_scratch_note(scratch, sizeof(struct mqb_hashed));
    return false;
}

void mqb_names_close(struct mqb_names *names)
{
    mqb_names_end(names);
    names->count = top_of(names->scratch)->number;
    names->scratch->reserved -= sizeof(struct mqb_hashed);
}

/* The same hash as for a name without escapes, eight bytes at a time. */
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
        hash = mqb_hash_multiply(hash, word);
        word = 0;
    }
    return (uint32_t)(mqb_hash_multiply(hash, word) >> 32);
}

/* ---- Comparing ---- */

static int compare_texts(
    const struct mqb_names *names,
    const struct mqb_hashed *a,
    const struct mqb_hashed *b)
{
    const size_t end = mqb_json_value_end(names->json, a->number);
    const size_t other = mqb_json_value_end(names->json, b->number);
    return mqb_json_text_compare(
        (struct mqb_str){names->json.ptr + a->number + 1, end - a->number - 2},
        (struct mqb_str){names->json.ptr + b->number + 1, other - b->number - 2});
}

/* Equal names in the order of the payload. */
MQB_RARE static bool is_text_before(
    const struct mqb_names *names,
    const struct mqb_hashed *a,
    const struct mqb_hashed *b)
{
    const int difference = compare_texts(names, a, b);
    return difference != 0 ? difference < 0 : a->number < b->number;
}

/*
 * Move the entry at `root` down until no entry below it in the heap is greater. It usually belongs
 * near the bottom, so the gap sinks all the way, and the entry rises from there.
 */
static void sift_names(
    const struct mqb_names *names,
    struct mqb_hashed *entries,
    size_t root,
    size_t count)
{
    const struct mqb_hashed entry = entries[root];
    size_t place = root;
    for (size_t child = 2 * root + 2; child < count; child = 2 * place + 2) {
        if (!is_text_before(names, &entries[child - 1], &entries[child]))
            child--;
        entries[place] = entries[child];
        place = child;
    }
    if (2 * place + 2 == count) {
        entries[place] = entries[count - 1];
        place = count - 1;
    }
    while (place != root && is_text_before(names, &entries[(place - 1) / 2], &entry)) {
        entries[place] = entries[(place - 1) / 2];
        place = (place - 1) / 2;
    }
    entries[place] = entry;
}

/*
 * Names with the same hash, which may have been chosen on purpose. A heap needs no memory and
 * bounded time.
 */
MQB_RARE static void sort_texts(
    const struct mqb_names *names,
    struct mqb_hashed *entries,
    size_t count)
{
    for (size_t root = count / 2; root-- > 0;)
        sift_names(names, entries, root, count);
    while (count-- > 1) {
        const struct mqb_hashed last = entries[count];
        entries[count] = entries[0];
        entries[0] = last;
        sift_names(names, entries, 0, count);
    }
}

static void compare_two(
    struct mqb_names *names,
    const struct mqb_hashed *later,
    const struct mqb_hashed *earlier)
{
    if (later->number < names->twice && compare_texts(names, later, earlier) == 0)
        names->twice = later->number;
}

/* Few names are compared pairwise; the later ones come first. */
static void compare_few_names(struct mqb_names *names, const struct mqb_hashed *entries)
{
    const struct mqb_hashed *end = entries + names->count;
    for (const struct mqb_hashed *later = entries; later != end; later++) {
        for (const struct mqb_hashed *earlier = later + 1; earlier != end; earlier++) {
            if (later->hash == earlier->hash)
                compare_two(names, later, earlier);
        }
    }
}

/* Names with equal hashes, in the order of the payload. */
static void compare_group(struct mqb_names *names, struct mqb_hashed *group, size_t count)
{
    if (count > FEW_NAMES)
        sort_texts(names, group, count);
    for (size_t i = 1; i < count; i++) {
        for (size_t j = count > FEW_NAMES ? i - 1 : 0; j < i; j++)
            compare_two(names, &group[i], &group[j]);
    }
}

static void compare_all(struct mqb_names *names, struct mqb_hashed *entries)
{
    mqb_hashed_sort(entries, names->count);
    for (size_t first = 0, next = 1; next <= names->count; next++) {
        if (next < names->count && entries[next].hash == entries[first].hash)
            continue;
        compare_group(names, &entries[first], next - first);
        first = next;
    }
}

void mqb_names_end(struct mqb_names *names)
{
    struct mqb_scratch *scratch = names->scratch;
    mqb_scratch_note(scratch, 0);
    if (names->count > FEW_NAMES)
        compare_all(names, top_of(scratch));
    else if (names->count > 1)
        compare_few_names(names, top_of(scratch));
    scratch->reserved -= names->count * sizeof(struct mqb_hashed);
    names->count = 0;
}
