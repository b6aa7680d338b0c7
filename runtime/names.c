#include "names.h"

#include <string.h>

#include "json_text.h"

_Static_assert(sizeof(struct mqb_name) <= MQB_TOKEN_BYTES, "a name takes no more than its token");

#define FEW 8

static uintptr_t aligned(uintptr_t address)
{
    return address / _Alignof(struct mqb_name) * _Alignof(struct mqb_name);
}

void mqb_names_begin(
    struct mqb_names *names,
    const char *json,
    struct mqb_scratch *scratch,
    size_t count)
{
    char *end = scratch->ptr + (scratch->cap - scratch->reserved);
    const uintptr_t gap = (uintptr_t)end - aligned((uintptr_t)end);
    const size_t room = scratch->cap - scratch->reserved - scratch->used;
    *names = (struct mqb_names){.json = json, .scratch = scratch, .count = count};
    names->twice = SIZE_MAX;
    if (room < gap)
        return;
    names->top = (struct mqb_name *)(void *)(end - gap);
    names->limit = names->top - (room - gap) / sizeof(struct mqb_name);
}

/* Also tells the most that was needed. */
void mqb_names_keep(struct mqb_names *names)
{
    struct mqb_scratch *scratch = names->scratch;
    const size_t wanted = names->full ? sizeof(struct mqb_name) : 0;
    if (names->top != NULL)
        scratch->reserved = (size_t)(scratch->ptr + scratch->cap - (char *)names->top);
    if (scratch->peak < scratch->used + scratch->reserved + wanted)
        scratch->peak = scratch->used + scratch->reserved + wanted;
}

void mqb_names_close(struct mqb_names *names)
{
    mqb_names_end(names);
    names->count = names->top->offset;
    names->top++;
}

/* ---- Comparing ---- */

/* Whether there are escapes decides on the order, so it is asked once for all names of an object.
 */
struct order {
    const char *json;
    bool escapes;
};

static struct mqb_str text_of(const struct order *order, const struct mqb_name *entry)
{
    return (struct mqb_str){order->json + entry->offset + 1, entry->length >> 1};
}

static int compare_texts(
    const struct order *order,
    const struct mqb_name *a,
    const struct mqb_name *b)
{
    const struct mqb_str text = text_of(order, a);
    const struct mqb_str other = text_of(order, b);
    if (order->escapes)
        return mqb_json_text_compare(text, other);
    if (text.len != other.len)
        return text.len < other.len ? -1 : 1;
    return text.len == 0 ? 0 : memcmp(text.ptr, other.ptr, text.len);
}

/* Equal names in the order of the payload. */
static bool is_before(const struct order *order, const struct mqb_name *a, const struct mqb_name *b)
{
    const int difference = compare_texts(order, a, b);
    return difference != 0 ? difference < 0 : a->offset < b->offset;
}

/* Let the entry at `root` sink in the heap until none below it is greater. */
static void sift(const struct order *order, struct mqb_name *entries, size_t root, size_t count)
{
    const struct mqb_name entry = entries[root];
    for (size_t child = 2 * root + 1; child < count; child = 2 * root + 1) {
        if (child + 1 < count && is_before(order, &entries[child], &entries[child + 1]))
            child++;
        if (!is_before(order, &entry, &entries[child]))
            break;
        entries[root] = entries[child];
        root = child;
    }
    entries[root] = entry;
}

/* A heap needs no memory, and no more time in the worst case. */
static void sort(const struct order *order, struct mqb_name *entries, size_t count)
{
    for (size_t root = count / 2; root-- > 0;)
        sift(order, entries, root, count);
    while (count-- > 1) {
        const struct mqb_name last = entries[count];
        entries[count] = entries[0];
        entries[0] = last;
        sift(order, entries, 0, count);
    }
}

/* Few names are compared each with each; the later ones come first. */
static void compare_few(struct mqb_names *names)
{
    const struct mqb_name *entries = names->top;
    struct order order = {.json = names->json};
    for (size_t later = 0; later < names->count; later++) {
        for (size_t i = later + 1; i < names->count; i++) {
            order.escapes = ((entries[later].length | entries[i].length) & 1) != 0;
            if (entries[later].length != entries[i].length && !order.escapes)
                continue;
            if (entries[later].offset < names->twice &&
                compare_texts(&order, &entries[later], &entries[i]) == 0)
                names->twice = entries[later].offset;
        }
    }
}

static void compare_all(struct mqb_names *names)
{
    struct mqb_name *entries = names->top;
    struct order order = {.json = names->json};
    for (size_t i = 0; i < names->count; i++)
        order.escapes = order.escapes || (entries[i].length & 1) != 0;
    sort(&order, entries, names->count);
    for (size_t i = 1; i < names->count; i++) {
        if (entries[i].offset < names->twice &&
            compare_texts(&order, &entries[i - 1], &entries[i]) == 0)
            names->twice = entries[i].offset;
    }
}

void mqb_names_end(struct mqb_names *names)
{
    if (names->count > FEW)
        compare_all(names);
    else if (names->count > 1)
        compare_few(names);
    mqb_names_keep(names);
    names->top += names->count;
    names->count = 0;
}
