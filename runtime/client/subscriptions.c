/* Bindings of a client, and the subscriptions that they need. */
#include <string.h>

#include "client/address.h"
#include "client/bindings.h"
#include "client/build.h"
#include "client/calls.h"
#include "client/filter_text.h"
#include "client/filters.h"
#include "client/own_messages.h"
#include "client/report.h"
#include "client/send_buffer.h"
#include "client/topic.h"
#include "client/topic_filter.h"

void mqb_client_refuse_filter(struct mqb_client *client, struct mqb_str filter, const char *rule)
{
    struct mqb_error error;
    if (!client)
        return;
    mqb_client_refuse(MQB_ERR_TRANSPORT, rule, &error);
    client->counters.subscribe_failures++;
    mqb_client_report(client, filter, &error);
}

/* Keep the filter while the transport or on_error uses it. */
static enum mqb_status subscribe_filter(struct mqb_client *client, struct mqb_str filter, int qos)
{
    const struct mqb_transport *transport = &client->config.transport;
    if (!transport->subscribe)
        return MQB_OK;
    const size_t mark = mqb_client_keep_filter(client, filter.len + 1);
    enum mqb_status status =
        mqb_client_status(transport->subscribe(transport->context, filter.ptr, qos));
    if (status != MQB_OK)
        mqb_client_refuse_filter(client, filter, "the transport refused the subscription");
    mqb_client_free_filter(client, mark);
    return status;
}

static void keep_first(enum mqb_status *first, enum mqb_status status)
{
    if (*first == MQB_OK)
        *first = status;
}

enum mqb_status mqb_client_subscribe_all(struct mqb_client *client)
{
    enum mqb_status first = MQB_OK;
    struct mqb_filter filter;
    if (!client)
        return MQB_ERR_ARGUMENT;
    const struct mqb_transport *transport = &client->config.transport;
    mqb_filters_begin(client);
    if (transport->subscribe_many)
        return mqb_client_status(transport->subscribe_many(transport->context));
    while (mqb_filters_peek(client, &filter, &first)) {
        mqb_client_pop_filter(client);
        keep_first(&first, subscribe_filter(client, filter.text, filter.qos));
    }
    return first;
}

/* True if messages on the topic that the binding gave the route would belong to another address. */
static bool is_taken(const struct mqb_binding *binding, const struct mqb_route *route)
{
    struct mqb_str values[MQB_PARAMETERS_MAX];
    for (size_t i = 0; route->dynamic && i < binding->router->route_count; i++) {
        const struct mqb_route *other = &binding->router->routes[i];
        mqb_binding_values(binding, other, values);
        if (!other->dynamic &&
            mqb_topic_fits(other->address, values, binding->values[*route->values]))
            return true;
    }
    return false;
}

/* Whether the messages that the filter brings are those of the route, and from others. */
static enum mqb_status check_meaning(
    const struct mqb_binding *binding,
    const struct mqb_route *route,
    struct mqb_str filter,
    struct mqb_error *error)
{
    const char *rule =
        is_taken(binding, route) ? MQB_TOPIC_TAKEN : mqb_own_messages_rule(binding, route, filter);
    return rule ? mqb_client_refuse(MQB_ERR_TOPIC, rule, error) : MQB_OK;
}

/* A binding whose filters cannot be written is refused; all of them are checked first. */
static enum mqb_status check_filters(const struct mqb_binding *binding)
{
    for (size_t i = 0; i < binding->router->route_count; i++) {
        const struct mqb_route *route = &binding->router->routes[i];
        struct mqb_error error;
        struct mqb_str filter;
        if (!route->wanted(binding))
            continue;
        if (mqb_filter_make(binding, route, &filter, &error) != MQB_OK ||
            check_meaning(binding, route, filter, &error) != MQB_OK)
            return mqb_filter_refuse(binding, route, &error);
    }
    return MQB_OK;
}

static enum mqb_status subscribe_wanted(struct mqb_client *client, struct mqb_str filter)
{
    return subscribe_filter(client, filter, mqb_filter_qos(client, filter));
}

static enum mqb_status refuse_untaken(struct mqb_client *client, struct mqb_str filter)
{
    mqb_client_refuse_filter(client, filter, "the transport refused the subscription");
    return MQB_ERR_TRANSPORT;
}

static enum mqb_status unsubscribe_unwanted(struct mqb_client *client, struct mqb_str filter)
{
    const struct mqb_transport *transport = &client->config.transport;
    if (mqb_filter_qos(client, filter) >= 0 || !transport->unsubscribe)
        return MQB_OK;
    return mqb_client_status(transport->unsubscribe(transport->context, filter.ptr));
}

/* Do something with each filter of the binding. Returns the first failure, after doing all. */
static enum mqb_status for_filters(
    const struct mqb_binding *binding,
    enum mqb_status (*act)(struct mqb_client *client, struct mqb_str filter))
{
    enum mqb_status first = MQB_OK;
    for (size_t i = 0; i < binding->router->route_count; i++) {
        const struct mqb_route *route = &binding->router->routes[i];
        struct mqb_error error;
        struct mqb_str filter;
        if (route->wanted(binding) && mqb_filter_make(binding, route, &filter, &error) == MQB_OK)
            keep_first(&first, act(binding->client, filter));
    }
    return first;
}

enum mqb_status mqb_binding_add_as(const struct mqb_build *build, struct mqb_binding *binding)
{
    if (mqb_build_check(build) != MQB_OK)
        return MQB_ERR_BUILD;
    if (!binding || !binding->client)
        return MQB_ERR_ARGUMENT;
    if (mqb_binding_is_active(binding))
        return MQB_ERR_DUPLICATE;
    enum mqb_status status = check_filters(binding);
    if (status != MQB_OK)
        return status;
    struct mqb_client *client = binding->client;
    const struct mqb_transport *transport = &client->config.transport;
    mqb_bindings_add(client, binding);
    if (!transport->subscribe_many)
        return for_filters(binding, subscribe_wanted);
    mqb_filters_add(client, binding);
    status = mqb_client_status(transport->subscribe_many(transport->context));
    if (status == MQB_OK)
        return MQB_OK;
    mqb_filters_remove(client, binding);
    return for_filters(binding, refuse_untaken);
}

enum mqb_status mqb_binding_remove(struct mqb_binding *binding)
{
    if (!binding)
        return MQB_ERR_ARGUMENT;
    if (!mqb_binding_is_active(binding))
        return MQB_ERR_NO_ROUTE;
    struct mqb_client *client = binding->client;
    if (client->receiving != 0 || client->reporting)
        return MQB_ERR_HANDLER;
    mqb_bindings_remove(client, binding);
    mqb_filters_remove(client, binding);
    const enum mqb_status first = for_filters(binding, unsubscribe_unwanted);
    mqb_calls_cancel(client, binding);
    return first;
}
