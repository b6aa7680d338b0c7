/* A toy that acknowledges settings, for the loops of this folder. */
#ifndef EXAMPLE_TOY_H
#define EXAMPLE_TOY_H

#include <mqbind/mosquitto.h>

/**
 * Initialize the toy and its connection. Exits if that fails.
 *
 * @param on_wake is called in the loop's thread after mqb_mosquitto_wake(); may be NULL.
 */
struct mqb_mosquitto *toy_open(const char *port, const char *serial, void (*on_wake)(void *));

/** Send an event; only in the thread of the loop. */
void toy_say(const char *text);

#endif
