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
 * The broker always keeps the session. Handlers must be idempotent: after a crash or a lost
 * connection a message can come twice. Subscriptions of QoS 2 are made with QoS 1, as paho would
 * lose such messages in a crash.
 *
 * Threads: paho has threads of its own, and this library one more for each connection. Handlers and
 * all other callbacks run in the thread that calls run, step or close, and only that thread may
 * call functions of the connection and of its client. There are two exceptions, which any thread
 * and any signal handler may call: mqb_paho_stop() and mqb_paho_wake(). Threads other than that one
 * may call them until mqb_paho_close() is called. Signals are blocked in the threads of paho and of
 * this library, so the application's own get them.
 *
 * What to know about paho:
 * - What was not acknowledged when a connection broke is sent again on the next one, and can arrive
 *   twice even with QoS 2. With QoS 0, `sent` means that paho has taken it.
 * - One filter is subscribed to at a time, which takes a round trip for each.
 * - Received messages do not wait for room for a reply: give the queue room for those that the
 *   broker sends before the first of them was acknowledged (receive_max).
 * - TLS gives few reasons: a certificate that has expired and one of an unknown authority are one,
 *   a certificate for another host and a broker that does not answer are another. The lowest
 *   version is that of OpenSSL's configuration.
 * - The times of MQTT 5 are sent as 68 years at most, and strings among the properties of a
 *   received message are not checked to be UTF-8.
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
#ifndef MQB_PAHO_USER_PROPERTIES_MAX
/** Most user properties of a received message that handlers can see. Can be set. */
#define MQB_PAHO_USER_PROPERTIES_MAX 16
#endif
/** A session that the broker keeps until the client ends it. */
#define MQB_PAHO_SESSION_FOREVER UINT32_MAX
#ifndef MQB_PAHO_SEND_BYTES
/**
 * Memory for a message while it is passed to paho, in bytes. A longer one stays in the queue
 * meanwhile, and may split the room that there is. Can be set.
 */
#define MQB_PAHO_SEND_BYTES 4096
#endif
#ifndef MQB_PAHO_UNSUBSCRIBE_BYTES
/** Memory for filters to unsubscribe from, with a NUL for each, in bytes. Can be set. */
#define MQB_PAHO_UNSUBSCRIBE_BYTES 2048
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
    MQB_PAHO_WAITING, /**< Unreachable or lost; will be retried. */
    MQB_PAHO_REFUSED, /**< Refused by the broker: user, password, client id. Retried slowly. */
};

/** The state as a lower-case English word, for logs. A static string, never NULL. */
const char *mqb_paho_state_text(enum mqb_paho_state state);

/** A copy of the state of a connection. */
struct mqb_paho_status {
    enum mqb_paho_state state; /**< The state. */
    char reason[MQB_PAHO_REASON_BYTES]; /**< Why it waits or was refused; otherwise "". */
    int retry_ms; /**< Milliseconds until the next attempt if waiting or refused, else 0. */
    size_t pending; /**< Messages that were accepted and have not ended. */
    size_t pending_bytes; /**< Bytes of their topics, payloads and properties. */
    bool subscribed; /**< Connected, and the broker has granted all subscriptions. */
    size_t subscribing; /**< Subscriptions that the broker has not answered. */
};

/** Called in the loop's thread for each change of state. It may publish and stop. */
typedef void mqb_paho_on_state(void *user, const struct mqb_paho_status *status);

/**
 * Called in the loop's thread when the broker has answered all subscriptions: after each connect,
 * and after sides were bound. `refused` is how many were refused since the connect, each of which
 * was reported to on_error; 0 means that all are granted. It may publish, bind and stop.
 */
typedef void mqb_paho_on_subscribed(void *user, size_t refused);

/** Numbers of events since mqb_paho_init(). */
struct mqb_paho_counters {
    struct mqb_queue_counters messages; /**< Messages that were sent. */
    uint64_t connects; /**< Connections that the broker accepted. */
    uint64_t resumed; /**< Of these, those for which it had kept the session. */
    uint64_t connect_failures; /**< Attempts that failed before that. */
    uint64_t disconnects; /**< Accepted connections that ended, for any reason. */
    /** Subscriptions requested: granted + subscribes_refused + subscribes_lost + subscribing. */
    uint64_t subscribes;
    uint64_t granted; /**< Granted by the broker. */
    uint64_t subscribes_refused; /**< Refused by the broker; each is reported to on_error. */
    uint64_t subscribes_lost; /**< Not answered before the connection was lost. */
    /** User properties that handlers did not see, past MQB_PAHO_USER_PROPERTIES_MAX. */
    uint64_t user_properties_omitted;
    uint64_t slow_handlers; /**< Messages that took longer than the keepalive to handle. */
};

/** Settings of a connection. Those left zero have the default in brackets. Strings must outlive it.
 */
struct mqb_paho_settings {
    /** The client that receives the messages; may be initialized after this. Required. */
    struct mqb_client *client;
    const char *client_id; /**< Client id, under which the broker keeps the session. Required. */
    const char *host; /**< Name or address of the broker. [localhost] */
    int port; /**< TCP port. [1883; with TLS 8883] */
    /**
     * MQTT version: 4 for 3.1.1, 5 for 5. Version 3.1.1 has no response topics, no correlation data
     * and no other properties: messages that need them are refused with MQB_ERR_TRANSPORT before
     * they are sent, and received ones lack them. [4]
     */
    int protocol;
    /**
     * Do not receive what this client itself sends to topics that it also subscribes to; for
     * protocols that use a topic in both directions. Needs MQTT 5. MQTT does not allow it for
     * groups: sides that subscribe in one cannot be bound. [false]
     */
    bool no_local;
    /**
     * The broker never returns to a client what it sent, as it keeps the directions of a topic
     * apart. Without this and without `no_local`, a side that receives what it sends cannot be
     * bound. [false]
     */
    bool directions_apart;
    /**
     * Seconds for which the broker keeps the session after the connection ended; brokers may set a
     * maximum. Needs MQTT 5. [MQB_PAHO_SESSION_FOREVER]
     */
    uint32_t session_expiry_s;
    /**
     * Most messages of QoS 1 that the broker sends before the first of them was handled. Needs
     * MQTT 5. [that of the broker]
     */
    int receive_max;
    int keepalive_s; /**< Seconds of silence after which either side checks the other. [60] */
    const char *username; /**< User name. [none] */
    const char *password; /**< Password of the user. [none] */

    /**
     * Use TLS. Implied by the files below; without `ca_file` and `ca_path` the system's CAs are
     * used.
     */
    bool tls;
    const char *ca_file; /**< File of trusted certificates, in PEM. */
    const char *ca_path; /**< Directory of trusted certificates, in PEM. */
    const char *certificate_file; /**< The client's own certificate in PEM; needs `key_file`. */
    const char *key_file; /**< The client's private key in PEM; needs `certificate_file`. */
    const char *key_password; /**< Password of an encrypted key file. */
    /** Accept a certificate for another host. For tests only. [false] */
    bool insecure;

    /** Where messages wait, how many, and what happens if there is no room. */
    struct mqb_queue_settings queue;
    int retry_min_ms; /**< Milliseconds before the first retry. They double each time. [1000] */
    int retry_max_ms; /**< Maximum of that delay, in milliseconds. [60000] */
    int retry_refused_ms; /**< Delay after a refusal, in milliseconds. [30000] */
    /**
     * Milliseconds that the broker may take to acknowledge a message or a subscription after those
     * before it; then the connection is broken off and made again. As long as that does not help,
     * the time doubles with each connection, to 16 times as much at most. It begins when paho has
     * the message, and again after each handler. [30000]
     */
    int ack_timeout_ms;
    /**
     * Milliseconds that mqb_paho_run(), when it was stopped, and mqb_paho_close() wait for what is
     * pending, if there is a connection. [5000; less than 0: do not wait]
     */
    int close_timeout_ms;
    /**
     * The will: a message that the broker publishes if the connection breaks. It is captured from a
     * generated send function with mqb_client_capture(), so it is always valid. It must outlive the
     * connection. [none]
     */
    const struct mqb_capture *will;
    /**
     * Seconds for which the broker waits for a new connection before it publishes the will. Needs
     * MQTT 5. [0]
     */
    uint32_t will_delay_s;
    mqb_paho_on_state *on_state; /**< May be NULL. */
    mqb_paho_on_subscribed *on_subscribed; /**< May be NULL. */
    /**
     * Called in the loop's thread before the connection is closed, if there is one and all else was
     * sent: the place for a last message, such as a retained "offline". May be NULL.
     */
    void (*on_close)(void *user);
    /** Called in the loop's thread after mqb_paho_wake(). May be NULL. */
    void (*on_wake)(void *user);
    void *user; /**< User data, passed to these functions; never used. */
};

struct mqb_paho_event;

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
    char tls_error[MQB_PAHO_REASON_BYTES]; /**< The first of the attempt. */
    struct mqb_broker_limits limits;
    int (*obey)(struct mqb_paho *paho); /**< Does what a command says. */
    pthread_t thread;
    pthread_mutex_t lock; /**< Of `command`, `first_event`, `arrived` and `ends`. */
    pthread_cond_t change;
    struct mqb_paho_command command;
    struct mqb_paho_event *first_event; /**< In memory of the threads that wait for it. */
    bool arrived; /**< A message waits for its handler, and paho's mutex is held. */
    bool ends; /**< The connection's thread must end. */
    int wake[2]; /**< Pipes: file descriptors plus 1. */
    int woken[2];
    int stop[2];
    enum mqb_paho_state state;
    char reason[MQB_PAHO_REASON_BYTES];
    int64_t due_ms; /**< When to connect again. */
    int retry_ms;
    bool is_handing; /**< A message is being handed over, and this is its token. */
    bool holds; /**< It is used in the queue's memory, and not copied. */
    uint64_t handing_token;
    uint64_t sending[MQB_PAHO_SEND_BYTES / 8]; /**< A copy of it. */
    size_t subscribing; /**< Filters that are not answered: at most one. */
    int64_t subscribe_ms; /**< When it was sent. */
    uint64_t awaited; /**< The message whose acknowledgement is due next, or 0. */
    int64_t awaited_ms; /**< From when on it is due. */
    unsigned doublings; /**< Of `ack_timeout_ms`: connections without any acknowledgement. */
    uint32_t subscribe_id; /**< Paho's token of it, or 0. */
    uint32_t early_sent_id; /**< Answers that came before their tokens were known. */
    int early_sent_value;
    uint32_t early_subscribe_id;
    int early_subscribe_value;
    uint64_t failures_before; /**< Of the client's subscriptions, before this connection. */
    bool all_answered;
    bool take_back; /**< What is in flight must be sent again. */
    bool is_broken; /**< What paho has of the connection must go. */
    bool busy; /**< In the loop. */
    bool leaving; /**< No more attempts. */
    bool ending; /**< Nothing is handed over any more. */
    size_t unsubscribes_len; /**< Bytes of filters to unsubscribe from. */
    char unsubscribes[MQB_PAHO_UNSUBSCRIBE_BYTES]; /**< One after the other, each with its NUL. */
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

/**
 * Connect, and stay connected until mqb_paho_stop(); then send what is pending, call on_close,
 * disconnect and return MQB_OK. A second mqb_paho_stop() disconnects at once. If called from a
 * handler it does nothing and returns MQB_ERR_TRANSPORT.
 */
enum mqb_status mqb_paho_run(struct mqb_paho *paho);

/**
 * End the run in progress, or the next one. May be called from handlers, other threads and signal
 * handlers, but not while the connection is being initialized or closed. Before that it does
 * nothing if `paho` is zeroed.
 */
void mqb_paho_stop(struct mqb_paho *paho);

/**
 * Let the loop call on_wake, in its own thread, to take over work of other threads. Several calls
 * can have one effect. May be called from where mqb_paho_stop() may be called.
 */
void mqb_paho_wake(struct mqb_paho *paho);

/**
 * Run one iteration of the loop: wait up to `timeout_ms` milliseconds for an event, less than 0
 * without a limit, and handle it. False after mqb_paho_stop(), and if called from a handler, when
 * nothing happens.
 *
 * In a poll loop of your own, poll mqb_paho_wake_fd() for reading, no longer than
 * mqb_paho_due_ms(); then call this function with 0.
 */
bool mqb_paho_step(struct mqb_paho *paho, int timeout_ms);

/** A file descriptor that is readable when mqb_paho_step() has something to do. */
int mqb_paho_wake_fd(const struct mqb_paho *paho);

/** Milliseconds until mqb_paho_step() must be called even if there is no event. */
int mqb_paho_due_ms(const struct mqb_paho *paho);

/** The current state of the connection. */
struct mqb_paho_status mqb_paho_get_status(const struct mqb_paho *paho);

/**
 * Send what is pending, for at most `close_timeout_ms`, call on_close, disconnect, and free what
 * paho allocated. What was not confirmed by then counts as dropped, and is reported to on_delivery;
 * but what `keep` of the queue stored stays. Messages that arrive meanwhile are handled. Does
 * nothing if called from a handler.
 */
void mqb_paho_close(struct mqb_paho *paho);

#ifdef __cplusplus
}
#endif

#endif
