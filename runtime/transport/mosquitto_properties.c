#include "transport/mosquitto_properties.h"

#include <stdlib.h>
#include <string.h>

#include <mqtt_protocol.h>

/* ---- Sending ---- */

static int add_texts(mosquitto_property **list, const struct mqb_properties *properties)
{
    int rc = MOSQ_ERR_SUCCESS;
    if (properties->response_topic.len != 0)
        rc = mosquitto_property_add_string(
            list, MQTT_PROP_RESPONSE_TOPIC, properties->response_topic.ptr);
    if (properties->correlation_data.len != 0 && rc == MOSQ_ERR_SUCCESS)
        rc = mosquitto_property_add_binary(
            list, MQTT_PROP_CORRELATION_DATA, properties->correlation_data.ptr,
            (uint16_t)properties->correlation_data.len);
    if (properties->content_type.len != 0 && rc == MOSQ_ERR_SUCCESS)
        rc = mosquitto_property_add_string(
            list, MQTT_PROP_CONTENT_TYPE, properties->content_type.ptr);
    return rc;
}

static int add_numbers(mosquitto_property **list, const struct mqb_properties *properties)
{
    int rc = MOSQ_ERR_SUCCESS;
    if (properties->expiry_s != 0)
        rc = mosquitto_property_add_int32(
            list, MQTT_PROP_MESSAGE_EXPIRY_INTERVAL, properties->expiry_s);
    if (properties->is_text && rc == MOSQ_ERR_SUCCESS)
        rc = mosquitto_property_add_byte(list, MQTT_PROP_PAYLOAD_FORMAT_INDICATOR, 1);
    return rc;
}

static const char *text_or_empty(struct mqb_str text)
{
    return text.len != 0 ? text.ptr : "";
}

/* Absent properties are not added: MQTT 3.1.1 has none. */
int mqb_mosquitto_add_properties(mosquitto_property **list, const struct mqb_properties *properties)
{
    int rc = add_texts(list, properties);
    if (rc == MOSQ_ERR_SUCCESS)
        rc = add_numbers(list, properties);
    for (size_t i = 0; i < properties->user_count && rc == MOSQ_ERR_SUCCESS; i++) {
        const struct mqb_user_property *user = &properties->user[i];
        rc = mosquitto_property_add_string_pair(
            list, MQTT_PROP_USER_PROPERTY, text_or_empty(user->name), text_or_empty(user->value));
    }
    return rc;
}

/* ---- Receiving ---- */

/* libmosquitto refuses a packet that has one of these twice. */
static void read_text(struct mqb_str *text, const mosquitto_property *property, int id)
{
    char *copy = NULL;
    if (text->ptr)
        return;
    mosquitto_property_read_string(property, id, &copy, false);
    *text = mqb_str_from(copy);
}

static void read_data(struct mqb_str *data, const mosquitto_property *property)
{
    void *copy = NULL;
    uint16_t len = 0;
    if (data->ptr)
        return;
    mosquitto_property_read_binary(property, MQTT_PROP_CORRELATION_DATA, &copy, &len, false);
    *data = (struct mqb_str){copy, len};
}

static void read_user(struct mqb_mosquitto_received *received, const mosquitto_property *property)
{
    const size_t count = received->properties.user_count;
    char *name = NULL;
    char *value = NULL;
    if (count == MQB_MOSQUITTO_USER_PROPERTIES_MAX) {
        received->omitted++;
        return;
    }
    mosquitto_property_read_string_pair(property, MQTT_PROP_USER_PROPERTY, &name, &value, false);
    received->user[count].name = mqb_str_from(name);
    received->user[count].value = mqb_str_from(value);
    received->properties.user_count++;
}

static void read_one(struct mqb_mosquitto_received *received, const mosquitto_property *property)
{
    struct mqb_properties *properties = &received->properties;
    const int id = mosquitto_property_identifier(property);
    uint8_t indicator = 0;
    switch (id) {
    case MQTT_PROP_RESPONSE_TOPIC:
        read_text(&properties->response_topic, property, id);
        break;
    case MQTT_PROP_CONTENT_TYPE:
        read_text(&properties->content_type, property, id);
        break;
    case MQTT_PROP_CORRELATION_DATA:
        read_data(&properties->correlation_data, property);
        break;
    case MQTT_PROP_MESSAGE_EXPIRY_INTERVAL:
        mosquitto_property_read_int32(property, id, &properties->expiry_s, false);
        break;
    case MQTT_PROP_PAYLOAD_FORMAT_INDICATOR:
        mosquitto_property_read_byte(property, id, &indicator, false);
        properties->is_text = indicator == 1;
        break;
    case MQTT_PROP_USER_PROPERTY:
        read_user(received, property);
        break;
    default: /* Topic alias and subscription id, which libmosquitto handles. */
        break;
    }
}

void mqb_mosquitto_read_properties(
    struct mqb_mosquitto_received *received,
    const mosquitto_property *list)
{
    memset(&received->properties, 0, sizeof received->properties);
    received->omitted = 0;
    received->properties.user = received->user;
    for (const mosquitto_property *each = list; each; each = mosquitto_property_next(each))
        read_one(received, each);
}

/* libmosquitto allocated them, and gave them away. */
static void release(struct mqb_str text)
{
    union {
        const char *view;
        char *memory;
    } both = {text.ptr};
    free(both.memory);
}

void mqb_mosquitto_free_properties(const struct mqb_mosquitto_received *received)
{
    const struct mqb_properties *properties = &received->properties;
    release(properties->response_topic);
    release(properties->content_type);
    release(properties->correlation_data);
    for (size_t i = 0; i < properties->user_count; i++) {
        release(received->user[i].name);
        release(received->user[i].value);
    }
}

/* "Client ID received PUBLISH (d1, q1, ..." is logged immediately before each message is handed
 * over. */
void mqb_mosquitto_watch_log(struct mqb_mosquitto *m, int level, const char *text)
{
    static const char received[] = " received PUBLISH (d";
    const char *found = level == MOSQ_LOG_DEBUG ? strstr(text, received) : NULL;
    if (found)
        m->duplicate = found[sizeof received - 1] == '1';
}
