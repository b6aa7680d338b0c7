/*
 * queue.h - messages on their way: those that wait for a connection or their turn, and those that
 * the broker has not acknowledged. They lie in memory of the application.
 *
 * Transports that have a queue share this part: settings, counters, and the order of events. Each
 * message that is accepted gets a token (mqb_client_last_token()) and ends once, with one outcome:
 * see enum mqb_outcome and `on_delivery` of the client.
 */
#ifndef MQBIND_QUEUE_H
#define MQBIND_QUEUE_H

#include <mqbind/mqbind.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What happens to a message for which the queue has no room. */
enum mqb_when_full {
    MQB_REFUSE_NEW = 0, /**< It is refused with MQB_ERR_TRANSPORT; on_room reports room later. */
    MQB_DROP_OLDEST, /**< The oldest messages that still wait make room for it. */
};

/**
 * Store a message, for example in a file, until `forget` is called with its token. `record` has
 * `bytes` bytes for mqb_client_resend(), and is valid until the function returns. False: the
 * message is refused. Called while the message is being sent; it may not send.
 */
typedef bool mqb_queue_keep(void *user, uint64_t token, const void *record, size_t bytes);

/** The message with this token has ended: what was stored for it may go. It may not send. */
typedef void mqb_queue_forget(void *user, uint64_t token);

/** Settings of a queue. Those left zero have the default in brackets. */
struct mqb_queue_settings {
    /** Memory for messages, which must outlive the connection. [memory inside the connection] */
    void *memory;
    size_t bytes; /**< Size of `memory` in bytes; a message takes about 120 more than its own. */
    enum mqb_when_full when_full; /**< What happens if there is no room. [MQB_REFUSE_NEW] */
    /** Queue messages of QoS 0, too, while there is no connection. [they are refused] */
    bool queue_qos_0;
    /** Most messages handed to the network at a time and not acknowledged: 1 to 65535. [20] */
    int in_flight_max;
    /** Most bytes of their topics, payloads and properties; one is always allowed. [262144] */
    size_t in_flight_bytes;
    /**
     * Room that is left for the replies of a handler, in bytes: while there is less, received
     * messages wait. [the size of the client's send buffer, at most a quarter of the memory]
     */
    size_t reply_bytes;
    mqb_queue_keep *keep; /**< Stores messages of QoS 1 and 2 that must survive. May be NULL. */
    mqb_queue_forget *forget; /**< Removes what `keep` stored, except at close. May be NULL. */
    void *user; /**< User data, passed to `keep` and `forget`. */
};

/**
 * Numbers of messages that were sent since the transport was initialized. They add up: accepted =
 * sent + confirmed + refused + dropped + expired + cancelled + those that are pending.
 */
struct mqb_queue_counters {
    uint64_t accepted; /**< Messages that were accepted. */
    uint64_t queued; /**< Of these, accepted while not connected. */
    uint64_t sent; /**< QoS 0: written to the network. */
    uint64_t confirmed; /**< QoS 1 and 2: acknowledged by the broker. */
    uint64_t refused; /**< Refused by the broker, or beyond what it announced (MQTT 5). */
    uint64_t dropped; /**< Lost: pushed out, QoS 0 when the connection broke, any at close. */
    uint64_t expired; /**< Not sent in time. */
    uint64_t cancelled; /**< Withdrawn before they were sent. */
    uint64_t rejected; /**< Not accepted: MQB_ERR_TRANSPORT was returned. */
};

/** A list of queued messages. Private. */
struct mqb_queue_list {
    /** @privatesection */
    uint32_t first; /**< Its place, or 0. */
    uint32_t last;
    size_t count;
    size_t bytes; /**< Of the records of its messages. */
};

/** Number of lists: waiting, in flight, ended. Private. */
#define MQB_QUEUE_LISTS 3

/** Messages in memory, in lists and hash tables. Private. */
struct mqb_queue {
    /** @privatesection */
    char *memory; /**< Aligned. */
    uint32_t units; /**< Size of the memory for messages, in units of eight bytes. */
    uint32_t end; /**< Behind the last message. */
    uint32_t used; /**< Units of messages that are not freed. */
    uint32_t pinned; /**< The place of a message that must not be moved, or 0. */
    uint32_t held; /**< That of another one. */
    uint32_t *by_token; /**< Hash tables of places. */
    uint32_t *by_id;
    uint32_t buckets; /**< Length of each; a power of two, or 0. */
    struct mqb_queue_list lists[MQB_QUEUE_LISTS];
};

/** What the broker cannot do, as it says when it accepts a client (MQTT 5). Private. */
struct mqb_broker_limits {
    /** @privatesection */
    bool no_groups;
    bool no_wildcards;
    bool no_retain;
    int qos_above; /**< The lowest QoS that it does not take; 0 if it said nothing yet. */
    size_t in_flight_max; /**< Most unacknowledged messages; 0 for no limit. */
    size_t packet_max; /**< Longest packet, in bytes; 0 for no limit. */
};

/** Messages on their way out. Private. */
struct mqb_outbox {
    /** @privatesection */
    struct mqb_queue queue;
    struct mqb_queue_settings settings;
    struct mqb_client *client;
    struct mqb_queue_counters *counters;
    const char *(*reason_text)(int code);
    int64_t next_expiry_ms; /**< No message expires earlier. */
    size_t wanted; /**< Bytes of the smallest message that was refused, or 0. */
    bool reporting; /**< Outcomes are being reported. */
    bool closing; /**< Nothing is accepted any more. */
};

#ifdef __cplusplus
}
#endif

#endif
