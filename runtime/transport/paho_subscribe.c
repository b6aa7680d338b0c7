#define _POSIX_C_SOURCE 200809L
#include "transport/paho_subscribe.h"

#include <stdio.h>
#include <string.h>

#include <MQTTAsync.h>

#include "transport/announced.h"
#include "transport/paho_reason.h"
#include "transport/paho_threads.h"
#include "transport/posix_clock.h"
#include "transport/posix_pipe.h"

/* A code of SUBACK, and what stands for paho's own failure to send. */
#define REFUSED 0x80

size_t mqb_paho_filters_refused(const struct mqb_paho *p)
{
    return (size_t)(p->settings.client->counters.subscribe_failures - p->failures_before);
}

void mqb_paho_subscribe_all(struct mqb_paho *p)
{
    p->all_answered = false;
    p->failures_before = p->settings.client->counters.subscribe_failures;
    mqb_client_subscribe_all(p->settings.client);
}

void mqb_paho_report_subscribed(struct mqb_paho *p)
{
    if (p->all_answered)
        return;
    p->all_answered = true;
    if (p->settings.on_subscribed)
        p->settings.on_subscribed(p->settings.user, mqb_paho_filters_refused(p));
}

/* ---- Commands ---- */

/* What was bound again meanwhile is among the filters that are subscribed to after these. */
static bool unsubscribe_next(struct mqb_paho *p)
{
    if (p->unsubscribes_len == 0)
        return false;
    const size_t bytes = strlen(p->unsubscribes) + 1U;
    memcpy(p->command.filter, p->unsubscribes, bytes);
    p->unsubscribes_len -= bytes;
    memmove(p->unsubscribes, p->unsubscribes + bytes, p->unsubscribes_len);
    mqb_paho_command(p, MQB_PAHO_UNSUBSCRIBE);
    return true;
}

static const char *filter_refusal(const struct mqb_paho *p, struct mqb_str filter)
{
    return filter.len >= sizeof p->command.filter ? "the filter is too long"
                                                  : mqb_announced_filter_rule(&p->limits, filter);
}

static void refuse_filter(struct mqb_paho *p, const char *rule)
{
    p->counters.subscribes_refused++;
    mqb_client_refuse_filter(p->settings.client, mqb_str_from(p->command.filter), rule);
}

bool mqb_paho_subscribe_next(struct mqb_paho *p)
{
    struct mqb_filter filter;
    if (unsubscribe_next(p))
        return true;
    if (!mqb_client_peek_filter(p->settings.client, &filter))
        return false;
    p->all_answered = false;
    p->counters.subscribes++;
    const char *rule = filter_refusal(p, filter.text);
    snprintf(p->command.filter, sizeof p->command.filter, "%s", filter.text.ptr);
    p->command.qos = filter.qos < 1 ? filter.qos : 1;
    mqb_client_pop_filter(p->settings.client);
    if (rule) {
        refuse_filter(p, rule);
        return true;
    }
    p->subscribing = 1;
    p->subscribe_ms = mqb_posix_now();
    mqb_paho_command(p, MQB_PAHO_SUBSCRIBE);
    return true;
}

/* ---- Answers ---- */

static const char *refusal_of(const struct mqb_paho *p, int code)
{
    return p->settings.protocol == MQTTVERSION_5 ? mqb_paho_reason_text(code)
                                                 : "the broker refused the subscription";
}

static void take_code(struct mqb_paho *p, int code)
{
    p->subscribe_id = 0;
    p->subscribing = 0;
    if (code < REFUSED)
        p->counters.granted++;
    else
        refuse_filter(p, refusal_of(p, code));
}

/* The answer can come before what paho returned. */
void mqb_paho_subscribe_done(struct mqb_paho *p)
{
    if (p->subscribing == 0)
        return; /* The connection was lost meanwhile. */
    p->subscribe_id = p->command.id;
    if (p->command.rc != 0)
        take_code(p, REFUSED);
    else if (p->early_subscribe_id == p->command.id)
        take_code(p, p->early_subscribe_value);
    p->early_subscribe_id = 0;
}

void mqb_paho_subscribe_answered(struct mqb_paho *p, uint32_t id, int code)
{
    if (p->subscribe_id != 0 && id == p->subscribe_id) {
        take_code(p, code);
    } else if (p->subscribing != 0 && p->subscribe_id == 0) {
        p->early_subscribe_id = id;
        p->early_subscribe_value = code;
    }
}

void mqb_paho_forget_subscribes(struct mqb_paho *p)
{
    p->counters.subscribes_lost += p->subscribing;
    p->subscribing = 0;
    p->subscribe_id = 0;
    p->all_answered = false;
    mqb_client_forget_filters(p->settings.client);
}

/* ---- For the transport ---- */

enum mqb_status mqb_paho_subscribe_many(void *context)
{
    struct mqb_paho *p = context;
    if (!p->is_open)
        return MQB_ERR_TRANSPORT;
    /* Without a connection there is nothing to do: each new one subscribes to everything. */
    if (p->state != MQB_PAHO_CONNECTED)
        mqb_client_forget_filters(p->settings.client);
    mqb_posix_write_byte(p->wake);
    return MQB_OK;
}

/* The broker keeps the session, so it must learn also of what is unbound while offline. */
enum mqb_status mqb_paho_unsubscribe(void *context, const char *filter)
{
    struct mqb_paho *p = context;
    const size_t bytes = strlen(filter) + 1U;
    if (!p->is_open || bytes > sizeof p->command.filter ||
        bytes > sizeof p->unsubscribes - p->unsubscribes_len)
        return MQB_ERR_TRANSPORT;
    memcpy(p->unsubscribes + p->unsubscribes_len, filter, bytes);
    p->unsubscribes_len += bytes;
    mqb_posix_write_byte(p->wake);
    return MQB_OK;
}
