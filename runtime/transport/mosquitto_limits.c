#include "transport/mosquitto_limits.h"

#include <string.h>

#include <mqtt_protocol.h>

static int read_byte(const mosquitto_property *properties, int identifier, int otherwise)
{
    uint8_t value = 0;
    return mosquitto_property_read_byte(properties, identifier, &value, false) ? value : otherwise;
}

void mqb_mosquitto_take_limits(struct mqb_mosquitto *m, const mosquitto_property *properties)
{
    m->limits = (struct mqb_mosquitto_limits){
        .no_groups = read_byte(properties, MQTT_PROP_SHARED_SUB_AVAILABLE, 1) == 0,
        .no_wildcards = read_byte(properties, MQTT_PROP_WILDCARD_SUB_AVAILABLE, 1) == 0,
        .no_retain = read_byte(properties, MQTT_PROP_RETAIN_AVAILABLE, 1) == 0,
        .qos_above = read_byte(properties, MQTT_PROP_MAXIMUM_QOS, 2) + 1,
    };
    mosquitto_property_read_int32(
        properties, MQTT_PROP_MAXIMUM_PACKET_SIZE, &m->limits.packet_bytes, false);
}

const char *mqb_mosquitto_filter_rule(const struct mqb_mosquitto *m, const char *filter)
{
    if (m->limits.no_groups && strncmp(filter, "$share/", 7) == 0)
        return "the broker has no shared subscriptions";
    if (m->limits.no_wildcards && strpbrk(filter, "+#"))
        return "the broker has no wildcards in subscriptions";
    return NULL;
}

bool mqb_mosquitto_is_beyond(const struct mqb_mosquitto *m, int qos, bool retain)
{
    const struct mqb_mosquitto_limits *limits = &m->limits;
    return (retain && limits->no_retain) || (limits->qos_above != 0 && qos >= limits->qos_above);
}
