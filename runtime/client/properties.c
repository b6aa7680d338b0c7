/* Properties of MQTT 5: added to messages being sent, required of received ones. */
#include "client/properties.h"

#include <string.h>

#include "client/report.h"
#include "client/send_buffer.h"
#include "client/topic.h"

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
    const size_t len = outbound->properties.response_topic.len;
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
    const struct mqb_send_space space = mqb_client_send_space(outbound->client);
    const size_t used = outbound->topic.len + 1;
    if (topic.len >= space.cap - used) {
        mqb_client_refuse_outbound(outbound, MQB_ERR_SPACE, rule);
        return;
    }
    char *copy = space.ptr + used;
    memcpy(copy, topic.ptr, topic.len);
    copy[topic.len] = '\0';
    outbound->properties.response_topic = (struct mqb_str){copy, topic.len};
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
        outbound->properties.correlation_data = data;
}

bool mqb_client_carries(const struct mqb_client *client, const struct mqb_properties *properties)
{
    const struct mqb_transport *transport = &client->config.transport;
    if (properties->response_topic.len == 0 && properties->correlation_data.len == 0)
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
