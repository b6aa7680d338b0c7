/* What every example needs: a client on a broker, memory for it, and a way to stop. */
#ifndef EXAMPLE_H
#define EXAMPLE_H

#include <mqbind/mqbind.h>

/** The client of the program; sides are bound to it. */
extern struct mqb_client example_client;

/**
 * Prepare a connection to 127.0.0.1:`port`. `on_connected` may be NULL; it is called with `user`
 * each time the broker has accepted the client. False, and told on standard output, on failure.
 */
bool example_open(
    const char *port,
    const char *client_id,
    void (*on_connected)(void *),
    void *user);

/** Serve the connection until example_stop(), SIGINT or SIGTERM. False on failure. */
bool example_run(void);

/** End example_run(). From a handler too. */
void example_stop(void);

#endif
