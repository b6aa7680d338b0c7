#include "client/own_messages.h"

#include <string.h>

#include "client/address.h"
#include "client/send_buffer.h"
#include "client/topic_filter.h"

/* A client that cannot send, or not subscribe, never receives its own messages. */
static enum mqb_own_messages own_messages(const struct mqb_client *client)
{
    const struct mqb_transport *transport = &client->config.transport;
    const bool subscribes = transport->subscribe || transport->subscribe_many;
    if (!transport->publish || !subscribes || !mqb_client_has_send_buffer(client))
        return MQB_OWN_NEVER;
    return transport->own_messages ? transport->own_messages(transport->context) : MQB_OWN_RETURNED;
}

static bool is_topic(struct mqb_str filter)
{
    return !memchr(filter.ptr, '+', filter.len) && !memchr(filter.ptr, '#', filter.len);
}

/* True if the side may send a message on the address that matches the filter. */
static bool comes_back(
    const struct mqb_binding *binding,
    const struct mqb_echo *echo,
    struct mqb_str filter)
{
    struct mqb_str values[MQB_PARAMETERS_MAX];
    for (size_t i = 0; i < echo->address->parameter_count; i++) {
        const uint8_t place = echo->values ? echo->values[i] : MQB_VALUE_SENT;
        values[i] = place == MQB_VALUE_SENT ? MQB_STR("") : binding->values[place];
    }
    return is_topic(filter) ? mqb_topic_fits(echo->address, values, filter)
                            : mqb_topic_meets(echo->address, values, filter);
}

const char *mqb_own_messages_rule(
    const struct mqb_binding *binding,
    const struct mqb_route *route,
    struct mqb_str filter)
{
    const enum mqb_own_messages own = own_messages(binding->client);
    struct mqb_str group;
    const bool shared = mqb_topic_split_group(&filter, &group);
    if (own == MQB_OWN_LEFT_OUT && shared)
        return "a group cannot be subscribed to with \"no local\"";
    for (size_t i = 0; own == MQB_OWN_RETURNED && i < route->echo_count; i++) {
        if (comes_back(binding, &route->echoes[i], filter))
            return "the side would receive what it sends on this topic";
    }
    return NULL;
}
