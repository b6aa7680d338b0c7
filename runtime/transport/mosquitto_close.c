/* The end of a connection: what is pending is sent first, if the broker responds in time. */
#define _POSIX_C_SOURCE 200809L
#include "transport/mosquitto_close.h"

#include <poll.h>

#include <mosquitto.h>

#include "transport/mosquitto_hosts.h"
#include "transport/mosquitto_loop.h"
#include "transport/mosquitto_receiving.h"
#include "transport/mosquitto_state.h"
#include "transport/mosquitto_tls.h"
#include "transport/mosquitto_wake.h"
#include "transport/outbox.h"
#include "transport/posix_clock.h"

/* How long a broker may take to read the rest of the data and the DISCONNECT. */
#define DISCONNECT_MS 1000

static int milliseconds_until(int64_t end_ms)
{
    const int64_t left_ms = end_ms - mqb_posix_now();
    return left_ms > 0 ? (int)left_ms : 0;
}

static bool may_still_send(const struct mqb_mosquitto *m)
{
    return (m->online || m->state == MQB_MOSQUITTO_CONNECTING) &&
           (mqb_outbox_pending(&m->outbox) != 0 || mqb_queue_first(&m->inbox, MQB_QUEUE_WAITING));
}

/* False if it was stopped again meanwhile. */
static bool drain(struct mqb_mosquitto *m, int64_t end_ms)
{
    int left_ms = milliseconds_until(end_ms);
    while (may_still_send(m) && left_ms != 0) {
        mqb_mosquitto_turn(m, left_ms);
        if (mqb_mosquitto_take_stop(m))
            return false;
        left_ms = milliseconds_until(end_ms);
    }
    return true;
}

static void disconnect(struct mqb_mosquitto *m)
{
    const int64_t end_ms = mqb_posix_now() + DISCONNECT_MS;
    int left_ms = DISCONNECT_MS;
    if (m->online)
        mosquitto_disconnect(m->mosq);
    while (m->online && mosquitto_socket(m->mosq) >= 0 && left_ms != 0) {
        struct pollfd out = {.fd = mosquitto_socket(m->mosq), .events = POLLOUT};
        poll(&out, 1, left_ms);
        if (mosquitto_loop_write(m->mosq, 1) != MOSQ_ERR_SUCCESS)
            break;
        left_ms = milliseconds_until(end_ms);
    }
}

/*
 * Send what is pending and disconnect, as far as the broker responds. The state is then idle, and
 * what was not confirmed is still pending.
 */
static void end_connection(struct mqb_mosquitto *m)
{
    const struct mqb_mosquitto_settings *s = &m->settings;
    m->busy = true;
    const int64_t end_ms = mqb_posix_now() + s->close_timeout_ms;
    const bool is_patient = drain(m, end_ms);
    if (m->online && s->on_close) {
        s->on_close(s->user);
        if (is_patient)
            drain(m, end_ms);
    }
    disconnect(m);
    mqb_mosquitto_settle(m);
    m->attempts = 0;
    if (m->state != MQB_MOSQUITTO_IDLE)
        mqb_mosquitto_enter(m, MQB_MOSQUITTO_IDLE, "");
    m->busy = false;
}

enum mqb_status mqb_mosquitto_run(struct mqb_mosquitto *m)
{
    if (!m)
        return MQB_ERR_ARGUMENT;
    if (!m->mosq || m->busy)
        return MQB_ERR_TRANSPORT;
    while (mqb_mosquitto_step(m, -1)) {
    }
    end_connection(m);
    return MQB_OK;
}

void mqb_mosquitto_release(struct mqb_mosquitto *m)
{
    mosquitto_destroy(m->mosq);
    m->mosq = NULL;
    mqb_mosquitto_tls_close(m);
    mqb_mosquitto_forget_addresses(m);
    mosquitto_lib_cleanup();
    mqb_mosquitto_close_pipes(m);
}

void mqb_mosquitto_close(struct mqb_mosquitto *m)
{
    if (!m || !m->mosq || m->busy)
        return;
    end_connection(m);
    m->busy = true;
    mqb_mosquitto_receive_rest(m);
    mqb_outbox_close(&m->outbox);
    m->busy = false;
    mqb_mosquitto_release(m);
    /* Calls whose requests never got a connection. No more can be begun. */
    if (mqb_mosquitto_caller(m))
        mqb_client_cancel_calls(m->settings.client);
}
