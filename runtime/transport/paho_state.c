/* States of a connection through paho: why it ended, and when to try again. */
#define _POSIX_C_SOURCE 200809L
#include "transport/paho_state.h"

#include <stdio.h>
#include <string.h>

#include "transport/announced.h"
#include "transport/outbox.h"
#include "transport/paho_reason.h"
#include "transport/paho_subscribe.h"
#include "transport/posix_clock.h"

const char *mqb_paho_state_text(enum mqb_paho_state state)
{
    static const char *const names[] = {"idle", "connecting", "connected", "waiting", "refused"};
    return (unsigned)state < sizeof names / sizeof names[0] ? names[state] : "unknown";
}

bool mqb_paho_is_online(const struct mqb_paho *p)
{
    return p->state == MQB_PAHO_CONNECTED;
}

bool mqb_paho_will_retry(const struct mqb_paho *p)
{
    return p->state == MQB_PAHO_WAITING || p->state == MQB_PAHO_REFUSED;
}

static int retry_in_ms(const struct mqb_paho *p)
{
    const int64_t left_ms = p->due_ms - mqb_posix_now();
    return mqb_paho_will_retry(p) && left_ms > 0 ? (int)left_ms : 0;
}

struct mqb_paho_status mqb_paho_get_status(const struct mqb_paho *p)
{
    struct mqb_paho_status status = {.state = MQB_PAHO_IDLE};
    if (!p)
        return status;
    status.state = p->state;
    memcpy(status.reason, p->reason, sizeof status.reason);
    if (!p->is_open)
        return status;
    status.retry_ms = retry_in_ms(p);
    status.pending = mqb_outbox_pending(&p->outbox);
    status.pending_bytes = mqb_outbox_pending_bytes(&p->outbox);
    status.subscribed =
        mqb_paho_is_online(p) && p->all_answered && mqb_paho_filters_refused(p) == 0;
    status.subscribing = p->subscribing;
    return status;
}

void mqb_paho_enter(struct mqb_paho *p, enum mqb_paho_state state, const char *reason)
{
    p->state = state;
    snprintf(p->reason, sizeof p->reason, "%s", reason);
    if (!p->settings.on_state)
        return;
    const struct mqb_paho_status status = mqb_paho_get_status(p);
    p->settings.on_state(p->settings.user, &status);
}

/* ---- The end of an attempt or a connection ---- */

static void wait_to_retry(struct mqb_paho *p, const char *reason)
{
    p->due_ms = mqb_posix_now() + p->retry_ms;
    const int doubled =
        p->retry_ms < p->settings.retry_max_ms / 2 ? 2 * p->retry_ms : p->settings.retry_max_ms;
    p->retry_ms = doubled;
    mqb_paho_enter(p, MQB_PAHO_WAITING, reason);
}

static void wait_after_refusal(struct mqb_paho *p, const char *reason)
{
    p->due_ms = mqb_posix_now() + p->settings.retry_refused_ms;
    mqb_paho_enter(p, MQB_PAHO_REFUSED, reason);
}

static void wait_as_refused(struct mqb_paho *p, bool is_refusal, const char *reason)
{
    if (is_refusal)
        wait_after_refusal(p, reason);
    else
        wait_to_retry(p, reason);
}

/* paho does not tell these apart. */
static void wait_for_broker(struct mqb_paho *p, int code, const char *text)
{
    char reason[MQB_PAHO_REASON_BYTES];
    if (p->settings.tls && !p->settings.insecure) {
        wait_to_retry(p, "the broker is unreachable, or its certificate is for another host");
        return;
    }
    snprintf(reason, sizeof reason, "%s (%d)", text ? text : "connecting failed", code);
    wait_to_retry(p, reason);
}

void mqb_paho_failed(struct mqb_paho *p, int code, const char *text)
{
    const int protocol = p->settings.protocol;
    p->counters.connect_failures++;
    if (code > 0)
        wait_as_refused(
            p, mqb_announced_is_refusal(protocol, code), mqb_paho_refusal_text(protocol, code));
    else if (p->tls_error[0] != '\0')
        wait_after_refusal(p, p->tls_error);
    else
        wait_for_broker(p, code, text);
}

static void end_paho_connection(struct mqb_paho *p)
{
    p->early_sent_id = 0;
    p->early_subscribe_id = 0;
    p->counters.disconnects++;
    mqb_paho_forget_subscribes(p);
}

void mqb_paho_lost(struct mqb_paho *p, int code, const char *reason)
{
    if (!mqb_paho_is_online(p))
        return;
    end_paho_connection(p);
    wait_as_refused(
        p, code > 0 && mqb_announced_is_refusal(p->settings.protocol, code),
        reason ? reason : "the connection was lost");
    mqb_client_cancel_calls(p->settings.client);
}

void mqb_paho_break(struct mqb_paho *p, const char *reason)
{
    p->is_broken = true;
    mqb_paho_lost(p, 0, reason);
}

void mqb_paho_ended(struct mqb_paho *p)
{
    const bool was_online = mqb_paho_is_online(p);
    if (was_online)
        end_paho_connection(p);
    if (p->state != MQB_PAHO_IDLE)
        mqb_paho_enter(p, MQB_PAHO_IDLE, "");
    if (was_online)
        mqb_client_cancel_calls(p->settings.client);
}
