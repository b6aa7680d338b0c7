/* What becomes of messages that are sent: from their acceptance to their outcome. */
#include "transport/outbox.h"

#include <string.h>

#include <mqbind/detail/memory.h>

#include "client/record.h"

/* Messages that expire are looked for at most so often. */
#define EXPIRY_TURN_MS 100

/* ---- Settings ---- */

const char *mqb_outbox_rule(struct mqb_queue_settings *settings)
{
    settings->queue_qos_0 = mqb_flag_is_set(&settings->queue_qos_0);
    if (settings->in_flight_max == 0)
        settings->in_flight_max = 20;
    if (settings->in_flight_bytes == 0)
        settings->in_flight_bytes = 262144;
    if (settings->in_flight_max < 0 || settings->in_flight_max > 65535)
        return "queue.in_flight_max must be 1 to 65535";
    if (settings->when_full != MQB_REFUSE_NEW && settings->when_full != MQB_DROP_OLDEST)
        return "queue.when_full must be MQB_REFUSE_NEW or MQB_DROP_OLDEST";
    if (!settings->memory && settings->bytes != 0)
        return "queue.bytes needs queue.memory";
    return NULL;
}

void mqb_outbox_init(
    struct mqb_outbox *outbox,
    struct mqb_client *client,
    struct mqb_queue_counters *counters,
    const char *(*reason_text)(int code),
    const struct mqb_queue_settings *settings)
{
    memset(outbox, 0, sizeof *outbox);
    outbox->counters = counters;
    outbox->settings = *settings;
    outbox->client = client;
    outbox->reason_text = reason_text;
    outbox->next_expiry_ms = INT64_MAX;
    mqb_queue_init(&outbox->queue, settings->memory, settings->bytes);
}

/* ---- Acceptance ---- */

static bool may_be_queued(
    const struct mqb_outbox *outbox,
    const struct mqb_publish *message,
    bool is_connected)
{
    return !outbox->closing &&
           (message->qos != 0 || is_connected || outbox->settings.queue_qos_0) &&
           mqb_record_fits(message);
}

static void drop_oldest(struct mqb_outbox *outbox, size_t bytes)
{
    struct mqb_queue *queue = &outbox->queue;
    struct mqb_queued *oldest = mqb_queue_first(queue, MQB_QUEUE_WAITING);
    while (oldest && !mqb_queue_has_room(queue, bytes)) {
        mqb_outbox_end(outbox, oldest, MQB_OUTCOME_DROPPED, 0);
        mqb_outbox_report(outbox); /* Until then its topic takes up room. */
        oldest = mqb_queue_first(queue, MQB_QUEUE_WAITING);
    }
}

static struct mqb_queued *put_in_queue(struct mqb_outbox *outbox, const struct mqb_publish *message)
{
    const size_t bytes = mqb_record_bytes(message);
    if (outbox->settings.when_full == MQB_DROP_OLDEST &&
        mqb_queue_could_hold(&outbox->queue, bytes))
        drop_oldest(outbox, bytes);
    struct mqb_queued *queued = mqb_queue_put(&outbox->queue, message);
    if (!queued && (outbox->wanted == 0 || bytes < outbox->wanted))
        outbox->wanted = bytes;
    return queued;
}

static bool keep_if_asked(const struct mqb_outbox *outbox, struct mqb_queued *queued)
{
    const struct mqb_queue_settings *settings = &outbox->settings;
    return queued->qos == 0 || !settings->keep ||
           settings->keep(
               settings->user, queued->token, mqb_queue_seal(queued), queued->record_bytes);
}

static void set_expiry(
    struct mqb_outbox *outbox,
    struct mqb_queued *queued,
    uint32_t expiry_s,
    int64_t now_ms)
{
    if (expiry_s == 0)
        return;
    queued->expires_ms = now_ms + (int64_t)expiry_s * 1000;
    if (queued->expires_ms < outbox->next_expiry_ms)
        outbox->next_expiry_ms = queued->expires_ms;
}

enum mqb_status mqb_outbox_put(
    struct mqb_outbox *outbox,
    const struct mqb_publish *message,
    int64_t now_ms,
    bool is_connected)
{
    struct mqb_queued *queued = NULL;
    if (may_be_queued(outbox, message, is_connected))
        queued = put_in_queue(outbox, message);
    if (queued && !keep_if_asked(outbox, queued)) {
        mqb_queue_free(&outbox->queue, queued);
        queued = NULL;
    }
    if (!queued) {
        outbox->counters->rejected++;
        return MQB_ERR_TRANSPORT;
    }
    set_expiry(outbox, queued, message->properties.expiry_s, now_ms);
    outbox->counters->accepted++;
    if (!is_connected)
        outbox->counters->queued++;
    return MQB_OK;
}

/* ---- On the way ---- */

static bool has_window(
    const struct mqb_outbox *outbox,
    const struct mqb_queued *message,
    size_t window)
{
    const struct mqb_queue_list *list = &outbox->queue.lists[MQB_QUEUE_IN_FLIGHT];
    if (list->count == 0)
        return true;
    const size_t most = (size_t)outbox->settings.in_flight_max;
    return list->count < (window != 0 && window < most ? window : most) &&
           list->bytes < outbox->settings.in_flight_bytes &&
           message->record_bytes <= outbox->settings.in_flight_bytes - list->bytes;
}

struct mqb_queued *mqb_outbox_next(struct mqb_outbox *outbox, int64_t now_ms, size_t window)
{
    struct mqb_queued *first = mqb_queue_first(&outbox->queue, MQB_QUEUE_WAITING);
    while (first && first->expires_ms <= now_ms) {
        mqb_outbox_end(outbox, first, MQB_OUTCOME_EXPIRED, 0);
        first = mqb_queue_first(&outbox->queue, MQB_QUEUE_WAITING);
    }
    return first && has_window(outbox, first, window) ? first : NULL;
}

uint32_t mqb_outbox_seconds_left(const struct mqb_queued *message, int64_t now_ms)
{
    if (message->expires_ms == INT64_MAX)
        return 0;
    const int64_t left_ms = message->expires_ms - now_ms;
    return left_ms > 1000 ? (uint32_t)((left_ms + 999) / 1000) : 1U;
}

void mqb_outbox_set_in_flight(struct mqb_outbox *outbox, struct mqb_queued *message)
{
    mqb_queue_move(&outbox->queue, message, MQB_QUEUE_IN_FLIGHT);
}

bool mqb_outbox_withdraw(struct mqb_outbox *outbox, uint64_t token)
{
    struct mqb_queued *message = mqb_queue_find_token(&outbox->queue, token);
    if (!message || message->state != MQB_QUEUE_WAITING)
        return false;
    mqb_outbox_end(outbox, message, MQB_OUTCOME_CANCELLED, 0);
    return true;
}

void mqb_outbox_lose(struct mqb_outbox *outbox)
{
    struct mqb_queued *message = mqb_queue_first(&outbox->queue, MQB_QUEUE_IN_FLIGHT);
    while (message) {
        struct mqb_queued *next = mqb_queue_next(&outbox->queue, message);
        if (message->qos == 0)
            mqb_outbox_end(outbox, message, MQB_OUTCOME_DROPPED, 0);
        message = next;
    }
}

/* Those that waited go behind those that were in flight. */
void mqb_outbox_take_back(struct mqb_outbox *outbox)
{
    struct mqb_queue *queue = &outbox->queue;
    size_t waiting = queue->lists[MQB_QUEUE_WAITING].count;
    struct mqb_queued *message = mqb_queue_first(queue, MQB_QUEUE_IN_FLIGHT);
    while (message) {
        mqb_queue_set_id(queue, message, 0);
        mqb_queue_move(queue, message, MQB_QUEUE_WAITING);
        message = mqb_queue_first(queue, MQB_QUEUE_IN_FLIGHT);
    }
    for (; waiting != 0; waiting--)
        mqb_queue_move(queue, mqb_queue_first(queue, MQB_QUEUE_WAITING), MQB_QUEUE_WAITING);
}

/* ---- Time ---- */

void mqb_outbox_expire(struct mqb_outbox *outbox, int64_t now_ms)
{
    if (now_ms < outbox->next_expiry_ms)
        return;
    int64_t next_ms = INT64_MAX;
    struct mqb_queued *message = mqb_queue_first(&outbox->queue, MQB_QUEUE_WAITING);
    while (message) {
        struct mqb_queued *next = mqb_queue_next(&outbox->queue, message);
        if (message->expires_ms <= now_ms)
            mqb_outbox_end(outbox, message, MQB_OUTCOME_EXPIRED, 0);
        else if (message->expires_ms < next_ms)
            next_ms = message->expires_ms;
        message = next;
    }
    const int64_t turn_ms = now_ms + EXPIRY_TURN_MS;
    outbox->next_expiry_ms = next_ms < turn_ms ? turn_ms : next_ms;
}

int64_t mqb_outbox_expiry_ms(const struct mqb_outbox *outbox)
{
    return outbox->next_expiry_ms;
}

uint64_t mqb_outbox_oldest(const struct mqb_outbox *outbox)
{
    const struct mqb_queued *message = mqb_queue_first(&outbox->queue, MQB_QUEUE_IN_FLIGHT);
    while (message && message->qos == 0)
        message = mqb_queue_next(&outbox->queue, message);
    return message ? message->token : 0;
}

/* ---- Outcomes ---- */

static uint64_t *counter_for(struct mqb_queue_counters *counters, enum mqb_outcome outcome)
{
    uint64_t *const all[MQB_OUTCOME_COUNT] = {
        [MQB_OUTCOME_SENT] = &counters->sent,       [MQB_OUTCOME_CONFIRMED] = &counters->confirmed,
        [MQB_OUTCOME_REFUSED] = &counters->refused, [MQB_OUTCOME_DROPPED] = &counters->dropped,
        [MQB_OUTCOME_EXPIRED] = &counters->expired, [MQB_OUTCOME_CANCELLED] = &counters->cancelled,
    };
    return all[outcome];
}

void mqb_outbox_end(
    struct mqb_outbox *outbox,
    struct mqb_queued *message,
    enum mqb_outcome outcome,
    uint8_t reason)
{
    message->outcome = (uint8_t)outcome;
    message->reason = reason;
    mqb_queue_move(&outbox->queue, message, MQB_QUEUE_ENDED);
    (*counter_for(outbox->counters, outcome))++;
}

/* The message stays where it is until the client has seen its topic. */
static void report_first(struct mqb_outbox *outbox)
{
    const struct mqb_queue_settings *settings = &outbox->settings;
    struct mqb_queued *message = mqb_queue_first(&outbox->queue, MQB_QUEUE_ENDED);
    const struct mqb_delivery delivery = {
        .token = message->token,
        .outcome = (enum mqb_outcome)message->outcome,
        .topic = mqb_queue_view(message).topic,
        .reason_code = message->reason,
        .reason = message->reason != 0 ? outbox->reason_text(message->reason)
                                       : mqb_outcome_text((enum mqb_outcome)message->outcome),
    };
    mqb_queue_pin(&outbox->queue, message);
    mqb_client_report_delivery(outbox->client, &delivery);
    if (message->qos != 0 && settings->forget && !outbox->closing)
        settings->forget(settings->user, message->token);
    mqb_queue_pin(&outbox->queue, NULL);
    mqb_queue_free(&outbox->queue, message);
}

static void report_room(struct mqb_outbox *outbox)
{
    if (outbox->wanted == 0 || !mqb_queue_has_room(&outbox->queue, outbox->wanted))
        return;
    outbox->wanted = 0;
    mqb_client_report_room(outbox->client);
}

bool mqb_outbox_has_news(const struct mqb_outbox *outbox)
{
    return mqb_queue_first(&outbox->queue, MQB_QUEUE_ENDED) ||
           (outbox->wanted != 0 && mqb_queue_has_room(&outbox->queue, outbox->wanted));
}

void mqb_outbox_report(struct mqb_outbox *outbox)
{
    if (outbox->reporting)
        return;
    outbox->reporting = true;
    for (size_t left = outbox->queue.lists[MQB_QUEUE_ENDED].count; left != 0; left--)
        report_first(outbox);
    report_room(outbox);
    outbox->reporting = false;
}

static void drop_all(struct mqb_outbox *outbox, enum mqb_queue_state state)
{
    struct mqb_queued *message = mqb_queue_first(&outbox->queue, state);
    while (message) {
        mqb_outbox_end(outbox, message, MQB_OUTCOME_DROPPED, 0);
        message = mqb_queue_first(&outbox->queue, state);
    }
}

void mqb_outbox_close(struct mqb_outbox *outbox)
{
    mqb_outbox_report(outbox); /* What ended before is no longer needed. */
    outbox->closing = true;
    outbox->wanted = 0;
    drop_all(outbox, MQB_QUEUE_IN_FLIGHT);
    drop_all(outbox, MQB_QUEUE_WAITING);
    mqb_outbox_report(outbox);
}

/* ---- Room ---- */

size_t mqb_outbox_pending(const struct mqb_outbox *outbox)
{
    return outbox->queue.lists[MQB_QUEUE_WAITING].count +
           outbox->queue.lists[MQB_QUEUE_IN_FLIGHT].count;
}

size_t mqb_outbox_pending_bytes(const struct mqb_outbox *outbox)
{
    return outbox->queue.lists[MQB_QUEUE_WAITING].bytes +
           outbox->queue.lists[MQB_QUEUE_IN_FLIGHT].bytes;
}

bool mqb_outbox_has_room_for_reply(const struct mqb_outbox *outbox)
{
    const struct mqb_queue_settings *settings = &outbox->settings;
    const struct mqb_publish empty = {.qos = 0};
    const size_t quarter = settings->bytes / 4U;
    size_t bytes = settings->reply_bytes;
    if (bytes == 0)
        bytes = outbox->client->config.send_buffer_bytes;
    if (bytes > quarter)
        bytes = quarter;
    return settings->when_full == MQB_DROP_OLDEST ||
           mqb_queue_has_room(&outbox->queue, mqb_record_bytes(&empty) + bytes);
}
