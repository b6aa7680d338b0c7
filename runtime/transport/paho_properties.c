#include "transport/paho_properties.h"

#include <string.h>

/* ---- Sending ---- */

/* paho copies what it adds, and declares what it only reads as if it could be changed. */
static MQTTLenString lend(struct mqb_str text)
{
    union {
        const char *view;
        char *memory;
    } both = {text.ptr};
    return (MQTTLenString){(int)text.len, both.memory};
}

static void add_paho_text(MQTTProperties *list, enum MQTTPropertyCodes code, struct mqb_str text)
{
    MQTTProperty property = {.identifier = code};
    if (text.len == 0)
        return;
    property.value.data = lend(text);
    MQTTProperties_add(list, &property);
}

static void add_paho_user(MQTTProperties *list, const struct mqb_user_property *user)
{
    MQTTProperty property = {.identifier = MQTTPROPERTY_CODE_USER_PROPERTY};
    property.value.data = lend(user->name);
    property.value.value = lend(user->value);
    MQTTProperties_add(list, &property);
}

/* paho 1.3.12 writes larger numbers wrongly; these are 68 years. */
void mqb_paho_add_number(MQTTProperties *list, enum MQTTPropertyCodes code, uint32_t value)
{
    MQTTProperty property = {.identifier = code};
    switch (MQTTProperty_getType(code)) {
    case MQTTPROPERTY_TYPE_BYTE:
        property.value.byte = (unsigned char)value;
        break;
    case MQTTPROPERTY_TYPE_TWO_BYTE_INTEGER:
        property.value.integer2 = (unsigned short)value;
        break;
    default:
        property.value.integer4 = value < INT32_MAX ? value : INT32_MAX;
        break;
    }
    MQTTProperties_add(list, &property);
}

void mqb_paho_add_properties(MQTTProperties *list, const struct mqb_properties *properties)
{
    add_paho_text(list, MQTTPROPERTY_CODE_RESPONSE_TOPIC, properties->response_topic);
    add_paho_text(list, MQTTPROPERTY_CODE_CORRELATION_DATA, properties->correlation_data);
    add_paho_text(list, MQTTPROPERTY_CODE_CONTENT_TYPE, properties->content_type);
    if (properties->expiry_s != 0)
        mqb_paho_add_number(list, MQTTPROPERTY_CODE_MESSAGE_EXPIRY_INTERVAL, properties->expiry_s);
    if (properties->is_text)
        mqb_paho_add_number(list, MQTTPROPERTY_CODE_PAYLOAD_FORMAT_INDICATOR, 1);
    for (size_t i = 0; i < properties->user_count; i++)
        add_paho_user(list, &properties->user[i]);
}

/* ---- Receiving ---- */

static struct mqb_str view(MQTTLenString text)
{
    return (struct mqb_str){text.data, (size_t)text.len};
}

static void read_paho_user(struct mqb_paho_received *received, const MQTTProperty *property)
{
    const size_t count = received->properties.user_count;
    if (count == MQB_PAHO_USER_PROPERTIES_MAX) {
        received->omitted++;
        return;
    }
    received->user[count].name = view(property->value.data);
    received->user[count].value = view(property->value.value);
    received->properties.user_count++;
}

static void read_property(struct mqb_paho_received *received, const MQTTProperty *property)
{
    struct mqb_properties *properties = &received->properties;
    switch (property->identifier) {
    case MQTTPROPERTY_CODE_RESPONSE_TOPIC:
        properties->response_topic = view(property->value.data);
        break;
    case MQTTPROPERTY_CODE_CONTENT_TYPE:
        properties->content_type = view(property->value.data);
        break;
    case MQTTPROPERTY_CODE_CORRELATION_DATA:
        properties->correlation_data = view(property->value.data);
        break;
    case MQTTPROPERTY_CODE_MESSAGE_EXPIRY_INTERVAL:
        properties->expiry_s = property->value.integer4;
        break;
    case MQTTPROPERTY_CODE_PAYLOAD_FORMAT_INDICATOR:
        properties->is_text = property->value.byte == 1;
        break;
    case MQTTPROPERTY_CODE_USER_PROPERTY:
        read_paho_user(received, property);
        break;
    default: /* Topic alias and subscription id. */
        break;
    }
}

void mqb_paho_read_properties(struct mqb_paho_received *received, const MQTTProperties *list)
{
    memset(received, 0, sizeof *received);
    received->properties.user = received->user;
    for (int i = 0; i < list->count; i++)
        read_property(received, &list->array[i]);
}

static void read_limit(struct mqb_broker_limits *limits, const MQTTProperty *property)
{
    switch (property->identifier) {
    case MQTTPROPERTY_CODE_SHARED_SUBSCRIPTION_AVAILABLE:
        limits->no_groups = property->value.byte == 0;
        break;
    case MQTTPROPERTY_CODE_WILDCARD_SUBSCRIPTION_AVAILABLE:
        limits->no_wildcards = property->value.byte == 0;
        break;
    case MQTTPROPERTY_CODE_RETAIN_AVAILABLE:
        limits->no_retain = property->value.byte == 0;
        break;
    case MQTTPROPERTY_CODE_MAXIMUM_QOS:
        limits->qos_above = property->value.byte + 1;
        break;
    case MQTTPROPERTY_CODE_RECEIVE_MAXIMUM:
        limits->in_flight_max = property->value.integer2;
        break;
    case MQTTPROPERTY_CODE_MAXIMUM_PACKET_SIZE:
        limits->packet_max = property->value.integer4;
        break;
    default:
        break;
    }
}

void mqb_paho_read_limits(struct mqb_broker_limits *limits, const MQTTProperties *list)
{
    memset(limits, 0, sizeof *limits);
    for (int i = 0; i < list->count; i++)
        read_limit(limits, &list->array[i]);
}
