/*
 * Unique items. Only values with the same fingerprint can be equal, so the fingerprints of all
 * items are sorted. Their key is a hash of the array itself: whoever chooses items that have the
 * same fingerprint under one key has changed the key.
 */
#include "constraint.h"

#include "json.h"
#include "rare.h"
#include "scratch.h"

/* Items whose fingerprints fit on the stack. */
#define FEW 64

/* Members in another order are looked for so long, in steps for each byte. */
#define PATIENCE 64

struct item {
    uint32_t print; /* Half of the fingerprint. */
    uint32_t offset; /* In the array. */
};

_Static_assert(sizeof(struct item) == MQB_UNIQUE_BYTES, "what the headers count for an item");

struct items {
    struct mqb_json array;
    uint64_t key;
    struct item *items;
    size_t count;
};

/* ---- Sorting: a heap needs no memory, and no more time in the worst case ---- */

/* Put an item in at `root`, or further down, so that none below it has a higher fingerprint. */
static void sift(struct item *items, size_t root, size_t count, struct item item)
{
    for (size_t child = 2 * root + 1; child < count; child = 2 * root + 1) {
        if (child + 1 < count && items[child + 1].print > items[child].print)
            child++;
        if (items[child].print <= item.print)
            break;
        items[root] = items[child];
        root = child;
    }
    items[root] = item;
}

/* Lowest fingerprint first. */
static void sort(struct item *items, size_t count)
{
    for (size_t root = count / 2; root-- > 0;)
        sift(items, root, count, items[root]);
    while (count-- > 1) {
        const struct item last = items[count];
        items[count] = items[0];
        sift(items, 0, count, last);
    }
}

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
    const size_t start = items->items[index].offset;
    return (struct mqb_json){text.ptr + start, mqb_json_value_end(text, start) - start};
}

/*
 * True if both are equal. Where members come in another order, that may take long to see; then
 * the whole fingerprints have told.
 */
static bool is_same(
    struct mqb_check *check,
    uint64_t key,
    struct mqb_json value,
    struct mqb_json other)
{
    if (mqb_check_print(check, key, value) != mqb_check_print(check, key, other))
        return false;
    const uint64_t patience = PATIENCE * ((uint64_t)value.len + other.len);
    const uint64_t rest = check->steps > patience ? check->steps - patience : 0;
    check->steps -= rest;
    const bool equal = mqb_check_equal(check, value, other);
    const bool long_enough = check->steps == 0;
    check->steps += rest;
    return equal || long_enough;
}

/* True if an item of the sorted ones equals another. */
static bool has_equal(struct mqb_check *check, const struct items *items)
{
    for (size_t i = 1; i < items->count; i++) {
        for (size_t j = i; j-- > 0 && items->items[j].print == items->items[i].print;) {
            if (is_same(check, items->key, value_at(items, i), value_at(items, j)))
                return true;
            if (check->steps == 0)
                return true;
        }
    }
    return false;
}

static bool is_unique(struct mqb_check *check, struct items *items)
{
    struct mqb_json_walk walk = mqb_check_begin(items->array);
    struct mqb_json value;
    size_t at = 0;
    while (at < items->count && mqb_check_next(check, &walk, NULL, &value)) {
        const uint64_t print = mqb_check_print(check, items->key, value);
        items->items[at++] = (struct item){
            .print = (uint32_t)(print >> 32),
            .offset = (uint32_t)(value.ptr - items->array.ptr),
        };
    }
    if (!mqb_check_spend(check, sort_steps(items->count)))
        return false;
    sort(items->items, items->count);
    return !has_equal(check, items);
}

/* ---- Memory ---- */

MQB_RARE static bool is_unique_on_stack(struct mqb_check *check, struct items items)
{
    struct item few[FEW];
    items.items = few;
    return is_unique(check, &items);
}

/* What is free of the scratch memory, if it is enough; else NULL. */
static struct item *free_items(struct mqb_check *check, size_t count)
{
    const struct mqb_scratch *scratch = &check->scratch;
    const size_t gap = mqb_scratch_gap(scratch, _Alignof(struct item));
    const size_t need = count * sizeof(struct item) + gap;
    if (check->needed < need)
        check->needed = need;
    return need > mqb_scratch_free(scratch) ? NULL : (void *)(scratch->ptr + scratch->used + gap);
}

bool mqb_check_unique(struct mqb_check *check, struct mqb_json array)
{
    struct items items = {.array = array, .count = mqb_check_count(check, array, SIZE_MAX)};
    if (items.count < 2)
        return true;
    items.key = mqb_check_key(check, array);
    if (array.len > UINT32_MAX) {
        check->steps = 0;
        return false;
    }
    if (items.count <= FEW)
        return is_unique_on_stack(check, items);
    items.items = free_items(check, items.count);
    if (items.items != NULL)
        return is_unique(check, &items);
    check->starved = true;
    check->steps = 0;
    return false;
}
