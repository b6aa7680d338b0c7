/* Settings: checked, completed and passed to libmosquitto. */
#define _POSIX_C_SOURCE 200809L
#include <string.h>

#include <mosquitto.h>
#include <mqtt_protocol.h>

#include <mqbind/detail/memory.h>
#include <mqbind/mosquitto.h>

#include "transport/mosquitto_close.h"
#include "transport/mosquitto_groups.h"
#include "transport/mosquitto_hosts.h"
#include "transport/mosquitto_session.h"
#include "transport/mosquitto_text.h"
#include "transport/mosquitto_tls.h"
#include "transport/mosquitto_traffic.h"
#include "transport/mosquitto_wake.h"
#include "transport/outbox.h"
#include "transport/posix_clock.h"

/* From libmosquitto 2.1 on, no assertion in it depends on what a peer sends. */
#define ROBUST_LIBRARY 2001000

static int or_default(int value, int replacement)
{
    return value != 0 ? value : replacement;
}

/* Whatever byte is in them. */
static void settle_flags(struct mqb_mosquitto_settings *s)
{
    bool *const flags[] = {&s->allow_abort,  &s->no_local, &s->directions_apart,
                           &s->keep_session, &s->tls,      &s->insecure};
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
        *flags[i] = mqb_flag_is_set(flags[i]);
}

static void complete(struct mqb_mosquitto_settings *s)
{
    settle_flags(s);
    s->tls = mqb_mosquitto_uses_tls(s);
    s->host = s->host ? s->host : "localhost";
    s->port = or_default(s->port, s->tls ? 8883 : 1883);
    s->protocol = or_default(s->protocol, MQTT_PROTOCOL_V311);
    s->keepalive_s = or_default(s->keepalive_s, 60);
    s->close_timeout_ms = or_default(s->close_timeout_ms, 5000);
    s->retry_min_ms = or_default(s->retry_min_ms, 1000);
    s->retry_max_ms = or_default(s->retry_max_ms, 60000);
    s->retry_refused_ms = or_default(s->retry_refused_ms, 30000);
    s->stable_ms = or_default(s->stable_ms, 10000);
    s->groups_ms = or_default(s->groups_ms, 5000);
    s->connect_timeout_ms = or_default(s->connect_timeout_ms, 10000);
    s->address_timeout_ms = or_default(s->address_timeout_ms, 1000);
    s->ack_timeout_ms = or_default(s->ack_timeout_ms, 30000);
    s->filters_per_subscribe = or_default(s->filters_per_subscribe, MQB_MOSQUITTO_FILTERS_MAX);
}

static bool is_within(int value, int least, int most)
{
    return value >= least && value <= most;
}

static const char *connection_rule(const struct mqb_mosquitto_settings *s)
{
    if (!s->client)
        return "client is missing";
    if (s->protocol != MQTT_PROTOCOL_V311 && s->protocol != MQTT_PROTOCOL_V5)
        return "protocol must be 4 (MQTT 3.1.1) or 5";
    if (s->keep_session && !s->client_id)
        return "keep_session needs a client_id";
    if (!is_within(s->keepalive_s, 5, 65535))
        return "keepalive_s must be 5 to 65535";
    return NULL;
}

/* The library that runs counts, not the one of the build. */
static const char *library_rule(const struct mqb_mosquitto_settings *s)
{
    if (s->protocol != MQTT_PROTOCOL_V5 || s->allow_abort)
        return NULL;
    if (mosquitto_lib_version(NULL, NULL, NULL) >= ROBUST_LIBRARY)
        return NULL;
    return "protocol 5 needs libmosquitto 2.1: with older ones a bad packet ends the process, "
           "which "
           "allow_abort accepts";
}

static const char *own_messages_rule(const struct mqb_mosquitto_settings *s)
{
    if (s->no_local && s->protocol != MQTT_PROTOCOL_V5)
        return "no_local needs protocol 5";
    if (s->no_local && s->directions_apart)
        return "no_local and directions_apart exclude each other";
    return NULL;
}

static const char *credentials_rule(const struct mqb_mosquitto_settings *s)
{
    if (s->password && !s->username)
        return "password needs a username";
    return NULL;
}

static const char *limits_rule(const struct mqb_mosquitto_settings *s)
{
    if (s->retry_min_ms < 0 || s->retry_max_ms < s->retry_min_ms || s->retry_refused_ms < 0)
        return "retry_min_ms must be at most retry_max_ms, and no delay negative";
    if (s->stable_ms < 0 || s->connect_timeout_ms < 0 || s->ack_timeout_ms < 0)
        return "times must not be negative";
    if (!is_within(s->filters_per_subscribe, 1, MQB_MOSQUITTO_FILTERS_MAX))
        return "filters_per_subscribe must be 1 to MQB_MOSQUITTO_FILTERS_MAX";
    return NULL;
}

/* The rule that the completed settings break, or NULL. */
static const char *settings_rule(struct mqb_mosquitto_settings *s)
{
    const char *rule = connection_rule(s);
    if (!rule)
        rule = library_rule(s);
    if (!rule)
        rule = mqb_mosquitto_session_rule(s);
    if (!rule)
        rule = own_messages_rule(s);
    if (!rule)
        rule = mqb_mosquitto_groups_rule(s);
    if (!rule)
        rule = credentials_rule(s);
    if (!rule)
        rule = mqb_mosquitto_hosts_rule(s);
    if (!rule)
        rule = mqb_mosquitto_tls_rule(s);
    if (!rule)
        rule = limits_rule(s);
    return rule ? rule : mqb_outbox_rule(&s->queue);
}

static const char *apply(struct mqb_mosquitto *m)
{
    const struct mqb_mosquitto_settings *s = &m->settings;
    m->mosq = mosquitto_new(s->client_id, !s->keep_session, m);
    if (!m->mosq)
        return "client_id is not allowed, or memory is short";
    mosquitto_int_option(m->mosq, MOSQ_OPT_PROTOCOL_VERSION, s->protocol);
    mosquitto_int_option(m->mosq, MOSQ_OPT_TCP_NODELAY, 1);
    /* Only as many are handed over: it must not queue on its own. */
    mosquitto_int_option(m->mosq, MOSQ_OPT_SEND_MAXIMUM, s->queue.in_flight_max);
    if (mosquitto_username_pw_set(m->mosq, s->username, s->password) != MOSQ_ERR_SUCCESS)
        return "username or password is not allowed";
    const char *rule = mqb_mosquitto_apply_will(m);
    if (rule)
        return rule;
    rule = mqb_mosquitto_tls_open(m);
    if (rule)
        return rule;
    mqb_mosquitto_listen(m);
    return NULL;
}

/* Three quarters for messages that are sent, the rest for those that wait to be handled. */
static void start_queues(struct mqb_mosquitto *m)
{
    struct mqb_queue_settings queue = m->settings.queue;
    if (!queue.memory) {
        queue.memory = m->memory;
        queue.bytes = sizeof m->memory;
    }
    const size_t inbox_bytes = queue.bytes / 4U;
    queue.bytes -= inbox_bytes;
    mqb_outbox_init(
        &m->outbox, m->settings.client, &m->counters.messages, mosquitto_reason_string, &queue);
    mqb_queue_init(&m->inbox, (char *)queue.memory + queue.bytes, inbox_bytes);
}

enum mqb_status mqb_mosquitto_init_as(
    size_t size,
    struct mqb_mosquitto *m,
    const struct mqb_mosquitto_settings *settings)
{
    if (size != sizeof *m)
        return MQB_ERR_BUILD;
    if (!m || !settings)
        return MQB_ERR_ARGUMENT;
    memset(m, 0, sizeof *m);
    m->settings = *settings;
    m->random = ((uint64_t)mqb_posix_now() << 20) ^ (uint64_t)(uintptr_t)m ^ 1;
    complete(&m->settings);
    const char *rule = settings_rule(&m->settings);
    if (!rule) {
        start_queues(m);
        mosquitto_lib_init();
        rule = mqb_mosquitto_open_pipes(m) ? apply(m) : "no file descriptors are left";
        if (rule)
            mqb_mosquitto_release(m);
    }
    mqb_mosquitto_copy(m->reason, sizeof m->reason, rule ? rule : "");
    return rule ? MQB_ERR_VALUE : MQB_OK;
}
