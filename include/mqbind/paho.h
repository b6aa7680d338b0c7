/*
 * paho.h - workers on a real broker, through paho C's MQTTAsync, which acknowledges a message after
 * its handler has run: after a crash in the handler the broker sends it again.
 *
 *     struct mqb_paho paho;
 *     struct mqb_client client;
 *     struct mqb_paho_settings settings = {.client = &client, .client_id = "worker-1"};
 *     if (mqb_paho_init(&paho, &settings) != MQB_OK)
 *         return 1; // mqb_paho_get_status(&paho).reason says why
 *     config.transport = mqb_paho_transport(&paho);
 *     if (mqb_client_init(&client, &config) != MQB_OK)
 *         return 1;
 *     ... bind the sides ...
 *     mqb_paho_run(&paho); // until mqb_paho_stop()
 *     mqb_paho_close(&paho);
 *
 * It speaks MQTT 3.1.1 over TCP, and the broker always keeps the session. Handlers must be
 * idempotent: after a crash or a lost connection a message can come twice. Subscriptions of QoS 2
 * are made with QoS 1, as paho would lose such messages in a crash.
 *
 * Threads: paho has threads of its own, and this library one more for each connection. Handlers and
 * all other callbacks run in the thread that calls run, step or close, and only that thread may
 * call functions of the connection and of its client. mqb_paho_stop() may be called from any thread
 * and any signal handler.
 *
 * What to know about paho:
 * - What was not acknowledged when a connection broke is sent again on the next one, and can arrive
 *   twice even with QoS 2. With QoS 0, `sent` means that paho has taken it.
 * - Messages are handled one at a time. While a handler runs, all connections of the process stand
 *   still, and no pings are sent: a handler that runs longer than the keepalive loses the
 *   connection, and its message comes again.
 * - paho allocates memory: for each message in progress, and for each incoming packet. Version
 *   1.3.12 never frees what it kept of messages that were unacknowledged when a connection broke:
 *   some 160 bytes and the payload of each.
 */
#ifndef MQBIND_PAHO_H
#define MQBIND_PAHO_H

#include <pthread.h>

#include <mqbind/queue.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Limits of the build; override with -D, the same for the library and your code ---- */

#ifndef MQB_PAHO_QUEUE_BYTES
/** Memory for messages inside a connection that is given no other, in bytes. Can be set. */
#define MQB_PAHO_QUEUE_BYTES 65536
#endif
#ifndef MQB_PAHO_FILTER_BYTES
/** Size of the longest filter with its NUL, in bytes; longer ones are refused. Can be set. */
#define MQB_PAHO_FILTER_BYTES 512
#endif
/** Size of the address of a broker with its NUL, in bytes. */
#define MQB_PAHO_URI_BYTES 300
/** Size of the reason of a state with its NUL, in bytes. */
#define MQB_PAHO_REASON_BYTES 128

/** States of a connection. */
enum mqb_paho_state {
    MQB_PAHO_IDLE, /**< Not started, stopped or closed. */
    MQB_PAHO_CONNECTING, /**< Connecting, or waiting for the broker's answer. */
    MQB_PAHO_CONNECTED, /**< The broker accepted the client. */
    MQB_PAHO_WAITING, /**< Unreachable, refused or lost; will be retried. */
};

/** A copy of the state of a connection. */
struct mqb_paho_status {
    enum mqb_paho_state state; /**< The state. */
    char reason[MQB_PAHO_REASON_BYTES]; /**< Why it waits; otherwise "". */
    size_t pending; /**< Messages that were accepted and have not ended. */
    bool subscribed; /**< Connected, and the broker has answered all subscriptions. */
};

/** Called in the loop's thread for each change of state. It may publish and stop. */
typedef void mqb_paho_on_state(void *user, const struct mqb_paho_status *status);

/** Called in the loop's thread when the broker has answered all subscriptions. It may publish. */
typedef void mqb_paho_on_subscribed(void *user);

/** Numbers of events since mqb_paho_init(). */
struct mqb_paho_counters {
    struct mqb_queue_counters messages; /**< Messages that were sent. */
    uint64_t connects; /**< Connections that the broker accepted. */
    uint64_t resumed; /**< Of these, those for which it had kept the session. */
    uint64_t connect_failures; /**< Attempts that failed before that. */
    uint64_t disconnects; /**< Accepted connections that ended without being closed. */
};

/** Settings of a connection. Those left zero have the default in brackets. Strings must outlive it.
 */
struct mqb_paho_settings {
    /** The client that receives the messages; may be initialized after this. Required. */
    struct mqb_client *client;
    const char *client_id; /**< Client id, under which the broker keeps the session. Required. */
    const char *host; /**< Name or address of the broker. [localhost] */
    int port; /**< TCP port. [1883] */
    int keepalive_s; /**< Seconds of silence after which either side checks the other. [60] */
    const char *username; /**< User name. [none] */
    const char *password; /**< Password of the user. [none] */
    /** Where messages wait, how many, and what happens if there is no room. */
    struct mqb_queue_settings queue;
    int retry_min_ms; /**< Milliseconds before the first retry. They double each time. [1000] */
    int retry_max_ms; /**< Maximum of that delay, in milliseconds. [60000] */
    int close_timeout_ms; /**< Milliseconds that closing waits for what is pending. [5000] */
    mqb_paho_on_state *on_state; /**< May be NULL. */
    mqb_paho_on_subscribed *on_subscribed; /**< May be NULL. */
    void *user; /**< User data, passed to both. */
};

struct mqb_paho_event;
struct mqb_queued;

/** What paho is to do, by one of its threads or by the connection's. Private. */
struct mqb_paho_command {
    /** @privatesection */
    int kind;
    int progress;
    int rc; /**< What paho returned. */
    struct mqb_publish message;
    int qos; /**< Of the filter. */
    uint32_t id; /**< Paho's token. */
    char filter[MQB_PAHO_FILTER_BYTES];
};

/** A connection. Its memory belongs to the caller. `counters` may be read; the rest is private. */
struct mqb_paho {
    struct mqb_paho_counters counters; /**< May be read at any time. */
    /** @privatesection */
    struct mqb_paho_settings settings;
    struct mqb_outbox outbox;
    bool is_open; /**< Initialized and not closed. */
    void *handle; /**< MQTTAsync, of the thread of the connection. */
    char uri[MQB_PAHO_URI_BYTES];
    pthread_t thread;
    pthread_mutex_t lock; /**< Of `command`, `first_event`, `arrived` and `ends`. */
    pthread_cond_t change;
    struct mqb_paho_command command;
    struct mqb_paho_event *first_event; /**< In memory of the threads that wait for it. */
    bool arrived; /**< A message waits for its handler, and paho's mutex is held. */
    bool ends; /**< The connection's thread must end. */
    int wake[2];
    int stop[2];
    enum mqb_paho_state state;
    char reason[MQB_PAHO_REASON_BYTES];
    int64_t due_ms; /**< When to connect again. */
    int retry_ms;
    struct mqb_queued *handing; /**< The message that is being handed over. */
    uint32_t subscribe_id; /**< Paho's token of the subscription that is not answered, or 0. */
    uint32_t early_sent_id; /**< Answers that came before their tokens were known. */
    int early_sent_value;
    uint32_t early_subscribe_id;
    int early_subscribe_value;
    bool all_answered;
    bool take_back; /**< What is in flight must be sent again. */
    bool busy; /**< In the loop. */
    bool leaving; /**< No more attempts. */
    uint64_t memory[MQB_PAHO_QUEUE_BYTES / 8];
};

/**
 * Initialize a connection and start its thread; it connects in run or step.
 *
 * MQB_ERR_ARGUMENT: a pointer is NULL. MQB_ERR_VALUE: a setting is not valid, see the reason in the
 * status. MQB_ERR_TRANSPORT: paho or the operating system refused.
 */
enum mqb_status mqb_paho_init(struct mqb_paho *paho, const struct mqb_paho_settings *settings);

/** The transport for the config of the client. */
struct mqb_transport mqb_paho_transport(struct mqb_paho *paho);

/** Run the loop until mqb_paho_stop(); MQB_ERR_TRANSPORT if called from a handler. */
enum mqb_status mqb_paho_run(struct mqb_paho *paho);

/** End the run in progress, or the next one. For any thread and any signal handler. */
void mqb_paho_stop(struct mqb_paho *paho);

/**
 * Run one iteration of the loop: wait up to `timeout_ms` milliseconds for an event, less than 0
 * without a limit, and handle it. False after mqb_paho_stop(), and if called from a handler.
 */
bool mqb_paho_step(struct mqb_paho *paho, int timeout_ms);

/** The current state of the connection. */
struct mqb_paho_status mqb_paho_get_status(const struct mqb_paho *paho);

/**
 * Send what is pending, for at most `close_timeout_ms`, disconnect, and free what paho allocated.
 * Messages that arrive meanwhile are handled. Does nothing if called from a handler.
 */
void mqb_paho_close(struct mqb_paho *paho);

#ifdef __cplusplus
}
#endif

#endif
