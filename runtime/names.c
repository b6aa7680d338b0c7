#include "names.h"

#include <string.h>

#include "json_text.h"
#include "scratch.h"

/* A name; or, below the names of an object, the count of the object around it. */
struct entry {
    uint32_t offset; /* Of the opening quote. */
    uint32_t length; /* Twice that, and 1 if there are escapes. */
};

_Static_assert(sizeof(struct entry) <= MQB_TOKEN_BYTES, "a name takes no more than its token");

static struct entry *top(const struct mqb_names *names)
{
    const struct mqb_scratch *scratch = names->scratch;
    return (struct entry *)(void *)(scratch->ptr + (scratch->cap - scratch->reserved));
}

static bool push(struct mqb_names *names, struct entry entry)
{
    struct entry *place =
        mqb_scratch_reserve(names->scratch, sizeof(entry), _Alignof(struct entry));
    names->full = names->full || place == NULL;
    if (place != NULL)
        *place = entry;
    return place != NULL;
}

bool mqb_names_add(struct mqb_names *names, const char *quote, size_t len, bool escapes)
{
    const struct entry entry = {
        .offset = (uint32_t)(quote - names->json),
        .length = (uint32_t)len << 1 | escapes,
    };
    names->count++;
    return push(names, entry);
}

bool mqb_names_open(struct mqb_names *names)
{
    const struct entry entry = {.offset = (uint32_t)names->count};
    names->count = 0;
    return push(names, entry);
}

void mqb_names_close(struct mqb_names *names)
{
    mqb_names_end(names);
    names->count = top(names)->offset;
    names->scratch->reserved -= sizeof(struct entry);
}

/* ---- Comparing ---- */

/* Whether there are escapes decides on the order, so it is asked once for all names of an object.
 */
struct order {
    const char *json;
    bool escapes;
};

static struct mqb_str text_of(const struct order *order, const struct entry *entry)
{
    return (struct mqb_str){order->json + entry->offset + 1, entry->length >> 1};
}

static int compare_texts(const struct order *order, const struct entry *a, const struct entry *b)
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
static bool is_before(const struct order *order, const struct entry *a, const struct entry *b)
{
    const int difference = compare_texts(order, a, b);
    return difference != 0 ? difference < 0 : a->offset < b->offset;
}

/* Let the entry at `root` sink in the heap until none below it is greater. */
static void sift(const struct order *order, struct entry *entries, size_t root, size_t count)
{
    const struct entry entry = entries[root];
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
static void sort(const struct order *order, struct entry *entries, size_t count)
{
    for (size_t root = count / 2; root-- > 0;)
        sift(order, entries, root, count);
    while (count-- > 1) {
        const struct entry last = entries[count];
        entries[count] = entries[0];
        entries[0] = last;
        sift(order, entries, 0, count);
    }
}

static void compare_all(struct mqb_names *names)
{
    struct entry *entries = top(names);
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
    if (names->count > 1)
        compare_all(names);
    names->scratch->reserved -= names->count * sizeof(struct entry);
    names->count = 0;
}
