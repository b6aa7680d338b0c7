/* Bindings of a client, and the subscriptions that they need. */
#include <string.h>

#include "client/address.h"
#include "client/bindings.h"
#include "client/build.h"
#include "client/calls.h"
#include "client/filters.h"
#include "client/own_messages.h"
#include "client/report.h"
#include "client/send_buffer.h"
#include "client/topic.h"
#include "client/topic_filter.h"

#define TRANSPORT_REFUSED "the transport refused the subscription"

static const char *filter_values_rule(
    const struct mqb_address *address,
    const struct mqb_str *values)
{
    for (size_t i = 0; i < address->parameter_count; i++) {
        const struct mqb_parameter *parameter = address->parameters[i];
        if (values[i].len == 0 && !parameter->bound)
            continue;
        const char *rule = mqb_topic_value_rule(parameter, values[i]);
        if (rule)
            return rule;
    }
    return NULL;
}

/* The group in which a route is shared, or "". Replies must reach the client that made the call. */
static struct mqb_str route_group(const struct mqb_binding *binding, const struct mqb_route *route)
{
    if (route->takes_replies && binding->client->config.call_count != 0)
        return MQB_STR("");
    return mqb_str_from(binding->group ? binding->group : route->group);
}

/* Write "$share/group/", if there is a group. Returns its length, also when it does not fit. */
static size_t write_group(struct mqb_str group, struct mqb_send_space space)
{
    const struct mqb_str share = MQB_STR("$share/");
    if (group.len == 0)
        return 0;
    const size_t len = share.len + group.len + 1;
    if (len > space.cap)
        return len;
    memcpy(space.ptr, share.ptr, share.len);
    memcpy(space.ptr + share.len, group.ptr, group.len);
    space.ptr[len - 1] = '/';
    return len;
}

enum mqb_status mqb_filter_make(
    const struct mqb_binding *binding,
    const struct mqb_route *route,
    struct mqb_str *filter,
    struct mqb_error *error)
{
    struct mqb_str values[MQB_PARAMETERS_MAX];
    mqb_binding_values(binding, route, values);
    const struct mqb_str group = route_group(binding, route);
    const char *rule = mqb_topic_group_rule(group);
    if (!rule)
        rule = filter_values_rule(route->address, values);
    if (rule)
        return mqb_client_refuse(MQB_ERR_TOPIC, rule, error);
    struct mqb_send_space space = mqb_client_filter_space(binding->client);
    size_t start = write_group(group, space);
    bool room = start < space.cap;
    size_t len = start + mqb_topic_write(
                             route->address, values, room ? space.ptr + start : NULL,
                             room ? space.cap - start : 0);
    if (len > MQB_TOPIC_MAX)
        return mqb_client_refuse(MQB_ERR_TOPIC, "a filter must have at most 65535 bytes", error);
    if (len >= space.cap) {
        rule = mqb_client_has_send_buffer(binding->client)
                   ? "the send buffer is too small for the filter"
                   : "the scratch memory is too small for the filter";
        return mqb_client_refuse(MQB_ERR_SPACE, rule, error);
    }
    rule = mqb_topic_start_rule(route->address, space.ptr + start);
    if (rule)
        return mqb_client_refuse(MQB_ERR_TOPIC, rule, error);
    *filter = (struct mqb_str){space.ptr, len};
    return MQB_OK;
}

static bool has_filter(
    const struct mqb_binding *binding,
    const struct mqb_route *route,
    struct mqb_str filter)
{
    struct mqb_str group = {NULL, 0};
    mqb_topic_split_group(&filter, &group);
    if (!mqb_str_equal(group, route_group(binding, route)) || !route->wanted(binding))
        return false;
    struct mqb_str values[MQB_PARAMETERS_MAX];
    mqb_binding_values(binding, route, values);
    return mqb_topic_written(route->address, values, filter);
}

/* True if a binding of the sort wants the filter for the route. */
static bool sort_wants(
    const struct mqb_client *client,
    struct mqb_binding *sort,
    const struct mqb_route *route,
    struct mqb_str filter)
{
    struct mqb_str values[MQB_PARAMETERS_MAX];
    struct mqb_str levels[MQB_PARAMETERS_MAX];
    struct mqb_str group;
    struct mqb_str bare = filter;
    mqb_topic_split_group(&bare, &group);
    mqb_binding_values(sort, route, values);
    if (!mqb_topic_read(route->address, values, bare, levels))
        return false;
    struct mqb_candidates candidates;
    const struct mqb_binding *binding =
        mqb_candidates_first(&candidates, client, sort, route, levels);
    while (binding && !has_filter(binding, route, filter))
        binding = mqb_candidates_next(&candidates);
    return binding != NULL;
}

int mqb_filter_qos(const struct mqb_client *client, struct mqb_str filter)
{
    int qos = -1;
    for (struct mqb_binding *sort = client->bindings; sort; sort = sort->next_sort) {
        for (size_t i = 0; i < sort->router->route_count; i++) {
            const struct mqb_route *route = &sort->router->routes[i];
            if (route->qos > qos && sort_wants(client, sort, route, filter))
                qos = route->qos;
        }
    }
    return qos;
}

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
        mqb_client_refuse_filter(client, filter, TRANSPORT_REFUSED);
    mqb_client_free_filter(client, mark);
    return status;
}

static void keep_first(enum mqb_status *first, enum mqb_status status)
{
    if (*first == MQB_OK)
        *first = status;
}

enum mqb_status mqb_filter_refuse(
    const struct mqb_binding *binding,
    const struct mqb_route *route,
    const struct mqb_error *error)
{
    binding->client->counters.subscribe_failures++;
    mqb_client_report(binding->client, mqb_str_from(route->address->text), error);
    return error->status;
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
    mqb_client_refuse_filter(client, filter, TRANSPORT_REFUSED);
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
