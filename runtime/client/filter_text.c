/* The filter of a route, as text, and who wants it. */
#include "client/filter_text.h"

#include <string.h>

#include "client/address.h"
#include "client/bindings.h"
#include "client/report.h"
#include "client/send_buffer.h"
#include "client/topic.h"
#include "client/topic_filter.h"

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

enum mqb_status mqb_filter_refuse(
    const struct mqb_binding *binding,
    const struct mqb_route *route,
    const struct mqb_error *error)
{
    binding->client->counters.subscribe_failures++;
    mqb_client_report(binding->client, mqb_str_from(route->address->text), error);
    return error->status;
}
