/* Properties of MQTT 5: given to a message that is sent, demanded of one that has come. */
#include "client.h"

#include <string.h>

#include "topic.h"

#define NO_TOPIC "the response topic must be a topic that a message can have"
#define NO_DATA "must have correlation data, which MQTT 5 carries"

/* ---- Sending ---- */

/* A writer without buffer marks a message that cannot be sent. */
static void refuse(struct mqb_outbound *outbound, enum mqb_status status, const char *rule)
{
    struct mqb_writer *writer = &outbound->writer;
    mqb_writer_init(writer, NULL, 0);
    writer->status = status;
    writer->rule = rule;
}

/* The payload goes behind it. */
void mqb_send_response_topic(struct mqb_outbound *outbound, struct mqb_str topic)
{
    struct mqb_writer *writer = &outbound->writer;
    if (!writer->buf)
        return;
    if (mqb_topic_rule(topic)) {
        refuse(outbound, MQB_ERR_TOPIC, NO_TOPIC);
        return;
    }
    if (topic.len >= writer->cap) {
        refuse(outbound, MQB_ERR_SPACE, "the send buffer is too small for the response topic");
        return;
    }
    char *copy = writer->buf;
    memcpy(copy, topic.ptr, topic.len);
    copy[topic.len] = '\0';
    outbound->properties.response_topic = (struct mqb_str){copy, topic.len};
    mqb_writer_init(writer, copy + topic.len + 1, writer->cap - topic.len - 1);
}

void mqb_send_correlation_data(struct mqb_outbound *outbound, struct mqb_str data)
{
    if (!outbound->writer.buf)
        return;
    if (data.len == 0)
        refuse(outbound, MQB_ERR_MISSING, NO_DATA);
    else if (data.len > UINT16_MAX)
        refuse(outbound, MQB_ERR_LIMIT, "correlation data must have at most 65535 bytes");
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

enum mqb_status mqb_check_response_topic(const struct mqb_inbound *inbound)
{
    const struct mqb_str topic = inbound->message->properties.response_topic;
    const char *rule = "must have a response topic, which MQTT 5 carries";
    if (topic.len == 0)
        return mqb_client_refuse(MQB_ERR_MISSING, rule, inbound->error);
    if (mqb_topic_rule(topic))
        return mqb_client_refuse(MQB_ERR_TOPIC, NO_TOPIC, inbound->error);
    return MQB_OK;
}

enum mqb_status mqb_check_correlation_data(const struct mqb_inbound *inbound)
{
    if (inbound->message->properties.correlation_data.len == 0)
        return mqb_client_refuse(MQB_ERR_MISSING, NO_DATA, inbound->error);
    return MQB_OK;
}
