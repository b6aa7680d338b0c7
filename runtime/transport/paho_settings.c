/* Settings of a connection through paho, and how it starts. */
#include <stdio.h>
#include <string.h>

#include <MQTTAsync.h>

#include <mqbind/detail/memory.h>

#include "transport/outbox.h"
#include "transport/paho_calls.h"
#include "transport/paho_reason.h"
#include "transport/paho_sending.h"
#include "transport/paho_subscribe.h"
#include "transport/paho_threads.h"
#include "transport/paho_tls.h"
#include "transport/posix_clock.h"
#include "transport/posix_entropy.h"
#include "transport/posix_pipe.h"

static uint64_t paho_now_ms(void *context)
{
    (void)context;
    return (uint64_t)mqb_posix_now();
}

static bool paho_carries_properties(void *context)
{
    const struct mqb_paho *p = context;
    return p->settings.protocol == MQTTVERSION_5;
}

static enum mqb_own_messages paho_own_messages(void *context)
{
    const struct mqb_paho *p = context;
    if (p->settings.directions_apart)
        return MQB_OWN_NEVER;
    return p->settings.no_local ? MQB_OWN_LEFT_OUT : MQB_OWN_RETURNED;
}

struct mqb_transport mqb_paho_transport(struct mqb_paho *p)
{
    if (!p)
        return (struct mqb_transport){.context = NULL};
    return (struct mqb_transport){
        .context = p,
        .publish = mqb_paho_publish,
        .unsubscribe = mqb_paho_unsubscribe,
        .subscribe_many = mqb_paho_subscribe_many,
        .now_ms = paho_now_ms,
        .carries_properties = paho_carries_properties,
        .entropy = mqb_posix_entropy,
        .own_messages = paho_own_messages,
        .withdraw = mqb_paho_withdraw,
        .refusal = mqb_paho_refusal,
    };
}

static int paho_or_default(int value, int replacement)
{
    return value != 0 ? value : replacement;
}

/* Whatever byte is in them. */
static void settle_paho_flags(struct mqb_paho_settings *s)
{
    bool *const flags[] = {&s->no_local, &s->directions_apart, &s->tls, &s->insecure};
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
        *flags[i] = mqb_flag_is_set(flags[i]);
}

static void paho_complete(struct mqb_paho_settings *s)
{
    settle_paho_flags(s);
    s->host = s->host ? s->host : "localhost";
    s->tls = mqb_paho_uses_tls(s);
    s->port = paho_or_default(s->port, s->tls ? 8883 : 1883);
    s->protocol = paho_or_default(s->protocol, MQTTVERSION_3_1_1);
    s->keepalive_s = paho_or_default(s->keepalive_s, 60);
    s->retry_min_ms = paho_or_default(s->retry_min_ms, 1000);
    s->retry_max_ms = paho_or_default(s->retry_max_ms, 60000);
    s->retry_refused_ms = paho_or_default(s->retry_refused_ms, 30000);
    s->ack_timeout_ms = paho_or_default(s->ack_timeout_ms, 30000);
    s->close_timeout_ms = paho_or_default(s->close_timeout_ms, 5000);
}

static const char *paho_connection_rule(const struct mqb_paho_settings *s)
{
    if (!s->client_id || s->client_id[0] == '\0')
        return "client_id is missing";
    if (strlen(s->host) > MQB_PAHO_URI_BYTES - 20)
        return "host is too long";
    if (s->password && !s->username)
        return "password needs a username";
    return NULL;
}

static const char *paho_limits_rule(const struct mqb_paho_settings *s)
{
    if (s->port < 1 || s->port > 65535)
        return "port must be 1 to 65535";
    if (s->keepalive_s < 5 || s->keepalive_s > 65535)
        return "keepalive_s must be 5 to 65535";
    if (s->retry_min_ms < 0 || s->retry_max_ms < s->retry_min_ms || s->retry_refused_ms < 0)
        return "retry_min_ms must be at most retry_max_ms, and no delay negative";
    if (s->ack_timeout_ms < 0)
        return "times must not be negative";
    return NULL;
}

static bool has_properties(const struct mqb_properties *properties)
{
    return properties->response_topic.len != 0 || properties->correlation_data.len != 0 ||
           properties->content_type.len != 0 || properties->user_count != 0 ||
           properties->expiry_s != 0 || properties->is_text;
}

static const char *paho_will_rule(const struct mqb_paho_settings *s)
{
    const struct mqb_publish *will = mqb_capture_message(s->will);
    if (!s->will)
        return NULL;
    if (!will)
        return "the will was not captured";
    if (will->payload.len > UINT16_MAX)
        return "the will must have at most 65535 bytes";
    if (s->protocol != MQTTVERSION_5 && has_properties(&will->properties))
        return "the properties of the will need protocol 5";
    return NULL;
}

static bool needs_version_5(const struct mqb_paho_settings *s)
{
    return s->session_expiry_s != 0 || s->receive_max != 0 || s->will_delay_s != 0 || s->no_local;
}

static const char *paho_version_rule(const struct mqb_paho_settings *s)
{
    if (s->protocol != MQTTVERSION_3_1_1 && s->protocol != MQTTVERSION_5)
        return "protocol must be 4 (MQTT 3.1.1) or 5";
    if (needs_version_5(s) && s->protocol != MQTTVERSION_5)
        return "session_expiry_s, receive_max, will_delay_s and no_local need protocol 5";
    if (s->no_local && s->directions_apart)
        return "no_local and directions_apart exclude each other";
    return NULL;
}

static const char *paho_session_rule(const struct mqb_paho_settings *s)
{
    if (s->receive_max < 0 || s->receive_max > 65535)
        return "receive_max must be 1 to 65535";
    return s->will_delay_s != 0 && !s->will ? "will_delay_s needs a will" : NULL;
}

static const char *paho_settings_rule(struct mqb_paho_settings *s)
{
    const char *rule = paho_connection_rule(s);
    if (!rule)
        rule = paho_limits_rule(s);
    if (!rule)
        rule = paho_version_rule(s);
    if (!rule)
        rule = paho_session_rule(s);
    if (!rule)
        rule = paho_will_rule(s);
    if (!rule)
        rule = mqb_paho_tls_rule(s);
    return rule ? rule : mqb_outbox_rule(&s->queue);
}

static bool start(struct mqb_paho *p)
{
    const char *scheme = p->settings.tls ? "ssl" : "tcp";
    const char *format = strchr(p->settings.host, ':') ? "%s://[%s]:%d" : "%s://%s:%d";
    snprintf(p->uri, sizeof p->uri, format, scheme, p->settings.host, p->settings.port);
    return mqb_posix_open_pipe(p->wake) && mqb_posix_open_pipe(p->woken) &&
           mqb_posix_open_pipe(p->stop) && mqb_paho_start(p, mqb_paho_call);
}

static void set_up_queue(struct mqb_paho *p)
{
    struct mqb_queue_settings *queue = &p->settings.queue;
    if (!queue->memory) {
        queue->memory = p->memory;
        queue->bytes = sizeof p->memory;
    }
    mqb_outbox_init(
        &p->outbox, p->settings.client, &p->counters.messages, mqb_paho_reason_text, queue);
}

enum mqb_status mqb_paho_init(struct mqb_paho *p, const struct mqb_paho_settings *settings)
{
    if (!p || !settings || !settings->client)
        return MQB_ERR_ARGUMENT;
    memset(p, 0, sizeof *p);
    p->settings = *settings;
    paho_complete(&p->settings);
    const char *rule = paho_settings_rule(&p->settings);
    if (rule) {
        snprintf(p->reason, sizeof p->reason, "%s", rule);
        return MQB_ERR_VALUE;
    }
    set_up_queue(p);
    p->retry_ms = p->settings.retry_min_ms;
    p->is_open = start(p);
    if (p->is_open)
        return MQB_OK;
    snprintf(p->reason, sizeof p->reason, "paho or the operating system refused");
    mqb_posix_close_pipe(p->wake);
    mqb_posix_close_pipe(p->woken);
    mqb_posix_close_pipe(p->stop);
    return MQB_ERR_TRANSPORT;
}
