/*
 * What was handed to libmosquitto cannot be taken back, and it queues without bound. So messages
 * wait in the outbox, and only as many are handed over as may be in flight.
 */
#include "transport/mosquitto_sending.h"

#include <mosquitto.h>
#include <mqtt_protocol.h>

#include "transport/announced.h"
#include "transport/mosquitto_properties.h"
#include "transport/mosquitto_receiving.h"
#include "transport/mosquitto_subscribe.h"
#include "transport/outbox.h"
#include "transport/posix_clock.h"

const char *mqb_mosquitto_refusal(void *context, const struct mqb_publish *message)
{
    const struct mqb_mosquitto *m = context;
    const struct mqb_announced_limit *limit =
        m->mosq && m->online ? mqb_announced_limit_of(&m->limits, message) : NULL;
    return limit ? limit->rule : NULL;
}

enum mqb_status mqb_mosquitto_publish(void *context, const struct mqb_publish *message)
{
    struct mqb_mosquitto *m = context;
    if (!m->mosq)
        return MQB_ERR_TRANSPORT;
    if (mqb_mosquitto_refusal(m, message)) {
        m->counters.messages.rejected++;
        return MQB_ERR_TRANSPORT;
    }
    const enum mqb_status status = mqb_outbox_put(&m->outbox, message, mqb_posix_now(), m->online);
    if (status == MQB_OK)
        mqb_mosquitto_hand_over(m);
    return status;
}

bool mqb_mosquitto_withdraw(void *context, uint64_t token)
{
    struct mqb_mosquitto *m = context;
    return m->mosq && mqb_outbox_withdraw(&m->outbox, token);
}

/* ---- Handing over ---- */

static int pass_on(struct mqb_mosquitto *m, const struct mqb_publish *message)
{
    mosquitto_property *properties = NULL;
    int rc = mqb_mosquitto_add_properties(&properties, &message->properties);
    if (rc == MOSQ_ERR_SUCCESS)
        rc = mosquitto_publish_v5(
            m->mosq, &m->handing_id, message->topic.ptr, (int)message->payload.len,
            message->payload.ptr, message->qos, message->retain, properties);
    mosquitto_property_free_all(&properties);
    return rc;
}

/* With other codes libmosquitto keeps messages of QoS 1 and 2, to send later. */
static bool is_untaken(int rc, const struct mqb_queued *queued)
{
    switch (rc) {
    case MOSQ_ERR_SUCCESS:
        return false;
    case MOSQ_ERR_NOMEM:
    case MOSQ_ERR_INVAL:
    case MOSQ_ERR_PAYLOAD_SIZE:
    case MOSQ_ERR_NOT_SUPPORTED:
    case MOSQ_ERR_MALFORMED_UTF8:
    case MOSQ_ERR_QOS_NOT_SUPPORTED:
    case MOSQ_ERR_OVERSIZE_PACKET:
        return true;
    default:
        return queued->qos == 0;
    }
}

/* A message of QoS 0 can end within libmosquitto's function, before its id is known here. */
static void hand_over_one(struct mqb_mosquitto *m, struct mqb_queued *queued, int64_t now_ms)
{
    struct mqb_publish message = mqb_queue_view(queued);
    message.properties.expiry_s =
        m->settings.protocol == MQTT_PROTOCOL_V5 ? mqb_outbox_seconds_left(queued, now_ms) : 0;
    const struct mqb_announced_limit *limit = mqb_announced_limit_of(&m->limits, &message);
    if (limit) {
        mqb_outbox_end(&m->outbox, queued, MQB_OUTCOME_REFUSED, (uint8_t)limit->reason);
        return;
    }
    m->handing = queued;
    m->handing_id = 0;
    mqb_outbox_set_in_flight(&m->outbox, queued);
    const int rc = pass_on(m, &message);
    const bool has_ended = m->handing == NULL;
    m->handing = NULL;
    if (has_ended)
        return;
    if (is_untaken(rc, queued))
        mqb_outbox_end(&m->outbox, queued, MQB_OUTCOME_DROPPED, 0);
    else
        mqb_queue_set_id(&m->outbox.queue, queued, (uint32_t)m->handing_id);
}

/* Replies must not come before their subscriptions. */
void mqb_mosquitto_hand_over(struct mqb_mosquitto *m)
{
    const int64_t now_ms = mqb_posix_now();
    const bool may_send =
        m->online && !m->handing && !mqb_mosquitto_is_crowded(m) && !mqb_mosquitto_has_filters(m);
    while (may_send && m->online) {
        struct mqb_queued *queued = mqb_outbox_next(&m->outbox, now_ms, m->limits.in_flight_max);
        if (!queued)
            return;
        hand_over_one(m, queued, now_ms);
    }
}

void mqb_mosquitto_end_message(struct mqb_mosquitto *m, int id, int code)
{
    struct mqb_queued *queued = m->handing && m->handing_id == id
                                    ? m->handing
                                    : mqb_queue_find_id(&m->outbox.queue, (uint32_t)id);
    if (!queued)
        return;
    if (queued == m->handing)
        m->handing = NULL;
    if (code >= MQTT_RC_UNSPECIFIED)
        mqb_outbox_end(&m->outbox, queued, MQB_OUTCOME_REFUSED, (uint8_t)code);
    else
        mqb_outbox_end(
            &m->outbox, queued, queued->qos == 0 ? MQB_OUTCOME_SENT : MQB_OUTCOME_CONFIRMED, 0);
}
