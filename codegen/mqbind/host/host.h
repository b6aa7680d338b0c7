/*
 * host.h - the sides of a protocol as a filter: a message goes in, what its handler got comes out.
 * templates/host_sides.c.j2 makes the `host_sides` of a schema.
 */
#ifndef HOST_H
#define HOST_H

#include <mqbind/mqbind.h>

/** One role. `bind` is NULL if it receives nothing. */
struct host_side {
    const char *role;
    enum mqb_status (*bind)(struct mqb_client *client);
};

extern const struct host_side host_sides[];
extern const size_t host_side_count;

/** What the command line gives a parameter of the topics; empty if nothing. */
struct mqb_str host_parameter(const char *name);

/* ---- For handlers: begin, values in the topic, properties, the payload as json or bytes ---- */

/** False if a handler of another role has told of this message: nothing more is to be told. */
bool host_begin(struct mqb_str message);
void host_text(struct mqb_str name, struct mqb_str value);
void host_int(struct mqb_str name, int64_t value);
void host_uint(struct mqb_str name, uint64_t value);
void host_property(const char *name, struct mqb_str value);

typedef enum mqb_status host_encode(
    const void *message,
    char *buf,
    size_t cap,
    size_t *len,
    struct mqb_error *error);

/** The value as our encoder prints it, or why it may not be sent. */
enum mqb_status host_json(const void *message, host_encode *encode);
enum mqb_status host_bytes(struct mqb_str payload);

#endif
