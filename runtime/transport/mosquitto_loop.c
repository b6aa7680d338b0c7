/*
 * The loop around libmosquitto. Its own loops end for good on a protocol error but never on a bad
 * password, so this one only lets it read, write and check its timers.
 */
#define _DEFAULT_SOURCE
#include "transport/mosquitto_loop.h"

#include <errno.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <mosquitto.h>

#include "transport/mosquitto_groups.h"
#include "transport/mosquitto_patience.h"
#include "transport/mosquitto_receiving.h"
#include "transport/mosquitto_sending.h"
#include "transport/mosquitto_session.h"
#include "transport/mosquitto_state.h"
#include "transport/mosquitto_tls.h"
#include "transport/mosquitto_wake.h"
#include "transport/outbox.h"
#include "transport/posix_clock.h"

/* Most packets that are read, and messages that are handled, before others have their turn. */
#define READS_MAX 100

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
    m->unsent = 0;
    m->flow_ms = 0;
    m->due_ms = mqb_posix_now() + m->settings.connect_timeout_ms;
    mqb_mosquitto_enter(m, MQB_MOSQUITTO_CONNECTING, "");
    errno = 0;
    int rc = mqb_mosquitto_connect(m);
    if (rc != MOSQ_ERR_SUCCESS)
        mqb_mosquitto_lost(m, rc, errno);
}

/* Bytes, or the end of them. */
static bool has_bytes(int fd)
{
    char byte;
    return fd >= 0 && recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) >= 0;
}

/* What has not been read yet may be the acknowledgement, when a handler took long. */
static void check_acknowledgements(struct mqb_mosquitto *m)
{
    const char *reason = m->fault ? NULL : mqb_mosquitto_overdue(m);
    if (!reason || has_bytes(mosquitto_socket(m->mosq)))
        return;
    mqb_mosquitto_have_more_patience(m);
    mqb_mosquitto_end(m, reason);
}

/* Start what is due: the first attempt, a retry, or the end of an attempt. */
static void advance(struct mqb_mosquitto *m)
{
    if (m->reconnect)
        mqb_mosquitto_restart(m);
    bool due = mqb_posix_now() >= m->due_ms;
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
        check_acknowledgements(m);
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

static int read_packet(struct mqb_mosquitto *m)
{
    const int rc = m->answered ? MOSQ_ERR_SUCCESS : check_peer(m);
    return rc == MOSQ_ERR_SUCCESS ? mosquitto_loop_read(m->mosq, 1) : rc;
}

/* All that is there, so that edges are enough for who polls, but only so much in a turn. */
static int read_some(struct mqb_mosquitto *m, short events)
{
    /* A TLS handshake continues in loop_read, even if it was waiting to write. */
    bool readable = m->answered ? (events & ~POLLOUT) != 0 : events != 0;
    int rc = MOSQ_ERR_SUCCESS;
    for (int left = READS_MAX; readable && left != 0; left--) {
        rc = read_packet(m);
        const int fd = mosquitto_socket(m->mosq);
        if (rc != MOSQ_ERR_SUCCESS || fd < 0)
            return rc;
        /* Acknowledgements made room, and what was sent in their place makes more. */
        mqb_mosquitto_receive_kept(m, READS_MAX);
        mqb_mosquitto_hand_over(m);
        readable = mqb_mosquitto_want_read(m) && has_bytes(fd);
    }
    m->has_more = readable;
    return rc;
}

static int count_unsent(const struct mqb_mosquitto *m)
{
    int bytes = 0;
    const int fd = mosquitto_socket(m->mosq);
    return fd >= 0 && ioctl(fd, TIOCOUTQ, &bytes) == 0 ? bytes : 0;
}

/* libmosquitto counts only what it receives as a sign of life; a slow link can be busy for longer.
 */
static bool is_flowing(const struct mqb_mosquitto *m)
{
    const int64_t keepalive_ms = (int64_t)m->settings.keepalive_s * 1000;
    return (m->unsent != 0 || mosquitto_want_write(m->mosq)) &&
           mqb_posix_now() - m->flow_ms < keepalive_ms;
}

static int write_some(struct mqb_mosquitto *m)
{
    const int unsent = count_unsent(m);
    const bool flows = unsent < m->unsent;
    if (flows)
        m->flow_ms = mqb_posix_now();
    mqb_mosquitto_watch_progress(m, flows, unsent == 0 && !mosquitto_want_write(m->mosq));
    int rc = MOSQ_ERR_SUCCESS;
    if (mosquitto_want_write(m->mosq))
        rc = mosquitto_loop_write(m->mosq, 1);
    m->unsent = count_unsent(m);
    return rc;
}

/* Each step may end the connection, and some do so without a code: only the socket is gone. */
static int exchange(struct mqb_mosquitto *m, short events)
{
    errno = 0;
    int rc = read_some(m, events);
    if (rc != MOSQ_ERR_SUCCESS || mosquitto_socket(m->mosq) < 0)
        return rc;
    mqb_mosquitto_hand_over(m);
    rc = write_some(m);
    if (rc != MOSQ_ERR_SUCCESS || mosquitto_socket(m->mosq) < 0)
        return rc;
    if (!is_flowing(m))
        rc = mosquitto_loop_misc(m->mosq);
    return rc;
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

/* What needs no socket. Received replies are handled before their calls can time out. */
static void serve_client(struct mqb_mosquitto *m)
{
    const int64_t now_ms = mqb_posix_now();
    if (mqb_mosquitto_receive_kept(m, READS_MAX))
        m->has_more = true;
    mqb_mosquitto_hand_over(m);
    mqb_mosquitto_groups_tick(m);
    mqb_outbox_expire(&m->outbox, now_ms);
    if (mqb_mosquitto_caller(m))
        mqb_client_tick(m->settings.client, (uint64_t)now_ms);
    mqb_outbox_report(&m->outbox);
}

/* Negative is without a limit. */
static int shorter(int timeout_ms, int due_ms)
{
    return timeout_ms >= 0 && timeout_ms < due_ms ? timeout_ms : due_ms;
}

void mqb_mosquitto_turn(struct mqb_mosquitto *m, int timeout_ms)
{
    struct pollfd polls[2] = {
        {.fd = mqb_mosquitto_wake_fd(m), .events = POLLIN},
        {.fd = mqb_mosquitto_socket(m)},
    };
    if (mqb_mosquitto_want_read(m))
        polls[1].events |= POLLIN;
    if (mqb_mosquitto_want_write(m))
        polls[1].events |= POLLOUT;
    const bool reads = (polls[1].events & POLLIN) != 0;
    const bool ready = poll(polls, 2, shorter(timeout_ms, mqb_mosquitto_due_ms(m))) > 0;
    m->has_more = false;
    if (polls[1].fd >= 0)
        serve(m, ready ? polls[1].revents : 0);
    serve_client(m);
    if (!reads && mqb_mosquitto_want_read(m))
        m->has_more = true; /* Edges that came meanwhile do not come again. */
    if (mqb_mosquitto_take_wake(m) && m->settings.on_wake)
        m->settings.on_wake(m->settings.user);
}

bool mqb_mosquitto_step(struct mqb_mosquitto *m, int timeout_ms)
{
    if (!m || !m->mosq || m->busy)
        return false;
    m->busy = true;
    advance(m);
    mqb_mosquitto_turn(m, timeout_ms);
    m->busy = false;
    return !mqb_mosquitto_take_stop(m);
}
