/*
 * mosquitto_groups.h - finds out whether a broker delivers to groups: the client subscribes to a
 * topic in a group of its own, and publishes to it.
 */
#ifndef MQB_MOSQUITTO_GROUPS_H
#define MQB_MOSQUITTO_GROUPS_H

#include <mosquitto.h>

#include <mqbind/mosquitto.h>

/** What is wrong with the settings of the probe, or NULL. */
const char *mqb_mosquitto_groups_rule(const struct mqb_mosquitto_settings *settings);

/** The broker accepted the client: start the probe if there is a topic for it. */
void mqb_mosquitto_groups_begin(struct mqb_mosquitto *m);

/** The broker answered a subscription; true if it was the probe's. */
bool mqb_mosquitto_groups_answered(struct mqb_mosquitto *m, int mid, bool granted);

/** True if the message is the probe's own. */
bool mqb_mosquitto_groups_received(
    struct mqb_mosquitto *m,
    const struct mosquitto_message *message);

/** End the probe if its time is over. */
void mqb_mosquitto_groups_tick(struct mqb_mosquitto *m);

/** The connection ended: so does the probe, without a result. */
void mqb_mosquitto_groups_end(struct mqb_mosquitto *m);

#endif
