/* Publishes and subscriptions on their way, and what becomes of each. */
#include "transport/mosquitto_traffic.h"

#include <string.h>

#include <mosquitto.h>
#include <mqtt_protocol.h>

#include <mqbind/detail/memory.h>

#include "transport/mosquitto_announced.h"
#include "transport/mosquitto_groups.h"
#include "transport/mosquitto_patience.h"
#include "transport/mosquitto_properties.h"
#include "transport/mosquitto_receiving.h"
#include "transport/mosquitto_sending.h"
#include "transport/mosquitto_state.h"
#include "transport/mosquitto_subscribe.h"
#include "transport/mosquitto_text.h"
#include "transport/mosquitto_tls.h"
#include "transport/mosquitto_trace.h"
#include "transport/outbox.h"
#include "transport/posix_clock.h"
#include "transport/posix_entropy.h"

/* A flag of CONNACK (MQTT 3.2.2.2). */
#define SESSION_PRESENT 1

static bool mosquitto_carries_properties(void *context)
{
    const struct mqb_mosquitto *m = context;
    return m->settings.protocol == MQTT_PROTOCOL_V5;
}

static enum mqb_own_messages mosquitto_own_messages(void *context)
{
    const struct mqb_mosquitto *m = context;
    if (m->settings.directions_apart)
        return MQB_OWN_NEVER;
    return m->settings.no_local ? MQB_OWN_LEFT_OUT : MQB_OWN_RETURNED;
}

static void on_publish(
    struct mosquitto *mosq,
    void *context,
    int mid,
    int code,
    const mosquitto_property *properties)
{
    (void)mosq;
    (void)properties;
    mqb_mosquitto_end_message(context, mid, code);
    mqb_mosquitto_pause_if_crowded(context);
}

static uint64_t now_ms(void *context)
{
    (void)context;
    return (uint64_t)mqb_posix_now();
}

struct mqb_transport mqb_mosquitto_transport(struct mqb_mosquitto *m)
{
    if (!m)
        return (struct mqb_transport){.context = NULL};
    return (struct mqb_transport){
        .context = m,
        .publish = mqb_mosquitto_publish,
        .unsubscribe = mqb_mosquitto_unsubscribe,
        .subscribe_many = mqb_mosquitto_subscribe_many,
        .now_ms = now_ms,
        .carries_properties = mosquitto_carries_properties,
        .entropy = mqb_posix_entropy,
        .own_messages = mosquitto_own_messages,
        .withdraw = mqb_mosquitto_withdraw,
        .refusal = mqb_mosquitto_refusal,
    };
}

/* ---- Callbacks from libmosquitto ---- */

static void on_connect(
    struct mosquitto *mosq,
    void *context,
    int code,
    int flags,
    const mosquitto_property *properties)
{
    (void)mosq;
    struct mqb_mosquitto *m = context;
    if (m->online) {
        mqb_mosquitto_end(m, "the broker accepted the client twice");
        return;
    }
    m->answered = true;
    if (code != 0) {
        m->peer_code = code;
        return;
    }
    m->online = true;
    m->since_ms = mqb_posix_now();
    m->counters.connects++;
    if ((flags & SESSION_PRESENT) != 0)
        m->counters.resumed++;
    mqb_mosquitto_take_limits(m, properties);
    mqb_mosquitto_begin_waiting(m);
    /* Here, subscriptions are sent before the messages that libmosquitto still holds. */
    mqb_mosquitto_subscribe_all(m);
    mqb_mosquitto_groups_begin(m);
}

static void on_disconnect(
    struct mosquitto *mosq,
    void *context,
    int code,
    const mosquitto_property *properties)
{
    (void)mosq;
    (void)properties;
    struct mqb_mosquitto *m = context;
    /* Below are libmosquitto's own codes, which the loop gets as well. */
    if (code >= MQTT_RC_UNSPECIFIED)
        m->peer_code = code;
}

static void on_message(
    struct mosquitto *mosq,
    void *context,
    const struct mosquitto_message *received,
    const mosquitto_property *properties)
{
    (void)mosq;
    struct mqb_mosquitto *m = context;
    if (mqb_mosquitto_groups_received(m, received))
        return;
    struct mqb_mosquitto_received extra;
    mqb_mosquitto_read_properties(&extra, properties);
    m->counters.user_properties_omitted += extra.omitted;
    const struct mqb_publish message = {
        .topic = mqb_str_from(received->topic),
        .payload = {received->payload, (size_t)received->payloadlen},
        .qos = received->qos,
        .retain = received->retain,
        .duplicate = received->qos == 1 && m->duplicate,
        .properties = extra.properties,
    };
    mqb_mosquitto_receive(m, &message);
    /* libmosquitto frees these next; a checked build overwrites them first. */
    mqb_memory_fill(received->topic, message.topic.len);
    mqb_memory_fill(received->payload, message.payload.len);
    mqb_mosquitto_free_properties(&extra);
    mqb_mosquitto_pause_if_crowded(m);
}

/*
 * libmosquitto has one code for all TLS errors; only its log says which one it was. A lost peer is
 * not a refusal and may return soon.
 */
static void on_log(struct mosquitto *mosq, void *context, int level, const char *text)
{
    (void)mosq;
    struct mqb_mosquitto *m = context;
    mqb_mosquitto_watch_log(m, level, text);
    mqb_mosquitto_trace(m, level, text);
    if (level != MOSQ_LOG_ERR || m->log[0] != '\0' || strncmp(text, "OpenSSL Error", 13) != 0)
        return;
    if (strstr(text, "unexpected eof"))
        return;
    const char *last = strrchr(text, ':');
    mqb_mosquitto_copy(m->log, sizeof m->log, mqb_mosquitto_tls_text(last ? last + 1 : text));
}

void mqb_mosquitto_listen(struct mqb_mosquitto *m)
{
    mosquitto_connect_v5_callback_set(m->mosq, on_connect);
    mosquitto_disconnect_v5_callback_set(m->mosq, on_disconnect);
    mosquitto_publish_v5_callback_set(m->mosq, on_publish);
    mosquitto_subscribe_callback_set(m->mosq, mqb_mosquitto_on_subscribe);
    mosquitto_message_v5_callback_set(m->mosq, on_message);
    mosquitto_log_callback_set(m->mosq, on_log);
}
