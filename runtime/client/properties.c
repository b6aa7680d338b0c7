/* Properties of MQTT 5: added to messages being sent, required of received ones. */
#include "client/properties.h"

#include <string.h>

#include <mqbind/detail/memory.h>

#include "client/report.h"
#include "client/send_buffer.h"
#include "client/topic.h"
#include "json/utf8.h"
#include "scratch.h"

#define NO_TOPIC "the response topic must be a topic that a message can have"
#define NO_DATA "must have correlation data, a property of MQTT 5"

/* ---- Sending ---- */

void mqb_client_refuse_outbound(
    struct mqb_outbound *outbound,
    enum mqb_status status,
    const char *rule)
{
    outbound->refused = true;
    mqb_writer_init(&outbound->writer, NULL, 0);
    outbound->writer.status = status;
    outbound->writer.rule = rule;
}

size_t mqb_client_response_bytes(const struct mqb_outbound *outbound)
{
    const size_t len = outbound->response_topic.len;
    return len != 0 ? len + 1 : 0;
}

/* After the topic; the payload follows. */
void mqb_outbound_set_response_topic(struct mqb_outbound *outbound, struct mqb_str topic)
{
    const char *rule = "the send buffer is too small for the response topic";
    if (outbound->refused)
        return;
    if (mqb_topic_rule(topic)) {
        mqb_client_refuse_outbound(outbound, MQB_ERR_TOPIC, NO_TOPIC);
        return;
    }
    const struct mqb_send_space space = mqb_outbound_space(outbound);
    const size_t used = outbound->topic.len + 1;
    if (topic.len >= space.cap - used) {
        mqb_client_refuse_outbound(outbound, MQB_ERR_SPACE, rule);
        return;
    }
    char *copy = space.ptr + used;
    memcpy(copy, topic.ptr, topic.len);
    copy[topic.len] = '\0';
    outbound->response_topic = (struct mqb_str){copy, topic.len};
    mqb_writer_init(&outbound->writer, copy + topic.len + 1, space.cap - used - topic.len - 1);
}

void mqb_outbound_set_correlation_data(struct mqb_outbound *outbound, struct mqb_str data)
{
    if (outbound->refused)
        return;
    if (data.len == 0)
        mqb_client_refuse_outbound(outbound, MQB_ERR_MISSING, NO_DATA);
    else if (data.len > UINT16_MAX)
        mqb_client_refuse_outbound(
            outbound, MQB_ERR_LIMIT, "correlation data must have at most 65535 bytes");
    else
        outbound->correlation_data = data;
}

static const char *property_rule(struct mqb_str text)
{
    const char *rule = "a property must be UTF-8 without NUL, and at most 65535 bytes";
    if (text.len == 0)
        return NULL;
    if (!text.ptr || text.len > UINT16_MAX || !mqb_utf8_valid(text))
        return rule;
    return memchr(text.ptr, '\0', text.len) ? rule : NULL;
}

static const char *added_properties_rule(const struct mqb_properties *extra)
{
    if (extra->response_topic.len != 0 || extra->correlation_data.len != 0)
        return "the schema decides on the response topic and correlation data";
    if (!extra->user && extra->user_count != 0)
        return "there are fewer user properties than user_count";
    const char *rule = property_rule(extra->content_type);
    for (size_t i = 0; i < extra->user_count && !rule; i++) {
        rule = property_rule(extra->user[i].name);
        if (!rule)
            rule = property_rule(extra->user[i].value);
    }
    return rule;
}

/* Replace a string by a copy with a NUL; an empty one without a pointer has none. */
static bool copy_string(struct mqb_scratch *room, struct mqb_str *text)
{
    if (!text->ptr && text->len == 0)
        return true;
    char *to = mqb_scratch_take(room, text->len + 1, 1);
    if (!to)
        return false;
    memcpy(to, text->ptr, text->len);
    to[text->len] = '\0';
    text->ptr = to;
    return true;
}

static bool copy_user_properties(struct mqb_scratch *room, struct mqb_properties *properties)
{
    const size_t count = properties->user_count;
    if (count == 0)
        return true;
    if (count > room->cap / sizeof(struct mqb_user_property))
        return false;
    struct mqb_user_property *user =
        mqb_scratch_take(room, count * sizeof *user, _Alignof(struct mqb_user_property));
    if (!user)
        return false;
    memcpy(user, properties->user, count * sizeof *user);
    for (size_t i = 0; i < count; i++) {
        if (!copy_string(room, &user[i].name) || !copy_string(room, &user[i].value))
            return false;
    }
    properties->user = user;
    return true;
}

/* A message that is captured outlives what it was made from. */
static bool copy_properties(
    const struct mqb_outbound *outbound,
    struct mqb_scratch *room,
    struct mqb_properties *properties)
{
    if (outbound->capture && !copy_string(room, &properties->correlation_data))
        return false;
    return copy_string(room, &properties->content_type) && copy_user_properties(room, properties);
}

enum mqb_status mqb_client_add_properties(
    const struct mqb_outbound *outbound,
    struct mqb_properties *properties,
    struct mqb_error *error)
{
    const struct mqb_properties *extra = outbound->extra;
    if (!extra && !outbound->capture)
        return MQB_OK;
    const char *rule = extra ? added_properties_rule(extra) : NULL;
    if (rule)
        return mqb_client_refuse(MQB_ERR_VALUE, rule, error);
    if (extra) {
        properties->content_type = extra->content_type;
        properties->user = extra->user;
        properties->user_count = extra->user_count;
        if (extra->expiry_s != 0)
            properties->expiry_s = extra->expiry_s;
        properties->is_text = mqb_flag_is_set(&extra->is_text);
    }
    const struct mqb_send_space space = mqb_outbound_space(outbound);
    struct mqb_scratch room = mqb_scratch_from(space.ptr, space.cap);
    if (!copy_properties(outbound, &room, properties))
        return mqb_client_refuse(
            MQB_ERR_SPACE, "the send buffer is too small for the properties", error);
    mqb_outbound_keep(outbound, room.used);
    return MQB_OK;
}

/* Other than the expiry, which the sender's queue minds. */
static bool has_no_properties(const struct mqb_properties *properties)
{
    return properties->response_topic.len == 0 && properties->correlation_data.len == 0 &&
           properties->content_type.len == 0 && properties->user_count == 0 && !properties->is_text;
}

bool mqb_client_carries(const struct mqb_client *client, const struct mqb_properties *properties)
{
    const struct mqb_transport *transport = &client->config.transport;
    if (has_no_properties(properties))
        return true;
    return transport->carries_properties && transport->carries_properties(transport->context);
}

/* ---- Receiving ---- */

enum mqb_status mqb_inbound_check_response_topic(const struct mqb_inbound *inbound)
{
    const struct mqb_str topic = inbound->message->properties.response_topic;
    const char *rule = "must have a response topic, a property of MQTT 5";
    if (topic.len == 0)
        return mqb_client_refuse(MQB_ERR_MISSING, rule, inbound->error);
    if (mqb_topic_rule(topic))
        return mqb_client_refuse(MQB_ERR_TOPIC, NO_TOPIC, inbound->error);
    return MQB_OK;
}

enum mqb_status mqb_inbound_check_correlation_data(const struct mqb_inbound *inbound)
{
    if (inbound->message->properties.correlation_data.len == 0)
        return mqb_client_refuse(MQB_ERR_MISSING, NO_DATA, inbound->error);
    return MQB_OK;
}
