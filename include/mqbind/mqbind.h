/*
 * mqbind.h - the runtime of generated MQTT bindings, for applications.
 *
 * A transport passes each message to mqb_client_receive(). The topic selects a generated route;
 * generated code decodes and validates the payload; your handler receives a typed struct. Every
 * failure on the way is reported to your mqb_client_on_error, and the handler is not called.
 *
 * Memory: nothing here allocates. You give each client scratch memory and a send buffer once. Every
 * `struct mqb_str`, `struct mqb_json` and array of a decoded message points into the payload or the
 * scratch memory, and is valid until the handler returns. A build with MQB_CHECKED (CMake:
 * -DMQBIND_CHECKED=ON) overwrites memory that is no longer valid, which reveals pointers that were
 * kept for too long.
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

/** What every function that can fail returns; zero is success. */
enum mqb_status {
    MQB_OK = 0, /**< Success. */
    MQB_ERR_NO_ROUTE, /**< No binding receives this topic. */
    MQB_ERR_NO_HANDLER, /**< The message is valid; its handler is NULL. */
    MQB_ERR_TOPIC, /**< A topic or topic parameter is not allowed: empty, "a/b", "+". */
    MQB_ERR_JSON, /**< The payload is not exactly one JSON value (RFC 8259): `{"a":1,}`. */
    MQB_ERR_TYPE, /**< A value has the wrong JSON type: `"volume":"loud"`. */
    MQB_ERR_MISSING, /**< A required member or property is absent. */
    MQB_ERR_DUPLICATE, /**< A member of an object is repeated: `{"a":1,"a":2}`. */
    MQB_ERR_VALUE, /**< A value violates its range, enum, length, pattern or another rule. */
    MQB_ERR_PRECISION, /**< As a double, a number would be another integer, or break a rule. */
    MQB_ERR_LIMIT, /**< Beyond a limit: 64 bits, nesting depth, payload size. */
    MQB_ERR_SPACE, /**< The caller's memory is too small: scratch memory or output buffer. */
    MQB_ERR_TRANSPORT, /**< The transport refused or lost the message. */
    MQB_ERR_HANDLER, /**< For handlers to return: the application refuses the message. */
    MQB_ERR_TIMEOUT, /**< A call received no reply in time. */
    MQB_ERR_NO_CALL, /**< A reply to no pending call: late, repeated, or for another client. */
    MQB_ERR_CANCELLED, /**< The application cancelled the call. */
    MQB_ERR_ARGUMENT, /**< A required pointer is NULL. Nothing was done. */
    MQB_ERR_BUILD, /**< The library was built with other limits or another engine. */
};

/** The status as a lower-case English phrase, for logs. A static string, never NULL. */
const char *mqb_status_text(enum mqb_status status);

/** The offset of an error that is about no place in the payload. */
#define MQB_NO_OFFSET SIZE_MAX

/** Why a message was refused. It points to static strings only, so it can be copied and kept. */
struct mqb_error {
    enum mqb_status status; /**< What went wrong. */
    /**
     * Byte offset in the payload (when sending: in the output so far) of the value; of the name, if
     * a member is unknown or repeated; of the object, if a member is missing; of the first byte
     * that is not valid JSON; MQB_NO_OFFSET if there is no such place.
     */
    size_t offset;
    /** The violated rule in words: "must be 0 or at least 30". A static string, never NULL. */
    const char *rule;
    /**
     * JSON pointer (RFC 6901) to the value: "/inputParams/volume"; "" is the whole payload.
     * Control characters in member names, including tabs and line breaks, appear as "?". A pointer
     * that does not fit ends in "...".
     */
    char path[MQB_PATH_BYTES];
    /**
     * The refused value as JSON: "12"; "" if there is none to show. A value that does not fit ends
     * in "...". Always printable UTF-8: tabs and line breaks appear as spaces, and everything else
     * that cannot be printed as "?".
     */
    char value[MQB_EXCERPT_BYTES];
};

/**
 * Write the error as one line: "/inputParams/volume: is 101, must be 0 to 100 (byte 93)".
 *
 * `buf` has room for `cap` bytes. The result is always terminated by NUL if `cap` is not 0, and cut
 * if it does not fit. Returns the length of the whole line in bytes, without NUL.
 */
size_t mqb_error_format(const struct mqb_error *error, char *buf, size_t cap);

/* ---- Bytes ---- */

/** A view of a UTF-8 string owned by someone else; not terminated by NUL, may contain NUL. */
struct mqb_str {
    const char *ptr; /**< The first byte; may be NULL if `len` is 0. */
    size_t len; /**< Length in bytes. */
};

/** A string literal as a struct mqb_str: MQB_STR("text"). */
#ifdef __cplusplus
#define MQB_STR(literal) (mqb_str{"" literal, sizeof(literal) - 1U})
#else
#define MQB_STR(literal) ((struct mqb_str){"" literal, sizeof(literal) - 1U})
#endif

/** A view of a NUL-terminated string, which must outlive it. NULL gives the empty string. */
struct mqb_str mqb_str_from(const char *text);

/** True if both have the same bytes. */
bool mqb_str_equal(struct mqb_str a, struct mqb_str b);

/** Memory of the caller in which decoding allocates strings, arrays, maps and parser tokens. */
struct mqb_scratch {
    char *ptr; /**< The first byte. */
    size_t cap; /**< Size in bytes. */
    size_t used; /**< Bytes allocated at the front, for decoded data. */
    size_t reserved; /**< Bytes allocated at the end, for parser tokens. */
    size_t peak; /**< Most bytes ever needed at once, even if there were fewer. */
};

/** Empty scratch memory of `bytes` bytes at `memory`, which needs no alignment. */
struct mqb_scratch mqb_scratch_from(void *memory, size_t bytes);

/** Free all of it: every view into the memory becomes invalid. `peak` is kept. */
void mqb_scratch_reset(struct mqb_scratch *scratch);

/** An integer or a string that keeps its JSON type, such as an id that is sent back unchanged. */
struct mqb_scalar {
    bool is_string; /**< Which of the two it is. */
    int64_t integer; /**< The value unless `is_string`. */
    struct mqb_str string; /**< The value if `is_string`. */
};

/* ---- Raw JSON: values whose shape the schema leaves open ---- */

/** A view of one JSON value. Decoded ones are valid JSON; those you send are checked by encode. */
struct mqb_json {
    const char *ptr; /**< The first byte; may be NULL if `len` is 0. */
    size_t len; /**< Length in bytes. */
};

/** A string literal with JSON as a struct mqb_json: MQB_JSON("[1, 2]"). */
#ifdef __cplusplus
#define MQB_JSON(literal) (mqb_json{"" literal, sizeof(literal) - 1U})
#else
#define MQB_JSON(literal) ((struct mqb_json){"" literal, sizeof(literal) - 1U})
#endif

/** The types of JSON values. */
enum mqb_json_type {
    MQB_JSON_NULL, /**< `null` */
    MQB_JSON_BOOLEAN, /**< `true`, `false` */
    MQB_JSON_NUMBER, /**< `12`, `1.5e3` */
    MQB_JSON_STRING, /**< `"text"` */
    MQB_JSON_ARRAY, /**< `[1, 2]` */
    MQB_JSON_OBJECT, /**< `{"a": 1}` */
};

/** The bit of a type in a set of types. */
#define MQB_TYPE_BIT(type) (1U << (unsigned)(type))
/** The bit of numbers without a fraction, such as 1.0, in a set of types. */
#define MQB_TYPE_BIT_INTEGER (1U << 7)
/** The bit of those that are also written without a point or an exponent. */
#define MQB_TYPE_BIT_PLAIN_INTEGER (1U << 8)

/*
 * The functions mqb_json_get_*() read a valid JSON value, such as one of a decoded message. They
 * set *value and return MQB_OK; or they leave it alone and return MQB_ERR_TYPE if the value has
 * another JSON type, MQB_ERR_LIMIT if it does not fit the C type, MQB_ERR_SPACE if the scratch
 * memory is too small, or MQB_ERR_ARGUMENT if `value` is NULL.
 */

/** The type of a valid JSON value. */
enum mqb_json_type mqb_json_type(struct mqb_json json);
/** Read a boolean. */
enum mqb_status mqb_json_get_bool(struct mqb_json json, bool *value);
/** Read an integer; "1.0" and "1e0" are integers, too. */
enum mqb_status mqb_json_get_int64(struct mqb_json json, int64_t *value);
/** Read an integer that is not negative. */
enum mqb_status mqb_json_get_uint64(struct mqb_json json, uint64_t *value);
/** Read a number, correctly rounded. */
enum mqb_status mqb_json_get_double(struct mqb_json json, double *value);
/**
 * Read a string. The result is a view of `json`, or of the scratch memory if the string had
 * escapes. `scratch` may be NULL: strings with escapes are then refused with MQB_ERR_SPACE.
 */
enum mqb_status mqb_json_get_string(
    struct mqb_json json,
    struct mqb_scratch *scratch,
    struct mqb_str *value);

/** An iteration over the members of an object or the items of an array. All of it is private. */
struct mqb_json_walk {
    /** @privatesection */
    struct mqb_json container;
    size_t position;
};

/** Start to iterate over a valid object or array. Any other value has no items. */
struct mqb_json_walk mqb_json_walk_begin(struct mqb_json json);

/**
 * Step to the next member or item; false at the end. *key is the name of the member as a JSON
 * string with quotes (read it with mqb_json_get_string()), and empty for an array. `key` may be
 * NULL.
 */
bool mqb_json_walk_next(struct mqb_json_walk *walk, struct mqb_json *key, struct mqb_json *value);

/** Find a member of a valid object; false if there is none. `name` is compared unescaped. */
bool mqb_json_find(struct mqb_json object, struct mqb_str name, struct mqb_json *value);

/** Size of a buffer for any number as JSON, in bytes. */
#define MQB_NUMBER_BYTES 32

/*
 * The functions mqb_json_from_*() make JSON values for messages to send. The result is a view of
 * `buf`, and valid while it is.
 */

/** `true` or `false`; a static string. */
struct mqb_json mqb_json_from_bool(bool value);
/** An integer. */
struct mqb_json mqb_json_from_int64(int64_t value, char buf[MQB_NUMBER_BYTES]);
/** An integer that is not negative. */
struct mqb_json mqb_json_from_uint64(uint64_t value, char buf[MQB_NUMBER_BYTES]);
/**
 * The shortest number that is read back as `value`, always with a point or an exponent: "42.0". NaN
 * and infinities give an empty value, which encode refuses.
 */
struct mqb_json mqb_json_from_double(double value, char buf[MQB_NUMBER_BYTES]);
/**
 * A string, with escapes: up to 6 * text.len + 2 bytes. The result is empty if `cap` is too small
 * or `text` is not valid UTF-8.
 */
struct mqb_json mqb_json_from_string(struct mqb_str text, char *buf, size_t cap);

/** One member of an object whose members are not known to the schema. */
struct mqb_map_entry {
    struct mqb_str key; /**< The name, unescaped. */
    struct mqb_json value; /**< The value. */
};

/** The members of an object, in the order of the payload. Decoded ones are in scratch memory. */
struct mqb_map {
    const struct mqb_map_entry *entries; /**< May be NULL if `count` is 0. */
    size_t count; /**< Number of entries. */
};

/** The entry with this key, or NULL. */
const struct mqb_map_entry *mqb_map_find(const struct mqb_map *map, struct mqb_str key);

/* ---- Transport: carries bytes ---- */

/** A user property of MQTT 5: what the application likes. Several may have the same name. */
struct mqb_user_property {
    struct mqb_str name; /**< UTF-8 without NUL. */
    struct mqb_str value; /**< UTF-8 without NUL. */
};

/**
 * MQTT 5 properties of a message. What is empty, 0 or false is absent. When a transport sends
 * them, each string but the correlation data has a NUL at ptr[len].
 */
struct mqb_properties {
    struct mqb_str response_topic; /**< Where to reply. */
    struct mqb_str correlation_data; /**< Any bytes; a reply has those of its request. */
    struct mqb_str content_type; /**< What the payload is: "application/json". */
    const struct mqb_user_property *user; /**< User properties; may be NULL if there are none. */
    size_t user_count; /**< Number of user properties. */
    /**
     * Seconds after which nobody wants the message any more; when received, those that are left. A
     * transport with a queue does not send it later, whatever the version of MQTT.
     */
    uint32_t expiry_s;
    bool is_text; /**< The payload is UTF-8 text (payload format indicator 1). */
};

/** The QoS of a message, where the schema leaves a choice to the sender. */
enum mqb_qos {
    MQB_QOS_DEFAULT = 0, /**< That of the schema. */
    MQB_QOS_0, /**< At most once. */
    MQB_QOS_1, /**< At least once. */
    MQB_QOS_2, /**< Exactly once. */
};

/** One MQTT PUBLISH. Its memory belongs to the caller and is valid until the call returns. */
struct mqb_publish {
    struct mqb_str topic; /**< When sending, topic.ptr[topic.len] is NUL. */
    struct mqb_str payload; /**< Any bytes; ptr may be NULL if len is 0. */
    int qos; /**< 0, 1 or 2. */
    /**
     * When sending: the broker keeps it for later subscribers. When received: the broker had kept
     * it, so it may be old.
     */
    bool retain;
    /** When received at QoS 1: the sender repeats it, and it may have arrived before. */
    bool duplicate;
    struct mqb_properties properties; /**< Of MQTT 5. */
    uint64_t token; /**< When sending, the number of the message: see struct mqb_delivery. */
};

/** What becomes of a message on a topic to which its own sender is subscribed. */
enum mqb_own_messages {
    MQB_OWN_RETURNED = 0, /**< The sender receives it: MQTT 3.1.1, and MQTT 5 unless asked. */
    MQB_OWN_LEFT_OUT, /**< It does not, except in a group: MQTT 5 with "no local". */
    MQB_OWN_NEVER, /**< It never does: the broker keeps the directions apart. */
};

/**
 * What carries the messages of a client. Each function copies whatever it keeps. A client that only
 * receives needs no functions: without `publish` nothing is sent, without `subscribe` and
 * `unsubscribe` nothing is subscribed to. docs/transports.md says how to write one.
 */
struct mqb_transport {
    void *context; /**< Passed to each function. */
    /** Send a message; any status but MQB_OK refuses it. */
    enum mqb_status (*publish)(void *context, const struct mqb_publish *message);
    /** Subscribe to a topic filter, terminated by NUL, at a QoS of 0, 1 or 2. */
    enum mqb_status (*subscribe)(void *context, const char *filter, int qos);
    /** Unsubscribe from a topic filter. */
    enum mqb_status (*unsubscribe)(void *context, const char *filter);
    /**
     * Filters wait: take them with mqb_client_peek_filter() and mqb_client_pop_filter(), in this
     * function or later, and subscribe to many with one packet. Called instead of `subscribe`.
     * Any status but MQB_OK refuses them. Without a connection, forget them with
     * mqb_client_forget_filters(). NULL: `subscribe` is called for each filter.
     */
    enum mqb_status (*subscribe_many)(void *context);
    /** Milliseconds of a monotonic clock. NULL: only mqb_client_tick() knows the time. */
    uint64_t (*now_ms)(void *context);
    /**
     * True if properties are carried, as in MQTT 5. NULL or false: messages with properties are
     * refused when sent.
     */
    bool (*carries_properties)(void *context);
    /**
     * Fill memory with random bytes from the operating system, which nobody else obtains. False if
     * there are none at the moment. NULL if there never are: calls then need a seed.
     */
    bool (*entropy)(void *context, void *bytes, size_t count);
    /**
     * What becomes of the client's own messages. A side that receives what it sends would answer
     * its own calls: binding it is refused. NULL: MQB_OWN_RETURNED.
     */
    enum mqb_own_messages (*own_messages)(void *context);
    /**
     * Take back a message that was accepted and not sent yet. True if it will not be sent; its
     * outcome is MQB_OUTCOME_CANCELLED. NULL: nothing can be taken back.
     */
    bool (*withdraw)(void *context, uint64_t token);
    /**
     * Why `publish` has just refused this message: a static string, for on_error. NULL, or a
     * result of NULL: nothing more is known.
     */
    const char *(*refusal)(void *context, const struct mqb_publish *message);
};

/* ---- What became of a message ---- */

/** What became of a message that the transport accepted. */
enum mqb_outcome {
    MQB_OUTCOME_SENT, /**< QoS 0: written to the network. */
    MQB_OUTCOME_CONFIRMED, /**< QoS 1 and 2: the broker has it. */
    MQB_OUTCOME_REFUSED, /**< The broker refused it, or said before that it would (MQTT 5). */
    MQB_OUTCOME_DROPPED, /**< Lost: it made room, the connection broke, or was closed. */
    MQB_OUTCOME_EXPIRED, /**< It could not be sent in time. */
    MQB_OUTCOME_CANCELLED, /**< It was withdrawn before it was sent. */
};

/** Number of outcomes. */
#define MQB_OUTCOME_COUNT (MQB_OUTCOME_CANCELLED + 1)

/** The outcome as a lower-case English word, for logs. A static string, never NULL. */
const char *mqb_outcome_text(enum mqb_outcome outcome);

/** The end of a message that was sent. */
struct mqb_delivery {
    uint64_t token; /**< What mqb_client_last_token() returned when it was sent. */
    enum mqb_outcome outcome; /**< What became of it. */
    struct mqb_str topic; /**< Its topic, valid until the function returns. */
    uint8_t reason_code; /**< The broker's reason if it was refused (MQTT 5, 2.4); or 0. */
    const char *reason; /**< The same in words. A static string, never NULL. */
};

/* ---- Client: connects a transport with bindings ---- */

/**
 * Called for each message that was refused, in either direction, and for each filter that could not
 * be subscribed to. `topic` is the topic or the filter; if a parameter was refused when sending, it
 * is the address, such as "a/{}/b". `topic` and `error` are valid until the function returns. It
 * may send, but not unbind. Messages that are refused while it runs are counted, and the status is
 * returned, but it is not called again. `user` comes from the config.
 */
typedef void mqb_client_on_error(void *user, struct mqb_str topic, const struct mqb_error *error);

/**
 * Called once for each message that the transport accepted, when its outcome is known: in the loop
 * of a transport with a queue, or while another message is sent that takes its place there. A
 * message that was refused is also reported to on_error. It may send.
 */
typedef void mqb_client_on_delivery(void *user, const struct mqb_delivery *delivery);

/**
 * Called in the loop when there is room again for a message like the smallest that the transport
 * refused because its queue was full. It may send.
 */
typedef void mqb_client_on_room(void *user);

struct mqb_binding;
struct mqb_binding_link;

/** A topic filter to subscribe to. */
struct mqb_filter {
    struct mqb_str text; /**< The filter; text.ptr[text.len] is NUL. */
    int qos; /**< 0, 1 or 2. */
};

/** Number of statuses. */
#define MQB_STATUS_COUNT (MQB_ERR_BUILD + 1)

struct mqb_address;

/** Numbers of messages of one address in one direction. */
struct mqb_topic_counters {
    uint64_t by_status[MQB_STATUS_COUNT]; /**< Messages, by the status returned. */
    uint64_t bytes; /**< Bytes of the payloads of those with MQB_OK. */
    bool sent; /**< Sent, not received. */
    /** @privatesection */
    const struct mqb_address *address;
    size_t bucket; /**< The first entry of the hash bucket with this index, plus 1. */
    size_t next; /**< The next entry in its bucket, plus 1. */
};

/** What an application gives to a client. All memory must outlive the client. */
struct mqb_client_config {
    struct mqb_transport transport; /**< Carries its messages. */
    /** Memory for the message being received; see the SCRATCH_BYTES macros of generated headers. */
    void *scratch;
    size_t scratch_bytes; /**< Size of `scratch` in bytes. */
    /**
     * Memory for topic, response topic and payload being sent; see the MAX_BYTES macros. NULL: the
     * client sends nothing, and writes its filters into `scratch`.
     */
    void *send_buffer;
    size_t send_buffer_bytes; /**< Size of `send_buffer` in bytes. */
    /** Longer payloads are refused unread; 0 means no limit. */
    size_t max_payload_bytes;
    /** An array for pending calls. NULL: no calls. */
    struct mqb_call *calls;
    size_t call_count; /**< Length of `calls`: the most calls that can be pending at a time. */
    /**
     * At least MQB_SEED_BYTES random bytes, for the ids of calls. No other program has the same,
     * nor has this one after a restart: a serial number with a count of starts that is kept in
     * flash memory is enough, a clock is not. Required for calls if the transport has no entropy;
     * otherwise mixed in. Read by mqb_client_init() only. NULL: none.
     */
    const void *seed;
    size_t seed_bytes; /**< Length of `seed` in bytes; 0 if it is NULL. */
    /**
     * A hash table that finds the side for a topic if many sides are bound with values of their
     * own: an array of pointers, ideally as many as sides. NULL: the sides are searched one by one.
     */
    struct mqb_binding_link **buckets;
    size_t bucket_count; /**< Length of `buckets`; 0 if it is NULL. */
    /**
     * An array for counters of each address and direction, to export them: at least 2, and one for
     * each address that is received from or sent to. The first two count the messages, received and
     * sent, that belong to no address, and those for which there is no entry left. So all entries
     * add up to `counters`. Entries not yet used are zero. NULL: nothing is counted by address.
     */
    struct mqb_topic_counters *topics;
    size_t topic_count; /**< Length of `topics`; 0 if it is NULL. */
    mqb_client_on_error *on_error; /**< NULL: only counters and return values report errors. */
    mqb_client_on_delivery *on_delivery; /**< May be NULL. */
    mqb_client_on_room *on_room; /**< May be NULL. */
    void *user; /**< User data, passed to the three above; never used by the library. */
};

/** Numbers of events since mqb_client_init(). */
struct mqb_counters {
    uint64_t received; /**< Messages passed to mqb_client_receive(). */
    uint64_t received_by_status[MQB_STATUS_COUNT]; /**< Of these, by the status returned. */
    uint64_t sent; /**< Messages passed to generated send functions. */
    uint64_t sent_by_status[MQB_STATUS_COUNT]; /**< Of these, by the status returned. */
    uint64_t outcomes[MQB_OUTCOME_COUNT]; /**< Of those accepted, by outcome, once it is known. */
    uint64_t subscribe_failures; /**< Filters refused by the transport or the broker. */
    /** Calls whose request was accepted. Each is pending, or ended as one of the four below. */
    uint64_t calls;
    uint64_t calls_replied; /**< Received a reply in time. */
    uint64_t calls_timed_out; /**< Received no reply in time. */
    uint64_t calls_lost; /**< The connection or the request was lost, or the side was unbound. */
    uint64_t calls_cancelled; /**< Ended by mqb_client_cancel(). */
};

/** Memory for one pending call. It belongs to the caller; all of it is private. */
struct mqb_call {
    /** @privatesection */
    uint64_t deadline_ms;
    /** Generated: calls `on_reply` with its real type. `reply` is NULL unless the status is OK. */
    void (*finish)(const struct mqb_call *call, enum mqb_status status, const void *reply);
    void (*on_reply)(void);
    void *side;
    void *user;
    size_t bucket; /**< The first call of the hash bucket with this index, plus 1. */
    size_t next; /**< The next call in its bucket or in the free list, plus 1. */
    uint64_t number; /**< Sequence number from 1; 0 if unused. */
    uint64_t token; /**< Of its request. */
    size_t token_bucket; /**< The first call of the bucket of tokens with this index, plus 1. */
    size_t next_token; /**< The next call in its bucket of tokens, plus 1. */
    size_t timed; /**< The call at this index of the heap of deadlines, plus 1. */
    /** The position of this call in the heap, from 1. 0: not sent, and only a reply ends it. */
    size_t slot;
    struct mqb_call *behind; /**< The next call of its side. */
    struct mqb_call **at; /**< What points to this call in that list. */
    size_t key_bytes;
    char key[MQB_CALL_KEY_BYTES];
};

/** Generator of the ids of calls. Private. */
struct mqb_random {
    /** @privatesection */
    uint64_t key[2];
    uint64_t drawn; /**< How many times 128 bits were drawn. */
    uint64_t picked; /**< The position of the next id in its range. */
    bool seeded;
};

/**
 * Which filters a transport with `subscribe_many` has yet to take: those of a round over all
 * bindings, then those of bindings added since. Private.
 */
struct mqb_waiting_filters {
    /** @privatesection */
    bool in_round;
    int qos; /**< A round takes the filters of QoS 0 first, those of QoS 2 last. */
    struct mqb_binding *sort; /**< The first binding of the group where the round is. */
    struct mqb_binding *binding; /**< Where the round is; NULL at the end of the group. */
    size_t route;
    uint64_t last; /**< The newest binding of the round; those in the list are newer. */
    struct mqb_binding *added; /**< The list of the others. */
    struct mqb_binding **added_end;
    size_t added_route;
};

/** A client. Its memory belongs to the caller. `counters` may be read; the rest is private. */
struct mqb_client {
    struct mqb_counters counters; /**< May be read at any time. */
    /** @privatesection */
    struct mqb_client_config config;
    struct mqb_binding *bindings; /**< The first of the first group. */
    uint64_t last_binding; /**< The number of the latest binding. */
    struct mqb_waiting_filters filters;
    struct mqb_scratch scratch;
    size_t topics_used; /**< Entries of config.topics. */
    unsigned receiving; /**< Depth of nested mqb_client_receive() calls. */
    const struct mqb_publish *message; /**< The innermost message being received. */
    const struct mqb_properties *next_properties; /**< Of the next message. */
    struct mqb_capture *next_capture; /**< Where the next message goes. */
    size_t send_used; /**< Bytes of the send buffer that a publish in progress still needs. */
    uint64_t last_token; /**< The number of the latest message that was published. */
    uint64_t accepted_token; /**< The number of the latest that the transport accepted. */
    uint32_t next_expiry_s; /**< For the next message. */
    bool reporting; /**< on_error is running. */
    uint64_t tick_ms; /**< The time of the latest mqb_client_tick(). */
    struct mqb_random random;
    uint64_t last_call; /**< The number of the latest call. */
    size_t waiting; /**< Pending calls. */
    size_t timed; /**< Of these, those whose requests were sent: the size of the heap. */
    size_t free_call; /**< The first free call, plus 1. */
};

/** What the library and the code that uses it must agree on. Private. */
struct mqb_build {
    /** @privatesection */
    uint32_t abi;
    uint32_t direct; /**< 1 for the direct engine. */
    uint32_t depth_max;
    uint32_t path_bytes;
    uint32_t excerpt_bytes;
    uint32_t call_key_bytes;
    uint32_t parameters_max;
    uint32_t error_size; /**< Sizes depend on compiler options, too. */
    uint32_t call_size;
    uint32_t config_size;
    uint32_t client_size;
};

/** How the code that includes this header is built. Private. */
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

/** mqb_client_init() for code with this build. Private. */
enum mqb_status mqb_client_init_as(
    const struct mqb_build *build,
    struct mqb_client *client,
    const struct mqb_client_config *config);

/**
 * Initialize a client. `config` is copied. Sides that are bound to the client must be unbound
 * before, or zeroed.
 *
 * MQB_ERR_BUILD: the library was built with other limits, such as MQB_PATH_BYTES, or with another
 * engine; the client cannot be used. MQB_ERR_ARGUMENT: `client` or `config` is NULL, or memory of
 * the config that has a size. MQB_ERR_VALUE: the seed is too short, or there are `calls` but
 * neither a seed nor entropy; such a client works, but refuses calls.
 */
static inline enum mqb_status mqb_client_init(
    struct mqb_client *client,
    const struct mqb_client_config *config)
{
    const struct mqb_build build = mqb_build_current();
    return mqb_client_init_as(&build, client, config);
}

/**
 * Route, decode, validate and handle one message; for transports and tests. Every binding that
 * matches the topic receives it, in unspecified order. Each refusal is reported to on_error, and
 * the first is returned. MQB_ERR_NO_CALL is a refusal only if no binding accepts the message, and
 * is then reported once: of several sides that share a topic, one waits for the reply and the
 * others do not. Handlers may call this function, up to 8 levels deep.
 */
enum mqb_status mqb_client_receive(struct mqb_client *client, const struct mqb_publish *message);

/**
 * Subscribe to every topic of every binding. Transports call it after each connect, since a broker
 * may have lost the subscriptions. All are tried; the first failure is returned. If the transport
 * has `subscribe_many`, this begins, and refusals are reported to on_error.
 */
enum mqb_status mqb_client_subscribe_all(struct mqb_client *client);

/**
 * The next filter that waits, which remains the next. False if none waits. It is written into the
 * send buffer, where it is valid until the next call of a function with this client. A filter that
 * several bindings want may come several times; the last time has the highest QoS.
 */
bool mqb_client_peek_filter(struct mqb_client *client, struct mqb_filter *filter);

/** Take the filter that mqb_client_peek_filter() returned. */
void mqb_client_pop_filter(struct mqb_client *client);

/** No filters wait any more: the connection is lost. */
void mqb_client_forget_filters(struct mqb_client *client);

/**
 * Count a filter as refused and report it to on_error with MQB_ERR_TRANSPORT; for transports whose
 * broker answers later. `rule` is a static string that says why.
 */
void mqb_client_refuse_filter(struct mqb_client *client, struct mqb_str filter, const char *rule);

/* ---- The message as MQTT carries it ---- */

/**
 * For handlers: the message that is being handled, with its whole topic, its QoS, whether it was
 * retained, and its properties. Valid until the handler returns. If a handler received another
 * message meanwhile, each gets its own. NULL if no message is being handled.
 */
const struct mqb_publish *mqb_client_message(const struct mqb_client *client);

/**
 * Add properties of MQTT 5 to the next message of this client: the next generated send or call
 * function uses them, whether it succeeds or not. They, and what they point to, must be valid until
 * that function returns. NULL: none.
 *
 * That function returns MQB_ERR_VALUE if a string is not UTF-8 without NUL of at most 65535 bytes,
 * or if there is a response topic or correlation data, which only the schema can ask for;
 * MQB_ERR_SPACE if the send buffer has no room for a copy of the strings; MQB_ERR_TRANSPORT if the
 * transport does not carry properties, other than the expiry. Requests of calls expire when their
 * call times out, unless the application says otherwise.
 */
void mqb_client_set_properties(struct mqb_client *client, const struct mqb_properties *properties);

/** A message that was checked and encoded, and not sent; for wills. */
struct mqb_capture {
    /** @privatesection */
    char *memory;
    size_t bytes;
    size_t used;
    bool taken;
    struct mqb_publish message;
};

/**
 * Keep the next message of this client instead of sending it: the next generated send function
 * writes it to the `bytes` bytes at `memory`, which must outlive the capture. The message is
 * checked and refused like any other, but not counted. Requests of calls cannot be captured: the
 * call function returns MQB_ERR_VALUE. If `client` is NULL, nothing will be captured.
 */
void mqb_client_capture(
    struct mqb_client *client,
    struct mqb_capture *capture,
    void *memory,
    size_t bytes);

/** The message that was captured; NULL unless the send function returned MQB_OK. */
const struct mqb_publish *mqb_capture_message(const struct mqb_capture *capture);
/* ---- Messages on their way ---- */

/**
 * The token of the latest message that a send or call function passed to the transport, 0 if that
 * refused it or there was none. Tokens are numbers from 1 that are never used again.
 */
uint64_t mqb_client_last_token(const struct mqb_client *client);

/**
 * Withdraw the message with this token. A call whose request it is ends with MQB_ERR_CANCELLED,
 * before this function returns, even if the request is no longer in the queue. Returns true if the
 * message will not be sent. What was handed to the network cannot be recalled.
 */
bool mqb_client_cancel(struct mqb_client *client, uint64_t token);

/**
 * Send a message again that a transport stored, in an earlier run: `record` has `bytes` bytes, as
 * passed to `keep` of its queue, and needs no alignment. MQB_ERR_VALUE: it is damaged.
 * MQB_ERR_SPACE: the send buffer has no room for a copy. MQB_ERR_TRANSPORT: the transport has none
 * now, or does not carry its properties. Otherwise the message has a new token.
 */
enum mqb_status mqb_client_resend(struct mqb_client *client, const void *record, size_t bytes);

/**
 * For transports: a message has ended. Counts it, ends a call whose request is lost, and calls
 * on_error and on_delivery.
 */
void mqb_client_report_delivery(struct mqb_client *client, const struct mqb_delivery *delivery);

/** For transports: there is room for a message again. */
void mqb_client_report_room(struct mqb_client *client);

/**
 * Write the address of an entry of `topics` as it is in the schema: "home/lamps/{id}/set". Empty
 * for the first two entries, and for those that are not used.
 *
 * `buf` has room for `cap` bytes. The result is always terminated by NUL if `cap` is not 0, and cut
 * if it does not fit. Returns the length of the whole address in bytes, without NUL.
 */
size_t mqb_topic_counters_address(const struct mqb_topic_counters *topic, char *buf, size_t cap);

/* ---- Calls ---- */

/*
 * A generated call function sends a request. For each call that it started, `on_reply` is called
 * exactly once: with MQB_OK and the reply; with MQB_ERR_TIMEOUT; with MQB_ERR_CANCELLED; or with
 * MQB_ERR_TRANSPORT if the connection or the request was lost, or the side was unbound. A request
 * that has not been sent when its call ends is withdrawn. A reply that is late, repeated or meant
 * for somebody else is passed to the handler of its message, or refused with MQB_ERR_NO_CALL if
 * there is none. A reply that is not valid is refused with its own status, and the call remains
 * pending. on_reply may do whatever a handler may, and start calls: its own call has already ended.
 *
 * Time comes from the clock of the transport, or if it has none from mqb_client_tick(), which must
 * be called before the first call.
 *
 * Ids are random. mqb_client_init() derives them from the entropy of the transport or the seed of
 * the application, never from a clock. A process that forks must initialize its clients in the
 * child: otherwise both would make the same ids. Programs that receive each other's replies on a
 * shared topic accept a wrong reply only if it has the id of one of their own pending calls. With M
 * possible ids, and r foreign replies while a call is pending, the probability of that is r / M.
 * docs/calls.md has numbers for ids of 31 bits, for ids of seven digits, and for correlation data.
 */

/**
 * End the calls whose deadline has passed, with MQB_ERR_TIMEOUT. Transports with a loop of their
 * own call it; otherwise the application does, no later than mqb_client_due_ms() says. `now_ms` is
 * the time of the transport's clock if it has one, and must never decrease. A call ends at the
 * first tick at or after its deadline, and accepts its reply until then; a call with a timeout of 0
 * ends at the next tick. Calls end in the order of their deadlines. Calls that are not due cost no
 * time.
 */
void mqb_client_tick(struct mqb_client *client, uint64_t now_ms);

/** Milliseconds from `now_ms` until mqb_client_tick() is due; UINT64_MAX if no call is pending. */
uint64_t mqb_client_due_ms(const struct mqb_client *client, uint64_t now_ms);

/**
 * End every pending call with MQB_ERR_TRANSPORT, but not those that are started meanwhile; for
 * transports that lost the connection.
 */
void mqb_client_cancel_calls(struct mqb_client *client);

/**
 * An id for a new call, from `least` to `most`, each with the same probability. A client returns no
 * id again before it has returned all others of the range, if it always uses the same range. So
 * pending calls have distinct ids, unless the range is so small that it wraps around while a call
 * is pending: starting a call then fails with MQB_ERR_DUPLICATE, and the caller takes another id. A
 * string of seven digits is an id from 0 to 9999999 formatted with "%07".
 *
 * Without entropy and without a seed there are no ids: the result is `least`, and on_error is
 * called with MQB_ERR_VALUE. If `client` is NULL, the result is `least`. Such clients refuse calls.
 */
uint64_t mqb_client_next_call_id(struct mqb_client *client, uint64_t least, uint64_t most);

/** Length of generated correlation data, in bytes. */
#define MQB_CORRELATION_BYTES 32

/**
 * Correlation data for a new call: 128 random bits as hexadecimal digits, which tools can print and
 * every peer can handle, even those that expect a string. The result is a view of `buf`. Without
 * entropy and without a seed all digits are zero.
 */
struct mqb_str mqb_client_next_correlation(
    struct mqb_client *client,
    char buf[MQB_CORRELATION_BYTES]);

#ifdef __cplusplus
}
#endif

#endif
