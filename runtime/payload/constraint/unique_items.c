/*
 * Unique items. Only values with equal fingerprints can be equal, so the fingerprints of all items
 * are sorted. Their key is a hash of the array itself: choosing items that collide under one key
 * changes the key.
 */
#include "payload/constraint/unique_items.h"

#include "compiler.h"
#include "json/hash_rounds.h"
#include "json/hash_sort.h"
#include "json/skip.h"
#include "payload/constraint/equal.h"
#include "payload/constraint/fingerprint.h"
#include "scratch.h"

/* Limit of the search for members in a different order, in steps per byte. */
#define PATIENCE 64

struct items {
    struct mqb_json array;
    uint64_t key;
    struct mqb_distinct sorted;
};

static size_t sort_steps(size_t count)
{
    size_t rounds = 1;
    while (count >> rounds != 0)
        rounds++;
    return 4 * rounds * count;
}

/* ---- Comparing ---- */

static struct mqb_json value_at(const struct items *items, size_t index)
{
    const struct mqb_str text = {items->array.ptr, items->array.len};
    const size_t start = items->sorted.items[index].number;
    return (struct mqb_json){text.ptr + start, mqb_json_value_end(text, start) - start};
}

/*
 * True if both are equal. If members are in a different order, comparing may take too long; the
 * full fingerprints then decide.
 */
static bool is_same_item(
    struct mqb_check *check,
    uint64_t key,
    struct mqb_json value,
    struct mqb_json other)
{
    if (mqb_check_fingerprint(check, key, value) != mqb_check_fingerprint(check, key, other))
        return false;
    const uint64_t patience = PATIENCE * ((uint64_t)value.len + other.len);
    const uint64_t rest = check->steps > patience ? check->steps - patience : 0;
    check->steps -= rest;
    const bool equal = mqb_check_equal(check, value, other);
    const bool long_enough = check->steps == 0;
    check->steps += rest;
    return equal || long_enough;
}

/* True if one of the sorted items equals another. */
static bool has_equal(struct mqb_check *check, const struct items *items)
{
    const struct mqb_distinct *sorted = &items->sorted;
    struct mqb_hashed_pair pair = {0, 0};
    while (mqb_hashed_next_pair(sorted->items, sorted->count, &pair)) {
        const struct mqb_json value = value_at(items, pair.later);
        if (is_same_item(check, items->key, value, value_at(items, pair.earlier)))
            return true;
        if (check->steps == 0)
            return true;
    }
    return false;
}

static bool is_unique(struct mqb_check *check, struct items *items)
{
    struct mqb_distinct *sorted = &items->sorted;
    items->key = mqb_check_key(check, items->array);
    do {
        struct mqb_json_walk walk = mqb_check_begin(items->array);
        struct mqb_json value;
        while (mqb_check_next(check, &walk, NULL, &value)) {
            const uint64_t print = mqb_check_fingerprint(check, items->key, value);
            mqb_distinct_add(sorted, print, (size_t)(value.ptr - items->array.ptr));
        }
        if (!mqb_check_spend(check, sort_steps(sorted->count)))
            return false;
        mqb_distinct_sort(sorted);
        if (has_equal(check, items))
            return false;
    } while (mqb_distinct_more(sorted));
    return true;
}

/* ---- Memory ---- */

MQB_RARE static bool is_unique_on_stack(struct mqb_check *check, struct items items)
{
    struct mqb_hashed few[MQB_DISTINCT_FEW];
    mqb_distinct_few(&items.sorted, few);
    return is_unique(check, &items);
}

/* The free bytes, and the number of bytes that would allow a single round. */
static size_t free_bytes(struct mqb_check *check, size_t count)
{
    const struct mqb_scratch *scratch = &check->scratch;
    const size_t need =
        count * sizeof(struct mqb_hashed) + mqb_scratch_gap(scratch, _Alignof(struct mqb_hashed));
    if (check->needed < need)
        check->needed = need;
    return mqb_scratch_free(scratch);
}

bool mqb_check_unique(struct mqb_check *check, struct mqb_json array)
{
    struct items items = {.array = array};
    if (check->told == mqb_check_offset(check, array) + 1)
        return check->distinct;
    const size_t count = mqb_check_count(check, array, SIZE_MAX);
    if (count <= MQB_DISTINCT_FEW)
        return is_unique_on_stack(check, items);
    const size_t bytes = free_bytes(check, count);
    char *memory = bytes == 0 ? NULL : check->scratch.ptr + check->scratch.used;
    if (array.len <= UINT32_MAX && mqb_distinct_begin(&items.sorted, count, memory, bytes))
        return is_unique(check, &items);
    check->starved = true;
    check->steps = 0;
    return false;
}
