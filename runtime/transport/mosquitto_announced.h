/*
 * mosquitto_announced.h - what a broker with MQTT 5 said that it cannot do.
 */
#ifndef MQB_MOSQUITTO_ANNOUNCED_H
#define MQB_MOSQUITTO_ANNOUNCED_H

#include <mosquitto.h>

#include <mqbind/mosquitto.h>

/** Take the limits from the properties of CONNACK; NULL with MQTT 3.1.1. */
void mqb_mosquitto_take_limits(struct mqb_mosquitto *m, const mosquitto_property *properties);

/** Why the broker would refuse a subscription to the filter, or NULL. */
const char *mqb_mosquitto_filter_rule(const struct mqb_mosquitto *m, const char *filter);

/** What the broker would refuse a message for, or lose its flag for. */
struct mqb_mosquitto_limit {
    int reason; /**< Of MQTT 5. */
    const char *rule; /**< In words. */
};

/** The limit that a message is beyond, by what the broker last announced, or NULL. */
const struct mqb_mosquitto_limit *mqb_mosquitto_limit_of(
    const struct mqb_mosquitto *m,
    const struct mqb_publish *message);

#endif
