/*
 * paho_properties.h - properties of MQTT 5 in paho's lists.
 */
#ifndef MQB_PAHO_PROPERTIES_H
#define MQB_PAHO_PROPERTIES_H

#include <MQTTAsync.h>

#include <mqbind/paho.h>

/** Add them to a list, which the caller frees. */
void mqb_paho_add_properties(MQTTProperties *list, const struct mqb_properties *properties);
/** Add a property that is a number. */
void mqb_paho_add_number(MQTTProperties *list, enum MQTTPropertyCodes code, uint32_t value);

/** The properties of a received message, in memory of paho. */
struct mqb_paho_received {
    struct mqb_properties properties;
    size_t omitted; /**< User properties for which there was no room. */
    struct mqb_user_property user[MQB_PAHO_USER_PROPERTIES_MAX];
};

void mqb_paho_read_properties(struct mqb_paho_received *received, const MQTTProperties *list);

/** Take the limits from the properties of CONNACK. */
void mqb_paho_read_limits(struct mqb_broker_limits *limits, const MQTTProperties *list);

#endif
