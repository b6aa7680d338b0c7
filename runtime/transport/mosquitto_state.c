/* States of the connection: why it ended, and when to try again. */
#define _POSIX_C_SOURCE 200809L
#include "transport/mosquitto_state.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include <mosquitto.h>

#include "transport/announced.h"
#include "transport/mosquitto_groups.h"
#include "transport/mosquitto_hosts.h"
#include "transport/mosquitto_subscribe.h"
#include "transport/mosquitto_text.h"
#include "transport/mosquitto_tls.h"
#include "transport/outbox.h"
#include "transport/posix_clock.h"

const char *mqb_mosquitto_state_text(enum mqb_mosquitto_state state)
{
    static const char *const texts[] = {
        [MQB_MOSQUITTO_IDLE] = "idle",           [MQB_MOSQUITTO_CONNECTING] = "connecting",
        [MQB_MOSQUITTO_CONNECTED] = "connected", [MQB_MOSQUITTO_WAITING] = "waiting",
        [MQB_MOSQUITTO_REFUSED] = "refused",
    };
    return (unsigned)state < sizeof texts / sizeof texts[0] ? texts[state] : "unknown";
}

static bool will_retry(const struct mqb_mosquitto *m)
{
    return m->state == MQB_MOSQUITTO_WAITING || m->state == MQB_MOSQUITTO_REFUSED;
}

/* Milliseconds until the connection has something to do. */
static int connection_due_ms(const struct mqb_mosquitto *m)
{
    /* libmosquitto checks its keepalive once a second, as its own loop would. */
    const int64_t idle_turn_ms = 1000;
    if (!m || !m->mosq)
        return (int)idle_turn_ms;
    if (m->state == MQB_MOSQUITTO_IDLE || m->reconnect)
        return 0;
    int64_t left = m->due_ms - mqb_posix_now();
    if (!will_retry(m) && (left > idle_turn_ms || m->state == MQB_MOSQUITTO_CONNECTED))
        left = idle_turn_ms;
    return left > 0 ? (int)left : 0;
}

struct mqb_client *mqb_mosquitto_caller(const struct mqb_mosquitto *m)
{
    return m->counters.messages.accepted != 0 ? m->settings.client : NULL;
}

int mqb_mosquitto_due_ms(const struct mqb_mosquitto *m)
{
    const int due_ms = connection_due_ms(m);
    if (!m || !m->mosq)
        return due_ms;
    if (m->has_more || mqb_outbox_has_news(&m->outbox))
        return 0;
    const struct mqb_client *client = mqb_mosquitto_caller(m);
    if (!client)
        return due_ms;
    const int64_t now_ms = mqb_posix_now();
    const int64_t expiry_ms = mqb_outbox_expiry_ms(&m->outbox) - now_ms;
    const uint64_t call_ms = mqb_client_due_ms(client, (uint64_t)now_ms);
    const uint64_t wait_ms = expiry_ms > 0 ? (uint64_t)expiry_ms : 0;
    const uint64_t least_ms = call_ms < wait_ms ? call_ms : wait_ms;
    return least_ms < (uint64_t)due_ms ? (int)least_ms : due_ms;
}

struct mqb_mosquitto_status mqb_mosquitto_get_status(const struct mqb_mosquitto *m)
{
    if (!m)
        return (struct mqb_mosquitto_status){.state = MQB_MOSQUITTO_IDLE, .host = ""};
    struct mqb_mosquitto_status status = {
        .state = m->state,
        .host = mqb_mosquitto_host(m),
        .port = mqb_mosquitto_port(m),
        .attempts = m->attempts,
        .retry_ms = will_retry(m) ? connection_due_ms(m) : 0,
        .groups = m->groups,
        .subscribed = m->all_answered && mqb_mosquitto_filters_refused(m) == 0,
        .subscribing = m->subscribing,
        .pending = mqb_outbox_pending(&m->outbox),
        .pending_bytes = mqb_outbox_pending_bytes(&m->outbox),
    };
    memcpy(status.reason, m->reason, sizeof status.reason);
    return status;
}

void mqb_mosquitto_enter(
    struct mqb_mosquitto *m,
    enum mqb_mosquitto_state state,
    const char *reason)
{
    m->state = state;
    mqb_mosquitto_copy(m->reason, sizeof m->reason, reason);
    if (!m->settings.on_state)
        return;
    struct mqb_mosquitto_status status = mqb_mosquitto_get_status(m);
    m->settings.on_state(m->settings.user, &status);
}

/* xorshift64*: clients that lost a broker at the same time must not reconnect at the same time. */
static uint64_t next_random(struct mqb_mosquitto *m)
{
    m->random ^= m->random >> 12;
    m->random ^= m->random << 25;
    m->random ^= m->random >> 27;
    return (m->random * UINT64_C(2685821657736338717)) >> 32;
}

static int64_t retry_delay(struct mqb_mosquitto *m, bool refused)
{
    m->rounds++;
    int64_t delay = refused ? m->settings.retry_refused_ms : m->settings.retry_min_ms;
    for (unsigned i = 1; !refused && i < m->rounds && delay < m->settings.retry_max_ms; i++)
        delay *= 2;
    if (!refused && delay > m->settings.retry_max_ms)
        delay = m->settings.retry_max_ms;
    return delay - (int64_t)(next_random(m) % (uint64_t)(delay / 2 + 1));
}

static bool has_old_code(const struct mqb_mosquitto *m)
{
    return mqb_announced_is_old_code(m->settings.protocol, m->peer_code);
}

/* Answers that would be the same after a retry with the same settings. */
static bool is_refusal(const struct mqb_mosquitto *m)
{
    return (!m->answered && m->log[0] != '\0') ||
           mqb_announced_is_refusal(m->settings.protocol, m->peer_code);
}

static bool is_closed_by_peer(int rc, int error_number)
{
    /* libmosquitto's number for any failure of TLS is EPROTO. */
    const bool is_reset =
        error_number == ECONNRESET || error_number == EPIPE || error_number == EPROTO;
    return rc == MOSQ_ERR_SUCCESS || rc == MOSQ_ERR_CONN_LOST ||
           (is_reset && (rc == MOSQ_ERR_ERRNO || rc == MOSQ_ERR_TLS));
}

static const char *find_reason(const struct mqb_mosquitto *m, int rc, int error_number)
{
    if (m->fault)
        return m->fault;
    if (m->peer_code >= 0)
        return has_old_code(m) ? mosquitto_connack_string(m->peer_code)
                               : mosquitto_reason_string(m->peer_code);
    if (!m->answered && m->log[0] != '\0')
        return m->log;
    const char *hint = is_closed_by_peer(rc, error_number) ? mqb_mosquitto_tls_hint(m) : NULL;
    if (hint)
        return hint;
    switch (rc) {
    case MOSQ_ERR_SUCCESS:
        return "the broker closed the connection";
    case MOSQ_ERR_TIMEOUT:
        return "the broker did not answer in time";
    case MOSQ_ERR_KEEPALIVE:
        return "the broker stopped responding";
    case MOSQ_ERR_EAI:
        return "the host's address was not found";
    case MOSQ_ERR_TLS:
        return "the connection broke during the TLS handshake";
    case MOSQ_ERR_ERRNO:
        return error_number != 0 ? strerror(error_number) : "the connection broke";
    default:
        return mosquitto_strerror(rc);
    }
}

void mqb_mosquitto_settle(struct mqb_mosquitto *m)
{
    const bool was_online = m->online;
    if (was_online)
        m->counters.disconnects++;
    else if (m->state == MQB_MOSQUITTO_CONNECTING)
        m->counters.connect_failures++;
    m->online = false;
    mqb_mosquitto_groups_end(m);
    /*
     * libmosquitto closes some sockets only when it opens the next; the peer should be informed
     * now.
     */
    int fd = mosquitto_socket(m->mosq);
    if (fd >= 0)
        shutdown(fd, SHUT_RDWR);
    if (was_online)
        mqb_mosquitto_forget_subscribes(m);
    mqb_outbox_lose(&m->outbox);
    /* Calls whose requests are waiting for a connection keep waiting, like those begun here. */
    if (was_online && mqb_mosquitto_caller(m))
        mqb_client_cancel_calls(m->settings.client);
}

void mqb_mosquitto_end(struct mqb_mosquitto *m, const char *reason)
{
    m->fault = reason;
    const int fd = mosquitto_socket(m->mosq);
    if (fd >= 0)
        shutdown(fd, SHUT_RDWR);
}

/* Another broker is tried at once. Otherwise, what one refused counts more than that others failed.
 */
static enum mqb_mosquitto_state plan_retry(struct mqb_mosquitto *m, bool refused)
{
    const bool was_online = m->online;
    const bool skip_host = refused || m->answered;
    if (was_online)
        mqb_mosquitto_leave_host(m);
    else if (mqb_mosquitto_next_address(m, skip_host)) {
        m->due_ms = mqb_posix_now();
        return MQB_MOSQUITTO_WAITING;
    }
    const bool any_refused = m->refusal[0] != '\0';
    m->due_ms = mqb_posix_now() + retry_delay(m, any_refused);
    return any_refused ? MQB_MOSQUITTO_REFUSED : MQB_MOSQUITTO_WAITING;
}

void mqb_mosquitto_restart(struct mqb_mosquitto *m)
{
    m->reconnect = false;
    if (m->online)
        mosquitto_disconnect(m->mosq);
    m->fault = "connecting again as asked";
    if (!will_retry(m) && m->state != MQB_MOSQUITTO_IDLE)
        mqb_mosquitto_lost(m, MOSQ_ERR_SUCCESS, 0);
    m->fault = NULL;
    m->due_ms = mqb_posix_now();
}

void mqb_mosquitto_lost(struct mqb_mosquitto *m, int rc, int error_number)
{
    if (m->online && mqb_posix_now() - m->since_ms >= m->settings.stable_ms) {
        m->attempts = 0;
        m->rounds = 0;
    }
    char reason[MQB_MOSQUITTO_REASON_BYTES];
    mqb_mosquitto_copy(reason, sizeof reason, find_reason(m, rc, error_number));
    const bool doubtful = is_closed_by_peer(rc, error_number) && mqb_mosquitto_tls_is_doubtful(m);
    const bool refused = !m->fault && (is_refusal(m) || doubtful);
    m->fault = NULL;
    if (refused)
        mqb_mosquitto_copy(m->refusal, sizeof m->refusal, reason);
    const enum mqb_mosquitto_state state = plan_retry(m, refused);
    mqb_mosquitto_settle(m);
    if (state == MQB_MOSQUITTO_REFUSED) {
        mqb_mosquitto_copy(reason, sizeof reason, m->refusal);
        m->refusal[0] = '\0';
    }
    mqb_mosquitto_enter(m, state, reason);
}
