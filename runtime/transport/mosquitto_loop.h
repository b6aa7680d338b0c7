/*
 * mosquitto_loop.h - the end of the loop.
 */
#ifndef MQB_MOSQUITTO_LOOP_H
#define MQB_MOSQUITTO_LOOP_H

#include <mqbind/mosquitto.h>

/** Send what is queued and disconnect, if the broker responds. The state is then idle. */
void mqb_mosquitto_leave(struct mqb_mosquitto *m);

#endif
