/*
 * sides.h - one side of a protocol, driven by a test: what it receives is printed as events, what
 * it can send and call is a list of actions by name. generate.py makes a `side_roles` of each
 * schema.
 */
#ifndef SIDES_H
#define SIDES_H

#include <mqbind/mqbind.h>

/** A value in a topic, or a property: a name and a string. */
struct side_value {
    const char *name;
    struct mqb_str text;
};

typedef enum mqb_status side_send(const struct mqb_str *values, struct mqb_str payload);
typedef enum mqb_status side_call(
    const struct mqb_str *values,
    struct mqb_str payload,
    uint32_t timeout_ms,
    void *tag);

/** A message that a role sends, and calls with if `call` is not NULL. */
struct side_action {
    const char *name;
    const char *const *values; /**< Names of the values in the topic, and of the properties. */
    size_t value_count;
    size_t call_value_count; /**< A call makes the properties. */
    side_send *send;
    side_call *call;
};

struct side_role {
    const char *name;
    enum mqb_status (*bind)(struct mqb_client *client);
    enum mqb_status (*unbind)(void);
    const struct side_action *actions;
    size_t action_count;
};

extern const struct side_role side_roles[];
extern const size_t side_role_count;

/* ---- For what is generated ---- */

/** The setting `key` of the command line; "" if there is none. */
struct mqb_str side_setting(const char *key);
/** The setting as C text, or NULL. */
const char *side_setting_text(const char *key);
/** True if the side is to have a handler for the message: all, or those in handlers=a,b. */
bool side_handles(const char *message);

/** Memory to decode what is to be sent; empty. */
struct mqb_scratch *side_scratch(void);
int64_t side_integer(struct mqb_str text);
struct side_value side_integer_value(const char *name, int64_t integer);

typedef enum mqb_status side_encode(
    const void *message,
    char *buf,
    size_t cap,
    size_t *len,
    struct mqb_error *error);

/** Tell of a message, and answer it at once if a command said so. */
enum mqb_status side_received(
    const char *message,
    const struct side_value *values,
    size_t value_count,
    const void *value,
    side_encode *encode);

/** Tell of the end of a call. */
void side_replied(
    const char *message,
    void *tag,
    enum mqb_status status,
    const void *reply,
    side_encode *encode);

/** A message that is bytes, as if it had an encoder. */
side_encode side_encode_bytes;

#endif
