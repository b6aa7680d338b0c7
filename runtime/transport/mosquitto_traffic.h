/*
 * mosquitto_traffic.h - what libmosquitto tells.
 */
#ifndef MQB_MOSQUITTO_TRAFFIC_H
#define MQB_MOSQUITTO_TRAFFIC_H

#include <mqbind/mosquitto.h>

/** Register the callbacks for connections and messages. */
void mqb_mosquitto_listen(struct mqb_mosquitto *m);

#endif
