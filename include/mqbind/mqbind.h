/*
 * mqbind.h - the runtime under generated MQTT bindings, for applications.
 *
 * A transport hands each message to mqb_client_receive(). The topic finds a generated
 * route, generated code decodes and validates the payload, and your handler gets
 * a typed struct. Whatever fails on the way goes to your mqb_on_error and never to
 * a handler.
 *
 * Memory: nothing here allocates. You give a client its scratch memory and its send
 * buffer once. Every `struct mqb_str`, `struct mqb_json` and array in a decoded message
 * points into the payload or the scratch memory, and dies when the handler returns. A build with
 * MQB_CHECKED (CMake: -DMQBIND_CHECKED=ON) overwrites what died, so that a kept pointer shows.
 *
 * Threads: one client belongs to one thread at a time.
 */
#ifndef MQBIND_MQBIND_H
#define MQBIND_MQBIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <mqbind/config.h>
#include <mqbind/version.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Status and error ---- */

/** What every fallible function returns; zero is success. */
enum mqb_status {
    MQB_OK = 0,
    MQB_ERR_NO_ROUTE, /**< No binding takes this topic. */
    MQB_ERR_NO_HANDLER, /**< The message is valid; its handler is NULL. */
    MQB_ERR_TOPIC, /**< A topic or a topic parameter is not allowed: empty, "a/b", "+". */
    MQB_ERR_JSON, /**< The payload is not exactly one JSON value (RFC 8259): `{"a":1,}`. */
    MQB_ERR_TYPE, /**< A value has the wrong JSON type: `"volume":"loud"`. */
    MQB_ERR_MISSING, /**< A required member or property is absent. */
    MQB_ERR_DUPLICATE, /**< An object has the same member twice: `{"a":1,"a":2}`. */
    MQB_ERR_VALUE, /**< A value breaks its range, enum, length, pattern or another rule. */
    MQB_ERR_LIMIT, /**< Beyond a limit: 64 bits, nesting, the longest payload. */
    MQB_ERR_SPACE, /**< The caller's memory is too small: scratch memory or output buffer. */
    MQB_ERR_TRANSPORT, /**< The transport refused or lost the message. */
    MQB_ERR_HANDLER, /**< For handlers to return: the application refuses the message. */
    MQB_ERR_TIMEOUT, /**< A call got no reply in time. */
    MQB_ERR_NO_CALL, /**< A reply that no call waits for: late, a second one, someone else's. */
    MQB_ERR_ARGUMENT, /**< A pointer that must not be NULL is NULL. Nothing was done. */
    MQB_ERR_BUILD, /**< The library was built with other limits, or another engine. */
};

/** The status as a lower-case English phrase, for logs. Never NULL. */
const char *mqb_status_text(enum mqb_status status);

/** Why a message was refused. Holds no pointer that dies; copy it freely. */
struct mqb_error {
    enum mqb_status status;
    /**
     * Byte offset in the payload (when sending: in the text written so far): of the value; of the
     * name, where a member is not known or appears twice; of the object that a member is missing
     * from; of the first byte that cannot be JSON.
     */
    size_t offset;
    /** The rule in words: "must be 0 or at least 30". Static text, never NULL. */
    const char *rule;
    /**
     * JSON pointer (RFC 6901) of the value: "/inputParams/volume"; "" is the whole payload.
     * Control characters in member names, tabs and line breaks too, show as "?". A longer one ends
     * in "...".
     */
    char path[MQB_PATH_BYTES];
    /**
     * The refused value as JSON text: "12"; "" when there is none to show. A longer one ends in
     * "...". Always printable UTF-8: what is not shows as "?", and a tab or line break as a blank.
     */
    char value[MQB_EXCERPT_BYTES];
};

/**
 * Write the error as one line: "/inputParams/volume: is 101, must be 0 to 100 (byte 93)".
 * Always ends in NUL when `cap` is not 0. Returns the bytes of the whole line without NUL.
 */
size_t mqb_error_format(const struct mqb_error *error, char *buf, size_t cap);

/* ---- Bytes ---- */

/** UTF-8 text that belongs to someone else; not NUL-terminated, may hold NUL. */
struct mqb_str {
    const char *ptr;
    size_t len;
};

/** A string literal as a struct mqb_str: MQB_STR("text"). */
#ifdef __cplusplus
#define MQB_STR(literal) (mqb_str{"" literal, sizeof(literal) - 1U})
#else
#define MQB_STR(literal) ((struct mqb_str){"" literal, sizeof(literal) - 1U})
#endif

/** View a NUL-terminated string, which must outlive the view. NULL gives the empty string. */
struct mqb_str mqb_str_from(const char *text);

/** True if both hold the same bytes. */
bool mqb_str_equal(struct mqb_str a, struct mqb_str b);

/** Memory of the caller that decoding fills: decoded strings, arrays, maps, parser tokens. */
struct mqb_scratch {
    char *ptr;
    size_t cap;
    size_t used; /**< Bytes taken from the front. */
    size_t reserved; /**< Bytes taken from the far end, by parser tokens. */
    size_t peak; /**< Most bytes ever needed at once, even if there were not so many. */
};

/** Make `bytes` bytes at `memory` (no alignment needed) into empty scratch memory. */
struct mqb_scratch mqb_scratch_from(void *memory, size_t bytes);

/** Forget what was taken; every view into the memory dies. `peak` stays. */
void mqb_scratch_reset(struct mqb_scratch *scratch);

/** An integer or a text that keeps its JSON type: an id that is sent back as it came. */
struct mqb_scalar {
    bool is_text;
    int64_t integer; /**< When it is no text. */
    struct mqb_str text; /**< When it is one. */
};

/* ---- Raw JSON: values whose shape the schema leaves open ---- */

/** One JSON value as text. A decoded one is checked JSON; one that you send is checked by encode.
 */
struct mqb_json {
    const char *ptr;
    size_t len;
};

/** A JSON text literal as a struct mqb_json: MQB_JSON("[1, 2]"). */
#ifdef __cplusplus
#define MQB_JSON(literal) (mqb_json{"" literal, sizeof(literal) - 1U})
#else
#define MQB_JSON(literal) ((struct mqb_json){"" literal, sizeof(literal) - 1U})
#endif

enum mqb_json_type {
    MQB_JSON_NULL,
    MQB_JSON_BOOLEAN,
    MQB_JSON_NUMBER,
    MQB_JSON_STRING,
    MQB_JSON_ARRAY,
    MQB_JSON_OBJECT,
};

/*
 * Readers of a checked value, that is one from a decoded message. Each returns MQB_OK and sets
 * *value, or MQB_ERR_TYPE, MQB_ERR_LIMIT (beyond the C type), MQB_ERR_SPACE (scratch) or
 * MQB_ERR_ARGUMENT (`value` is NULL).
 */
enum mqb_json_type mqb_json_type(struct mqb_json json);
enum mqb_status mqb_json_get_bool(struct mqb_json json, bool *value);
enum mqb_status mqb_json_get_int64(struct mqb_json json, int64_t *value);
enum mqb_status mqb_json_get_uint64(struct mqb_json json, uint64_t *value);
enum mqb_status mqb_json_get_double(struct mqb_json json, double *value);
/**
 * The text is a view of `json`, or lies in the scratch memory when it had escapes; `scratch` may be
 * NULL, and is too small for them then.
 */
enum mqb_status mqb_json_get_string(
    struct mqb_json json,
    struct mqb_scratch *scratch,
    struct mqb_str *value);

/** A walk over the members of an object or the items of an array. */
struct mqb_json_walk {
    struct mqb_json container; /**< Private. */
    size_t position; /**< Private. */
};

/** Start a walk. `json` is a checked object or array; anything else has no items. */
struct mqb_json_walk mqb_json_walk_begin(struct mqb_json json);

/**
 * Step to the next member or item; false at the end. *key is the member's name as a JSON string,
 * quotes included (read it with mqb_json_get_string), and empty in an array. `key` may be NULL.
 */
bool mqb_json_walk_next(struct mqb_json_walk *walk, struct mqb_json *key, struct mqb_json *value);

/** The member of a checked object; false if there is none. `name` is compared unescaped. */
bool mqb_json_find(struct mqb_json object, struct mqb_str name, struct mqb_json *value);

/** Bytes that any number takes as JSON text. */
#define MQB_NUMBER_BYTES 32

/*
 * Writers of JSON text for messages you send. The value lives in `buf`. A double keeps its
 * point ("42.0"); NaN and infinities give an empty value, which encode refuses.
 */
struct mqb_json mqb_json_from_bool(bool value);
struct mqb_json mqb_json_from_int64(int64_t value, char buf[MQB_NUMBER_BYTES]);
struct mqb_json mqb_json_from_uint64(uint64_t value, char buf[MQB_NUMBER_BYTES]);
struct mqb_json mqb_json_from_double(double value, char buf[MQB_NUMBER_BYTES]);
/** Needs up to 6 * text.len + 2 bytes. Empty if `cap` is too small or the text is not UTF-8. */
struct mqb_json mqb_json_from_string(struct mqb_str text, char *buf, size_t cap);

/** One member of an open object. */
struct mqb_map_entry {
    struct mqb_str key;
    struct mqb_json value;
};

/** An open object, in the order of the payload. Decoded: lies in the scratch memory. */
struct mqb_map {
    const struct mqb_map_entry *entries;
    size_t count;
};

/** The entry with this key, or NULL. */
const struct mqb_map_entry *mqb_map_find(const struct mqb_map *map, struct mqb_str key);

/* ---- Transport: what carries bytes ---- */

/** What MQTT 5 carries beside the payload of a request or a reply. What is empty is not there. */
struct mqb_properties {
    struct mqb_str response_topic; /**< Where to answer. When sending, ptr[len] is NUL. */
    struct mqb_str correlation_data; /**< Any bytes; the reply has those of its request. */
};

/** One MQTT PUBLISH. All its memory belongs to the caller and dies when the call returns. */
struct mqb_publish {
    struct mqb_str topic; /**< When sending, topic.ptr[topic.len] is NUL. */
    struct mqb_str payload; /**< Any bytes; ptr may be NULL when len is 0. */
    int qos; /**< 0, 1 or 2. */
    bool retain;
    struct mqb_properties properties;
};

/**
 * Duties of a transport. Each call copies whatever it keeps. A client that only receives needs no
 * functions: without `publish` nothing is sent, without the others nothing is subscribed to.
 */
struct mqb_transport {
    void *context;
    enum mqb_status (*publish)(void *context, const struct mqb_publish *message);
    enum mqb_status (*subscribe)(void *context, const char *filter, int qos);
    enum mqb_status (*unsubscribe)(void *context, const char *filter);
    /** Milliseconds of a clock that only goes forward; NULL if mqb_client_tick() tells the time. */
    uint64_t (*now_ms)(void *context);
    /** It carries properties, as MQTT 5 does; NULL: not. Refused is then what is sent with some. */
    bool (*carries_properties)(void *context);
    /**
     * Fill the memory with random bytes of the operating system, of which nobody else gets the
     * same. False if there are none now. NULL if there never are: calls then need a seed.
     */
    bool (*entropy)(void *context, void *bytes, size_t count);
};

/* ---- Client: routes between a transport and bindings ---- */

/**
 * Told of each message that was refused, in either direction, and of each filter that could not be
 * subscribed to. `topic` is the topic or the filter; where a parameter could not be put into it,
 * the address, such as "a/{}/b". `topic` and `error` die when it returns. It may send, but not
 * unbind; what is refused while it runs is counted and returned, and not told again.
 */
typedef void mqb_on_error(void *user, struct mqb_str topic, const struct mqb_error *error);

struct mqb_binding;
struct mqb_binding_link;

/** What an application gives a client. The memory must outlive it. */
struct mqb_client_config {
    struct mqb_transport transport;
    /** For the message being received. See the SCRATCH_BYTES macros of the generated headers. */
    void *scratch;
    size_t scratch_bytes;
    /** For topic, response topic and payload being sent. See the MAX_BYTES macros. */
    void *send_buffer;
    size_t send_buffer_bytes;
    /** Longer payloads are refused unread; 0 means no limit. */
    size_t max_payload_bytes;
    /** An array for the calls that wait at a time, and its length. NULL and 0: no calls. */
    struct mqb_call *calls;
    size_t call_count;
    /**
     * At least MQB_SEED_BYTES random bytes that no other program has, nor this one when it starts
     * again: the ids of calls are made of them. Who calls needs it where the transport has no
     * entropy; where it has, this is mixed in. A serial number and a count of starts that is kept
     * in flash will do, a clock will not. Read by mqb_client_init() only. NULL and 0: none.
     */
    const void *seed;
    size_t seed_bytes;
    /**
     * To find the side that a topic is for, where many are bound with values of their own: an array
     * of pointers, best as many as there are sides, and its length. NULL and 0: all are looked at.
     */
    struct mqb_binding_link **buckets;
    size_t bucket_count;
    mqb_on_error *on_error; /**< May be NULL: the counters and the return values still tell. */
    void *user; /**< Handed to on_error; the library never touches it. */
};

#define MQB_STATUS_COUNT (MQB_ERR_BUILD + 1)

/** What a client has done since mqb_client_init(). */
struct mqb_counters {
    uint64_t received; /**< Messages given to mqb_client_receive(). */
    uint64_t received_by_status[MQB_STATUS_COUNT]; /**< What became of them. */
    uint64_t sent; /**< Messages given to generated send functions. */
    uint64_t sent_by_status[MQB_STATUS_COUNT]; /**< What became of them. */
    uint64_t subscribe_failures; /**< Filters that were refused, by transport or broker. */
    /** Calls whose request was sent. Each waits or has ended as one of the three below. */
    uint64_t calls;
    uint64_t calls_replied; /**< Answered in time. */
    uint64_t calls_timed_out; /**< Not answered in time. */
    uint64_t calls_lost; /**< The connection was lost, or the side was unbound. */
};

/** One request that waits for its reply. The memory is the caller's; all of it is private. */
struct mqb_call {
    uint64_t deadline_ms;
    /** Generated: calls `on_reply` as what it is. `reply` is NULL unless `status` is MQB_OK. */
    void (*finish)(const struct mqb_call *call, enum mqb_status status, const void *reply);
    void (*on_reply)(void);
    void *side;
    void *user;
    size_t bucket; /**< The first call of the bucket of this place, plus 1. */
    size_t next; /**< The next call in its bucket or among the free ones, plus 1. */
    uint64_t number; /**< From 1 on in the order of their begin; 0 for none. */
    size_t timed; /**< The call in this slot of the heap of deadlines, plus 1. */
    /** Where in the heap this call is, from 1 on. 0: not sent, and only a reply may end it. */
    size_t slot;
    struct mqb_call *behind; /**< The next call of its side. */
    struct mqb_call **at; /**< What points to this call in that list. */
    size_t key_bytes;
    char key[MQB_CALL_KEY_BYTES];
};

/** Makes the ids of calls. Private. */
struct mqb_random {
    uint64_t key[2];
    uint64_t drawn; /**< How often 128 bits were drawn. */
    uint64_t picked; /**< Where in its range the next id stands. */
    bool seeded;
};

/** Storage is the caller's. `counters` may be read at any time; the rest is private. */
struct mqb_client {
    struct mqb_client_config config;
    struct mqb_counters counters;
    struct mqb_binding *bindings; /**< The first of the first sort. */
    uint64_t last_binding; /**< The number of the one bound last. */
    struct mqb_scratch scratch;
    unsigned receiving; /**< Depth of mqb_client_receive() calls under way. */
    size_t send_used; /**< Bytes of the send buffer that a publish under way still needs. */
    bool reporting; /**< on_error is running. */
    uint64_t told_ms; /**< What mqb_client_tick() said last. */
    struct mqb_random random;
    uint64_t last_call; /**< The number of the call begun last. */
    size_t waiting; /**< Calls that wait. */
    size_t timed; /**< Of these, those whose requests are sent: the size of the heap. */
    size_t free_call; /**< The first free call, plus 1. */
};

/** Private: what the library and the code that uses it must agree on. */
struct mqb_build {
    uint32_t abi;
    uint32_t direct; /**< 1 for that engine. */
    uint32_t depth_max;
    uint32_t path_bytes;
    uint32_t excerpt_bytes;
    uint32_t call_key_bytes;
    uint32_t parameters_max;
    uint32_t error_size; /**< Sizes depend on the options of the compiler too. */
    uint32_t call_size;
    uint32_t config_size;
    uint32_t client_size;
};

/** Private: how the code that includes this is built. */
static inline struct mqb_build mqb_build_current(void)
{
    struct mqb_build build;
    build.abi = MQB_GENERATED_ABI;
#ifdef MQB_PARSER_DIRECT
    build.direct = 1;
#else
    build.direct = 0;
#endif
    build.depth_max = MQB_DEPTH_MAX;
    build.path_bytes = MQB_PATH_BYTES;
    build.excerpt_bytes = MQB_EXCERPT_BYTES;
    build.call_key_bytes = MQB_CALL_KEY_BYTES;
    build.parameters_max = MQB_PARAMETERS_MAX;
    build.error_size = (uint32_t)sizeof(struct mqb_error);
    build.call_size = (uint32_t)sizeof(struct mqb_call);
    build.config_size = (uint32_t)sizeof(struct mqb_client_config);
    build.client_size = (uint32_t)sizeof(struct mqb_client);
    return build;
}

/** Private: the same for code that is built in this way. */
enum mqb_status mqb_client_init_as(
    const struct mqb_build *build,
    struct mqb_client *client,
    const struct mqb_client_config *config);

/**
 * Prepare a client. Copies `config`. Sides bound to it before must be unbound first, or zeroed.
 *
 * MQB_ERR_BUILD: the library was built with other limits, such as MQB_PATH_BYTES, or for the other
 * engine. Nothing of it can be used then. MQB_ERR_ARGUMENT: `client` or `config` is NULL, or memory
 * in the config that has a length. MQB_ERR_VALUE: the seed is too short, or there are `calls` and
 * neither a seed nor entropy; a client that is used nevertheless refuses to call without them.
 */
static inline enum mqb_status mqb_client_init(
    struct mqb_client *client,
    const struct mqb_client_config *config)
{
    const struct mqb_build build = mqb_build_current();
    return mqb_client_init_as(&build, client, config);
}

/**
 * Route, decode, validate and handle one message. Every binding that takes the topic gets it, in
 * no promised order. Reports each refusal to on_error and returns the first. MQB_ERR_NO_CALL is a
 * refusal only if no binding takes the message, and reported once then: one of several sides on a
 * topic waits for the reply, and the others do not. For transports, and for tests. A handler may
 * call it, up to 8 deep.
 */
enum mqb_status mqb_client_receive(struct mqb_client *client, const struct mqb_publish *message);

/**
 * Subscribe to every topic of every binding. A transport calls it after each (re)connect, as a
 * broker may forget. Returns the first failure, after trying all.
 */
enum mqb_status mqb_client_subscribe_all(struct mqb_client *client);

/**
 * For transports whose broker answers later: count the filter as refused and tell on_error, with
 * MQB_ERR_TRANSPORT. `rule` is static text.
 */
void mqb_client_refuse_filter(struct mqb_client *client, struct mqb_str filter, const char *rule);

/*
 * Calls: a generated call function sends a request, and its `on_reply` is called exactly once for
 * each call that it began: with MQB_OK and the reply; with MQB_ERR_TIMEOUT; or with
 * MQB_ERR_TRANSPORT when the connection is lost or the side unbound. A reply that comes later,
 * comes twice, or answers somebody else's request goes to the handler of its message, or else is
 * refused with MQB_ERR_NO_CALL. A reply of the wrong shape is refused with its own status, and the
 * call goes on waiting. An on_reply may do what a handler may, and begin calls: its own no longer
 * waits.
 *
 * Time is the transport's clock, or without one what mqb_client_tick() said last: say it once
 * before the first call.
 *
 * Ids are random: made of the transport's entropy or the application's seed by mqb_client_init(),
 * and never of a clock. A process that forks initialises its clients in the child: both would make
 * the same ids. Programs that hear each other's replies, on a topic that they share, take a wrong
 * one only if it has the id of a call of their own. If there are M possible ids, and r foreign
 * replies come while a call waits, that happens to it with a chance of r / M. README.md has the
 * numbers for ids of 31 bits, of seven digits, and for correlation data.
 */

/**
 * End the calls whose time is over, with MQB_ERR_TIMEOUT. A transport with a loop of its own calls
 * it; otherwise the application does, at least whenever mqb_client_due_ms() is over. `now_ms` is of
 * the transport's clock if there is one, and only goes forward. A call ends at the first tick at or
 * after its deadline, and until then takes its reply; with a timeout of 0 that is the next tick.
 * Calls end in the order of their deadlines. Those that are not due cost nothing, however many
 * wait.
 */
void mqb_client_tick(struct mqb_client *client, uint64_t now_ms);

/** Milliseconds from `now_ms` until mqb_client_tick() is due; UINT64_MAX if no call waits. */
uint64_t mqb_client_due_ms(const struct mqb_client *client, uint64_t now_ms);

/**
 * End every call that waits with MQB_ERR_TRANSPORT; those begun meanwhile go on waiting. For
 * transports that lost the connection.
 */
void mqb_client_cancel_calls(struct mqb_client *client);

/**
 * An id for a new call, `least` to `most`, each as likely as the others. Of one client, no id comes
 * again before all others of the range have come, if it takes all its ids from that range: while
 * a call waits, others have other ids. In a small range one may come round whose call still waits;
 * mqb_call_begin() then refuses it, with MQB_ERR_DUPLICATE, and another one is to be taken.
 * An id as a text of seven digits is that of 0 to 9999999 in "%07".
 *
 * A client with neither entropy nor a seed has no ids: on_error is told so, with MQB_ERR_VALUE, and
 * it is `least`, as without a client. Calls of such a client are refused.
 */
uint64_t mqb_client_next_call_id(struct mqb_client *client, uint64_t least, uint64_t most);

/** Bytes of the correlation data that calls make. */
#define MQB_CORRELATION_BYTES 32

/**
 * Correlation data for a new call: 128 random bits, in `buf`. They are hexadecimal digits, as some
 * who answer take correlation data for text, and tools print it. All zeros without entropy and
 * seed.
 */
struct mqb_str mqb_client_next_correlation(
    struct mqb_client *client,
    char buf[MQB_CORRELATION_BYTES]);

#ifdef __cplusplus
}
#endif

#endif
