/* How a message goes out: its topic, its payload behind it, the transport. */
#include "client/address.h"
#include "client/next.h"
#include "client/properties.h"
#include "client/publish.h"
#include "client/report.h"
#include "client/send_buffer.h"
#include "client/topic.h"
#include "client/topic_counters.h"

/* The topic cannot be written, so the address is reported instead. */
static void refuse_topic(
    struct mqb_outbound *outbound,
    const struct mqb_address *address,
    enum mqb_status status,
    const char *rule)
{
    outbound->topic = mqb_str_from(address->text);
    mqb_client_refuse_outbound(outbound, status, rule);
}

static const char *parameters_rule(const struct mqb_address *address, const struct mqb_str *values)
{
    for (size_t i = 0; i < address->parameter_count; i++) {
        const char *rule = mqb_topic_value_rule(address->parameters[i], values[i]);
        if (rule)
            return rule;
    }
    return NULL;
}

void mqb_outbound_begin(
    struct mqb_outbound *outbound,
    struct mqb_client *client,
    const struct mqb_address *address,
    const struct mqb_str *parameters)
{
    outbound->client = client;
    outbound->address = address;
    outbound->refused = false;
    outbound->response_topic = (struct mqb_str){NULL, 0};
    outbound->correlation_data = (struct mqb_str){NULL, 0};
    outbound->expiry_s = client->next_expiry_s;
    outbound->extra = client->next_properties;
    outbound->capture = client->next_capture;
    mqb_client_reset_next(client);
    const char *rule = parameters_rule(address, parameters);
    if (rule) {
        refuse_topic(outbound, address, MQB_ERR_TOPIC, rule);
        return;
    }
    struct mqb_send_space space = mqb_outbound_space(outbound);
    size_t len = mqb_topic_write(address, parameters, space.ptr, space.cap);
    if (len > MQB_TOPIC_MAX) {
        rule = "a topic must have at most 65535 bytes";
        refuse_topic(outbound, address, MQB_ERR_TOPIC, rule);
        return;
    }
    if (len >= space.cap) {
        rule = "the send buffer is too small for the topic";
        refuse_topic(outbound, address, MQB_ERR_SPACE, rule);
        return;
    }
    rule = mqb_topic_start_rule(address, space.ptr);
    if (rule) {
        refuse_topic(outbound, address, MQB_ERR_TOPIC, rule);
        return;
    }
    outbound->topic = (struct mqb_str){space.ptr, len};
    mqb_writer_init(&outbound->writer, space.ptr + len + 1, space.cap - len - 1);
}

void mqb_outbound_refuse_if_shared(
    struct mqb_outbound *outbound,
    const struct mqb_address *address,
    const struct mqb_str *bound,
    const struct mqb_address *const *others,
    size_t count)
{
    for (size_t i = 0; i < count && !outbound->refused; i++) {
        if (mqb_topic_fits(others[i], bound, outbound->topic))
            refuse_topic(outbound, address, MQB_ERR_TOPIC, MQB_TOPIC_TAKEN);
    }
}

void mqb_outbound_set_qos(
    struct mqb_outbound *outbound,
    enum mqb_qos choice,
    unsigned allowed,
    int otherwise)
{
    const int chosen = (int)choice - (int)MQB_QOS_0;
    outbound->qos = otherwise;
    if (choice == MQB_QOS_DEFAULT || outbound->refused)
        return;
    if (chosen < 0 || chosen > 2 || (allowed >> chosen & 1U) == 0)
        mqb_client_refuse_outbound(outbound, MQB_ERR_VALUE, "the schema does not allow this QoS");
    else
        outbound->qos = chosen;
}

static enum mqb_status publish_message(
    struct mqb_client *client,
    struct mqb_publish *message,
    struct mqb_error *error)
{
    if (!mqb_client_carries(client, &message->properties))
        return mqb_client_refuse(
            MQB_ERR_TRANSPORT, "response topics, correlation data and other properties need MQTT 5",
            error);
    const enum mqb_status status = mqb_client_publish(client, message);
    if (status != MQB_OK)
        mqb_client_refuse(status, mqb_client_publish_rule(client, message), error);
    return status;
}

/* A captured message is not sent: whether a transport carries its properties is no matter. */
static enum mqb_status hand_over(
    const struct mqb_outbound *outbound,
    struct mqb_publish *message,
    struct mqb_error *error)
{
    struct mqb_capture *capture = outbound->capture;
    if (!capture)
        return publish_message(outbound->client, message, error);
    capture->message = *message;
    capture->taken = true;
    return MQB_OK;
}

/*
 * A transport may deliver immediately, and on_error may send: what they still need stays in the
 * buffer, and messages sent in the meantime follow it.
 */
static enum mqb_status finish_sending(
    struct mqb_outbound *outbound,
    int qos,
    bool retain,
    size_t *len,
    struct mqb_error *error)
{
    struct mqb_client *client = outbound->client;
    struct mqb_writer *writer = &outbound->writer;
    if (outbound->refused)
        return mqb_client_refuse(writer->status, writer->rule, error);
    mqb_outbound_keep(outbound, outbound->topic.len + 1 + mqb_client_response_bytes(outbound));

    const size_t head = client->send_used;
    enum mqb_status status = mqb_writer_close(writer, len, error);
    if (status != MQB_OK)
        return status;
    struct mqb_publish message = {
        .topic = outbound->topic,
        .payload = {writer->buf, *len},
        .qos = qos,
        .retain = retain,
        .properties.response_topic = outbound->response_topic,
        .properties.correlation_data = outbound->correlation_data,
        .properties.expiry_s = outbound->expiry_s,
    };
    mqb_outbound_keep(outbound, *len);
    status = mqb_client_add_properties(outbound, &message.properties, error);
    if (status == MQB_OK)
        status = hand_over(outbound, &message, error);
    client->send_used = head;
    return status;
}

enum mqb_status mqb_outbound_send(struct mqb_outbound *outbound, int qos, bool retain)
{
    struct mqb_client *client = outbound->client;
    struct mqb_error error;
    size_t mark = client->send_used;
    size_t len = 0;
    enum mqb_status status = finish_sending(outbound, qos, retain, &len, &error);
    if (status != MQB_OK)
        mqb_client_report(client, outbound->topic, &error);
    client->send_used = mark;
    if (!outbound->capture)
        mqb_client_count_sent(client, outbound->address, status, len);
    return status;
}
