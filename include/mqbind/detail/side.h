/*
 * side.h - what the generated code of a side calls to receive, to send and to call.
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
    const char *rule; /**< Pattern or length in words; NULL if there is neither. */
    /** Spans one or more levels. It ends the address, or its value comes from a binding. */
    bool multi_level;
    /** Its value comes from a binding; without one, no topic matches. */
    bool bound;
    /** The literal after it in its level, which a value must not contain. May be NULL. */
    const char *end;
};

/**
 * A topic with parameters: each "{}" of `text` is one entry of `parameters`, and a level or a part
 * of one. If a level has several, each but the last ends where the literal after it starts.
 */
struct mqb_address {
    const char *text; /**< "devices/command/{}/{}" */
    const struct mqb_parameter *const *parameters; /**< Several addresses may share one. */
    size_t parameter_count;
};

/**
 * Read a level as an integer within bounds: digits, which may start with zeros, after at most one
 * minus, which zero does not have. Otherwise false, and *value is unchanged.
 */
bool mqb_topic_level_to_int(struct mqb_str level, int64_t minimum, int64_t maximum, int64_t *value);
bool mqb_topic_level_to_uint(
    struct mqb_str level,
    uint64_t minimum,
    uint64_t maximum,
    uint64_t *value);
/** An integer as a level; a view of `buf`. */
struct mqb_str mqb_topic_level_from_int(int64_t value, char buf[MQB_NUMBER_BYTES]);
struct mqb_str mqb_topic_level_from_uint(uint64_t value, char buf[MQB_NUMBER_BYTES]);

/* ---- Sides: what one role receives and sends ---- */

/** A received message on its way to a handler. */
struct mqb_inbound {
    const struct mqb_publish *message;
    struct mqb_str parameters[MQB_PARAMETERS_MAX]; /**< In the order of the address. */
    struct mqb_scratch *scratch;
    struct mqb_error *error; /**< Must be filled if a status other than MQB_OK is returned. */
};

/** An address that a side sends on, as one of its routes may match it. */
struct mqb_echo {
    const struct mqb_address *address;
    /**
     * For each parameter, its index in mqb_binding.values, or MQB_VALUE_SENT if it is chosen for
     * each message. NULL: all are.
     */
    const uint8_t *values;
};
#define MQB_VALUE_SENT UINT8_MAX

/** One address that a side receives from. */
struct mqb_route {
    const struct mqb_address *address;
    /** For each parameter of the address, its index in mqb_binding.values. */
    const uint8_t *values;
    int qos;
    /** The index in mqb_router.keys of the set that finds its bindings, plus 1; 0: none does. */
    uint8_t key;
    /** The values decide what the parameters are: the topic is compared with them once more. */
    bool loose;
    /** Decode the payload and call the handler. */
    enum mqb_status (*receive)(struct mqb_binding *binding, struct mqb_inbound *inbound);
    /** True if the binding has a handler for any message of the address. */
    bool (*wanted)(const struct mqb_binding *binding);
    /** Group of a shared subscription, unless the binding has one; NULL for none. */
    const char *group;
    /** Receives replies to calls, which a client that makes calls does not share. */
    bool takes_replies;
    /** The whole topic comes from the binding. Several routes may have it: each is tried. */
    bool dynamic;
    /** What the side sends that may come back on this route. */
    const struct mqb_echo *echoes;
    size_t echo_count;
};

/** The bit set with one value. */
#define MQB_VALUE_BIT(value) (UINT32_C(1) << (uint32_t)(value))

/** The routes of a side, shared by all its bindings. Sets of values are bit sets. */
struct mqb_router {
    const struct mqb_route *routes; /**< Literal levels before parameters. */
    /** Find the routes whose addresses match the topic. */
    void (*walk)(struct mqb_match *walk, const char *at);
    /** Sets of values with which bindings are found; each binding has a link for each set. */
    const uint32_t *keys;
    uint16_t route_count;
    uint16_t value_count;
    uint8_t key_count;
    uint32_t fixed; /**< Values that a match takes from the topic. */
};

/** Refuse a valid message because a parameter of its topic does not fit the C type. */
enum mqb_status mqb_inbound_refuse_parameter(const struct mqb_inbound *inbound);

/**
 * Refuse a request that cannot be replied to: MQB_ERR_MISSING without a response topic,
 * MQB_ERR_TOPIC if it is not a valid topic.
 */
enum mqb_status mqb_inbound_check_response_topic(const struct mqb_inbound *inbound);
/** Refuse a message without correlation data with MQB_ERR_MISSING. */
enum mqb_status mqb_inbound_check_correlation_data(const struct mqb_inbound *inbound);

/* ---- Calls ---- */

/**
 * What a request and its reply have in common: the kind of call, topic values, an id. Only keys of
 * this program's own requests are stored, so no peer can choose ids that collide in the hash table.
 */
struct mqb_call_key {
    size_t len; /**< MQB_CALL_KEY_BYTES + 1 if it does not fit. */
    char bytes[MQB_CALL_KEY_BYTES];
};

/** Start a key. Calls of one kind have the same `kind`, those of one side the same `side`. */
void mqb_call_key_init(struct mqb_call_key *key, const void *side, uint16_t kind);
/** Add a part. "ab" and "c" differ from "a" and "bc", and 1 from "1". */
void mqb_call_key_add_string(struct mqb_call_key *key, struct mqb_str text);
void mqb_call_key_add_int(struct mqb_call_key *key, int64_t integer);
void mqb_call_key_add_scalar(struct mqb_call_key *key, struct mqb_scalar scalar);

/** The arguments of a generated call function. */
struct mqb_call_request {
    uint32_t timeout_ms;
    void (*finish)(const struct mqb_call *call, enum mqb_status status, const void *reply);
    void (*on_reply)(void); /**< Not NULL. `finish` casts it to its real type. */
    struct mqb_binding *binding; /**< Of the side, which receives no reply unless it is bound. */
    void *side;
    void *user;
    /** The response topic of the request, and the topic on which the side receives replies. */
    struct mqb_str reply_to;
    struct mqb_str own_topic;
};

/** True if a call with this key is pending. */
bool mqb_call_waits(const struct mqb_client *client, const struct mqb_call_key *key);

/**
 * Register a call before its request is sent. On failure it is reported to on_error with the text
 * of `address`, and counted like a message that could not be sent.
 *
 * MQB_ERR_LIMIT: too many calls are pending, or the key is too long. MQB_ERR_DUPLICATE: a call with
 * this key is pending. MQB_ERR_VALUE: the client has neither entropy nor a seed. MQB_ERR_NO_ROUTE:
 * the side is not bound, so it would receive no reply. MQB_ERR_TOPIC: the request names another
 * response topic than the one on which the side receives replies.
 */
enum mqb_status mqb_call_begin(
    struct mqb_client *client,
    const struct mqb_address *address,
    const struct mqb_call_key *key,
    const struct mqb_call_request *request);

/**
 * Pass on the status of sending the request, which is returned. Unless it is MQB_OK, the call is
 * removed without calling its on_reply. The reply may have arrived already; then nothing happens,
 * even if another call with this key was started since.
 */
enum mqb_status mqb_call_mark_sent(
    struct mqb_client *client,
    const struct mqb_call_key *key,
    enum mqb_status sent);

/** End the pending call with this key with MQB_OK and `reply`; false if there is none. */
bool mqb_call_reply(struct mqb_client *client, const struct mqb_call_key *key, const void *reply);

/** Refuse a valid reply to no pending call, without a handler, with MQB_ERR_NO_CALL. */
enum mqb_status mqb_inbound_refuse_reply(const struct mqb_inbound *inbound);

/** Refuse a valid message whose handler is NULL with MQB_ERR_NO_HANDLER. */
enum mqb_status mqb_inbound_refuse_unhandled(const struct mqb_inbound *inbound);

/** A message being sent: its topic and its payload in the client's send buffer. */
struct mqb_outbound {
    struct mqb_writer writer; /**< Generated code writes the payload here. */
    struct mqb_client *client;
    const struct mqb_address *address;
    struct mqb_str topic;
    struct mqb_str response_topic;
    struct mqb_str correlation_data;
    uint32_t expiry_s; /**< Of a request; 0 for none. */
    const struct mqb_properties *extra; /**< Other properties, from the application; may be NULL. */
    struct mqb_capture *capture; /**< Keeps the message instead of sending it; may be NULL. */
    bool refused; /**< Its topic or a property is not valid: the writer has the reason. */
    int qos; /**< Set by mqb_outbound_set_qos(). */
};

/**
 * Fill the parameters, in the order of the address, into the topic, and start to write the payload
 * after it. If the topic is refused, so is the payload.
 */
void mqb_outbound_begin(
    struct mqb_outbound *outbound,
    struct mqb_client *client,
    const struct mqb_address *address,
    const struct mqb_str *parameters);

/**
 * Refuse the message if one of the other addresses has the same topic with valid parameters:
 * receivers try these first. Of `bound`, only parameters are used that the other address has as
 * `bound`, at the index where it has them.
 */
void mqb_outbound_refuse_if_shared(
    struct mqb_outbound *outbound,
    const struct mqb_address *address,
    const struct mqb_str *bound,
    const struct mqb_address *const *others,
    size_t count);

/*
 * Properties of the message, between mqb_outbound_begin() and its payload. An empty one, or a
 * response topic that is not a valid topic, refuses the message.
 */

/** Copy the response topic into the send buffer. */
void mqb_outbound_set_response_topic(struct mqb_outbound *outbound, struct mqb_str topic);
/** Set the correlation data, which must be valid until mqb_outbound_send(). */
void mqb_outbound_set_correlation_data(struct mqb_outbound *outbound, struct mqb_str data);

/**
 * Set outbound->qos to the choice of the caller, or to `otherwise`. A choice that is not among the
 * bits `allowed` refuses the message with MQB_ERR_VALUE.
 */
void mqb_outbound_set_qos(
    struct mqb_outbound *outbound,
    enum mqb_qos choice,
    unsigned allowed,
    int otherwise);

/** Publish the message, or report to on_error why not, and return the status. */
enum mqb_status mqb_outbound_send(struct mqb_outbound *outbound, int qos, bool retain);

#ifdef __cplusplus
}
#endif

#endif
