/* What the files of the probe share; probe.c says what it is. */
#ifndef MQB_TEST_PROBE_H
#define MQB_TEST_PROBE_H

#include "connection.h"
#include <mqbind/detail/side.h>

extern test_connection probe_connection;
extern struct mqb_client probe_client;
extern struct mqb_binding probe_binding;
extern const struct mqb_router probe_router;
extern char probe_side[];
extern const struct mqb_address probe_out_address;

/** Publish on probe/out/{what}. */
enum mqb_status probe_send(struct mqb_str what, struct mqb_str payload, int qos);

/** Size of its send buffer. */
#define PROBE_SEND_BYTES (11 << 20)

/** Print the message that is being received. */
void probe_print_message(struct mqb_str what, const char *side);

/** Publish with a user property for each letter of `names`, whose value is the expiry. */
void probe_publish_with(const char *expiry, const char *content_type, const char *names);

/** Publish a retained message at QoS 1. */
void probe_publish_retained(const char *what, const char *text);

/** Publish so many bytes. */
void probe_publish_bytes(int qos, const char *what, const char *count);

/** Set what is called `key` of the will: will_topic, will, will_qos, will_retain, will_type. */
bool probe_set_will(const char *key, const char *value);

/** The will, captured before the connection is initialized; NULL if none is set. */
const struct mqb_capture *probe_capture_will(void);

/** Print "sent" with the status and the token of a message. */
void probe_print_sent(enum mqb_status status);

/** Print an event for each outcome. */
extern bool probe_prints_deliveries;

/* Callbacks of the connection and its client. */
void probe_on_state(void *user, const test_connection_status *status);
void probe_on_error(void *user, struct mqb_str topic, const struct mqb_error *error);
void probe_on_delivery(void *user, const struct mqb_delivery *delivery);
void probe_on_room(void *user);
void probe_on_wake(void *user);
void probe_on_subscribed(void *user, size_t refused);

/** Print the state of the connection, or all counters, as this event. */
void probe_print_connection_now(const char *event);
void probe_print_counters(const char *event);

/** What came of many calls at once. */
extern size_t probe_right_replies;
extern size_t probe_wrong_replies;

/** Call on probe/out/{what}; prints "called", and later "reply". */
void probe_call(struct mqb_str what, uint32_t timeout_ms);

/** Whether a message on probe/in/{what} answers a call. */
bool probe_take_reply(struct mqb_str what, struct mqb_str payload);

/** So many calls in the name of a caller; prints "called". */
void probe_call_many(const char *count, const char *name);

/** A message on probe/in/answer. */
enum mqb_status probe_receive_one_of_many(const struct mqb_inbound *inbound);

/** Give the client memory for many sides; bind so many in all; unbind every so many-th. */
void probe_fleet_configure(struct mqb_client_config *config);
void probe_fleet_bind(const char *count);
void probe_fleet_unbind(const char *step);

/** A setting of a connection. */
struct probe_field {
    const char *key;
    char type; /**< 's' text, 'i' int, 'u' uint32_t, 'z' size_t, 'b' bool */
    size_t offset;
};

/** Set what is called `key`; false if nothing is. */
bool probe_set(test_connection_settings *settings, const char *key, char *value);
/** Set the one of these fields that is called `key`; false if none is. */
bool probe_set_field(
    test_connection_settings *settings,
    const struct probe_field *fields,
    size_t count,
    const char *key,
    const char *value);

/* ---- What only the transport has: probe_mosquitto.c, probe_paho.c ---- */

/** Settings of the transport before all others. */
void probe_own_defaults(test_connection_settings *settings);
/** Set what is called `key`; false if nothing is. */
bool probe_own_set(test_connection_settings *settings, const char *key, char *value);
/** Before the connection tells of a state. */
void probe_own_state(const test_connection_status *status);
/** Obey a command; false if it is not one of the transport. */
bool probe_own_command(const char *command, const char *first, const char *second);
/** Print counters. */
void probe_own_counters(void);

#endif
