/*
 * Radix exchange sort: items with the bit set go after those without, then the next bit is used.
 * Twice as many items cost little more than twice the time, which a heap sort does not achieve for
 * small numbers.
 */
#include "json/hash_sort.h"

#include "compiler.h"

/* Up to this many are sorted by insertion. */
#define FEW_HASHES 12

/*
 * The smaller part is sorted first, so there are at most as many pending parts as bits in a count.
 */
#define WAITING_MAX 32

/* Items with all bits above `bit` in common. */
struct span {
    uint32_t first;
    uint32_t count;
    uint32_t bit;
};

static inline uint64_t value_of(const struct mqb_hashed *item)
{
    return (uint64_t)item->hash << 32 | item->number;
}

static void insert(struct mqb_hashed *items, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const struct mqb_hashed item = items[i];
        size_t at = i;
        for (; at != 0 && value_of(&items[at - 1]) > value_of(&item); at--)
            items[at] = items[at - 1];
        items[at] = item;
    }
}

/* Returns the number of items without the bit, which come first. */
static uint32_t split(struct mqb_hashed *items, uint32_t count, uint32_t bit)
{
    uint32_t low = 0;
    uint32_t high = count;
    while (low < high) {
        const struct mqb_hashed item = items[low];
        if ((value_of(&item) >> bit & 1) == 0) {
            low++;
        } else {
            items[low] = items[--high];
            items[high] = item;
        }
    }
    return low;
}

MQB_RARE void mqb_hashed_sort(struct mqb_hashed *items, size_t count)
{
    struct span waiting[WAITING_MAX];
    struct span span = {0, (uint32_t)count, 63};
    size_t depth = 0;
    for (;;) {
        while (span.count > FEW_HASHES) {
            const uint32_t low = split(items + span.first, span.count, span.bit);
            struct span part = {span.first, low, span.bit - 1};
            struct span other = {span.first + low, span.count - low, span.bit - 1};
            span = part.count < other.count ? part : other;
            waiting[depth++] = part.count < other.count ? other : part;
        }
        insert(items + span.first, span.count);
        if (depth == 0)
            return;
        span = waiting[--depth];
    }
}
