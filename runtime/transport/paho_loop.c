/* The loop of a connection through paho, in the application's thread. */
#define _POSIX_C_SOURCE 200809L
#include "transport/paho_loop.h"

#include <poll.h>

#include <MQTTAsync.h>

#include "transport/outbox.h"
#include "transport/paho_sending.h"
#include "transport/paho_state.h"
#include "transport/paho_subscribe.h"
#include "transport/paho_threads.h"
#include "transport/posix_clock.h"
#include "transport/posix_pipe.h"

#define MOST_DOUBLINGS 4

/* ---- Commands ---- */

/* Take what a command brought, if it is done. */
static void finish_command(struct mqb_paho *p)
{
    switch (mqb_paho_take_done(p)) {
    case MQB_PAHO_SEND:
        mqb_paho_send_done(p);
        break;
    case MQB_PAHO_SUBSCRIBE:
        mqb_paho_subscribe_done(p);
        break;
    case MQB_PAHO_CONNECT:
        if (p->command.rc != MQTTASYNC_SUCCESS)
            mqb_paho_failed(p, p->command.rc, MQTTAsync_strerror(p->command.rc));
        break;
    default:
        break;
    }
}

/* Replies must not come before their subscriptions. */
static bool give_next(struct mqb_paho *p)
{
    if (!mqb_paho_is_online(p) || !mqb_paho_is_free(p) || p->subscribing != 0 || p->ending)
        return false;
    if (mqb_paho_subscribe_next(p))
        return true;
    mqb_paho_report_subscribed(p);
    return mqb_paho_send_next(p);
}

static void paho_hand_over(struct mqb_paho *p)
{
    finish_command(p);
    while (give_next(p))
        finish_command(p);
}

/* ---- Events ---- */

static void on_connected(struct mqb_paho *p, const struct mqb_paho_event *event)
{
    p->counters.connects++;
    p->counters.resumed += event->value != 0 ? 1U : 0U;
    p->limits = event->limits;
    p->retry_ms = p->settings.retry_min_ms;
    p->take_back = true;
    p->awaited = 0;
    mqb_paho_enter(p, MQB_PAHO_CONNECTED, "");
    mqb_paho_subscribe_all(p);
}

/* While a handler runs, acknowledgements wait. */
static void handle_message(struct mqb_paho *p, const struct mqb_paho_event *event)
{
    p->counters.user_properties_omitted += event->omitted;
    const int64_t start_ms = mqb_posix_now();
    mqb_client_receive(p->settings.client, &event->message);
    const int64_t end_ms = mqb_posix_now();
    if (end_ms - start_ms > (int64_t)p->settings.keepalive_s * 1000)
        p->counters.slow_handlers++;
    if (end_ms - start_ms > p->settings.ack_timeout_ms / 2)
        p->awaited_ms = end_ms;
}

static void on_event(struct mqb_paho *p, const struct mqb_paho_event *event)
{
    switch (event->kind) {
    case MQB_PAHO_EVENT_CONNECTED:
        on_connected(p, event);
        break;
    case MQB_PAHO_EVENT_FAILED:
        if (p->state == MQB_PAHO_CONNECTING)
            mqb_paho_failed(p, event->value, event->text);
        break;
    case MQB_PAHO_EVENT_LOST:
        mqb_paho_lost(p, event->value, event->text);
        break;
    case MQB_PAHO_EVENT_DISCONNECTED:
        mqb_paho_ended(p);
        break;
    case MQB_PAHO_EVENT_SUBSCRIBED:
        mqb_paho_subscribe_answered(p, event->id, event->value);
        break;
    case MQB_PAHO_EVENT_SENT:
        mqb_paho_send_answered(p, event->id, event->value);
        break;
    case MQB_PAHO_EVENT_MESSAGE:
        handle_message(p, event);
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

/* ---- Time ---- */

static int64_t sooner(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* A broker acknowledges in order, so the oldest is due next, from when it has become that. */
static void watch_paho_progress(struct mqb_paho *p, int64_t now_ms)
{
    const uint64_t oldest = mqb_outbox_oldest(&p->outbox);
    if (oldest == p->awaited)
        return;
    p->awaited = oldest;
    p->awaited_ms = now_ms;
}

/* When the broker must have acknowledged something. */
static int64_t paho_acknowledgement_ms(const struct mqb_paho *p)
{
    int64_t since_ms = p->awaited != 0 ? p->awaited_ms : INT64_MAX;
    if (p->subscribing != 0)
        since_ms = sooner(since_ms, p->subscribe_ms);
    return since_ms == INT64_MAX ? INT64_MAX
                                 : since_ms + ((int64_t)p->settings.ack_timeout_ms << p->doublings);
}

/* When the connection has something to do. */
static int64_t paho_connection_ms(const struct mqb_paho *p, int64_t now_ms)
{
    if (mqb_paho_is_online(p))
        return paho_acknowledgement_ms(p);
    if (p->leaving)
        return INT64_MAX;
    if (p->state == MQB_PAHO_IDLE)
        return now_ms;
    return mqb_paho_will_retry(p) ? p->due_ms : INT64_MAX;
}

/* Milliseconds until something is due; INT64_MAX if nothing is. */
static int64_t due_ms(const struct mqb_paho *p, int64_t now_ms)
{
    int64_t due = mqb_outbox_has_news(&p->outbox) ? now_ms : mqb_outbox_expiry_ms(&p->outbox);
    due = sooner(due, paho_connection_ms(p, now_ms));
    const uint64_t call_ms = mqb_client_due_ms(p->settings.client, (uint64_t)now_ms);
    if (call_ms < INT32_MAX)
        due = sooner(due, now_ms + (int64_t)call_ms);
    if (due == INT64_MAX)
        return due;
    return due > now_ms ? due - now_ms : 0;
}

int mqb_paho_due_ms(const struct mqb_paho *p)
{
    return p && p->is_open ? (int)sooner(due_ms(p, mqb_posix_now()), INT32_MAX) : INT32_MAX;
}

static void check_paho_acknowledgements(struct mqb_paho *p)
{
    if (!mqb_paho_is_online(p) || paho_acknowledgement_ms(p) > mqb_posix_now())
        return;
    if (p->doublings < MOST_DOUBLINGS)
        p->doublings++;
    mqb_paho_break(
        p, p->subscribing != 0 ? "the broker did not acknowledge a subscription in time"
                               : "the broker did not acknowledge a message in time");
}

static void paho_advance(struct mqb_paho *p)
{
    check_paho_acknowledgements(p);
    if (p->leaving || !mqb_paho_is_free(p))
        return;
    const bool due =
        p->state == MQB_PAHO_IDLE || (mqb_paho_will_retry(p) && mqb_posix_now() >= p->due_ms);
    if (due) {
        p->is_broken = false;
        mqb_paho_enter(p, MQB_PAHO_CONNECTING, "");
        mqb_paho_command(p, MQB_PAHO_CONNECT);
    } else if (p->is_broken) {
        p->is_broken = false;
        mqb_paho_command(p, MQB_PAHO_DESTROY);
    }
}

/* ---- The loop ---- */

void mqb_paho_turn(struct mqb_paho *p, int timeout_ms)
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
    watch_paho_progress(p, now_ms);
    if (mqb_posix_take_bytes(p->woken) && p->settings.on_wake)
        p->settings.on_wake(p->settings.user);
}

bool mqb_paho_step(struct mqb_paho *p, int timeout_ms)
{
    if (!p || !p->is_open || p->busy)
        return false;
    p->busy = true;
    paho_advance(p);
    mqb_paho_turn(p, timeout_ms);
    p->busy = false;
    return !mqb_posix_take_bytes(p->stop);
}

int mqb_paho_wake_fd(const struct mqb_paho *p)
{
    return p ? p->wake[0] - 1 : -1;
}

void mqb_paho_wake(struct mqb_paho *p)
{
    if (!p)
        return;
    mqb_posix_write_byte(p->woken);
    mqb_posix_write_byte(p->wake);
}

void mqb_paho_stop(struct mqb_paho *p)
{
    if (!p)
        return;
    mqb_posix_write_byte(p->stop);
    mqb_posix_write_byte(p->wake);
}
