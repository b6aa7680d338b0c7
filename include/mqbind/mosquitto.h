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
 * The loop is this library's own and not libmosquitto's: it outlives every error, connects again
 * with a growing, jittered delay, subscribes again after each connect, and says in which state it
 * is. Or the application has a poll loop already: see mqb_mosquitto_step().
 *
 * The loop also ends the client's calls: on time, and with MQB_ERR_TRANSPORT when a connection is
 * lost, and all that wait at close. A call made while there is no connection, if its request can be
 * held for the next one, waits for that one. Ids of calls are made of the operating system's
 * entropy: getentropy(), or /dev/urandom where there is no such call.
 *
 * Threads. Handlers, on_error and on_state run in the thread that calls run or step, and only that
 * thread may publish, bind and unbind. mqb_mosquitto_stop() may be called from anywhere.
 *
 * What MQTT and libmosquitto do, and you should know:
 * - A message of QoS 1 or 2 may arrive twice. Handlers are not told; make them repeatable.
 * - At QoS 1 libmosquitto acknowledges before it calls: what a crash in a handler was working on
 *   is not sent again.
 * - A handler that runs longer than the keepalive starves the connection; the broker then drops
 *   it. Such handlers are counted (`slow_handlers`).
 * - libmosquitto allocates: for each message under way, and for each incoming packet as many bytes
 *   as the peer announces, up to 256 MB, before max_payload_bytes of the client can refuse it. The
 *   bound on that is the broker's (mosquitto.conf: message_size_limit).
 * - Under MQTT 3.1.1 a broker may grant a subscription and accept a publish that its access list
 *   forbids, and deliver nothing. MQTT 5 tells: `publishes_refused`.
 * - Unbinding while not connected ends no subscription at a broker that keeps the session: its
 *   messages still come, and have no route.
 * - libmosquitto has SIGPIPE ignored in the whole process.
 */
#ifndef MQBIND_MOSQUITTO_H
#define MQBIND_MOSQUITTO_H

#include <mqbind/mqbind.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Limits of the build; override with -D, the same for the library and your code ---- */

#ifndef MQB_MOSQUITTO_QUEUE_MAX
/** Most publishes that can wait for the network or for their confirmation. */
#define MQB_MOSQUITTO_QUEUE_MAX 256
#endif
#ifndef MQB_MOSQUITTO_SUBSCRIBES_MAX
/** Subscriptions whose answer is awaited and can be named; a refusal of others has no name. */
#define MQB_MOSQUITTO_SUBSCRIBES_MAX 64
#endif
#ifndef MQB_MOSQUITTO_FILTER_BYTES
/** Longest filter that a refusal can name, with its NUL; of a longer one the start is told. */
#define MQB_MOSQUITTO_FILTER_BYTES 128
#endif
/** Longest reason of a state, with its NUL. */
#define MQB_MOSQUITTO_REASON_BYTES 128

/* ---- State ---- */

enum mqb_mosquitto_state {
    MQB_MOSQUITTO_IDLE, /**< Not started, stopped or closed. */
    MQB_MOSQUITTO_CONNECTING, /**< Reaching the broker, or waiting for its answer. */
    MQB_MOSQUITTO_CONNECTED, /**< The broker has accepted the client. */
    MQB_MOSQUITTO_WAITING, /**< Unreachable or lost; a retry may help, and will come. */
    /** Turned away: user, password, client id, certificate. Retried too, slowly. */
    MQB_MOSQUITTO_REFUSED,
};

/** The state as a lower-case English word, for logs. Never NULL. */
const char *mqb_mosquitto_state_text(enum mqb_mosquitto_state state);

/** A copy of how the connection is. */
struct mqb_mosquitto_status {
    enum mqb_mosquitto_state state;
    /** Why it waits or was refused: "Connection Refused: not authorised."; otherwise "". */
    char reason[MQB_MOSQUITTO_REASON_BYTES];
    unsigned attempts; /**< Connects in a row without lasting success. */
    int retry_ms; /**< Until the next attempt when waiting or refused, else 0. */
    size_t pending; /**< Publishes accepted and not yet confirmed. */
    size_t pending_bytes; /**< Bytes of their payloads and properties. */
};

struct mqb_mosquitto;

/** Told of each change of state, from the loop's thread. It may publish and stop. */
typedef void mqb_mosquitto_on_state(void *user, const struct mqb_mosquitto_status *status);

/**
 * What became of everything since mqb_mosquitto_init(). Publishes and subscriptions add up:
 * publishes = confirmed + publishes_refused + dropped + pending (see the status).
 */
struct mqb_mosquitto_counters {
    uint64_t connects; /**< Times the broker accepted the client. */
    uint64_t connect_failures; /**< Attempts that ended before that. */
    uint64_t disconnects; /**< Accepted connections that ended, for any reason. */
    uint64_t publishes; /**< Taken: will be sent, or is. */
    uint64_t queued; /**< Of these, taken while not connected. */
    uint64_t confirmed; /**< QoS 0: handed to the network. QoS 1, 2: acknowledged. */
    uint64_t publishes_refused; /**< Not acknowledged but refused by the broker (MQTT 5). */
    uint64_t dropped; /**< Taken and lost: QoS 0 when a connection broke, any at close. */
    uint64_t rejected; /**< Not taken: MQB_ERR_TRANSPORT was returned. */
    uint64_t subscribes; /**< Subscriptions asked for. */
    uint64_t granted; /**< Of these, granted by the broker. */
    uint64_t subscribes_refused; /**< Of these, refused; each is told to on_error. */
    uint64_t slow_handlers; /**< Messages whose handling took longer than the keepalive. */
};

/* ---- Settings ---- */

/** What is zero has the default in brackets. Strings must outlive the connection. */
struct mqb_mosquitto_settings {
    /** The client that gets the messages. It may be initialised after this. Required. */
    struct mqb_client *client;

    /** Name or address of the broker. Its lookup blocks. [localhost] */
    const char *host;
    /** [1883, with TLS 8883] */
    int port;
    /**
     * MQTT version: 4 is 3.1.1, 5 is 5. With 3.1.1 there are no response topics and no correlation
     * data: what needs them is refused with MQB_ERR_TRANSPORT before it is sent, and what comes
     * lacks them. [4]
     */
    int protocol;
    /**
     * Do not receive what this client sends itself, where it also subscribes to that topic: for
     * protocols that use a topic both ways, on a plain broker. Needs MQTT 5. [false]
     */
    bool no_local;
    /** Two clients with one id evict each other for ever. [a random one] */
    const char *client_id;
    /** Let the broker keep subscriptions and messages while away. Needs client_id. [false] */
    bool keep_session;
    /** Silence after which either side checks the other: 5 to 65535 seconds. [60] */
    int keepalive_s;
    /** [none] */
    const char *username;
    const char *password;

    /** Encrypt. Implied by the files and psk below. Without any of them the system's CAs count. */
    bool tls;
    /** File or folder of the certificates to trust, in PEM. */
    const char *ca_file;
    const char *ca_path;
    /** The client's own certificate and key in PEM; give both or none. */
    const char *certificate_file;
    const char *key_file;
    /** For an encrypted key file. */
    const char *key_password;
    /** Accept a certificate made out to another host. For tests only. [false] */
    bool insecure;
    /** Pre-shared key in hexadecimal and the name it goes by, instead of certificates. */
    const char *psk;
    const char *psk_identity;

    /** What the broker publishes when this client vanishes. [none] */
    const char *will_topic;
    struct mqb_str will_payload;
    int will_qos;
    bool will_retain;

    /**
     * Most publishes to hold at a time, waiting or unconfirmed; more are refused with
     * MQB_ERR_TRANSPORT. While not connected, QoS 1 and 2 are held and QoS 0 is refused.
     * [MQB_MOSQUITTO_QUEUE_MAX, also the most]
     */
    size_t queue_max;
    /** The same in bytes of payloads and properties, which libmosquitto allocates. [16777216] */
    size_t queue_max_bytes;

    /** Delay before the first retry; it doubles up to the longest, less up to half at random. */
    int retry_min_ms; /**< [1000] */
    int retry_max_ms; /**< [60000] */
    /** The same delay after a refusal. [30000] */
    int retry_refused_ms;
    /** The delay starts over once a connection has lasted so long. [10000] */
    int stable_ms;
    /** Longest time from the attempt to the broker's answer. [10000] */
    int connect_timeout_ms;
    /**
     * Try every address of the host instead of the first, blocking until one answers or the
     * system gives up on all, which can take minutes. [false]
     */
    bool blocking_connect;

    /** May be NULL: mqb_mosquitto_get_status() still tells. */
    mqb_mosquitto_on_state *on_state;
    void *user; /**< Handed to on_state; the library never touches it. */
};

/* ---- The connection ---- */

/** A publish that is not confirmed yet. Private. */
struct mqb_mosquitto_publish {
    int mid;
    bool used;
    bool lost_with_connection;
    size_t bytes;
};

/** A subscription that is not answered yet. Private. */
struct mqb_mosquitto_subscribe {
    int mid;
    char filter[MQB_MOSQUITTO_FILTER_BYTES];
};

struct mosquitto; /* libmosquitto's */

/** One connection. Storage is the caller's. `counters` may be read; the rest is private. */
struct mqb_mosquitto {
    struct mqb_mosquitto_counters counters;
    struct mqb_mosquitto_settings settings;
    struct mosquitto *mosq;
    enum mqb_mosquitto_state state;
    char reason[MQB_MOSQUITTO_REASON_BYTES];
    unsigned attempts;
    int64_t due_ms; /**< When the state must change: the next attempt, or giving this one up. */
    int64_t since_ms; /**< When the connection came up. */
    uint64_t random;
    int wake[2]; /**< A pipe: mqb_mosquitto_stop() writes, the loop reads. */
    int peer_code; /**< What the broker said when it refused or left; -1 for nothing. */
    char log[MQB_MOSQUITTO_REASON_BYTES]; /**< The first TLS error of the attempt. */
    bool answered; /**< The broker has answered the attempt. */
    bool online; /**< It has accepted it, and nothing was lost since. */
    bool busy; /**< In a step: handlers must not step. */
    size_t pending;
    size_t pending_bytes;
    size_t oldest; /**< Where to look first for a confirmed publish. */
    size_t unnamed; /**< Subscriptions that are awaited and not in the table. */
    struct mqb_mosquitto_publish publishes[MQB_MOSQUITTO_QUEUE_MAX];
    struct mqb_mosquitto_subscribe subscribes[MQB_MOSQUITTO_SUBSCRIBES_MAX];
};

/** Private: the same for code to which a connection has this size. */
enum mqb_status mqb_mosquitto_init_as(
    size_t size,
    struct mqb_mosquitto *mosquitto,
    const struct mqb_mosquitto_settings *settings);

/**
 * Check the settings and prepare; nothing is connected yet. MQB_ERR_VALUE: a setting is wrong, a
 * file cannot be read; the status has the reason. MQB_ERR_BUILD: the library was built with another
 * MQB_MOSQUITTO_QUEUE_MAX or another limit above. MQB_ERR_ARGUMENT: a pointer is NULL. After
 * MQB_OK, mqb_mosquitto_close() is due.
 *
 * The functions below take NULL for a connection that is closed.
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
 * Connect, and stay connected until mqb_mosquitto_stop(); then send what waits, disconnect and
 * return MQB_OK. MQB_ERR_TRANSPORT, and nothing happens, from inside a handler.
 */
enum mqb_status mqb_mosquitto_run(struct mqb_mosquitto *mosquitto);

/**
 * End the run under way, or the next one. From a handler, another thread or a signal handler; not
 * while the connection is being closed.
 */
void mqb_mosquitto_stop(struct mqb_mosquitto *mosquitto);

/**
 * One turn of the loop: wait at most `timeout_ms` for something to do, and do it. False once
 * mqb_mosquitto_stop() was called, and from inside a handler, where nothing happens.
 *
 * In an application's own loop, poll mqb_mosquitto_socket() for reading, and for writing while
 * mqb_mosquitto_want_write(), at most mqb_mosquitto_due_ms() long; then call this with 0. Ask for
 * all three again before each poll.
 */
bool mqb_mosquitto_step(struct mqb_mosquitto *mosquitto, int timeout_ms);

/** The file descriptor to poll; -1 while there is no connection. */
int mqb_mosquitto_socket(const struct mqb_mosquitto *mosquitto);

/** True while something waits to be written to the socket. */
bool mqb_mosquitto_want_write(const struct mqb_mosquitto *mosquitto);

/**
 * Milliseconds until mqb_mosquitto_step() has something to do, be it for the connection or for a
 * call, whatever the socket does.
 */
int mqb_mosquitto_due_ms(const struct mqb_mosquitto *mosquitto);

/** How the connection is now. */
struct mqb_mosquitto_status mqb_mosquitto_get_status(const struct mqb_mosquitto *mosquitto);

/**
 * Send what waits (for at most a second), disconnect and free what libmosquitto holds. Publishes
 * that are not confirmed by then count as dropped: wait until `pending` is 0 if they matter. Not
 * from inside a handler, where nothing happens.
 */
void mqb_mosquitto_close(struct mqb_mosquitto *mosquitto);

#ifdef __cplusplus
}
#endif

#endif
