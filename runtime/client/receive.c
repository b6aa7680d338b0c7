/* How a message that has come in reaches its handlers. */
#include <string.h>

#include "client/address.h"
#include "client/bindings.h"
#include "client/report.h"
#include "client/router.h"
#include "client/topic.h"
#include "client/topic_counters.h"

/* A handler may call mqb_client_receive() again; any deeper nesting must be a loop. */
#define RECEIVE_DEPTH_MAX 8

#define NO_ROUTE SIZE_MAX

static bool lacks_bytes(struct mqb_str bytes)
{
    return !bytes.ptr && bytes.len != 0;
}

static bool has_whole_properties(const struct mqb_properties *properties)
{
    bool lacks =
        lacks_bytes(properties->response_topic) || lacks_bytes(properties->correlation_data) ||
        lacks_bytes(properties->content_type) || (!properties->user && properties->user_count != 0);
    for (size_t i = 0; i < properties->user_count && !lacks; i++)
        lacks = lacks_bytes(properties->user[i].name) || lacks_bytes(properties->user[i].value);
    return !lacks;
}

static bool is_whole(const struct mqb_publish *message)
{
    return message && !lacks_bytes(message->topic) && !lacks_bytes(message->payload) &&
           has_whole_properties(&message->properties);
}

/* Checks that do not depend on the route of a message. */
static enum mqb_status check_message(
    const struct mqb_client *client,
    const struct mqb_publish *message,
    struct mqb_error *error)
{
    if (!is_whole(message))
        return mqb_client_refuse(MQB_ERR_ARGUMENT, NULL, error);
    const char *rule = mqb_topic_rule(message->topic);
    if (rule)
        return mqb_client_refuse(MQB_ERR_TOPIC, rule, error);
    size_t limit = client->config.max_payload_bytes;
    if (limit != 0 && message->payload.len > limit)
        return mqb_client_refuse(MQB_ERR_LIMIT, "the payload is longer than allowed", error);
    if (client->receiving == RECEIVE_DEPTH_MAX)
        return mqb_client_refuse(MQB_ERR_LIMIT, "handlers are nested too deeply", error);
    return MQB_OK;
}

/*
 * True if the route accepts the topic, which has its shape; the parameters are then in `inbound`.
 */
static bool takes_topic(
    const struct mqb_binding *binding,
    const struct mqb_match *walk,
    struct mqb_inbound *inbound)
{
    const struct mqb_route *route = &binding->router->routes[walk->route];
    const struct mqb_address *address = route->address;
    const struct mqb_str *levels = mqb_router_levels(walk);
    if (route->loose) {
        struct mqb_str values[MQB_PARAMETERS_MAX];
        mqb_binding_values(binding, route, values);
        levels = inbound->parameters;
        if (!mqb_topic_match(address, values, inbound->message->topic, inbound->parameters))
            return false;
    }
    for (size_t i = 0; i < address->parameter_count; i++) {
        const struct mqb_str value = binding->values[route->values[i]];
        const struct mqb_str level = levels[i];
        inbound->parameters[i] = level;
        if (value.len == 0 ? address->parameters[i]->bound : !mqb_str_equal(value, level))
            return false;
    }
    return true;
}

/*
 * The next route, from `*from` on, whose address has the shape of the topic. One router serves all
 * bindings of a sort. False at the end.
 */
static bool next_route(
    const struct mqb_binding *sort,
    struct mqb_str topic,
    size_t *from,
    struct mqb_match *walk)
{
    if (*from != 0 && !walk->more)
        return false;
    if (!mqb_router_find(sort->router, sort->values, topic, *from, walk))
        return false;
    *from = walk->route + 1;
    return true;
}

/*
 * The route that a topic belongs to: the first whose address has its shape and allows its
 * parameters, or else the first with its shape. The values that the binding requires make no
 * difference: a topic means the same to every receiver. Fixed values are part of the address.
 */
static size_t find_route(const struct mqb_binding *binding, struct mqb_str topic)
{
    struct mqb_match walk;
    size_t first = NO_ROUTE;
    for (size_t from = 0; next_route(binding, topic, &from, &walk);) {
        const struct mqb_route *route = &binding->router->routes[walk.route];
        struct mqb_str values[MQB_PARAMETERS_MAX];
        struct mqb_str levels[MQB_PARAMETERS_MAX];
        mqb_binding_values(binding, route, values);
        if (!mqb_topic_match(route->address, values, topic, levels))
            continue;
        if (!mqb_topic_levels_rule(route->address, levels))
            return walk.route;
        if (first == NO_ROUTE)
            first = walk.route;
    }
    return first;
}

/* The next route after `route` to which the binding gave the topic, or NO_ROUTE. */
static size_t next_dynamic_route(
    const struct mqb_binding *binding,
    size_t route,
    struct mqb_inbound *inbound)
{
    struct mqb_match walk;
    walk.more = true;
    for (size_t from = route + 1; next_route(binding, inbound->message->topic, &from, &walk);) {
        if (binding->router->routes[walk.route].dynamic && takes_topic(binding, &walk, inbound))
            return walk.route;
    }
    return NO_ROUTE;
}

/* Choose the route; if its parameters break a rule, refuse the message. */
static enum mqb_status handle(
    struct mqb_binding *binding,
    const struct mqb_route *route,
    const char *rule,
    struct mqb_inbound *inbound)
{
    if (rule)
        return mqb_client_refuse(MQB_ERR_TOPIC, rule, inbound->error);
    mqb_client_refuse(MQB_OK, "the handler refused the message", inbound->error);

    struct mqb_scratch *scratch = inbound->scratch;
    size_t mark = scratch->used;
    size_t unused = mqb_scratch_free(scratch);
    if (unused != 0)
        mqb_memory_unpoison(scratch->ptr + mark, unused);
    enum mqb_status status = mqb_client_status(route->receive(binding, inbound));
    scratch->used = mark;
    if (unused != 0)
        mqb_memory_poison(scratch->ptr + mark, unused);
    inbound->error->status = status;
    return status;
}

/* Refused because of the payload, or because no call is waiting for it, and not by a handler. */
static bool may_be_another(enum mqb_status status)
{
    return status != MQB_OK && status != MQB_ERR_HANDLER;
}

/*
 * Give the message to the binding's route. If the binding gave one topic to several routes, the
 * first that does not refuse the message gets it; if all do, the first refusal counts.
 */
static enum mqb_status hand_to_binding(
    struct mqb_binding *binding,
    size_t route,
    const char *rule,
    struct mqb_inbound *inbound)
{
    const struct mqb_route *routes = binding->router->routes;
    struct mqb_error *const error = inbound->error;
    struct mqb_error other;
    enum mqb_status status = handle(binding, &routes[route], rule, inbound);
    while (routes[route].dynamic && may_be_another(status)) {
        route = next_dynamic_route(binding, route, inbound);
        if (route == NO_ROUTE)
            break;
        inbound->error = &other;
        enum mqb_status verdict = handle(binding, &routes[route], NULL, inbound);
        inbound->error = error;
        if (!may_be_another(verdict)) {
            *error = other;
            status = verdict;
        }
    }
    return status;
}

/* A walk over the bindings of a client, each with a route whose address has a topic's shape. */
struct search {
    const struct mqb_client *client;
    struct mqb_str topic;
    struct mqb_binding *sort; /* Whose bindings are visited; NULL at the end. */
    struct mqb_candidates candidates;
    struct mqb_match walk; /* The route is in it. */
    size_t from; /* The route after it; 0: none of the sort was found yet. */
    bool is_first; /* No other route of the sort precedes it. */
};

/* The next route, of this sort of bindings or of one after it. False at the end. */
static bool next_route_of_all(struct search *search)
{
    for (; search->sort; search->sort = search->sort->next_sort, search->from = 0) {
        search->is_first = search->from == 0;
        if (next_route(search->sort, search->topic, &search->from, &search->walk))
            return true;
    }
    return false;
}

/* The next binding, or NULL. */
static struct mqb_binding *next_binding(struct search *search)
{
    struct mqb_binding *binding = NULL;
    if (search->from != 0)
        binding = mqb_candidates_next(&search->candidates);
    while (!binding && next_route_of_all(search))
        binding = mqb_candidates_first(
            &search->candidates, search->client, search->sort,
            &search->sort->router->routes[search->walk.route], mqb_router_levels(&search->walk));
    return binding;
}

/* One message on its way to all bindings that take it. */
struct delivery {
    struct mqb_client *client;
    struct mqb_inbound inbound;
    uint64_t last; /* Bindings added later, by a handler, do not get the message. */
    enum mqb_status verdict; /* The first refusal. */
    const struct mqb_address *address; /* That of the first refusal, or else the first of all. */
    bool found; /* The topic belongs to some binding. */
    bool taken; /* Some binding did not refuse it. */
    bool uncalled; /* Some binding refused it as a reply without a pending call. */
};

/* Bound by a handler of this message. That is rare, and checking each binding costs time. */
static bool is_late(const struct delivery *delivery, const struct mqb_binding *binding)
{
    return delivery->client->last_binding != delivery->last && binding->number > delivery->last;
}

static void refuse(struct delivery *delivery, enum mqb_status status)
{
    mqb_client_report(delivery->client, delivery->inbound.message->topic, delivery->inbound.error);
    if (delivery->verdict == MQB_OK)
        delivery->verdict = status;
}

/*
 * A reply is meant for one of several sides. That the others do not wait for it means nothing yet.
 */
static void conclude(
    struct delivery *delivery,
    const struct mqb_address *address,
    enum mqb_status status)
{
    const bool refused = status != MQB_OK && status != MQB_ERR_NO_CALL;
    if (!delivery->found || (refused && delivery->verdict == MQB_OK))
        delivery->address = address;
    delivery->found = true;
    if (status == MQB_OK)
        delivery->taken = true;
    else if (status == MQB_ERR_NO_CALL)
        delivery->uncalled = true;
    else
        refuse(delivery, status);
}

/* Give the message to a binding that was found, if the topic belongs to its route. */
static void deliver(
    struct delivery *delivery,
    const struct search *search,
    struct mqb_binding *binding)
{
    struct mqb_inbound *inbound = &delivery->inbound;
    const size_t route = search->walk.route;
    if (is_late(delivery, binding) || !takes_topic(binding, &search->walk, inbound))
        return;
    const struct mqb_address *address = binding->router->routes[route].address;
    const char *rule = mqb_topic_levels_rule(address, inbound->parameters);
    if ((!search->is_first || rule) && find_route(binding, search->topic) != route)
        return;
    conclude(delivery, address, hand_to_binding(binding, route, rule, inbound));
}

static enum mqb_status deliver_to_all(
    struct mqb_client *client,
    const struct mqb_publish *message,
    const struct mqb_address **address)
{
    struct mqb_error error;
    struct delivery delivery;
    struct search search;
    delivery.client = client;
    delivery.inbound.message = message;
    delivery.inbound.scratch = &client->scratch;
    delivery.inbound.error = &error;
    delivery.last = client->last_binding;
    delivery.verdict = MQB_OK;
    delivery.address = NULL;
    delivery.found = false;
    delivery.taken = false;
    delivery.uncalled = false;
    search.client = client;
    search.topic = message->topic;
    search.sort = client->bindings;
    search.from = 0;
    for (struct mqb_binding *each = next_binding(&search); each; each = next_binding(&search))
        deliver(&delivery, &search, each);
    if (!delivery.found)
        refuse(
            &delivery, mqb_client_refuse(MQB_ERR_NO_ROUTE, "no binding accepts the topic", &error));
    else if (delivery.uncalled && !delivery.taken)
        refuse(&delivery, mqb_inbound_refuse_reply(&delivery.inbound));
    *address = delivery.address;
    return delivery.verdict;
}

enum mqb_status mqb_client_receive(struct mqb_client *client, const struct mqb_publish *message)
{
    const struct mqb_address *address = NULL;
    struct mqb_error error;
    if (!client)
        return MQB_ERR_ARGUMENT;
    enum mqb_status status = check_message(client, message, &error);
    if (status != MQB_OK) {
        const bool named = message && !lacks_bytes(message->topic);
        mqb_client_report(client, named ? message->topic : MQB_STR(""), &error);
    } else {
        const struct mqb_publish *outer = client->message;
        client->message = message;
        client->receiving++;
        status = deliver_to_all(client, message, &address);
        client->receiving--;
        client->message = outer;
    }
    mqb_client_count_received(client, address, status, message ? message->payload.len : 0);
    return status;
}

enum mqb_status mqb_inbound_refuse_unhandled(const struct mqb_inbound *inbound)
{
    return mqb_client_refuse(
        MQB_ERR_NO_HANDLER, "the message is valid but has no handler", inbound->error);
}

enum mqb_status mqb_inbound_refuse_parameter(const struct mqb_inbound *inbound)
{
    return mqb_client_refuse(
        MQB_ERR_TOPIC, "a topic parameter must be an integer within its bounds", inbound->error);
}
