/*
 * host.h - the sides of a protocol as a filter: reads messages, and prints what their handlers
 * receive. templates/host_sides.c.j2 generates the `host_sides` of a schema.
 */
#ifndef HOST_H
#define HOST_H

#include <mqbind/codec.h>
#include <mqbind/mqbind.h>

/** One role. `bind` is NULL if it receives nothing. */
struct host_side {
    const char *role;
    enum mqb_status (*bind)(struct mqb_client *client);
};

extern const struct host_side host_sides[];
extern const size_t host_side_count;

/** The value of a topic parameter on the command line; empty if there is none. */
struct mqb_str host_parameter(const char *name);

/* ---- For handlers: begin, values in the topic, properties, the payload as json or bytes ---- */

/** False if a handler of another role has reported this message: nothing more is to be reported. */
bool host_begin(struct mqb_str message);
void host_text(struct mqb_str name, struct mqb_str value);
void host_int(struct mqb_str name, int64_t value);
void host_uint(struct mqb_str name, uint64_t value);
void host_property(const char *name, struct mqb_str value);

/** Print the value as the encoder writes it, or why it must not be sent. */
enum mqb_status host_json(const void *message, mqb_payload_write *write);
enum mqb_status host_bytes(struct mqb_str payload);
/** Print that the retained message was deleted. */
enum mqb_status host_deleted(void);

#endif
