#include "json/duplicate_names.h"

#include <string.h>

#include "compiler.h"
#include "json/hash_sort.h"
#include "json/siphash.h"
#include "json/skip.h"
#include "json/text.h"
#include "scratch.h"

_Static_assert(sizeof(struct mqb_hashed) <= MQB_TOKEN_BYTES, "a name takes no more than its token");
_Static_assert(
    sizeof(struct mqb_hashed) % MQB_SCRATCH_UNIT == 0 &&
        MQB_SCRATCH_UNIT % _Alignof(struct mqb_hashed) == 0,
    "names need no gaps");

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

/* The name whose quote is at `offset`. */
static struct mqb_str name_at(struct mqb_str json, size_t offset)
{
    const size_t end = mqb_json_value_end(json, offset);
    return (struct mqb_str){json.ptr + offset + 1, end - offset - 2};
}

size_t mqb_names_repeated(
    struct mqb_str json,
    const struct mqb_hashed *sorted,
    size_t count,
    size_t *patience)
{
    struct mqb_hashed_pair pair = {0, 0};
    size_t twice = SIZE_MAX;
    while (*patience != 0 && mqb_hashed_next_pair(sorted, count, &pair)) {
        const uint32_t later = sorted[pair.later].number;
        const struct mqb_str name = name_at(json, later);
        if (mqb_json_text_compare(name, name_at(json, sorted[pair.earlier].number)) != 0) {
            --*patience;
            continue;
        }
        if (later < twice)
            twice = later;
        pair.earlier = 0;
    }
    return twice;
}

/* Hash the names with a key that depends on all of them, so that nobody can choose it. */
MQB_RARE static void hash_by_key(const struct mqb_names *names, struct mqb_hashed *items)
{
    uint64_t key = 0;
    for (size_t i = 0; i < names->count; i++)
        key = mqb_fingerprint_raw(key, name_at(names->json, items[i].number));
    for (size_t i = 0; i < names->count; i++) {
        const struct mqb_str name = name_at(names->json, items[i].number);
        items[i].hash = (uint32_t)(mqb_fingerprint_raw(key, name) >> 32);
    }
}

/* If names collide, that may be on purpose. */
MQB_RARE static size_t sort_names(const struct mqb_names *names, struct mqb_hashed *items)
{
    size_t patience = MQB_NAMES_PATIENCE;
    mqb_hashed_sort(items, names->count);
    const size_t twice = mqb_names_repeated(names->json, items, names->count, &patience);
    if (patience != 0)
        return twice;
    hash_by_key(names, items);
    mqb_hashed_sort(items, names->count);
    patience = SIZE_MAX;
    return mqb_names_repeated(names->json, items, names->count, &patience);
}

void mqb_names_end(struct mqb_names *names)
{
    struct mqb_scratch *scratch = names->scratch;
    mqb_scratch_note(scratch, 0);
    if (!mqb_hashed_differ(top_of(scratch), names->count)) {
        const size_t twice = sort_names(names, top_of(scratch));
        names->twice = twice < names->twice ? twice : names->twice;
    }
    scratch->reserved -= names->count * sizeof(struct mqb_hashed);
    names->count = 0;
}
