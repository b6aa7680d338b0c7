/*
 * mosquitto_loop.h - turns of the loop.
 */
#ifndef MQB_MOSQUITTO_LOOP_H
#define MQB_MOSQUITTO_LOOP_H

#include <mqbind/mosquitto.h>

/** Wait for events for as long, less than 0 for any time, and handle them; without connecting. */
void mqb_mosquitto_turn(struct mqb_mosquitto *m, int timeout_ms);

#endif
