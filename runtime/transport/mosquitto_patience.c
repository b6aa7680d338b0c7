/* Acknowledgements that are due, of messages and of subscriptions. */
#include "transport/mosquitto_patience.h"

#include "transport/mosquitto_subscribe.h"
#include "transport/outbox.h"
#include "transport/posix_clock.h"

/* A broker that acknowledges nothing gets twice the time with each connection, but no more than
 * this many times. */
#define DOUBLINGS_MAX 4U

void mqb_mosquitto_begin_waiting(struct mqb_mosquitto *m)
{
    m->message_wait.oldest = 0;
    m->subscribe_wait.oldest = 0;
}

static void watch(
    struct mqb_mosquitto_wait *wait,
    uint64_t oldest,
    bool flows,
    bool all_left,
    int64_t now_ms)
{
    if (oldest != wait->oldest) {
        if (wait->oldest != 0)
            wait->doublings = 0;
        wait->oldest = oldest;
        wait->has_left = false;
        wait->since_ms = now_ms;
    }
    /* On a slow link it takes as long to leave as bytes flow, whatever else is sent behind it. */
    if (!wait->has_left && (flows || all_left))
        wait->since_ms = now_ms;
    wait->has_left = wait->has_left || all_left;
}

void mqb_mosquitto_watch_progress(struct mqb_mosquitto *m, bool flows, bool all_left)
{
    const int64_t now_ms = mqb_posix_now();
    if (!m->online)
        return;
    watch(&m->message_wait, mqb_outbox_oldest(&m->outbox), flows, all_left, now_ms);
    watch(&m->subscribe_wait, mqb_mosquitto_oldest_subscribe(m), flows, all_left, now_ms);
}

static bool is_overdue(const struct mqb_mosquitto *m, const struct mqb_mosquitto_wait *wait)
{
    const int64_t patience_ms = (int64_t)m->settings.ack_timeout_ms << wait->doublings;
    return wait->oldest != 0 && mqb_posix_now() - wait->since_ms >= patience_ms;
}

const char *mqb_mosquitto_overdue(const struct mqb_mosquitto *m)
{
    if (is_overdue(m, &m->message_wait))
        return "the broker did not acknowledge a message in time";
    if (is_overdue(m, &m->subscribe_wait))
        return "the broker did not acknowledge a subscription in time";
    return NULL;
}

static void double_if_overdue(const struct mqb_mosquitto *m, struct mqb_mosquitto_wait *wait)
{
    if (is_overdue(m, wait) && wait->doublings < DOUBLINGS_MAX)
        wait->doublings++;
}

void mqb_mosquitto_have_more_patience(struct mqb_mosquitto *m)
{
    double_if_overdue(m, &m->message_wait);
    double_if_overdue(m, &m->subscribe_wait);
}
