/* The end of a connection through paho: what is pending is sent first. */
#define _POSIX_C_SOURCE 200809L
#include <mqbind/paho.h>

#include "transport/outbox.h"
#include "transport/paho_loop.h"
#include "transport/paho_state.h"
#include "transport/paho_threads.h"
#include "transport/posix_clock.h"
#include "transport/posix_pipe.h"

/* How long the broker may take to end the connection. */
#define PAHO_DISCONNECT_MS 1000

static int left_ms(int64_t end_ms)
{
    const int64_t left = end_ms - mqb_posix_now();
    return left > 0 ? (int)left : 0;
}

static bool may_still_be_sent(const struct mqb_paho *p)
{
    return (mqb_paho_is_online(p) || p->state == MQB_PAHO_CONNECTING) &&
           mqb_outbox_pending(&p->outbox) != 0;
}

/* False if it was stopped again meanwhile. */
static bool paho_drain(struct mqb_paho *p, int64_t end_ms)
{
    while (may_still_be_sent(p) && left_ms(end_ms) != 0) {
        mqb_paho_turn(p, left_ms(end_ms));
        if (mqb_posix_take_bytes(p->stop))
            return false;
    }
    return true;
}

static void wait_until_free(struct mqb_paho *p)
{
    while (!mqb_paho_is_free(p))
        mqb_paho_turn(p, 100);
}

static void paho_disconnect(struct mqb_paho *p)
{
    p->ending = true;
    wait_until_free(p);
    const int64_t end_ms = mqb_posix_now() + PAHO_DISCONNECT_MS;
    if (mqb_paho_is_online(p))
        mqb_paho_command(p, MQB_PAHO_DISCONNECT);
    while (mqb_paho_is_online(p) && left_ms(end_ms) != 0)
        mqb_paho_turn(p, left_ms(end_ms));
    wait_until_free(p);
    mqb_paho_command(p, MQB_PAHO_DESTROY);
    wait_until_free(p);
    p->ending = false;
}

/* What was not confirmed is still pending. */
static void paho_leave(struct mqb_paho *p)
{
    p->busy = true;
    p->leaving = true;
    const int64_t end_ms = mqb_posix_now() + p->settings.close_timeout_ms;
    const bool is_patient = paho_drain(p, end_ms);
    if (mqb_paho_is_online(p) && p->settings.on_close) {
        p->settings.on_close(p->settings.user);
        if (is_patient)
            paho_drain(p, end_ms);
    }
    paho_disconnect(p);
    mqb_paho_ended(p);
    p->leaving = false;
    p->busy = false;
}

enum mqb_status mqb_paho_run(struct mqb_paho *p)
{
    if (!p)
        return MQB_ERR_ARGUMENT;
    if (!p->is_open || p->busy)
        return MQB_ERR_TRANSPORT;
    while (mqb_paho_step(p, -1)) {
    }
    paho_leave(p);
    return MQB_OK;
}

void mqb_paho_close(struct mqb_paho *p)
{
    if (!p || !p->is_open || p->busy)
        return;
    paho_leave(p);
    p->busy = true;
    mqb_paho_end_thread(p);
    mqb_outbox_close(&p->outbox);
    p->is_open = false;
    /* Calls whose requests never got a connection. No more can be begun. */
    if (p->counters.messages.accepted != 0)
        mqb_client_cancel_calls(p->settings.client);
    mqb_posix_close_pipe(p->wake);
    mqb_posix_close_pipe(p->woken);
    mqb_posix_close_pipe(p->stop);
    p->busy = false;
}
