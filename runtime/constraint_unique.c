/*
 * Unique items. Only values with the same fingerprint can be equal, so the fingerprints are sorted,
 * as many at a time as there is memory for: each pass over the array takes the lowest ones from
 * where the last pass ended.
 */
#include "constraint.h"

#include "json.h"
#include "rare.h"

/* Fingerprints that fit on the stack. */
#define FEW 64

struct item {
    uint64_t print;
    const char *ptr;
};

/* A heap: an item's children, at 2i + 1 and 2i + 2, have no higher fingerprint. */
struct table {
    struct item *items;
    size_t count;
    size_t cap;
    bool full; /* There were more, and the highest were left out. */
};

/* ---- The heap ---- */

/* Put an item in at `at`, or further down. */
static void sift(struct table *table, size_t at, struct item item)
{
    for (;;) {
        size_t child = 2 * at + 1;
        if (child + 1 < table->count && table->items[child + 1].print > table->items[child].print)
            child++;
        if (child >= table->count || table->items[child].print <= item.print)
            break;
        table->items[at] = table->items[child];
        at = child;
    }
    table->items[at] = item;
}

static void append(struct table *table, struct item item)
{
    size_t at = table->count++;
    while (at != 0 && table->items[(at - 1) / 2].print < item.print) {
        table->items[at] = table->items[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    table->items[at] = item;
}

/* Keep the lowest fingerprints. */
static void keep(struct table *table, struct item item)
{
    if (table->count < table->cap) {
        append(table, item);
        return;
    }
    table->full = true;
    if (item.print < table->items[0].print)
        sift(table, 0, item);
}

/* Lowest first. */
static void sort(struct table *table)
{
    const size_t count = table->count;
    while (table->count > 1) {
        const struct item last = table->items[--table->count];
        table->items[table->count] = table->items[0];
        sift(table, 0, last);
    }
    table->count = count;
}

/* ---- Passes ---- */

/* Fill the table with the lowest fingerprints from `low` on. */
static void collect(
    struct mqb_check *check,
    struct table *table,
    struct mqb_json array,
    uint64_t low)
{
    struct mqb_json_walk walk = mqb_check_begin(array);
    struct mqb_json value;
    table->count = 0;
    table->full = false;
    while (mqb_check_next(check, &walk, NULL, &value)) {
        const uint64_t print = mqb_check_print(check, value);
        if (print >= low)
            keep(table, (struct item){print, value.ptr});
    }
}

static struct mqb_json value_at(struct mqb_json array, const char *ptr)
{
    const struct mqb_str rest = {ptr, array.len - (size_t)(ptr - array.ptr)};
    return (struct mqb_json){ptr, mqb_json_value_end(rest, 0)};
}

/* True if an item of the sorted table equals one before it. */
static bool has_equal(struct mqb_check *check, const struct table *table, struct mqb_json array)
{
    for (size_t i = 1; i < table->count; i++) {
        const struct item *item = &table->items[i];
        for (size_t j = i; j-- > 0 && table->items[j].print == item->print;) {
            const struct mqb_json value = value_at(array, item->ptr);
            if (mqb_check_equal(check, value, value_at(array, table->items[j].ptr)))
                return true;
        }
    }
    return false;
}

static bool is_unique(struct mqb_check *check, struct table *table, struct mqb_json array)
{
    uint64_t low = 0;
    do {
        collect(check, table, array, low);
        mqb_check_spend(check, table->count);
        sort(table);
        if (has_equal(check, table, array))
            return false;
        if (!table->full)
            return true;
        /*
         * Items with the highest fingerprint of these may have been left out. If it is the lowest
         * too, there is no end: so many different values have one fingerprint by design only.
         */
        low = table->items[table->count - 1].print;
    } while (check->steps != 0);
    return false;
}

MQB_RARE static bool is_unique_on_stack(struct mqb_check *check, struct mqb_json array)
{
    struct item items[FEW];
    struct table table = {.items = items, .cap = FEW};
    return is_unique(check, &table, array);
}

MQB_RARE static bool is_unique_in(
    struct mqb_check *check,
    struct table table,
    struct mqb_json array)
{
    return is_unique(check, &table, array);
}

/* What is free of the scratch memory, as a table. */
static struct table free_table(const struct mqb_scratch *scratch)
{
    const size_t align = _Alignof(struct item);
    const size_t room = scratch->cap - scratch->used - scratch->reserved;
    const uintptr_t start = (uintptr_t)scratch->ptr + scratch->used;
    const size_t gap = (align - start % align) % align;
    if (scratch->ptr == NULL || gap > room)
        return (struct table){.cap = 0};
    return (struct table){
        .items = (void *)(scratch->ptr + scratch->used + gap),
        .cap = (room - gap) / sizeof(struct item),
    };
}

bool mqb_check_unique(struct mqb_check *check, struct mqb_json array)
{
    const struct table table = free_table(&check->scratch);
    if (table.cap > FEW)
        return is_unique_in(check, table, array);
    return is_unique_on_stack(check, array);
}
