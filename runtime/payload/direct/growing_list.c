/*
 * The number of items of a list is not known before its end, so it grows at the front of the
 * scratch memory, item by item, while nothing else is reserved there. When something else is, the
 * remaining items are counted, and memory for them is reserved first. So the memory is the same as
 * if the items had been counted in advance.
 */
#include "payload/direct/growing_list.h"

#include "json/bytes.h"
#include "payload/engine.h"
#include "payload/reader.h"

/*
 * Number of items from the one at `at` to the end of their container; arbitrary if the text is not
 * valid JSON.
 */
static size_t count_items(const char *at, const char *end)
{
    size_t count = 1;
    size_t depth = 0;
    while (at != end) {
        const char byte = *at++;
        if (byte == '"')
            at = mqb_bytes_string_end(at, end);
        else if (byte == ',')
            count += depth == 0;
        else if ((byte | 0x20) == '{') /* or [ */
            depth++;
        else if ((byte | 0x20) == '}' && depth-- == 0)
            break;
    }
    return count;
}

void mqb_direct_count_total(const struct mqb_reader *r, struct mqb_list *list)
{
    if (list->total == 0)
        list->total = list->item + count_items(list->mark, r->end);
    if (list->total > list->most)
        list->total = list->most;
}

void mqb_direct_settle(struct mqb_reader *r)
{
    struct mqb_list *list = r->growing;
    if (list == NULL)
        return;
    r->growing = NULL;
    mqb_direct_count_total(r, list);
    if (list->total > list->count)
        mqb_reader_front(r, list->total - list->count, list->size, 1);
}
