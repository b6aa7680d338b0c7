/*
 * side.h - what the generated code of a side calls to receive, to send and to make calls.
 */
#ifndef MQBIND_DETAIL_SIDE_H
#define MQBIND_DETAIL_SIDE_H

#include <mqbind/binding.h>
#include <mqbind/detail/reader.h>
#include <mqbind/detail/topic_match.h>
#include <mqbind/detail/writer.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Topics ---- */

/** One parameter of an address. */
struct mqb_parameter {
    const char *name;
    const struct mqb_pattern *pattern; /**< May be NULL. */
    size_t max_length; /**< In code points; 0 means no limit. */
    const char *rule; /**< Pattern or length in words; NULL when there is neither. */
    /** Spans one or more levels. It ends the address, or a binding gives its value. */
    bool multi_level;
    /** A binding gives its value: without one, no topic fits. */
    bool bound;
    /** The text behind it in its level, where it ends; a value must not hold it. May be NULL. */
    const char *end;
};

/**
 * A topic with parameters: each "{}" of `text` is one entry of `parameters`, and a level or a part
 * of one. Where a level holds several, each but the last ends where the text behind it starts.
 */
struct mqb_address {
    const char *text; /**< "devices/command/{}/{}" */
    const struct mqb_parameter *const *parameters; /**< Shared by the addresses that have them. */
    size_t parameter_count;
};

/**
 * A level that is a whole number within bounds: digits behind at most one minus, which no zero has.
 * Zeros may lead. False, and *value as it was, if it is not.
 */
bool mqb_topic_level_to_int(struct mqb_str level, int64_t minimum, int64_t maximum, int64_t *value);
bool mqb_topic_level_to_uint(
    struct mqb_str level,
    uint64_t minimum,
    uint64_t maximum,
    uint64_t *value);
/** An integer as a level; the text lies in `buf`. */
struct mqb_str mqb_topic_level_from_int(int64_t value, char buf[MQB_NUMBER_BYTES]);
struct mqb_str mqb_topic_level_from_uint(uint64_t value, char buf[MQB_NUMBER_BYTES]);

/* ---- Sides: what one role receives and sends ---- */

/** A received message on its way to a handler. */
struct mqb_inbound {
    const struct mqb_publish *message;
    struct mqb_str parameters[MQB_PARAMETERS_MAX]; /**< In the order of the address. */
    struct mqb_scratch *scratch;
    struct mqb_error *error; /**< To fill when a status other than MQB_OK is returned. */
};

/** One address that a side receives from. */
struct mqb_route {
    const struct mqb_address *address;
    /** For each parameter of the address, its place in mqb_binding.values. */
    const uint8_t *values;
    int qos;
    /** The set of mqb_router.keys that finds its bindings, plus 1; 0: no value tells them apart. */
    uint8_t key;
    /** What the parameters are depends on the values: the topic is compared once more with them. */
    bool loose;
    /** Decode the payload and call the handler. */
    enum mqb_status (*receive)(struct mqb_binding *binding, struct mqb_inbound *inbound);
    /** True if the binding has a handler for any message of the address. */
    bool (*wanted)(const struct mqb_binding *binding);
    /** Group to share the messages in, if the binding says nothing; NULL for none. */
    const char *group;
    /** Replies to calls arrive here: not shared by a client that makes calls. */
    bool takes_replies;
    /** The binding gives the whole topic, and may give it to several routes: each is tried. */
    bool told;
};

/** What a side receives, compiled: the same for all its bindings. Sets of values are bits. */
struct mqb_router {
    const struct mqb_route *routes; /**< Literal levels before parameters. */
    /** Finds the routes whose addresses have the shape of the topic. */
    void (*walk)(struct mqb_match *walk, const char *at);
    /** Sets of values by which bindings are found; each binding has a link for each. */
    const uint32_t *keys;
    uint16_t route_count;
    uint16_t value_count;
    uint8_t key_count;
    uint32_t fixed; /**< Values that a walk takes. */
};

/**
 * End reading a payload that is none of the JSON messages of its address. True: it is one that is
 * no JSON. False, and told in *error: that is not known, for lack of scratch memory.
 */
bool mqb_reader_close_raw(struct mqb_reader *r, struct mqb_error *error);

/** Refuse a valid message, as a parameter of its topic is no integer of the C type. */
enum mqb_status mqb_inbound_refuse_parameter(const struct mqb_inbound *inbound);

/**
 * Refuse a request that cannot be answered: MQB_ERR_MISSING without a response topic,
 * MQB_ERR_TOPIC if it is one that no message can have.
 */
enum mqb_status mqb_inbound_check_response_topic(const struct mqb_inbound *inbound);
/** Refuse a message without correlation data, with MQB_ERR_MISSING. */
enum mqb_status mqb_inbound_check_correlation_data(const struct mqb_inbound *inbound);

/* ---- Calls ---- */

/**
 * What a request and its reply have in common: the kind of call, topic values, an id. Private.
 * Only keys of one's own requests are in the table, so no peer can choose ids that collide there.
 */
struct mqb_call_key {
    size_t len; /**< MQB_CALL_KEY_BYTES + 1 if it does not fit. */
    char bytes[MQB_CALL_KEY_BYTES];
};

/** Start a key. All calls of one kind have the same `kind`, and of one side the same `side`. */
void mqb_call_key_init(struct mqb_call_key *key, const void *side, uint16_t kind);
/** Add a part. Parts do not run together, and 1 is not "1". */
void mqb_call_key_add_string(struct mqb_call_key *key, struct mqb_str text);
void mqb_call_key_add_int(struct mqb_call_key *key, int64_t integer);
void mqb_call_key_add_scalar(struct mqb_call_key *key, struct mqb_scalar scalar);

/** What a generated call function knows of its caller. */
struct mqb_call_request {
    uint32_t timeout_ms;
    void (*finish)(const struct mqb_call *call, enum mqb_status status, const void *reply);
    void (*on_reply)(void); /**< Cast; `finish` knows its type. Not NULL. */
    struct mqb_binding *binding; /**< Of the side: no reply reaches it unless it is bound. */
    void *side;
    void *user;
    /** Where the request says to answer, and where the side takes replies: the same topic. */
    struct mqb_str reply_to;
    struct mqb_str own_topic;
};

/** True if a call with this key waits: another id is to be taken. */
bool mqb_call_waits(const struct mqb_client *client, const struct mqb_call_key *key);

/**
 * Put a call into the table, before its request is sent. Refused, told to on_error and counted as
 * a message that was to be sent: MQB_ERR_LIMIT if the table is full or the key too long,
 * MQB_ERR_DUPLICATE if a call with this key waits, MQB_ERR_VALUE if the client has neither entropy
 * nor a seed. As no reply would reach the side: MQB_ERR_NO_ROUTE if it is not bound, MQB_ERR_TOPIC
 * if the request wants its reply elsewhere.
 * `address` is what on_error is told.
 */
enum mqb_status mqb_call_begin(
    struct mqb_client *client,
    const struct mqb_address *address,
    const struct mqb_call_key *key,
    const struct mqb_call_request *request);

/**
 * Say what became of the request. Unless `sent` is MQB_OK the call is taken out again and its
 * on_reply is not called. Returns `sent`. The reply may have come already; nothing happens then,
 * even if another call with this key has begun since.
 */
enum mqb_status mqb_call_mark_sent(
    struct mqb_client *client,
    const struct mqb_call_key *key,
    enum mqb_status sent);

/** End the call that waits for `reply` with MQB_OK; false if no call has this key. */
bool mqb_call_reply(struct mqb_client *client, const struct mqb_call_key *key, const void *reply);

/** Refuse a valid reply that no call waits for and no handler takes, with MQB_ERR_NO_CALL. */
enum mqb_status mqb_inbound_refuse_reply(const struct mqb_inbound *inbound);

/** Refuse a valid message whose handler is NULL, with MQB_ERR_NO_HANDLER. */
enum mqb_status mqb_inbound_refuse_unhandled(const struct mqb_inbound *inbound);

/** One message being sent: its topic and its payload in the client's send buffer. */
struct mqb_outbound {
    struct mqb_writer writer; /**< Generated code writes the payload here. */
    struct mqb_client *client;
    struct mqb_str topic;
    struct mqb_properties properties;
    bool refused; /**< It has no such topic or property: the writer holds why. */
};

/**
 * Fill `parameters`, in the order of the address, into the topic and prepare to write the payload
 * behind it. If the topic is refused, so is everything written.
 */
void mqb_outbound_begin(
    struct mqb_outbound *outbound,
    struct mqb_client *client,
    const struct mqb_address *address,
    const struct mqb_str *parameters);

/**
 * Refuse the message if one of the other addresses has its topic, with parameters that it allows:
 * whoever receives it tries these first. Of `bound` only those parameters are looked at that the
 * others have `bound`, in the places where they have them.
 */
void mqb_outbound_refuse_if_shared(
    struct mqb_outbound *outbound,
    const struct mqb_address *address,
    const struct mqb_str *bound,
    const struct mqb_address *const *others,
    size_t count);

/*
 * Properties of the message, between mqb_outbound_begin() and its payload. One that cannot be sent
 * refuses everything: what is empty, a response topic that is no topic.
 */

/** Put the response topic into the send buffer. */
void mqb_outbound_set_response_topic(struct mqb_outbound *outbound, struct mqb_str topic);
/** `data` must live until mqb_outbound_send(). */
void mqb_outbound_set_correlation_data(struct mqb_outbound *outbound, struct mqb_str data);

/** Publish what was written, or report to on_error and return why it cannot be. */
enum mqb_status mqb_outbound_send(struct mqb_outbound *outbound, int qos, bool retain);

#ifdef __cplusplus
}
#endif

#endif
