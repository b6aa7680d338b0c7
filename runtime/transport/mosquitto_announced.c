#include "transport/mosquitto_announced.h"

#include <string.h>

#include <mqtt_protocol.h>

#include "transport/mosquitto_properties.h"

static int read_byte(const mosquitto_property *properties, int identifier, int otherwise)
{
    uint8_t value = 0;
    return mosquitto_property_read_byte(properties, identifier, &value, false) ? value : otherwise;
}

static size_t read_int16(const mosquitto_property *properties, int identifier)
{
    uint16_t value = 0;
    mosquitto_property_read_int16(properties, identifier, &value, false);
    return value;
}

static size_t read_int32(const mosquitto_property *properties, int identifier)
{
    uint32_t value = 0;
    mosquitto_property_read_int32(properties, identifier, &value, false);
    return value;
}

void mqb_mosquitto_take_limits(struct mqb_mosquitto *m, const mosquitto_property *properties)
{
    m->limits = (struct mqb_mosquitto_limits){
        .no_groups = read_byte(properties, MQTT_PROP_SHARED_SUB_AVAILABLE, 1) == 0,
        .no_wildcards = read_byte(properties, MQTT_PROP_WILDCARD_SUB_AVAILABLE, 1) == 0,
        .no_retain = read_byte(properties, MQTT_PROP_RETAIN_AVAILABLE, 1) == 0,
        .qos_above = read_byte(properties, MQTT_PROP_MAXIMUM_QOS, 2) + 1,
        .in_flight_max = read_int16(properties, MQTT_PROP_RECEIVE_MAXIMUM),
        .packet_max = read_int32(properties, MQTT_PROP_MAXIMUM_PACKET_SIZE),
    };
}

const char *mqb_mosquitto_filter_rule(const struct mqb_mosquitto *m, const char *filter)
{
    if (m->limits.no_groups && strncmp(filter, "$share/", 7) == 0)
        return "the broker has no shared subscriptions";
    if (m->limits.no_wildcards && strpbrk(filter, "+#"))
        return "the broker has no wildcards in subscriptions";
    return NULL;
}

/* At most the size of the PUBLISH packet. */
static size_t packet_bytes(const struct mqb_publish *message)
{
    const size_t heads = 5U + 2U + 2U + 4U; /* Lengths of packet, topic, properties; packet id. */
    return heads + message->topic.len + message->payload.len +
           mqb_mosquitto_property_bytes(&message->properties);
}

static const struct mqb_mosquitto_limit no_retain = {
    MQTT_RC_RETAIN_NOT_SUPPORTED, "the broker has no retained messages"};
static const struct mqb_mosquitto_limit qos_max[] = {
    {MQTT_RC_QOS_NOT_SUPPORTED, "the broker's maximum QoS is 0"},
    {MQTT_RC_QOS_NOT_SUPPORTED, "the broker's maximum QoS is 1"},
};
static const struct mqb_mosquitto_limit packet_max = {
    MQTT_RC_PACKET_TOO_LARGE, "beyond the broker's maximum packet size"};

const struct mqb_mosquitto_limit *mqb_mosquitto_limit_of(
    const struct mqb_mosquitto *m,
    const struct mqb_publish *message)
{
    const struct mqb_mosquitto_limits *limits = &m->limits;
    if (message->retain && limits->no_retain)
        return &no_retain;
    if (limits->qos_above != 0 && message->qos >= limits->qos_above)
        return &qos_max[limits->qos_above == 1 ? 0 : 1];
    if (limits->packet_max != 0 && packet_bytes(message) > limits->packet_max)
        return &packet_max;
    return NULL;
}
