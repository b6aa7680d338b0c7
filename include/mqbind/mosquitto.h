/*
 * mosquitto.h - clients on a real broker, through libmosquitto.
 *
 *     struct mqb_mosquitto mosquitto;
 *     struct mqb_client client;
 *     struct mqb_mosquitto_settings settings = {.host = "localhost", .client = &client};
 *     if (mqb_mosquitto_init(&mosquitto, &settings) != MQB_OK)
 *         return 1; // mqb_mosquitto_get_status(&mosquitto).reason says why
 *     config.transport = mqb_mosquitto_transport(&mosquitto);
 *     if (mqb_client_init(&client, &config) != MQB_OK)
 *         return 1;
 *     ... bind the sides ...
 *     mqb_mosquitto_run(&mosquitto); // until mqb_mosquitto_stop()
 *     mqb_mosquitto_close(&mosquitto);
 *
 * The loop is not libmosquitto's own: it survives every error, reconnects with a growing, jittered
 * delay, subscribes again after each connect, and reports its state. Applications with a poll loop
 * of their own use mqb_mosquitto_step().
 *
 * The loop also ends the client's calls: at their deadline, when the connection is lost, and at
 * close. The request of a call made while not connected is held for the next connection, if its QoS
 * allows. Ids of calls are made from the operating system's entropy: getentropy(), or /dev/urandom
 * where that is missing.
 *
 * Threads: handlers and all other callbacks run in the thread that calls run or step, and only that
 * thread may call functions of the connection and of its client. There are two exceptions, which
 * any thread and any signal handler may call: mqb_mosquitto_stop() and mqb_mosquitto_wake().
 * Threads other than that one may call them until mqb_mosquitto_close() is called.
 *
 * What to know about MQTT and libmosquitto:
 * - A message with QoS 1 or 2 may arrive twice, and only some of those are marked as duplicates
 * (see mqb_client_message()): handlers must be idempotent.
 * - With QoS 1, libmosquitto acknowledges a message before its handler runs: after a crash in the
 *   handler it is not sent again. The transport of paho.h acknowledges after the handler.
 * - With QoS 2, libmosquitto 2.0 loses a received message if the connection breaks when it is about
 *   to acknowledge its release (PUBCOMP), and delivers one that the broker sent again in a kept
 *   session once more, in place of a later one with the same packet id.
 * - A handler that runs longer than the keepalive delays the connection, and the broker closes it.
 *   Such handlers are counted (`slow_handlers`).
 * - libmosquitto allocates memory: for each message in progress, and for each incoming packet as
 * many bytes as the peer announces, up to 256 MB, before max_payload_bytes of the client can refuse
 * it. Limit this at the broker (mosquitto.conf: message_size_limit).
 * - With MQTT 3.1.1 a broker may grant a subscription and accept a publish that its access list
 *   forbids, and deliver nothing. With MQTT 5 it reports that: `publishes_refused`.
 * - Unbinding while not connected does not end subscriptions at a broker that keeps the session:
 * the messages still arrive, and have no route.
 * - Under MQTT 5, a libmosquitto older than 2.1 ends the process when a packet is malformed; see
 *   `allow_abort`.
 * - libmosquitto ignores SIGPIPE in the whole process.
 */
#ifndef MQBIND_MOSQUITTO_H
#define MQBIND_MOSQUITTO_H

#include <mqbind/queue.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Limits of the build; override with -D, the same for the library and your code ---- */

#ifndef MQB_MOSQUITTO_QUEUE_BYTES
/** Memory for messages inside a connection that is given no other, in bytes. Can be set. */
#define MQB_MOSQUITTO_QUEUE_BYTES 65536
#endif
#ifndef MQB_MOSQUITTO_SUBSCRIBES_MAX
/** Most SUBSCRIBE packets that can wait for the broker's answer. Can be set. */
#define MQB_MOSQUITTO_SUBSCRIBES_MAX 4
#endif
#ifndef MQB_MOSQUITTO_SUBSCRIBE_BYTES
/**
 * Memory for the filters of each of these packets, with a NUL for each, in bytes. A longer filter
 * has a packet of its own, and is cut if it is refused and reported. Can be set.
 */
#define MQB_MOSQUITTO_SUBSCRIBE_BYTES 4096
#endif
#ifndef MQB_MOSQUITTO_USER_PROPERTIES_MAX
/** Most user properties of a received message that handlers can see. Can be set. */
#define MQB_MOSQUITTO_USER_PROPERTIES_MAX 16
#endif
/** A session that the broker keeps until the client ends it. */
#define MQB_MOSQUITTO_SESSION_FOREVER UINT32_MAX
#ifndef MQB_MOSQUITTO_FILTER_BYTES
/** Size of the filter with which a client probes for groups, with its NUL, in bytes. Can be set. */
#define MQB_MOSQUITTO_FILTER_BYTES 128
#endif
/** Most filters in a SUBSCRIBE packet. */
#define MQB_MOSQUITTO_FILTERS_MAX 256
/** Size of the reason of a state with its NUL, in bytes. */
#define MQB_MOSQUITTO_REASON_BYTES 128

/* ---- State ---- */

/** States of a connection. */
enum mqb_mosquitto_state {
    MQB_MOSQUITTO_IDLE, /**< Not started, stopped or closed. */
    MQB_MOSQUITTO_CONNECTING, /**< Connecting, or waiting for the broker's answer. */
    MQB_MOSQUITTO_CONNECTED, /**< The broker accepted the client. */
    MQB_MOSQUITTO_WAITING, /**< Unreachable or lost; will be retried. */
    /** Refused by the broker: user, password, client id, certificate. Retried slowly. */
    MQB_MOSQUITTO_REFUSED,
};

/** The state as a lower-case English word, for logs. A static string, never NULL. */
const char *mqb_mosquitto_state_text(enum mqb_mosquitto_state state);

/** Whether a broker delivers messages to groups ($share). */
enum mqb_mosquitto_groups {
    /** It did not say that it has none, and delivered nothing to the probe, if there was one. */
    MQB_MOSQUITTO_GROUPS_UNKNOWN,
    MQB_MOSQUITTO_GROUPS_SERVED, /**< Yes: it delivered the message of the probe. */
    MQB_MOSQUITTO_GROUPS_ABSENT, /**< No: it said so (MQTT 5), or refused the group of the probe. */
};

/** A copy of the state of a connection. */
struct mqb_mosquitto_status {
    enum mqb_mosquitto_state state; /**< The state. */
    /** Why it waits or was refused: "Connection Refused: not authorised."; otherwise "". */
    char reason[MQB_MOSQUITTO_REASON_BYTES];
    const char *host; /**< The host that is, was last or will be tried or connected to. */
    int port; /**< Its port. */
    unsigned attempts; /**< Connection attempts since the last one that lasted. */
    int retry_ms; /**< Milliseconds until the next attempt if waiting or refused, else 0. */
    size_t pending; /**< Messages that were accepted and have not ended. */
    size_t pending_bytes; /**< Bytes of their topics, payloads and properties. */
    enum mqb_mosquitto_groups groups; /**< As far as known, of the last broker. */
    bool subscribed; /**< Connected, and the broker has granted all subscriptions. */
    size_t subscribing; /**< Subscriptions that the broker has not answered. */
};

struct mqb_mosquitto;

/** Called in the loop's thread for each change of state. It may publish and stop. */
typedef void mqb_mosquitto_on_state(void *user, const struct mqb_mosquitto_status *status);

/** Called in the loop's thread when the probe for groups ends. It may publish and stop. */
typedef void mqb_mosquitto_on_groups(void *user, enum mqb_mosquitto_groups groups);

/**
 * Called in the loop's thread when the broker has answered all subscriptions: after each connect,
 * and after sides were bound. `refused` is how many were refused since the connect, each of which
 * was reported to on_error; 0 means that all are granted. It may publish, bind and stop.
 */
typedef void mqb_mosquitto_on_subscribed(void *user, size_t refused);

/** A packet of MQTT. A SUBSCRIBE for several filters is reported once for each. */
struct mqb_mosquitto_packet {
    bool sent; /**< True if it is sent, false if it was received. */
    struct mqb_str type; /**< Its type: "PUBLISH", "SUBACK". */
    struct mqb_str topic; /**< Topic or filter, if it has one; cut after some 400 bytes. */
    size_t bytes; /**< Bytes of the payload of a PUBLISH, unless its topic is cut; otherwise 0. */
};

/**
 * Called for each packet while it is sent or received; to look for faults. There is no payload and
 * no password in it. `packet` is valid until the function returns, which must not use the client.
 */
typedef void mqb_mosquitto_on_packet(void *user, const struct mqb_mosquitto_packet *packet);

/** Numbers of events since mqb_mosquitto_init(). */
struct mqb_mosquitto_counters {
    struct mqb_queue_counters messages; /**< Messages that were sent. */
    uint64_t connects; /**< Connections that the broker accepted. */
    uint64_t resumed; /**< Of these, those for which it had kept the session. */
    uint64_t connect_failures; /**< Attempts that failed before that. */
    uint64_t disconnects; /**< Accepted connections that ended, for any reason. */
    uint64_t publishes; /**< Accepted: sent, or to be sent. */
    uint64_t queued; /**< Of these, accepted while not connected. */
    uint64_t confirmed; /**< QoS 0: passed to the network. QoS 1, 2: acknowledged. */
    uint64_t publishes_refused; /**< Refused by the broker (MQTT 5). */
    uint64_t dropped; /**< Accepted and lost: QoS 0 if the connection broke, any at close. */
    uint64_t rejected; /**< Not accepted: MQB_ERR_TRANSPORT was returned. */
    /** Subscriptions requested: granted + subscribes_refused + subscribes_lost + subscribing. */
    uint64_t subscribes;
    uint64_t granted; /**< Granted by the broker. */
    uint64_t subscribes_refused; /**< Refused by the broker; each is reported to on_error. */
    uint64_t subscribes_lost; /**< Not answered before the connection was lost. */
    /** User properties that handlers did not see, past MQB_MOSQUITTO_USER_PROPERTIES_MAX. */
    uint64_t user_properties_omitted;
    uint64_t slow_handlers; /**< Messages that took longer than the keepalive to handle. */
    uint64_t deferred; /**< Received messages that waited for room for a reply. */
    /** Of these, those that were handled without it, because no more could wait. */
    uint64_t handled_without_room;
};

/* ---- Settings ---- */

struct ssl_ctx_st; /* SSL_CTX of OpenSSL */

/** One of several brokers. */
struct mqb_mosquitto_host {
    const char *name; /**< Name or address. */
    int port; /**< TCP port; 0 for that of the settings. */
};

/** Settings of a connection. Those left zero have the default in brackets. Strings must outlive it.
 */
struct mqb_mosquitto_settings {
    /** The client that receives the messages; may be initialized after this. Required. */
    struct mqb_client *client;

    /**
     * Name or address of the broker. All addresses of a name are tried, one after the other, before
     * there is a delay. Resolving a name blocks. [localhost]
     */
    const char *host;
    /** TCP port. [1883; with TLS 8883] */
    int port;
    /**
     * Brokers of which any will do, instead of `host`: all are tried before there is a delay, and
     * after a connection is lost its broker comes last. The array must outlive the connection. NULL
     * if there is one.
     */
    const struct mqb_mosquitto_host *hosts;
    size_t host_count; /**< Length of `hosts`; 0 if it is NULL. */
    /**
     * MQTT version: 4 for 3.1.1, 5 for 5. Version 3.1.1 has no response topics and no correlation
     * data: messages that need them are refused with MQB_ERR_TRANSPORT before they are sent, and
     * received ones lack them. [4]
     */
    int protocol;
    /**
     * Use MQTT 5 with a libmosquitto older than 2.1. Such a library ends the process by an
     * assertion when a packet has a property that is unknown or has a wrong length, so whoever can
     * send bytes to this client can stop the program. Without this, protocol 5 needs 2.1. [false]
     */
    bool allow_abort;
    /**
     * Do not receive what this client itself sends to topics that it also subscribes to; for
     * protocols that use a topic in both directions. Needs MQTT 5. MQTT does not allow it for
     * groups: sides that subscribe in one cannot be bound. [false]
     */
    bool no_local;
    /**
     * The broker never returns to a client what it sent, as it keeps the directions of a topic
     * apart; ThingsBoard's own does. Without this and without `no_local`, a side that receives what
     * it sends cannot be bound. [false]
     */
    bool directions_apart;
    /** Client id. Two clients with the same id disconnect each other forever. [random] */
    const char *client_id;
    /** The broker keeps subscriptions and messages while disconnected. Needs client_id. [false] */
    bool keep_session;
    /**
     * Seconds for which the broker keeps the session after the connection ended; brokers may set a
     * maximum. Needs keep_session and MQTT 5. [MQB_MOSQUITTO_SESSION_FOREVER]
     */
    uint32_t session_expiry_s;
    /**
     * Most messages of QoS 1 and 2 that the broker sends before the first of them is acknowledged.
     * Needs MQTT 5. [that of libmosquitto: 20]
     */
    int receive_max;
    /** Seconds of silence after which either side checks the other: 5 to 65535. [60] */
    int keepalive_s;
    const char *username; /**< User name. [none] */
    const char *password; /**< Password of the user. [none] */

    /**
     * Use TLS, at least 1.2. Implied by the files, the psk and the ssl_ctx below; without them the
     * system's CAs are used. Files are read again before each attempt.
     */
    bool tls;
    const char *ca_file; /**< File of trusted certificates, in PEM. */
    const char *ca_path; /**< Directory of trusted certificates, in PEM. */
    const char *certificate_file; /**< The client's own certificate in PEM; needs `key_file`. */
    const char *key_file; /**< The client's private key in PEM; needs `certificate_file`. */
    const char *key_password; /**< Password of an encrypted key file. */
    /** Accept a certificate for another host. For tests only. [false] */
    bool insecure;
    const char *psk; /**< Pre-shared key in hexadecimal digits, instead of certificates. */
    const char *psk_identity; /**< Identity of the pre-shared key. */
    /** Name that is sent to the server (SNI), and that its certificate must have. [the host] */
    const char *server_name;
    const char *alpn; /**< Application protocol to ask for, such as "mqtt" (ALPN). [none] */
    /**
     * An SSL_CTX of the application instead of the files and the psk. It decides what is verified;
     * the name of the host is verified if it verifies certificates. Its info callback is replaced.
     */
    struct ssl_ctx_st *ssl_ctx;

    /**
     * The will: a message that the broker publishes if the connection breaks. It is captured from a
     * generated send function with mqb_client_capture(), so it is always valid. Copied. [none]
     */
    const struct mqb_capture *will;
    /**
     * Seconds for which the broker waits for a new connection before it publishes the will. Needs
     * MQTT 5, and keep_session: the will is published when the session ends. [0]
     */
    uint32_t will_delay_s;

    /** Where messages wait, how many, and what happens if there is no room. */
    struct mqb_queue_settings queue;
    /**
     * Milliseconds that the broker may take to acknowledge a message or a subscription after those
     * before it; then the connection is broken off and made again. As long as that does not help,
     * the time doubles with each connection, to 16 times as much at most. [30000]
     */
    int ack_timeout_ms;
    /**
     * Milliseconds that mqb_mosquitto_run(), when it was stopped, and mqb_mosquitto_close() wait
     * for what is pending, if there is a connection. [5000; less than 0: do not wait]
     */
    int close_timeout_ms;

    /** Milliseconds before the first retry. They double each time, less up to half at random.
     * [1000] */
    int retry_min_ms;
    int retry_max_ms; /**< Maximum of that delay, in milliseconds. [60000] */
    int retry_refused_ms; /**< Delay after a refusal, in milliseconds. [30000] */
    int stable_ms; /**< Milliseconds after which a connection resets the delay. [10000] */
    int connect_timeout_ms; /**< Milliseconds from an attempt to the broker's answer. [10000] */
    /**
     * Most filters in a SUBSCRIBE packet, for brokers that limit them.
     * [MQB_MOSQUITTO_FILTERS_MAX, which is also the maximum]
     */
    int filters_per_subscribe;
    /**
     * Milliseconds in which an address must accept the TCP connection, if there is another one, of
     * this host or of the next one, to try. [1000]
     */
    int address_timeout_ms;

    /** Called for each change of state; may be NULL. mqb_mosquitto_get_status() has the state, too.
     */
    mqb_mosquitto_on_state *on_state;
    mqb_mosquitto_on_packet *on_packet; /**< Called for each packet; may be NULL. */
    /** Called when all subscriptions are answered; may be NULL. The status has the state, too. */
    mqb_mosquitto_on_subscribed *on_subscribed;
    /**
     * A topic for a probe, which after each connect subscribes to it in a group of its own and
     * publishes a message to it; no side may receive it. Brokers without groups accept such a
     * subscription under MQTT 3.1.1 and deliver nothing. No message within `groups_ms` means
     * "unknown": the access list may forbid the topic. [none: no probe]
     */
    const char *groups_topic;
    int groups_ms; /**< Milliseconds that the probe waits at most. [5000] */
    mqb_mosquitto_on_groups *on_groups; /**< Gets its result; may be NULL. */
    /**
     * Called in the loop's thread before the connection is closed, if there is one and all else was
     * sent: the place for a last message, such as a retained "offline". May be NULL.
     */
    void (*on_close)(void *user);
    /** Called in the loop's thread after mqb_mosquitto_wake(). May be NULL. */
    void (*on_wake)(void *user);
    void *user; /**< User data, passed to these functions; never used. */
};

/* ---- The connection ---- */

/** Size of the random text of a probe with its NUL, in bytes. */
#define MQB_MOSQUITTO_MARK_BYTES 17

/** A probe for groups. Private. */
struct mqb_mosquitto_probe {
    /** @privatesection */
    bool active;
    bool granted;
    int mid; /**< Of its subscription; 0 once that is answered. */
    int64_t due_ms;
    char mark[MQB_MOSQUITTO_MARK_BYTES];
};

/** A SUBSCRIBE that is not answered. Private. */
struct mqb_mosquitto_subscribe {
    /** @privatesection */
    int mid; /**< 0 if unused. */
    int count; /**< Number of filters. */
    uint64_t number; /**< Larger for each that is sent. */
    char filters[MQB_MOSQUITTO_SUBSCRIBE_BYTES]; /**< One after the other, each with its NUL. */
};

/** What the broker is to acknowledge next. Private. */
struct mqb_mosquitto_wait {
    /** @privatesection */
    uint64_t oldest; /**< What has waited longest, or 0. */
    int64_t since_ms; /**< From when on its acknowledgement is due. */
    unsigned doublings; /**< Of `ack_timeout_ms`: connections without any acknowledgement. */
    bool has_left; /**< All of it is on its way. */
};

struct mosquitto; /* libmosquitto's */
struct addrinfo;

/** A connection. Its memory belongs to the caller. */
struct mqb_mosquitto {
    struct mqb_mosquitto_counters counters; /**< May be read at any time. */
    /** @privatesection */
    struct mqb_outbox outbox;
    struct mqb_queue inbox; /**< Received messages that wait for room for a reply. */
    struct mqb_queued *handing; /**< The message that is being handed to libmosquitto. */
    int handing_id;
    int64_t flow_ms; /**< When bytes were last seen to leave. */
    int unsent; /**< Bytes that the network had not taken then. */
    struct mqb_mosquitto_wait message_wait;
    struct mqb_mosquitto_wait subscribe_wait;
    bool has_more; /**< The last turn left something to do. */
    struct mqb_mosquitto_settings settings;
    struct mosquitto *mosq;
    enum mqb_mosquitto_state state;
    char reason[MQB_MOSQUITTO_REASON_BYTES];
    unsigned attempts;
    int64_t due_ms; /**< When the state must change: the next attempt, or the end of this one. */
    int64_t since_ms; /**< When the connection was established. */
    uint64_t random;
    int wake[2]; /**< A pipe, written by other threads: file descriptors plus 1. */
    int stop[2]; /**< The same for mqb_mosquitto_stop(). */
    int peer_code; /**< The broker's code when it refused or disconnected; -1 for none. */
    char log[MQB_MOSQUITTO_REASON_BYTES]; /**< The first TLS error of the attempt. */
    bool duplicate; /**< The duplicate flag of the latest message. */
    bool answered; /**< The broker answered the attempt. */
    struct ssl_ctx_st *tls;
    bool reconnect; /**< mqb_mosquitto_reconnect() was called. */
    bool tls_heard; /**< The broker sent something of TLS. */
    size_t host_at; /**< The host that is tried or connected to. */
    size_t hosts_tried; /**< Since the last delay. */
    struct addrinfo *addresses; /**< All of the host, and the one that is tried. */
    struct addrinfo *address;
    int64_t answer_due_ms; /**< When the attempt ends; before that, the address may have to. */
    unsigned rounds; /**< Delays since the last connection that lasted. */
    char refusal[MQB_MOSQUITTO_REASON_BYTES]; /**< Why a broker refused since the last delay. */
    bool online; /**< It accepted the client, and the connection was not lost since. */
    bool busy; /**< In a step: handlers must not step. */
    struct mqb_broker_limits limits;
    enum mqb_mosquitto_groups groups;
    struct mqb_mosquitto_probe probe;
    size_t subscribing; /**< Filters that are not answered. */
    uint64_t failures_before; /**< Of the client's subscriptions, before this connection. */
    bool all_answered; /**< And on_subscribed was called. */
    bool sending_filters;
    const char *fault; /**< Why this side ends the connection. */
    struct mqb_mosquitto_subscribe subscribes[MQB_MOSQUITTO_SUBSCRIBES_MAX];
    uint64_t memory[MQB_MOSQUITTO_QUEUE_BYTES / 8]; /**< Unless the settings have another. */
};

/** mqb_mosquitto_init() for code in which a connection has this size. Private. */
enum mqb_status mqb_mosquitto_init_as(
    size_t size,
    struct mqb_mosquitto *mosquitto,
    const struct mqb_mosquitto_settings *settings);

/**
 * Check the settings and initialize a connection, without connecting yet. After MQB_OK,
 * mqb_mosquitto_close() must be called at the end.
 *
 * MQB_ERR_VALUE: a setting is wrong, or a file cannot be read; the status has the reason.
 * MQB_ERR_BUILD: the library was built with another MQB_MOSQUITTO_QUEUE_BYTES or another limit
 * above. MQB_ERR_ARGUMENT: a pointer is NULL.
 *
 * The functions below treat NULL like a connection that is closed.
 */
static inline enum mqb_status mqb_mosquitto_init(
    struct mqb_mosquitto *mosquitto,
    const struct mqb_mosquitto_settings *settings)
{
    return mqb_mosquitto_init_as(sizeof(struct mqb_mosquitto), mosquitto, settings);
}

/** The transport for mqb_client_config. */
struct mqb_transport mqb_mosquitto_transport(struct mqb_mosquitto *mosquitto);

/**
 * Connect, and stay connected until mqb_mosquitto_stop(); then send what is pending, call on_close,
 * disconnect and return MQB_OK. A second mqb_mosquitto_stop() disconnects at once. If called from a
 * handler it does nothing and returns MQB_ERR_TRANSPORT.
 */
enum mqb_status mqb_mosquitto_run(struct mqb_mosquitto *mosquitto);

/**
 * End the run in progress, or the next one. May be called from handlers, other threads and signal
 * handlers, but not while the connection is being initialized or closed. Before that it does
 * nothing if `mosquitto` is zeroed.
 */
void mqb_mosquitto_stop(struct mqb_mosquitto *mosquitto);

/**
 * Let the loop call on_wake, in its own thread, to take over work of other threads. Several calls
 * can have one effect. May be called from where mqb_mosquitto_stop() may be called.
 */
void mqb_mosquitto_wake(struct mqb_mosquitto *mosquitto);

/**
 * Run one iteration of the loop: wait up to `timeout_ms` milliseconds for an event, less than 0
 * without a limit, and handle it. False after mqb_mosquitto_stop(), and if called from a handler,
 * when nothing happens.
 *
 * In a poll loop of your own, poll mqb_mosquitto_socket() for reading while
 * mqb_mosquitto_want_read() and for writing while mqb_mosquitto_want_write(), and
 * mqb_mosquitto_wake_fd() for reading, no longer than mqb_mosquitto_due_ms(); then call this
 * function with 0. Query all of them again before each poll. Edges are enough: one call takes all
 * that is there, or makes mqb_mosquitto_due_ms() return 0.
 */
bool mqb_mosquitto_step(struct mqb_mosquitto *mosquitto, int timeout_ms);

/**
 * Change user and password, or token, from the next connect on; NULL: none. They are copied. In
 * on_state for MQB_MOSQUITTO_CONNECTING it is in time for this connect.
 *
 * MQB_ERR_VALUE: they are not valid, and nothing changed. MQB_ERR_ARGUMENT: there is no connection.
 */
enum mqb_status mqb_mosquitto_set_credentials(
    struct mqb_mosquitto *mosquitto,
    const char *username,
    const char *password);

/**
 * Connect again in the next step: disconnect if connected, which sends no will, and skip the delay
 * if waiting or refused. Handlers may call it.
 */
void mqb_mosquitto_reconnect(struct mqb_mosquitto *mosquitto);

/** The file descriptor to poll; -1 while there is no connection. */
int mqb_mosquitto_socket(const struct mqb_mosquitto *mosquitto);

/** False while received messages wait for room in the queue, and no acknowledgement is awaited. */
bool mqb_mosquitto_want_read(const struct mqb_mosquitto *mosquitto);

/** True while there is data to write to the socket. */
bool mqb_mosquitto_want_write(const struct mqb_mosquitto *mosquitto);

/** A file descriptor that is readable after mqb_mosquitto_wake() and mqb_mosquitto_stop(). */
int mqb_mosquitto_wake_fd(const struct mqb_mosquitto *mosquitto);

/**
 * Milliseconds until mqb_mosquitto_step() must be called even if there is no event, for the
 * connection, for a call or for messages that wait.
 */
int mqb_mosquitto_due_ms(const struct mqb_mosquitto *mosquitto);

/** The current state of the connection. */
struct mqb_mosquitto_status mqb_mosquitto_get_status(const struct mqb_mosquitto *mosquitto);

/**
 * Send what is pending, for at most `close_timeout_ms`, call on_close, disconnect, and free what
 * libmosquitto allocated. What was not confirmed by then counts as dropped, and is reported to
 * on_delivery; but what `keep` of the queue stored stays. Does nothing if called from a handler.
 */
void mqb_mosquitto_close(struct mqb_mosquitto *mosquitto);

#ifdef __cplusplus
}
#endif

#endif
