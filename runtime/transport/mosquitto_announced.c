#include "transport/mosquitto_announced.h"

#include <mqtt_protocol.h>

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
    m->limits = (struct mqb_broker_limits){
        .no_groups = read_byte(properties, MQTT_PROP_SHARED_SUB_AVAILABLE, 1) == 0,
        .no_wildcards = read_byte(properties, MQTT_PROP_WILDCARD_SUB_AVAILABLE, 1) == 0,
        .no_retain = read_byte(properties, MQTT_PROP_RETAIN_AVAILABLE, 1) == 0,
        .qos_above = read_byte(properties, MQTT_PROP_MAXIMUM_QOS, 2) + 1,
        .in_flight_max = read_int16(properties, MQTT_PROP_RECEIVE_MAXIMUM),
        .packet_max = read_int32(properties, MQTT_PROP_MAXIMUM_PACKET_SIZE),
    };
}
