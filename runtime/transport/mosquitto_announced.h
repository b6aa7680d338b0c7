/*
 * mosquitto_announced.h - what a broker with MQTT 5 said that it cannot do.
 */
#ifndef MQB_MOSQUITTO_ANNOUNCED_H
#define MQB_MOSQUITTO_ANNOUNCED_H

#include <mosquitto.h>

#include <mqbind/mosquitto.h>

/** Take the limits from the properties of CONNACK; NULL with MQTT 3.1.1. */
void mqb_mosquitto_take_limits(struct mqb_mosquitto *m, const mosquitto_property *properties);

#endif
