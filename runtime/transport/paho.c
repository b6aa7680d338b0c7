/* The loop of a connection through paho, in the application's thread. */
#define _POSIX_C_SOURCE 200809L
#include "transport/paho.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "transport/outbox.h"
#include "transport/paho_threads.h"
#include "transport/posix_clock.h"
#include "transport/posix_pipe.h"

/* How long the broker may take to end the connection. */
#define PAHO_DISCONNECT_MS 1000

static void paho_enter(struct mqb_paho *p, enum mqb_paho_state state, const char *reason)
{
    p->state = state;
    snprintf(p->reason, sizeof p->reason, "%s", reason);
    if (!p->settings.on_state)
        return;
    const struct mqb_paho_status status = mqb_paho_get_status(p);
    p->settings.on_state(p->settings.user, &status);
}

/* ---- Handing over ---- */

bool mqb_paho_is_online(const struct mqb_paho *p)
{
    return p->state == MQB_PAHO_CONNECTED;
}

/* False if no filter waits. */
static bool subscribe_next(struct mqb_paho *p)
{
    struct mqb_filter filter;
    if (!mqb_client_peek_filter(p->settings.client, &filter))
        return false;
    p->all_answered = false;
    if (filter.text.len >= sizeof p->command.filter) {
        mqb_client_pop_filter(p->settings.client);
        mqb_client_refuse_filter(p->settings.client, filter.text, "the filter is too long");
        return true;
    }
    memcpy(p->command.filter, filter.text.ptr, filter.text.len + 1);
    p->command.qos = filter.qos < 1 ? filter.qos : 1;
    mqb_client_pop_filter(p->settings.client);
    mqb_paho_command(p, MQB_PAHO_SUBSCRIBE);
    return true;
}

static void paho_report_subscribed(struct mqb_paho *p)
{
    if (p->all_answered)
        return;
    p->all_answered = true;
    if (p->settings.on_subscribed)
        p->settings.on_subscribed(p->settings.user);
}

static bool send_next(struct mqb_paho *p)
{
    if (p->take_back)
        mqb_outbox_take_back(&p->outbox);
    p->take_back = false;
    struct mqb_queued *queued = mqb_outbox_next(&p->outbox, mqb_posix_now(), 0);
    if (!queued)
        return false;
    mqb_outbox_set_in_flight(&p->outbox, queued);
    mqb_queue_pin(&p->outbox.queue, queued);
    p->handing = queued;
    p->command.message = mqb_queue_view(queued);
    mqb_paho_command(p, MQB_PAHO_SEND);
    return true;
}

/* What paho gave up when the connection broke is sent again on the next one. */
static void end_send(struct mqb_paho *p, struct mqb_queued *queued, int value)
{
    if (value == 0)
        mqb_outbox_end(&p->outbox, queued, MQB_OUTCOME_CONFIRMED, 0);
}

/* The answer can come before what paho returned. */
static void finish_send(struct mqb_paho *p)
{
    struct mqb_queued *queued = p->handing;
    p->handing = NULL;
    mqb_queue_pin(&p->outbox.queue, NULL);
    if (p->command.rc != MQTTASYNC_SUCCESS)
        mqb_outbox_end(&p->outbox, queued, MQB_OUTCOME_DROPPED, 0);
    else if (queued->qos == 0)
        mqb_outbox_end(&p->outbox, queued, MQB_OUTCOME_SENT, 0);
    else if (p->early_sent_id == p->command.id)
        end_send(p, queued, p->early_sent_value);
    else
        mqb_queue_set_id(&p->outbox.queue, queued, p->command.id);
    p->early_sent_id = 0;
}

static void wait_to_retry(struct mqb_paho *p, const char *reason)
{
    p->due_ms = mqb_posix_now() + p->retry_ms;
    const int doubled =
        p->retry_ms < p->settings.retry_max_ms / 2 ? 2 * p->retry_ms : p->settings.retry_max_ms;
    p->retry_ms = doubled;
    paho_enter(p, MQB_PAHO_WAITING, reason);
}

static void paho_fail(struct mqb_paho *p, int code, const char *text)
{
    char reason[MQB_PAHO_REASON_BYTES];
    snprintf(reason, sizeof reason, "%s (%d)", text ? text : "connecting failed", code);
    p->counters.connect_failures++;
    wait_to_retry(p, reason);
}

static void end_subscribe(struct mqb_paho *p, int value)
{
    p->subscribe_id = 0;
    if (value != 0)
        mqb_client_refuse_filter(
            p->settings.client, mqb_str_from(p->command.filter),
            "the broker refused the subscription");
}

static void finish_subscribe(struct mqb_paho *p)
{
    p->subscribe_id = p->command.id;
    if (!mqb_paho_is_online(p))
        p->subscribe_id = 0;
    else if (p->command.rc != MQTTASYNC_SUCCESS)
        end_subscribe(p, 1);
    else if (p->early_subscribe_id == p->command.id)
        end_subscribe(p, p->early_subscribe_value);
    p->early_subscribe_id = 0;
}

/* Take what a command brought, if it is done. */
static void finish_command(struct mqb_paho *p)
{
    switch (mqb_paho_take_done(p)) {
    case MQB_PAHO_SEND:
        finish_send(p);
        break;
    case MQB_PAHO_SUBSCRIBE:
        finish_subscribe(p);
        break;
    case MQB_PAHO_CONNECT:
        if (p->command.rc != MQTTASYNC_SUCCESS)
            paho_fail(p, p->command.rc, MQTTAsync_strerror(p->command.rc));
        break;
    default:
        break;
    }
}

/* Replies must not come before their subscriptions. */
static bool give_next(struct mqb_paho *p)
{
    if (!mqb_paho_is_online(p) || !mqb_paho_is_free(p) || p->subscribe_id != 0)
        return false;
    if (subscribe_next(p))
        return true;
    paho_report_subscribed(p);
    return send_next(p);
}

static void paho_hand_over(struct mqb_paho *p)
{
    finish_command(p);
    while (give_next(p))
        finish_command(p);
}

/* ---- Events ---- */

static void on_connected(struct mqb_paho *p, bool resumed)
{
    p->counters.connects++;
    p->counters.resumed += resumed ? 1U : 0U;
    p->retry_ms = p->settings.retry_min_ms;
    p->all_answered = false;
    p->take_back = true;
    paho_enter(p, MQB_PAHO_CONNECTED, "");
    mqb_client_subscribe_all(p->settings.client);
}

static void on_lost(struct mqb_paho *p, const char *reason)
{
    if (!mqb_paho_is_online(p))
        return;
    p->counters.disconnects++;
    p->subscribe_id = 0;
    p->all_answered = false;
    mqb_client_forget_filters(p->settings.client);
    wait_to_retry(p, reason ? reason : "the connection was lost");
    mqb_client_cancel_calls(p->settings.client);
}

static void on_subscribed(struct mqb_paho *p, const struct mqb_paho_event *event)
{
    if (p->subscribe_id != 0 && event->id == p->subscribe_id) {
        end_subscribe(p, event->value);
    } else {
        p->early_subscribe_id = event->id;
        p->early_subscribe_value = event->value;
    }
}

static void on_sent(struct mqb_paho *p, const struct mqb_paho_event *event)
{
    struct mqb_queued *queued = mqb_queue_find_id(&p->outbox.queue, event->id);
    if (queued) {
        end_send(p, queued, event->value);
    } else {
        p->early_sent_id = event->id;
        p->early_sent_value = event->value;
    }
}

static void on_event(struct mqb_paho *p, const struct mqb_paho_event *event)
{
    switch (event->kind) {
    case MQB_PAHO_EVENT_CONNECTED:
        on_connected(p, event->value != 0);
        break;
    case MQB_PAHO_EVENT_FAILED:
        paho_fail(p, event->value, event->text);
        break;
    case MQB_PAHO_EVENT_LOST:
        on_lost(p, event->text);
        break;
    case MQB_PAHO_EVENT_DISCONNECTED:
        paho_enter(p, MQB_PAHO_IDLE, "");
        break;
    case MQB_PAHO_EVENT_SUBSCRIBED:
        on_subscribed(p, event);
        break;
    case MQB_PAHO_EVENT_SENT:
        on_sent(p, event);
        break;
    case MQB_PAHO_EVENT_MESSAGE:
        mqb_client_receive(p->settings.client, &event->message);
        break;
    }
}

static void take_events(struct mqb_paho *p)
{
    paho_hand_over(p);
    const struct mqb_paho_event *event = mqb_paho_peek_event(p);
    while (event) {
        on_event(p, event);
        paho_hand_over(p);
        mqb_paho_release(p);
        mqb_outbox_report(&p->outbox);
        event = mqb_paho_peek_event(p);
    }
    paho_hand_over(p);
}

/* ---- The loop ---- */

static int64_t sooner(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Milliseconds until something is due; INT64_MAX if nothing is. */
static int64_t due_ms(const struct mqb_paho *p, int64_t now_ms)
{
    int64_t due = mqb_outbox_has_news(&p->outbox) ? now_ms : mqb_outbox_expiry_ms(&p->outbox);
    if (p->state == MQB_PAHO_WAITING && !p->leaving)
        due = sooner(due, p->due_ms);
    const uint64_t call_ms = mqb_client_due_ms(p->settings.client, (uint64_t)now_ms);
    if (call_ms < INT32_MAX)
        due = sooner(due, now_ms + (int64_t)call_ms);
    if (due == INT64_MAX)
        return due;
    return due > now_ms ? due - now_ms : 0;
}

static void paho_advance(struct mqb_paho *p)
{
    const bool due =
        p->state == MQB_PAHO_IDLE || (p->state == MQB_PAHO_WAITING && mqb_posix_now() >= p->due_ms);
    if (!due || p->leaving || !mqb_paho_is_free(p))
        return;
    paho_enter(p, MQB_PAHO_CONNECTING, "");
    mqb_paho_command(p, MQB_PAHO_CONNECT);
}

static void turn(struct mqb_paho *p, int timeout_ms)
{
    int64_t wait_ms = due_ms(p, mqb_posix_now());
    if (timeout_ms >= 0)
        wait_ms = sooner(wait_ms, timeout_ms);
    struct pollfd wake = {.fd = p->wake[0] - 1, .events = POLLIN};
    poll(&wake, 1, wait_ms > INT32_MAX ? -1 : (int)wait_ms);
    mqb_posix_take_bytes(p->wake);
    take_events(p);
    const int64_t now_ms = mqb_posix_now();
    mqb_outbox_expire(&p->outbox, now_ms);
    mqb_client_tick(p->settings.client, (uint64_t)now_ms);
    mqb_outbox_report(&p->outbox);
    paho_hand_over(p);
}

bool mqb_paho_step(struct mqb_paho *p, int timeout_ms)
{
    if (!p || !p->is_open || p->busy)
        return false;
    p->busy = true;
    paho_advance(p);
    turn(p, timeout_ms);
    p->busy = false;
    return !mqb_posix_take_bytes(p->stop);
}

enum mqb_status mqb_paho_run(struct mqb_paho *p)
{
    if (!p)
        return MQB_ERR_ARGUMENT;
    if (!p->is_open || p->busy)
        return MQB_ERR_TRANSPORT;
    while (mqb_paho_step(p, -1)) {
    }
    return MQB_OK;
}

/* ---- Closing ---- */

static int left_ms(int64_t end_ms)
{
    const int64_t left = end_ms - mqb_posix_now();
    return left > 0 ? (int)left : 0;
}

static void wait_until_free(struct mqb_paho *p)
{
    while (!mqb_paho_is_free(p))
        turn(p, 100);
}

static void paho_leave(struct mqb_paho *p)
{
    int64_t end_ms = mqb_posix_now() + p->settings.close_timeout_ms;
    while (mqb_paho_is_online(p) && mqb_outbox_pending(&p->outbox) != 0 && left_ms(end_ms) != 0)
        turn(p, left_ms(end_ms));
    p->outbox.closing = true;
    wait_until_free(p);
    end_ms = mqb_posix_now() + PAHO_DISCONNECT_MS;
    if (mqb_paho_is_online(p))
        mqb_paho_command(p, MQB_PAHO_DISCONNECT);
    while (mqb_paho_is_online(p) && left_ms(end_ms) != 0)
        turn(p, left_ms(end_ms));
    wait_until_free(p);
}

void mqb_paho_close(struct mqb_paho *p)
{
    if (!p || !p->is_open || p->busy)
        return;
    p->busy = true;
    p->leaving = true;
    paho_leave(p);
    p->state = MQB_PAHO_IDLE;
    mqb_paho_command(p, MQB_PAHO_DESTROY);
    wait_until_free(p);
    mqb_paho_end_thread(p);
    mqb_outbox_close(&p->outbox);
    mqb_client_cancel_calls(p->settings.client);
    p->is_open = false;
    mqb_posix_close_pipe(p->wake);
    mqb_posix_close_pipe(p->stop);
    p->busy = false;
}
