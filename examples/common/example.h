/* What every example needs: a client on a broker, memory for it, and a way to stop. */
#ifndef EXAMPLE_H
#define EXAMPLE_H

#include <mqbind/mqbind.h>

/** How long the examples wait for a reply. */
#define EXAMPLE_TIMEOUT_MS 2000

/** For printf("%.*s"): a string, or a JSON value as it appears in the message. */
#define EXAMPLE_TEXT(text) (int)(text).len, (text).ptr

/** The client of the program; sides are bound to it. */
extern struct mqb_client example_client;

/**
 * Set before example_open() by programs with a will: sends, with the user data given to
 * example_open(), the message that the broker publishes if the program dies. NULL: no will.
 */
extern enum mqb_status (*example_send_will)(void *user);

/**
 * Prepare a connection to 127.0.0.1:`port`, with MQTT 5 or what EXAMPLE_PROTOCOL says in the
 * environment (4 for 3.1.1), and the user EXAMPLE_USERNAME and EXAMPLE_PASSWORD. `on_connected` may
 * be NULL; it is called with `user` each time the broker has accepted the client. On failure,
 * prints why and returns false.
 */
bool example_open(
    const char *port,
    const char *client_id,
    void (*on_connected)(void *),
    void *user);

/**
 * Serve the connection until example_stop(), SIGINT or SIGTERM; return at once if `bound` is not
 * MQB_OK. Returns the exit status of the program.
 */
int example_run(enum mqb_status bound);

/** Make example_run() return. May be called from a handler. */
void example_stop(void);

/**
 * Call example_stop() once each of `count` things has happened: `what` is 0 to count - 1. MQTT
 * keeps messages of one topic in order, but not those of several.
 */
void example_happened(unsigned what, unsigned count);

/** Print a line for each member: "title: key is value". */
void example_print(const char *title, const struct mqb_map *map);

/** Print the bytes in hexadecimal and end the line. */
void example_print_bytes(struct mqb_str bytes);

#endif
