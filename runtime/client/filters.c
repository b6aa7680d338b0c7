#include "client/filters.h"

#include "client/filter_text.h"

/* Highest QoS, in the last pass of a round. */
#define QOS_MAX 2

static bool has_qos(const struct mqb_router *router, int qos)
{
    for (size_t i = 0; i < router->route_count; i++) {
        if (router->routes[i].qos == qos)
            return true;
    }
    return false;
}

/* ---- The round ---- */

static void forget(struct mqb_client *client)
{
    struct mqb_waiting_filters *filters = &client->filters;
    filters->in_round = false;
    filters->last = client->last_binding;
    filters->added = NULL;
    filters->added_end = &filters->added;
    filters->added_route = 0;
}

void mqb_filters_begin(struct mqb_client *client)
{
    struct mqb_waiting_filters *filters = &client->filters;
    forget(client);
    filters->in_round = true;
    filters->qos = 0;
    filters->sort = client->bindings;
    filters->binding = client->bindings;
    filters->route = 0;
}

void mqb_client_forget_filters(struct mqb_client *client)
{
    if (client)
        forget(client);
}

/* The last SUBSCRIBE for a filter counts: if bindings differ, it has the highest QoS. */
static void enter_sort(struct mqb_client *client, struct mqb_binding *sort)
{
    struct mqb_waiting_filters *filters = &client->filters;
    while (sort && !has_qos(sort->router, filters->qos))
        sort = sort->next_sort;
    if (!sort) {
        filters->in_round = filters->qos != QOS_MAX;
        filters->qos++;
        sort = client->bindings;
    }
    filters->sort = sort;
    filters->binding = sort;
    filters->route = 0;
}

/* Find the next route of the round that is wanted; false at its end. */
static bool find_in_round(struct mqb_client *client)
{
    struct mqb_waiting_filters *filters = &client->filters;
    while (filters->in_round) {
        const struct mqb_binding *binding = filters->binding;
        if (!binding) {
            enter_sort(client, filters->sort ? filters->sort->next_sort : NULL);
            continue;
        }
        if (binding->number <= filters->last && filters->route < binding->router->route_count) {
            const struct mqb_route *route = &binding->router->routes[filters->route];
            if (route->qos == filters->qos && route->wanted(binding))
                return true;
            filters->route++;
            continue;
        }
        filters->binding = binding->next;
        filters->route = 0;
    }
    return false;
}

/* ---- Bindings that were added ---- */

/* After forgetting, the links of those in the list do not count. */
static bool is_waiting(const struct mqb_client *client, const struct mqb_binding *binding)
{
    return binding->added_at && binding->number > client->filters.last;
}

static void take_out(struct mqb_client *client, struct mqb_binding *binding)
{
    struct mqb_waiting_filters *filters = &client->filters;
    if (filters->added == binding)
        filters->added_route = 0;
    *binding->added_at = binding->next_added;
    if (binding->next_added)
        binding->next_added->added_at = binding->added_at;
    else
        filters->added_end = binding->added_at;
    binding->added_at = NULL;
}

void mqb_filters_add(struct mqb_client *client, struct mqb_binding *binding)
{
    struct mqb_waiting_filters *filters = &client->filters;
    binding->next_added = NULL;
    binding->added_at = filters->added ? filters->added_end : &filters->added;
    *binding->added_at = binding;
    filters->added_end = &binding->next_added;
}

void mqb_filters_remove(struct mqb_client *client, struct mqb_binding *binding)
{
    struct mqb_waiting_filters *filters = &client->filters;
    if (is_waiting(client, binding))
        take_out(client, binding);
    if (!filters->in_round)
        return;
    if (filters->binding == binding) {
        filters->binding = binding->next;
        filters->route = 0;
    }
    if (filters->sort != binding)
        return;
    filters->sort = binding->next;
    if (!filters->sort)
        enter_sort(client, binding->next_sort);
}

static bool find_added(struct mqb_client *client)
{
    struct mqb_waiting_filters *filters = &client->filters;
    while (filters->added) {
        struct mqb_binding *binding = filters->added;
        for (; filters->added_route < binding->router->route_count; filters->added_route++) {
            if (binding->router->routes[filters->added_route].wanted(binding))
                return true;
        }
        take_out(client, binding);
    }
    return false;
}

/* ---- Both ---- */

bool mqb_filters_peek(struct mqb_client *client, struct mqb_filter *filter, enum mqb_status *first)
{
    const struct mqb_waiting_filters *filters = &client->filters;
    while (find_in_round(client) || find_added(client)) {
        const bool in_round = filters->in_round;
        const struct mqb_binding *binding = in_round ? filters->binding : filters->added;
        const size_t at = in_round ? filters->route : filters->added_route;
        const struct mqb_route *route = &binding->router->routes[at];
        struct mqb_error error;
        if (mqb_filter_make(binding, route, &filter->text, &error) == MQB_OK) {
            filter->qos = in_round ? route->qos : mqb_filter_qos(client, filter->text);
            return true;
        }
        mqb_client_pop_filter(client);
        const enum mqb_status status = mqb_filter_refuse(binding, route, &error);
        if (*first == MQB_OK)
            *first = status;
    }
    return false;
}

bool mqb_client_peek_filter(struct mqb_client *client, struct mqb_filter *filter)
{
    enum mqb_status first = MQB_OK;
    return client && filter && mqb_filters_peek(client, filter, &first);
}

void mqb_client_pop_filter(struct mqb_client *client)
{
    if (!client)
        return;
    if (client->filters.in_round)
        client->filters.route++;
    else if (client->filters.added)
        client->filters.added_route++;
}
