/* The memory of a queue: records, lists, hash tables. */
#include "transport/queue.h"

#include <stdint.h>
#include <string.h>

#include <mqbind/detail/memory.h>

#include "client/record.h"

#define UNIT 8U
#define HEAD_UNITS (sizeof(struct mqb_queued) / UNIT)
/* About a bucket for each message. */
#define UNITS_PER_BUCKET 32U

_Static_assert(sizeof(struct mqb_queued) % UNIT == 0, "records are aligned");

/* ---- Places ---- */

/* Behind so many units. */
static struct mqb_queued *message_behind(const struct mqb_queue *queue, uint32_t units)
{
    return (struct mqb_queued *)(void *)(queue->memory + (size_t)units * UNIT);
}

static struct mqb_queued *message_at(const struct mqb_queue *queue, uint32_t place)
{
    return place != 0 ? message_behind(queue, place - 1U) : NULL;
}

static uint32_t place_of(const struct mqb_queue *queue, const struct mqb_queued *message)
{
    return (uint32_t)((size_t)((const char *)message - queue->memory) / UNIT) + 1;
}

static char *record_of(struct mqb_queued *message)
{
    return (char *)message + sizeof *message;
}

static size_t units_for(size_t record_bytes)
{
    return HEAD_UNITS + record_bytes / UNIT + (record_bytes % UNIT != 0 ? 1U : 0U);
}

void mqb_queue_init(struct mqb_queue *queue, void *memory, size_t bytes)
{
    memset(queue, 0, sizeof *queue);
    const size_t gap = (UNIT - (uintptr_t)memory % UNIT) % UNIT;
    if (!memory || bytes < gap)
        return;
    size_t units = (bytes - gap) / UNIT;
    if (units > UINT32_MAX - 1U)
        units = UINT32_MAX - 1U;
    uint32_t buckets = 1;
    while ((size_t)buckets * 2U * UNITS_PER_BUCKET <= units)
        buckets *= 2U;
    if (units < buckets)
        return;
    /* Two tables of four bytes a bucket are as many units as buckets. */
    char *start = (char *)memory + gap;
    memset(start, 0, (size_t)buckets * UNIT);
    queue->by_token = (uint32_t *)(void *)start;
    queue->by_id = queue->by_token + buckets;
    queue->buckets = buckets;
    queue->memory = start + (size_t)buckets * UNIT;
    queue->units = (uint32_t)units - buckets;
}

/* ---- Hash tables ---- */

static uint32_t *token_bucket(const struct mqb_queue *queue, uint64_t token)
{
    return &queue->by_token[token & (queue->buckets - 1U)];
}

static uint32_t *id_bucket(const struct mqb_queue *queue, uint32_t id)
{
    return &queue->by_id[id & (queue->buckets - 1U)];
}

struct mqb_queued *mqb_queue_find_token(const struct mqb_queue *queue, uint64_t token)
{
    if (queue->buckets == 0)
        return NULL;
    struct mqb_queued *message = message_at(queue, *token_bucket(queue, token));
    while (message && message->token != token)
        message = message_at(queue, message->next_token);
    return message;
}

struct mqb_queued *mqb_queue_find_id(const struct mqb_queue *queue, uint32_t id)
{
    if (queue->buckets == 0)
        return NULL;
    struct mqb_queued *message = message_at(queue, *id_bucket(queue, id));
    while (message && message->id != id)
        message = message_at(queue, message->next_id);
    return message;
}

static void add_token(struct mqb_queue *queue, struct mqb_queued *message)
{
    uint32_t *bucket = token_bucket(queue, message->token);
    message->next_token = *bucket;
    *bucket = place_of(queue, message);
}

static void remove_token(struct mqb_queue *queue, const struct mqb_queued *message)
{
    uint32_t *link = token_bucket(queue, message->token);
    while (message_at(queue, *link) != message)
        link = &message_at(queue, *link)->next_token;
    *link = message->next_token;
}

static void remove_id(struct mqb_queue *queue, struct mqb_queued *message)
{
    if (message->id == 0)
        return;
    uint32_t *link = id_bucket(queue, message->id);
    while (message_at(queue, *link) != message)
        link = &message_at(queue, *link)->next_id;
    *link = message->next_id;
    message->id = 0;
}

void mqb_queue_set_id(struct mqb_queue *queue, struct mqb_queued *message, uint32_t id)
{
    remove_id(queue, message);
    if (id == 0)
        return;
    uint32_t *bucket = id_bucket(queue, id);
    message->id = id;
    message->next_id = *bucket;
    *bucket = place_of(queue, message);
}

/* ---- Lists ---- */

static void link_last(
    struct mqb_queue *queue,
    struct mqb_queued *message,
    enum mqb_queue_state state)
{
    struct mqb_queue_list *list = &queue->lists[state];
    const uint32_t place = place_of(queue, message);
    message->state = (uint8_t)state;
    message->next = 0;
    message->previous = list->last;
    if (list->last != 0)
        message_at(queue, list->last)->next = place;
    else
        list->first = place;
    list->last = place;
    list->count++;
    list->bytes += message->record_bytes;
}

static void unlink_message(struct mqb_queue *queue, const struct mqb_queued *message)
{
    struct mqb_queue_list *list = &queue->lists[message->state];
    if (message->previous != 0)
        message_at(queue, message->previous)->next = message->next;
    else
        list->first = message->next;
    if (message->next != 0)
        message_at(queue, message->next)->previous = message->previous;
    else
        list->last = message->previous;
    list->count--;
    list->bytes -= message->record_bytes;
}

struct mqb_queued *mqb_queue_first(const struct mqb_queue *queue, enum mqb_queue_state state)
{
    return message_at(queue, queue->lists[state].first);
}

struct mqb_queued *mqb_queue_next(const struct mqb_queue *queue, const struct mqb_queued *message)
{
    return message_at(queue, message->next);
}

/* ---- Memory ---- */

/* Whoever walks through the memory passes over these units. */
static void mark_unused(struct mqb_queued *start, uint32_t units)
{
    start->units = units;
    start->state = MQB_QUEUE_FREE;
    mqb_memory_fill((char *)start + UNIT, (size_t)(units - 1U) * UNIT);
}

/* Where each message goes: to the front, but none across one that must stay. */
static uint32_t plan_moves(struct mqb_queue *queue)
{
    uint32_t to = 1;
    for (uint32_t place = 1; place <= queue->end;) {
        struct mqb_queued *message = message_at(queue, place);
        if (message->state != MQB_QUEUE_FREE) {
            to = place == queue->pinned || place == queue->held ? place : to;
            message->destination = to;
            to += message->units;
        }
        place += message->units;
    }
    return to - 1;
}

static void redirect(const struct mqb_queue *queue, uint32_t *link)
{
    if (*link != 0)
        *link = message_at(queue, *link)->destination;
}

static void redirect_all(struct mqb_queue *queue)
{
    for (uint32_t place = 1; place <= queue->end;) {
        struct mqb_queued *message = message_at(queue, place);
        place += message->units;
        if (message->state == MQB_QUEUE_FREE)
            continue;
        redirect(queue, &message->next);
        redirect(queue, &message->previous);
        redirect(queue, &message->next_token);
        if (message->id != 0)
            redirect(queue, &message->next_id);
    }
    for (uint32_t i = 0; i < queue->buckets; i++) {
        redirect(queue, &queue->by_token[i]);
        redirect(queue, &queue->by_id[i]);
    }
    for (size_t i = 0; i < MQB_QUEUE_LISTS; i++) {
        redirect(queue, &queue->lists[i].first);
        redirect(queue, &queue->lists[i].last);
    }
}

static void move_all(struct mqb_queue *queue)
{
    uint32_t filled = 1;
    for (uint32_t place = 1; place <= queue->end;) {
        struct mqb_queued *message = message_at(queue, place);
        const uint32_t units = message->units;
        if (message->state != MQB_QUEUE_FREE) {
            const uint32_t to = message->destination;
            memmove(message_at(queue, to), message, (size_t)units * UNIT);
            if (filled < to)
                mark_unused(message_at(queue, filled), to - filled);
            filled = to + units;
        }
        place += units;
    }
}

static void compact(struct mqb_queue *queue)
{
    const uint32_t end = plan_moves(queue);
    redirect_all(queue);
    move_all(queue);
    queue->end = end;
}

/* Whether messages that are gone left so much memory that moving the others is worth it. */
static bool is_worth_moving(const struct mqb_queue *queue)
{
    const uint32_t unused = queue->end - queue->used;
    return unused >= queue->units / 16U || unused >= queue->used;
}

bool mqb_queue_could_hold(const struct mqb_queue *queue, size_t record_bytes)
{
    return units_for(record_bytes) <= queue->units;
}

bool mqb_queue_has_room(const struct mqb_queue *queue, size_t record_bytes)
{
    const size_t units = units_for(record_bytes);
    const uint32_t taken = is_worth_moving(queue) ? queue->used : queue->end;
    return units <= queue->units - taken;
}

/* A pinned message can keep the room from being in one piece. */
static bool claim_units(struct mqb_queue *queue, size_t units)
{
    if (units > queue->units - queue->end && is_worth_moving(queue))
        compact(queue);
    return units <= queue->units - queue->end;
}

struct mqb_queued *mqb_queue_put(struct mqb_queue *queue, const struct mqb_publish *message)
{
    if (!mqb_record_fits(message))
        return NULL;
    const size_t bytes = mqb_record_bytes(message);
    const size_t units = units_for(bytes);
    if (bytes > UINT32_MAX || !claim_units(queue, units))
        return NULL;
    struct mqb_queued *queued = message_behind(queue, queue->end);
    memset(queued, 0, sizeof *queued);
    queued->units = (uint32_t)units;
    queued->qos = (uint8_t)message->qos;
    queued->token = message->token;
    queued->expires_ms = INT64_MAX;
    queued->record_bytes = (uint32_t)bytes;
    mqb_record_write(message, record_of(queued));
    queue->end += (uint32_t)units;
    queue->used += (uint32_t)units;
    link_last(queue, queued, MQB_QUEUE_WAITING);
    add_token(queue, queued);
    return queued;
}

static void strip_to_topic(struct mqb_queue *queue, struct mqb_queued *message)
{
    message->record_bytes = (uint32_t)mqb_record_strip(record_of(message));
    const uint32_t units = (uint32_t)units_for(message->record_bytes);
    const uint32_t rest = message->units - units;
    if (rest == 0)
        return;
    message->units = units;
    mark_unused(message_at(queue, place_of(queue, message) + units), rest);
    queue->used -= rest;
}

void mqb_queue_move(struct mqb_queue *queue, struct mqb_queued *message, enum mqb_queue_state state)
{
    unlink_message(queue, message);
    if (state == MQB_QUEUE_ENDED) {
        remove_id(queue, message);
        strip_to_topic(queue, message);
    }
    link_last(queue, message, state);
}

void mqb_queue_free(struct mqb_queue *queue, struct mqb_queued *message)
{
    unlink_message(queue, message);
    remove_id(queue, message);
    remove_token(queue, message);
    queue->used -= message->units;
    mark_unused(message, message->units);
    if (queue->used == 0)
        queue->end = 0;
}

void mqb_queue_hold(struct mqb_queue *queue, const struct mqb_queued *message)
{
    queue->held = message ? place_of(queue, message) : 0;
}

void mqb_queue_pin(struct mqb_queue *queue, const struct mqb_queued *message)
{
    queue->pinned = message ? place_of(queue, message) : 0;
}

const void *mqb_queue_seal(struct mqb_queued *message)
{
    mqb_record_seal(record_of(message), message->record_bytes);
    return record_of(message);
}

bool mqb_queue_copy(
    const struct mqb_queued *message,
    void *to,
    size_t size,
    struct mqb_publish *view)
{
    if (message->record_bytes > size)
        return false;
    memcpy(to, (const char *)message + sizeof *message, message->record_bytes);
    mqb_record_read(to, view);
    view->token = message->token;
    return true;
}

struct mqb_publish mqb_queue_view(struct mqb_queued *message)
{
    struct mqb_publish view;
    mqb_record_read(record_of(message), &view);
    view.token = message->token;
    return view;
}
