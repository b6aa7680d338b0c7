/* What the client calls, and how a connection starts. */
#include <stdio.h>
#include <string.h>

#include "transport/outbox.h"
#include "transport/paho.h"
#include "transport/paho_threads.h"
#include "transport/posix_clock.h"
#include "transport/posix_entropy.h"
#include "transport/posix_pipe.h"

static enum mqb_status publish(void *context, const struct mqb_publish *message)
{
    struct mqb_paho *p = context;
    if (!p->is_open)
        return MQB_ERR_TRANSPORT;
    const enum mqb_status status =
        mqb_outbox_put(&p->outbox, message, mqb_posix_now(), mqb_paho_is_online(p));
    mqb_posix_write_byte(p->wake);
    return status;
}

static bool withdraw(void *context, uint64_t token)
{
    struct mqb_paho *p = context;
    return p->is_open && mqb_outbox_withdraw(&p->outbox, token);
}

static enum mqb_status subscribe_many(void *context)
{
    struct mqb_paho *p = context;
    if (!mqb_paho_is_online(p))
        mqb_client_forget_filters(p->settings.client);
    mqb_posix_write_byte(p->wake);
    return MQB_OK;
}

static enum mqb_status unsubscribe(void *context, const char *filter)
{
    struct mqb_paho *p = context;
    if (!mqb_paho_is_online(p))
        return MQB_OK;
    const size_t bytes = strlen(filter) + 1;
    if (bytes > sizeof p->command.filter || !mqb_paho_is_free(p) || p->subscribe_id != 0)
        return MQB_ERR_TRANSPORT;
    memcpy(p->command.filter, filter, bytes);
    mqb_paho_command(p, MQB_PAHO_UNSUBSCRIBE);
    return MQB_OK;
}

static uint64_t paho_now_ms(void *context)
{
    (void)context;
    return (uint64_t)mqb_posix_now();
}

struct mqb_transport mqb_paho_transport(struct mqb_paho *p)
{
    if (!p)
        return (struct mqb_transport){.context = NULL};
    return (struct mqb_transport){
        .context = p,
        .publish = publish,
        .unsubscribe = unsubscribe,
        .subscribe_many = subscribe_many,
        .now_ms = paho_now_ms,
        .entropy = mqb_posix_entropy,
        .withdraw = withdraw,
    };
}

static const char *no_reason(int code)
{
    (void)code;
    return "";
}

static int paho_or_default(int value, int replacement)
{
    return value != 0 ? value : replacement;
}

static void paho_complete(struct mqb_paho_settings *s)
{
    s->host = s->host ? s->host : "localhost";
    s->port = paho_or_default(s->port, 1883);
    s->keepalive_s = paho_or_default(s->keepalive_s, 60);
    s->retry_min_ms = paho_or_default(s->retry_min_ms, 1000);
    s->retry_max_ms = paho_or_default(s->retry_max_ms, 60000);
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
    if (s->retry_min_ms < 0 || s->retry_max_ms < s->retry_min_ms)
        return "retry_min_ms must be at most retry_max_ms, and no delay negative";
    return NULL;
}

static const char *paho_settings_rule(struct mqb_paho_settings *s)
{
    const char *rule = paho_connection_rule(s);
    if (!rule)
        rule = paho_limits_rule(s);
    return rule ? rule : mqb_outbox_rule(&s->queue);
}

static bool start(struct mqb_paho *p)
{
    const char *format = strchr(p->settings.host, ':') ? "tcp://[%s]:%d" : "tcp://%s:%d";
    snprintf(p->uri, sizeof p->uri, format, p->settings.host, p->settings.port);
    return mqb_posix_open_pipe(p->wake) && mqb_posix_open_pipe(p->stop) && mqb_paho_start(p);
}

static void set_up_queue(struct mqb_paho *p)
{
    struct mqb_queue_settings *queue = &p->settings.queue;
    if (!queue->memory) {
        queue->memory = p->memory;
        queue->bytes = sizeof p->memory;
    }
    mqb_outbox_init(&p->outbox, p->settings.client, &p->counters.messages, no_reason, queue);
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
    mqb_posix_close_pipe(p->stop);
    return MQB_ERR_TRANSPORT;
}

struct mqb_paho_status mqb_paho_get_status(const struct mqb_paho *p)
{
    struct mqb_paho_status status = {.state = MQB_PAHO_IDLE};
    if (!p)
        return status;
    status.state = p->state;
    memcpy(status.reason, p->reason, sizeof status.reason);
    status.pending = p->is_open ? mqb_outbox_pending(&p->outbox) : 0;
    status.subscribed = p->state == MQB_PAHO_CONNECTED && p->all_answered;
    return status;
}

void mqb_paho_stop(struct mqb_paho *p)
{
    if (!p)
        return;
    mqb_posix_write_byte(p->stop);
    mqb_posix_write_byte(p->wake);
}
