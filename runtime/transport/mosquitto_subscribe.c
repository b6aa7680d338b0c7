/*
 * Subscriptions: as many filters in one SUBSCRIBE as fit, a few packets at a time. Each packet
 * keeps its filters until the broker has answered it, so that every refused one can be named.
 */
#include "transport/mosquitto_subscribe.h"

#include <string.h>

#include <mosquitto.h>
#include <mqtt_protocol.h>

#include "transport/announced.h"
#include "transport/mosquitto_groups.h"
#include "transport/mosquitto_text.h"

#define TRANSPORT_REFUSED "the transport refused the subscription"

/* A SUBSCRIBE that is being filled. Each QoS needs one. */
struct batch {
    char *filters[MQB_MOSQUITTO_FILTERS_MAX];
    int count;
    size_t used; /* Of the memory of its packet. */
    size_t bytes; /* On the network. */
    int qos;
};

static struct mqb_mosquitto_subscribe *find_packet(struct mqb_mosquitto *m, int mid)
{
    for (size_t i = 0; i < MQB_MOSQUITTO_SUBSCRIBES_MAX; i++) {
        if (m->subscribes[i].mid == mid)
            return &m->subscribes[i];
    }
    return NULL;
}

static bool fits_packet(const struct mqb_mosquitto *m, size_t bytes)
{
    return m->limits.packet_max == 0 || bytes <= m->limits.packet_max;
}

/* Why the filter cannot be sent at all, or NULL. */
static const char *filter_rule(const struct mqb_mosquitto *m, struct mqb_str filter)
{
    if (mosquitto_validate_utf8(filter.ptr, (int)filter.len) != MOSQ_ERR_SUCCESS ||
        mosquitto_sub_topic_check2(filter.ptr, filter.len) != MOSQ_ERR_SUCCESS)
        return TRANSPORT_REFUSED;
    return mqb_announced_filter_rule(&m->limits, filter);
}

/* The next filter that can be sent. Others are reported, in the memory that comes after `used`. */
static bool peek_filter(
    struct mqb_mosquitto *m,
    struct mqb_filter *filter,
    struct mqb_mosquitto_subscribe *packet,
    size_t used)
{
    struct mqb_client *client = m->settings.client;
    while (mqb_client_peek_filter(client, filter)) {
        const char *rule = filter_rule(m, filter->text);
        if (!rule)
            return true;
        mqb_client_pop_filter(client);
        char *copy = packet->filters + used;
        mqb_mosquitto_copy(copy, sizeof packet->filters - used, filter->text.ptr);
        m->counters.subscribes++;
        m->counters.subscribes_refused++;
        mqb_client_refuse_filter(client, mqb_str_from(copy), rule);
    }
    return false;
}

static bool has_packet_room(
    const struct mqb_mosquitto *m,
    const struct batch *batch,
    const struct mqb_filter *filter)
{
    return batch->count < m->settings.filters_per_subscribe && filter->qos == batch->qos &&
           filter->text.len + 1 < MQB_MOSQUITTO_SUBSCRIBE_BYTES - batch->used &&
           fits_packet(m, batch->bytes + MQB_FILTER_OVERHEAD + filter->text.len);
}

/* Copy a filter, cut if it does not fit. */
static void add_filter(
    struct batch *batch,
    struct mqb_mosquitto_subscribe *packet,
    const struct mqb_filter *filter)
{
    char *copy = packet->filters + batch->used;
    const size_t room = sizeof packet->filters - batch->used;
    mqb_mosquitto_copy(copy, room, filter->text.ptr);
    batch->filters[batch->count++] = copy;
    batch->used += filter->text.len < room ? filter->text.len + 1 : room;
    batch->bytes += MQB_FILTER_OVERHEAD + filter->text.len;
}

/* Codes for which the library did not accept the packet. With others the connection is lost. */
static bool is_unsubscribable(int rc)
{
    return rc == MOSQ_ERR_NOMEM || rc == MOSQ_ERR_INVAL || rc == MOSQ_ERR_MALFORMED_UTF8 ||
           rc == MOSQ_ERR_OVERSIZE_PACKET || rc == MOSQ_ERR_NOT_SUPPORTED;
}

static void refuse_all(
    struct mqb_mosquitto *m,
    const struct mqb_mosquitto_subscribe *packet,
    int count,
    const char *rule)
{
    const char *filter = packet->filters;
    for (int i = 0; i < count; i++) {
        mqb_client_refuse_filter(m->settings.client, mqb_str_from(filter), rule);
        filter += strlen(filter) + 1;
    }
}

/* Send the filter, and those after it that fit into the same packet. False: the connection broke.
 */
static bool send_packet(
    struct mqb_mosquitto *m,
    struct mqb_mosquitto_subscribe *packet,
    struct mqb_filter *filter)
{
    struct batch batch;
    int mid = 0;
    int rc;
    batch.count = 0;
    batch.used = 0;
    batch.bytes = MQB_SUBSCRIBE_OVERHEAD;
    batch.qos = filter->qos;
    const int options = m->settings.no_local ? MQTT_SUB_OPT_NO_LOCAL : 0;
    if (filter->text.len + 1 >= sizeof packet->filters) {
        add_filter(&batch, packet, filter);
        rc = mosquitto_subscribe_v5(m->mosq, &mid, filter->text.ptr, batch.qos, options, NULL);
        mqb_client_pop_filter(m->settings.client);
    } else {
        do {
            add_filter(&batch, packet, filter);
            mqb_client_pop_filter(m->settings.client);
        } while (peek_filter(m, filter, packet, batch.used) && has_packet_room(m, &batch, filter));
        rc = mosquitto_subscribe_multiple(
            m->mosq, &mid, batch.count, batch.filters, batch.qos, options, NULL);
    }
    if (is_unsubscribable(rc)) {
        refuse_all(m, packet, batch.count, TRANSPORT_REFUSED);
        return true;
    }
    if (rc != MOSQ_ERR_SUCCESS)
        return false;
    packet->mid = mid;
    packet->count = batch.count;
    m->subscribing += (size_t)batch.count;
    m->counters.subscribes += (uint64_t)batch.count;
    packet->number = m->counters.subscribes;
    return true;
}

/* Everything is answered: say so, once until there are new subscriptions. */
static void report_subscribed(struct mqb_mosquitto *m)
{
    if (m->all_answered || !m->online)
        return;
    m->all_answered = true;
    if (m->settings.on_subscribed)
        m->settings.on_subscribed(m->settings.user, mqb_mosquitto_filters_refused(m));
}

/* Functions of the application that are called meanwhile may bind. */
static void send_more(struct mqb_mosquitto *m)
{
    struct mqb_filter filter;
    if (m->sending_filters)
        return;
    m->sending_filters = true;
    struct mqb_mosquitto_subscribe *packet = find_packet(m, 0);
    bool unbroken = true;
    while (unbroken && packet && peek_filter(m, &filter, packet, 0)) {
        m->all_answered = false;
        unbroken = send_packet(m, packet, &filter);
        packet = find_packet(m, 0);
    }
    m->sending_filters = false;
    if (unbroken && m->subscribing == 0)
        report_subscribed(m);
}

bool mqb_mosquitto_has_filters(const struct mqb_mosquitto *m)
{
    struct mqb_filter filter;
    return mqb_client_peek_filter(m->settings.client, &filter);
}

size_t mqb_mosquitto_filters_refused(const struct mqb_mosquitto *m)
{
    return (size_t)(m->settings.client->counters.subscribe_failures - m->failures_before);
}

void mqb_mosquitto_subscribe_all(struct mqb_mosquitto *m)
{
    m->failures_before = m->settings.client->counters.subscribe_failures;
    mqb_client_subscribe_all(m->settings.client);
    /* Nothing may be bound. */
    send_more(m);
}

enum mqb_status mqb_mosquitto_subscribe_many(void *context)
{
    struct mqb_mosquitto *m = context;
    if (!m->mosq)
        return MQB_ERR_TRANSPORT;
    /* Without a connection there is nothing to do: each new one subscribes to everything. */
    if (m->online)
        send_more(m);
    else
        mqb_client_forget_filters(m->settings.client);
    return MQB_OK;
}

enum mqb_status mqb_mosquitto_unsubscribe(void *context, const char *filter)
{
    struct mqb_mosquitto *m = context;
    if (!m->mosq)
        return MQB_ERR_TRANSPORT;
    if (!m->online)
        return MQB_OK;
    return is_unsubscribable(mosquitto_unsubscribe(m->mosq, NULL, filter)) ? MQB_ERR_TRANSPORT
                                                                           : MQB_OK;
}

/* ---- Answers ---- */

static const char *answer_rule(const struct mqb_mosquitto *m, int code)
{
    if (code <= 2)
        return NULL;
    if (m->settings.protocol == MQTT_PROTOCOL_V5)
        return mosquitto_reason_string(code);
    return "the broker refused the subscription";
}

static void take_answer(struct mqb_mosquitto *m, const char *filter, const char *rule)
{
    m->subscribing--;
    if (!rule) {
        m->counters.granted++;
        return;
    }
    m->counters.subscribes_refused++;
    mqb_client_refuse_filter(m->settings.client, mqb_str_from(filter), rule);
}

void mqb_mosquitto_on_subscribe(
    struct mosquitto *mosq,
    void *context,
    int mid,
    int count,
    const int *codes)
{
    (void)mosq;
    struct mqb_mosquitto *m = context;
    const bool granted = count == 1 && codes[0] <= 2;
    struct mqb_mosquitto_subscribe *packet = mid != 0 ? find_packet(m, mid) : NULL;
    if (mqb_mosquitto_groups_answered(m, mid, granted) || !packet)
        return;
    const char *filter = packet->filters;
    for (int i = 0; i < packet->count; i++) {
        const char *rule = count == packet->count
                               ? answer_rule(m, codes[i])
                               : "the broker's answer does not fit the subscription";
        take_answer(m, filter, rule);
        filter += strlen(filter) + 1;
    }
    packet->mid = 0;
    send_more(m);
}

uint64_t mqb_mosquitto_oldest_subscribe(const struct mqb_mosquitto *m)
{
    uint64_t oldest = 0;
    for (size_t i = 0; i < MQB_MOSQUITTO_SUBSCRIBES_MAX; i++) {
        const struct mqb_mosquitto_subscribe *packet = &m->subscribes[i];
        if (packet->mid != 0 && (oldest == 0 || packet->number < oldest))
            oldest = packet->number;
    }
    return oldest;
}

void mqb_mosquitto_forget_subscribes(struct mqb_mosquitto *m)
{
    for (size_t i = 0; i < MQB_MOSQUITTO_SUBSCRIBES_MAX; i++)
        m->subscribes[i].mid = 0;
    m->counters.subscribes_lost += m->subscribing;
    m->subscribing = 0;
    m->all_answered = false;
    mqb_client_forget_filters(m->settings.client);
}
