/*
 * Received messages and room for replies. libmosquitto acknowledges a message before it passes it
 * on, and the acknowledgements of our own messages come behind those of others. So while the outbox
 * is full, reading goes on as long as acknowledgements are awaited, and messages wait in an inbox,
 * the last quarter of the queue's memory. It needs room for three times as many as the broker sends
 * without an acknowledgement, if as many of ours are in flight.
 */
#include "transport/mosquitto_receiving.h"

#include <errno.h>

#include "transport/outbox.h"
#include "transport/posix_clock.h"

bool mqb_mosquitto_want_read(const struct mqb_mosquitto *m)
{
    if (!m || !m->mosq)
        return false;
    return !mqb_queue_first(&m->inbox, MQB_QUEUE_WAITING) || mqb_outbox_oldest(&m->outbox) != 0;
}

bool mqb_mosquitto_is_crowded(const struct mqb_mosquitto *m)
{
    return mqb_queue_first(&m->inbox, MQB_QUEUE_WAITING) && mqb_outbox_oldest(&m->outbox) != 0;
}

void mqb_mosquitto_pause_if_crowded(const struct mqb_mosquitto *m)
{
    if (mqb_queue_first(&m->inbox, MQB_QUEUE_WAITING) && !m->settings.tls)
        errno = EAGAIN;
}

static void pass_to_client(struct mqb_mosquitto *m, const struct mqb_publish *message)
{
    const int64_t start = mqb_posix_now();
    mqb_client_receive(m->settings.client, message);
    if (mqb_posix_now() - start > (int64_t)m->settings.keepalive_s * 1000)
        m->counters.slow_handlers++;
}

static void pass_first(struct mqb_mosquitto *m, struct mqb_queued *first)
{
    const struct mqb_publish message = mqb_queue_view(first);
    mqb_queue_pin(&m->inbox, first);
    pass_to_client(m, &message);
    mqb_queue_pin(&m->inbox, NULL);
    mqb_queue_free(&m->inbox, first);
}

static void pass_without_room(struct mqb_mosquitto *m, struct mqb_queued *first)
{
    m->counters.handled_without_room++;
    pass_first(m, first);
}

void mqb_mosquitto_receive(struct mqb_mosquitto *m, const struct mqb_publish *message)
{
    struct mqb_queued *first = mqb_queue_first(&m->inbox, MQB_QUEUE_WAITING);
    if (!first && mqb_outbox_has_room_for_reply(&m->outbox)) {
        pass_to_client(m, message);
        return;
    }
    m->counters.deferred++;
    while (!mqb_queue_put(&m->inbox, message)) {
        first = mqb_queue_first(&m->inbox, MQB_QUEUE_WAITING);
        if (!first) {
            m->counters.handled_without_room++;
            pass_to_client(m, message);
            return;
        }
        pass_without_room(m, first);
    }
}

bool mqb_mosquitto_receive_kept(struct mqb_mosquitto *m, size_t most)
{
    struct mqb_queued *first = mqb_queue_first(&m->inbox, MQB_QUEUE_WAITING);
    for (; first && most != 0 && mqb_outbox_has_room_for_reply(&m->outbox); most--) {
        pass_first(m, first);
        first = mqb_queue_first(&m->inbox, MQB_QUEUE_WAITING);
    }
    return first && mqb_outbox_has_room_for_reply(&m->outbox);
}

void mqb_mosquitto_receive_rest(struct mqb_mosquitto *m)
{
    struct mqb_queued *first = mqb_queue_first(&m->inbox, MQB_QUEUE_WAITING);
    while (first) {
        pass_without_room(m, first);
        first = mqb_queue_first(&m->inbox, MQB_QUEUE_WAITING);
    }
}
