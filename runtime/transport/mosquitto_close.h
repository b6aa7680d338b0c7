/*
 * mosquitto_close.h - the end of a connection.
 */
#ifndef MQB_MOSQUITTO_CLOSE_H
#define MQB_MOSQUITTO_CLOSE_H

#include <mqbind/mosquitto.h>

/** Free what libmosquitto allocated, and the pipes. */
void mqb_mosquitto_release(struct mqb_mosquitto *m);

#endif
