/*
 * outbox.h - messages on their way out: what is accepted, what goes next, and how each ends. It
 * knows no network; a transport hands over what mqb_outbox_next() returns and reports what it
 * hears.
 *
 * Times are milliseconds of the transport's clock.
 */
#ifndef MQB_OUTBOX_H
#define MQB_OUTBOX_H

#include "transport/queue.h"

/** What the settings violate, with defaults for those left zero, or NULL. A static string. */
const char *mqb_outbox_rule(struct mqb_queue_settings *settings);

/**
 * Start with settings that are complete. `client` may be initialized later. `reason_text` puts
 * codes of MQTT 5 into words.
 */
void mqb_outbox_init(
    struct mqb_outbox *outbox,
    struct mqb_client *client,
    struct mqb_queue_counters *counters,
    const char *(*reason_text)(int code),
    const struct mqb_queue_settings *settings);

/** Accept a message, or refuse it with MQB_ERR_TRANSPORT. */
enum mqb_status mqb_outbox_put(
    struct mqb_outbox *outbox,
    const struct mqb_publish *message,
    int64_t now_ms,
    bool is_connected);

/**
 * The message to hand over now, or NULL if none waits or as many are in flight as the settings and
 * the broker's window allow; 0 is no window.
 */
struct mqb_queued *mqb_outbox_next(struct mqb_outbox *outbox, int64_t now_ms, size_t window);
/** For a message that is handed over: the seconds until it expires, at least one; 0 for never. */
uint32_t mqb_outbox_seconds_left(const struct mqb_queued *message, int64_t now_ms);
/** It is handed over. */
void mqb_outbox_set_in_flight(struct mqb_outbox *outbox, struct mqb_queued *message);
/** It ended; reason is one of MQTT 5 or 0. The client is informed by mqb_outbox_report(). */
void mqb_outbox_end(
    struct mqb_outbox *outbox,
    struct mqb_queued *message,
    enum mqb_outcome outcome,
    uint8_t reason);

/** Take a message back that still waits. */
bool mqb_outbox_withdraw(struct mqb_outbox *outbox, uint64_t token);
/** The connection was lost: what was in flight with QoS 0 is dropped. */
void mqb_outbox_lose(struct mqb_outbox *outbox);
/** What is in flight waits again, before all others: the network has forgotten it. */
void mqb_outbox_take_back(struct mqb_outbox *outbox);
/** End those that wait for too long. */
void mqb_outbox_expire(struct mqb_outbox *outbox, int64_t now_ms);
/** When mqb_outbox_expire() has something to do; INT64_MAX if never. */
int64_t mqb_outbox_expiry_ms(const struct mqb_outbox *outbox);
/** The token of the oldest message of QoS 1 or 2 that is not acknowledged; 0 if there is none. */
uint64_t mqb_outbox_oldest(const struct mqb_outbox *outbox);

/** Whether outcomes or room wait to be reported. */
bool mqb_outbox_has_news(const struct mqb_outbox *outbox);
/** Inform the client of outcomes and of room. */
void mqb_outbox_report(struct mqb_outbox *outbox);
/** Drop all that did not end, and report it. What `keep` stored stays. */
void mqb_outbox_close(struct mqb_outbox *outbox);

/** Messages that have not ended. */
size_t mqb_outbox_pending(const struct mqb_outbox *outbox);
size_t mqb_outbox_pending_bytes(const struct mqb_outbox *outbox);
/** Whether a reply of a handler would be accepted. */
bool mqb_outbox_has_room_for_reply(const struct mqb_outbox *outbox);

#endif
