/*
 * The loop around libmosquitto. Its own loops end for good on a protocol error but never on a bad
 * password, so this one only lets it read, write and check its timers.
 */
#define _POSIX_C_SOURCE 200809L
#include "transport/mosquitto_loop.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <mosquitto.h>

#include "transport/mosquitto_groups.h"
#include "transport/mosquitto_session.h"
#include "transport/mosquitto_state.h"
#include "transport/mosquitto_subscribe.h"
#include "transport/mosquitto_tls.h"
#include "transport/mosquitto_tools.h"

/* How long a broker may take to read the rest of the data and the DISCONNECT. */
#define LEAVE_MS 1000

int mqb_mosquitto_socket(const struct mqb_mosquitto *m)
{
    if (!m || !m->mosq)
        return -1;
    bool open = m->state == MQB_MOSQUITTO_CONNECTING || m->state == MQB_MOSQUITTO_CONNECTED;
    return open ? mosquitto_socket(m->mosq) : -1;
}

bool mqb_mosquitto_want_write(const struct mqb_mosquitto *m)
{
    return mqb_mosquitto_socket(m) >= 0 && mosquitto_want_write(m->mosq);
}

static void attempt(struct mqb_mosquitto *m)
{
    m->attempts++;
    m->answered = false;
    m->peer_code = -1;
    m->log[0] = '\0';
    m->due_ms = mqb_mosquitto_now() + m->settings.connect_timeout_ms;
    mqb_mosquitto_enter(m, MQB_MOSQUITTO_CONNECTING, "");
    errno = 0;
    int rc = mqb_mosquitto_connect(m);
    if (rc != MOSQ_ERR_SUCCESS)
        mqb_mosquitto_lost(m, rc, errno);
}

/* Start what is due: the first attempt, a retry, or the end of an attempt. */
static void advance(struct mqb_mosquitto *m)
{
    if (m->reconnect)
        mqb_mosquitto_restart(m);
    bool due = mqb_mosquitto_now() >= m->due_ms;
    switch (m->state) {
    case MQB_MOSQUITTO_IDLE:
        attempt(m);
        break;
    case MQB_MOSQUITTO_WAITING:
    case MQB_MOSQUITTO_REFUSED:
        if (due)
            attempt(m);
        break;
    case MQB_MOSQUITTO_CONNECTING:
        if (due && !mqb_mosquitto_is_reached(m))
            mqb_mosquitto_lost(m, MOSQ_ERR_TIMEOUT, 0);
        break;
    case MQB_MOSQUITTO_CONNECTED:
        if (mqb_mosquitto_subscribe_is_overdue(m))
            mqb_mosquitto_end(m, "the broker did not acknowledge a subscription in time");
        break;
    }
}

/*
 * Until the broker has answered, libmosquitto may miss that the connection failed: for example, it
 * mistakes a reset during the TLS handshake for an interruption.
 */
static int check_peer(struct mqb_mosquitto *m)
{
    unsigned char byte = 0;
    ssize_t got = recv(mosquitto_socket(m->mosq), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    if (got == 0)
        return MOSQ_ERR_CONN_LOST;
    if (got > 0 && mqb_mosquitto_tls_is_foreign(m, byte))
        return MOSQ_ERR_PROTOCOL;
    bool alive = got > 0 || errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
    return alive ? MOSQ_ERR_SUCCESS : MOSQ_ERR_ERRNO;
}

static int read_some(struct mqb_mosquitto *m, short events)
{
    /* A TLS handshake continues in loop_read, even if it was waiting to write. */
    bool readable = m->answered ? (events & ~POLLOUT) != 0 : events != 0;
    if (!readable)
        return MOSQ_ERR_SUCCESS;
    int rc = m->answered ? MOSQ_ERR_SUCCESS : check_peer(m);
    return rc == MOSQ_ERR_SUCCESS ? mosquitto_loop_read(m->mosq, 1) : rc;
}

/* Each step may end the connection, and some do so without a code: only the socket is gone. */
static int exchange(struct mqb_mosquitto *m, short events)
{
    errno = 0;
    int rc = read_some(m, events);
    if (rc != MOSQ_ERR_SUCCESS || mosquitto_socket(m->mosq) < 0)
        return rc;
    if (mosquitto_want_write(m->mosq))
        rc = mosquitto_loop_write(m->mosq, 1);
    if (rc != MOSQ_ERR_SUCCESS || mosquitto_socket(m->mosq) < 0)
        return rc;
    return mosquitto_loop_misc(m->mosq);
}

static void serve(struct mqb_mosquitto *m, short events)
{
    int rc = exchange(m, events);
    int error_number = errno;
    if (m->online && m->state == MQB_MOSQUITTO_CONNECTING)
        mqb_mosquitto_enter(m, MQB_MOSQUITTO_CONNECTED, "");
    if (rc != MOSQ_ERR_SUCCESS || mosquitto_socket(m->mosq) < 0)
        mqb_mosquitto_lost(m, rc, error_number);
}

static bool take_wake(const struct mqb_mosquitto *m)
{
    char bytes[16];
    bool woken = false;
    while (read(m->wake[0], bytes, sizeof bytes) > 0)
        woken = true;
    return woken;
}

bool mqb_mosquitto_step(struct mqb_mosquitto *m, int timeout_ms)
{
    if (!m || !m->mosq || m->busy)
        return false;
    m->busy = true;
    advance(m);
    int due_ms = mqb_mosquitto_due_ms(m);
    struct pollfd polls[2] = {
        {.fd = m->wake[0], .events = POLLIN},
        {.fd = mqb_mosquitto_socket(m), .events = POLLIN},
    };
    if (mqb_mosquitto_want_write(m))
        polls[1].events |= POLLOUT;
    bool ready = poll(polls, 2, timeout_ms < due_ms ? timeout_ms : due_ms) > 0;
    if (polls[1].fd >= 0)
        serve(m, ready ? polls[1].revents : 0);
    mqb_mosquitto_groups_tick(m);
    /* Received replies are handled first: a program that was delayed does not refuse them. */
    if (mqb_mosquitto_caller(m))
        mqb_client_tick(m->settings.client, (uint64_t)mqb_mosquitto_now());
    m->busy = false;
    return !take_wake(m);
}

enum mqb_status mqb_mosquitto_run(struct mqb_mosquitto *m)
{
    if (!m)
        return MQB_ERR_ARGUMENT;
    if (!m->mosq || m->busy)
        return MQB_ERR_TRANSPORT;
    while (mqb_mosquitto_step(m, INT32_MAX)) {
    }
    mqb_mosquitto_leave(m);
    return MQB_OK;
}

void mqb_mosquitto_stop(struct mqb_mosquitto *m)
{
    if (!m)
        return;
    /* A full pipe already has a byte to read: nothing is lost. */
    int error_number = errno;
    ssize_t written = write(m->wake[1], "", 1);
    (void)written;
    errno = error_number;
}

void mqb_mosquitto_leave(struct mqb_mosquitto *m)
{
    m->busy = true;
    int64_t end = mqb_mosquitto_now() + LEAVE_MS;
    int64_t left = LEAVE_MS;
    if (m->online)
        mosquitto_disconnect(m->mosq);
    while (m->online && mosquitto_socket(m->mosq) >= 0 && left > 0) {
        struct pollfd out = {.fd = mosquitto_socket(m->mosq), .events = POLLOUT};
        poll(&out, 1, (int)left);
        if (mosquitto_loop_write(m->mosq, 1) != MOSQ_ERR_SUCCESS)
            break;
        left = end - mqb_mosquitto_now();
    }
    mqb_mosquitto_settle(m);
    m->attempts = 0;
    if (m->state != MQB_MOSQUITTO_IDLE)
        mqb_mosquitto_enter(m, MQB_MOSQUITTO_IDLE, "");
    m->busy = false;
}
