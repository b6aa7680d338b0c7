/* Messages that are passed to the transport, each with a token of its own. */
#include "client/publish.h"

#include <string.h>

#include "client/properties.h"
#include "client/record.h"
#include "client/report.h"
#include "client/send_buffer.h"
#include "scratch.h"

uint64_t mqb_client_last_token(const struct mqb_client *client)
{
    return client ? client->accepted_token : 0;
}

enum mqb_status mqb_client_publish(struct mqb_client *client, struct mqb_publish *message)
{
    const struct mqb_transport *transport = &client->config.transport;
    client->accepted_token = 0;
    client->last_token++;
    message->token = client->last_token;
    if (!transport->publish)
        return MQB_ERR_TRANSPORT;
    const enum mqb_status status =
        mqb_client_status(transport->publish(transport->context, message));
    client->accepted_token = status == MQB_OK ? message->token : 0;
    return status;
}

const char *mqb_client_publish_rule(
    const struct mqb_client *client,
    const struct mqb_publish *message)
{
    const struct mqb_transport *transport = &client->config.transport;
    const char *rule = transport->refusal ? transport->refusal(transport->context, message) : NULL;
    return rule ? rule : "the transport refused the message";
}

bool mqb_client_withdraw(struct mqb_client *client, uint64_t token)
{
    const struct mqb_transport *transport = &client->config.transport;
    return token != 0 && transport->withdraw && transport->withdraw(transport->context, token);
}

/* Records need alignment, and what is sent must not change: so a copy in the send buffer is sent.
 */
enum mqb_status mqb_client_resend(struct mqb_client *client, const void *record, size_t bytes)
{
    if (!client || !record)
        return MQB_ERR_ARGUMENT;
    const struct mqb_send_space space = mqb_client_send_space(client);
    struct mqb_scratch room = mqb_scratch_from(space.ptr, space.cap);
    void *copy = mqb_scratch_take(&room, bytes, MQB_RECORD_ALIGN);
    if (!copy)
        return MQB_ERR_SPACE;
    memcpy(copy, record, bytes);
    if (!mqb_record_is_valid(copy, bytes))
        return MQB_ERR_VALUE;
    struct mqb_publish message;
    mqb_record_read(copy, &message);
    if (!mqb_client_carries(client, &message.properties))
        return MQB_ERR_TRANSPORT;
    client->send_used += room.used;
    const enum mqb_status status = mqb_client_publish(client, &message);
    client->send_used -= room.used;
    return status;
}
