#include "json/hash_rounds.h"

#include "json/hash_sort.h"

_Static_assert(sizeof(struct mqb_hashed) == MQB_UNIQUE_BYTES, "as the headers count it");

bool mqb_distinct_begin(struct mqb_distinct *distinct, size_t count, char *memory, size_t bytes)
{
    const size_t gap = (size_t)(-(uintptr_t)memory % _Alignof(struct mqb_hashed));
    const size_t cap = bytes > gap ? (bytes - gap) / sizeof(struct mqb_hashed) : 0;
    if (cap == 0 || count / MQB_DISTINCT_ROUNDS > cap)
        return false;
    *distinct = (struct mqb_distinct){.items = (void *)(memory + gap), .cap = cap};
    return true;
}

/* ---- A heap of the items that are kept ---- */

static inline bool is_above(const struct mqb_hashed *item, const struct mqb_hashed *other)
{
    return item->hash != other->hash ? item->hash > other->hash : item->number > other->number;
}

/* Insert an item at `root` or below, so that it is greater than all items below it. */
static void sift_rounds(struct mqb_hashed *items, size_t root, size_t count, struct mqb_hashed item)
{
    for (size_t child = 2 * root + 1; child < count; child = 2 * root + 1) {
        if (child + 1 < count && is_above(&items[child + 1], &items[child]))
            child++;
        if (!is_above(&items[child], &item))
            break;
        items[root] = items[child];
        root = child;
    }
    items[root] = item;
}

static void make_heap(struct mqb_distinct *distinct)
{
    for (size_t root = distinct->count / 2; root-- > 0;)
        sift_rounds(distinct->items, root, distinct->count, distinct->items[root]);
}

void mqb_distinct_add(struct mqb_distinct *distinct, uint64_t print, size_t number)
{
    const struct mqb_hashed item = {(uint32_t)(print >> 32), (uint32_t)number};
    if (item.hash < distinct->low)
        return;
    if (distinct->count < distinct->cap) {
        distinct->items[distinct->count++] = item;
        return;
    }
    if (!distinct->full)
        make_heap(distinct);
    distinct->full = true;
    if (is_above(&distinct->items[0], &item))
        sift_rounds(distinct->items, 0, distinct->count, item);
}

void mqb_distinct_sort(struct mqb_distinct *distinct)
{
    mqb_hashed_sort(distinct->items, distinct->count);
}

/*
 * Items with the highest fingerprint of a round may have been left out. If that is also the lowest
 * one, there is no progress; so many equal fingerprints never occur by chance.
 */
bool mqb_distinct_more(struct mqb_distinct *distinct)
{
    const uint32_t high = distinct->full ? distinct->items[distinct->count - 1].hash : 0;
    const bool more = distinct->full && high != distinct->low;
    distinct->low = high;
    distinct->count = 0;
    distinct->full = false;
    return more;
}
