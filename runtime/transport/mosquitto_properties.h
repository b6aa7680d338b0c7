/*
 * mosquitto_properties.h - properties of MQTT 5 in libmosquitto's lists, and the duplicate flag.
 */
#ifndef MQB_MOSQUITTO_PROPERTIES_H
#define MQB_MOSQUITTO_PROPERTIES_H

#include <mosquitto.h>

#include <mqbind/mosquitto.h>

/** Add them to a list, which the caller frees. Returns a code of libmosquitto. */
int mqb_mosquitto_add_properties(
    mosquitto_property **list,
    const struct mqb_properties *properties);

/** The properties of a received message, in memory of libmosquitto. */
struct mqb_mosquitto_received {
    struct mqb_properties properties;
    size_t omitted; /**< User properties for which there was no room. */
    struct mqb_user_property user[MQB_MOSQUITTO_USER_PROPERTIES_MAX];
};

void mqb_mosquitto_read_properties(
    struct mqb_mosquitto_received *received,
    const mosquitto_property *list);
void mqb_mosquitto_free_properties(const struct mqb_mosquitto_received *received);

/** Find the duplicate flag of the next message in the log: libmosquitto tells it nowhere else. */
void mqb_mosquitto_watch_log(struct mqb_mosquitto *m, int level, const char *text);

#endif
