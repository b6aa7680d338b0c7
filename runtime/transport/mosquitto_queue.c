/*
 * libmosquitto queues without bound and tells only packet ids, so each publish that
 * it holds has a slot here.
 */
#include "transport/mosquitto_queue.h"

#include "transport/mosquitto_properties.h"

/* Packets have at most this many bytes after the first (MQTT 2.2.3). */
#define PAYLOAD_MAX 268435455

static struct mqb_mosquitto_publish *search_publish(
    struct mqb_mosquitto *m,
    size_t start,
    bool used,
    int mid)
{
    for (size_t i = 0; i < MQB_MOSQUITTO_QUEUE_MAX; i++) {
        struct mqb_mosquitto_publish *slot = &m->publishes[(start + i) % MQB_MOSQUITTO_QUEUE_MAX];
        if (slot->used == used && (!used || slot->mid == mid))
            return slot;
    }
    return NULL;
}

/* What libmosquitto allocates for it, apart from the topic. */
static size_t publish_bytes(const struct mqb_publish *message)
{
    return message->payload.len + mqb_mosquitto_property_bytes(&message->properties);
}

static bool has_room(const struct mqb_mosquitto *m, const struct mqb_publish *message)
{
    return (message->qos != 0 || m->online) && message->payload.len <= PAYLOAD_MAX &&
           message->properties.correlation_data.len <= UINT16_MAX &&
           m->pending < m->settings.queue_max &&
           publish_bytes(message) <= m->settings.queue_max_bytes - m->pending_bytes;
}

struct mqb_mosquitto_publish *mqb_mosquitto_queue_put(
    struct mqb_mosquitto *m,
    const struct mqb_publish *message)
{
    if (!has_room(m, message))
        return NULL;
    struct mqb_mosquitto_publish *slot = search_publish(m, m->oldest + m->pending, false, 0);
    *slot = (struct mqb_mosquitto_publish){
        .used = true,
        .lost_with_connection = message->qos == 0,
        .bytes = publish_bytes(message),
    };
    m->pending++;
    m->pending_bytes += slot->bytes;
    return slot;
}

struct mqb_mosquitto_publish *mqb_mosquitto_queue_find(struct mqb_mosquitto *m, int mid)
{
    return search_publish(m, m->oldest, true, mid);
}

void mqb_mosquitto_queue_free(struct mqb_mosquitto *m, struct mqb_mosquitto_publish *slot)
{
    slot->used = false;
    m->pending--;
    m->pending_bytes -= slot->bytes;
    while (m->pending != 0 && !m->publishes[m->oldest].used)
        m->oldest = (m->oldest + 1) % MQB_MOSQUITTO_QUEUE_MAX;
}

void mqb_mosquitto_forget_volatile(struct mqb_mosquitto *m)
{
    for (size_t i = 0; i < MQB_MOSQUITTO_QUEUE_MAX; i++) {
        struct mqb_mosquitto_publish *slot = &m->publishes[i];
        if (!slot->used || !slot->lost_with_connection)
            continue;
        mqb_mosquitto_queue_free(m, slot);
        m->counters.dropped++;
    }
}
