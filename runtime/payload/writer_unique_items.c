/*
 * Unique items, with a buffer that may only have room for the text. Before they are written, the
 * rest of the buffer is at least as long as all of them: each is written at its start in turn, and
 * its fingerprint is stored beyond the longest item. If there is no room for all fingerprints,
 * there are several rounds.
 */
#include <mqbind/detail/writer.h>

#include "json/hash_rounds.h"
#include "json/hash_sort.h"
#include "payload/constraint/check.h"
#include "payload/constraint/fingerprint.h"

enum {
    DONE,
    MEASURE, /* Their total length, and the key, which is derived from all of them. */
    COLLECT,
    FIRST_OF_PAIR, /* Two items have the same half of a fingerprint. */
    SECOND_OF_PAIR,
};

/* ---- The writer ---- */

/* The number of bytes that the next draft may take. */
static void rewind_to(struct mqb_writer *w, const struct mqb_drafts *drafts, size_t room)
{
    w->at = drafts->start;
    w->value = drafts->start;
    w->value_beyond = 0;
    w->beyond = 0;
    w->end = drafts->start + room;
    w->easy = room < MQB_NUMBER_BYTES ? w->buf : w->end - MQB_NUMBER_BYTES + 1;
    w->depth = drafts->depth + 1;
    w->before = ',';
    w->source_end = NULL;
}

static bool finish_drafts(struct mqb_writer *w, struct mqb_drafts *drafts)
{
    rewind_to(w, drafts, (size_t)(drafts->end - drafts->start));
    w->status = MQB_OK;
    w->depth = drafts->depth;
    w->before = drafts->before;
    w->drafting = false;
    drafts->phase = DONE;
    return false;
}

static bool conclude_drafts(struct mqb_writer *w, struct mqb_drafts *drafts, bool distinct)
{
    w->drafted = (size_t)(drafts->start - w->buf);
    w->distinct = distinct;
    return finish_drafts(w, drafts);
}

void mqb_writer_drafts(struct mqb_writer *w, struct mqb_drafts *drafts, size_t count)
{
    *drafts = (struct mqb_drafts){
        .count = count,
        .start = w->at,
        .end = w->end,
        .depth = w->depth,
        .before = w->before,
    };
    if (w->status != MQB_OK || w->beyond != 0 || w->drafting || count <= MQB_DISTINCT_FEW ||
        count > UINT32_MAX || w->depth == MQB_DEPTH_MAX)
        return;
    drafts->item = SIZE_MAX;
    drafts->phase = MEASURE;
    w->drafting = true;
}

/* ---- What was written ---- */

static uint64_t print_of(uint64_t key, struct mqb_str text)
{
    struct mqb_check check = {.steps = UINT64_MAX};
    return mqb_check_fingerprint(&check, key, (struct mqb_json){text.ptr, text.len});
}

/* False if the item is a duplicate. */
static bool take(struct mqb_drafts *drafts, struct mqb_str text)
{
    const uint64_t print = print_of(drafts->key, text);
    switch (drafts->phase) {
    case COLLECT:
        mqb_distinct_add(&drafts->distinct, print, drafts->item);
        return true;
    case FIRST_OF_PAIR:
        drafts->print[0] = print;
        drafts->print[1] = print_of(~drafts->key, text);
        return true;
    case SECOND_OF_PAIR:
        return drafts->print[0] != print || drafts->print[1] != print_of(~drafts->key, text);
    default:
        drafts->key = print;
        drafts->total += text.len + 1;
        if (drafts->longest < text.len)
            drafts->longest = text.len;
        return true;
    }
}

/* ---- What comes next ---- */

static bool begin_round(struct mqb_drafts *drafts)
{
    drafts->phase = COLLECT;
    drafts->item = 0;
    return true;
}

/* All items were collected, or a pair of them differs. */
static bool go_on(struct mqb_writer *w, struct mqb_drafts *drafts)
{
    const struct mqb_distinct *sorted = &drafts->distinct;
    if (mqb_hashed_next_pair(sorted->items, sorted->count, &drafts->pair)) {
        drafts->phase = FIRST_OF_PAIR;
        drafts->item = sorted->items[drafts->pair.later].number;
        return true;
    }
    if (mqb_distinct_more(&drafts->distinct))
        return begin_round(drafts);
    return conclude_drafts(w, drafts, true);
}

/* There is memory after the longest item, unless the text as a whole does not fit. */
static bool begin_rounds(struct mqb_writer *w, struct mqb_drafts *drafts)
{
    const size_t room = (size_t)(drafts->end - drafts->start);
    char *behind = drafts->start + drafts->longest;
    if (drafts->total >= room ||
        !mqb_distinct_begin(&drafts->distinct, drafts->count, behind, room - drafts->longest))
        return finish_drafts(w, drafts);
    return begin_round(drafts);
}

static bool step_draft(struct mqb_writer *w, struct mqb_drafts *drafts)
{
    switch (drafts->phase) {
    case FIRST_OF_PAIR:
        drafts->phase = SECOND_OF_PAIR;
        drafts->item = drafts->distinct.items[drafts->pair.earlier].number;
        return true;
    case SECOND_OF_PAIR:
        return go_on(w, drafts);
    default:
        if (++drafts->item < drafts->count)
            return true;
        if (drafts->phase == MEASURE)
            return begin_rounds(w, drafts);
        mqb_distinct_sort(&drafts->distinct);
        drafts->pair = (struct mqb_hashed_pair){0, 0};
        return go_on(w, drafts);
    }
}

bool mqb_writer_next_draft(struct mqb_writer *w, struct mqb_drafts *drafts)
{
    if (drafts->phase == DONE)
        return false;
    if (w->status != MQB_OK || w->beyond != 0)
        return finish_drafts(w, drafts);
    const struct mqb_str text = {drafts->start, (size_t)(w->at - drafts->start)};
    if (drafts->item != SIZE_MAX && !take(drafts, text))
        return conclude_drafts(w, drafts, false);
    if (!step_draft(w, drafts))
        return false;
    const size_t room = (size_t)(drafts->end - drafts->start);
    rewind_to(w, drafts, drafts->phase == MEASURE ? room : drafts->longest);
    return true;
}
