/*
 * mosquitto_wake.h - how other threads and signal handlers reach the loop.
 */
#ifndef MQB_MOSQUITTO_WAKE_H
#define MQB_MOSQUITTO_WAKE_H

#include <mqbind/mosquitto.h>

/** Open the pipes; false if no file descriptors are left. */
bool mqb_mosquitto_open_pipes(struct mqb_mosquitto *m);
void mqb_mosquitto_close_pipes(struct mqb_mosquitto *m);

/** Whether mqb_mosquitto_wake() was called since the last time. */
bool mqb_mosquitto_take_wake(struct mqb_mosquitto *m);
/** Whether mqb_mosquitto_stop() was called since the last time. */
bool mqb_mosquitto_take_stop(struct mqb_mosquitto *m);

#endif
