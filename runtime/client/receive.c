/* How a message that has come in reaches its handlers. */
#include <string.h>

#include "client/address.h"
#include "client/bindings.h"
#include "client/report.h"
#include "client/router.h"
#include "client/topic.h"

/* A handler may call mqb_client_receive() again; any deeper nesting must be a loop. */
#define RECEIVE_DEPTH_MAX 8

#define NO_ROUTE SIZE_MAX

static bool lacks_bytes(struct mqb_str bytes)
{
    return !bytes.ptr && bytes.len != 0;
}

static bool is_whole(const struct mqb_publish *message)
{
    return message && !lacks_bytes(message->topic) && !lacks_bytes(message->payload) &&
           !lacks_bytes(message->properties.response_topic) &&
           !lacks_bytes(message->properties.correlation_data);
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
 * The route that a topic belongs to: the first whose address has its shape and allows its
 * parameters, or else the first with its shape. The values that the binding requires make no
 * difference: a topic means the same to every receiver. Fixed values are part of the address.
 */
static size_t find_route(const struct mqb_binding *binding, struct mqb_str topic)
{
    struct mqb_match walk;
    size_t first = NO_ROUTE;
    size_t from = 0;
    do {
        if (!mqb_router_find(binding->router, binding->values, topic, from, &walk))
            return first;
        const struct mqb_route *route = &binding->router->routes[walk.route];
        struct mqb_str values[MQB_PARAMETERS_MAX];
        struct mqb_str levels[MQB_PARAMETERS_MAX];
        mqb_binding_values(binding, route, values);
        if (mqb_topic_match(route->address, values, topic, levels)) {
            if (!mqb_topic_levels_rule(route->address, levels))
                return walk.route;
            if (first == NO_ROUTE)
                first = walk.route;
        }
        from = walk.route + 1;
    } while (walk.more);
    return first;
}

/* The next route from `from` on to which the binding gave the topic, or NO_ROUTE. */
static size_t find_dynamic(
    const struct mqb_binding *binding,
    size_t from,
    struct mqb_inbound *inbound)
{
    const struct mqb_str topic = inbound->message->topic;
    struct mqb_match walk;
    do {
        if (!mqb_router_find(binding->router, binding->values, topic, from, &walk))
            return NO_ROUTE;
        if (binding->router->routes[walk.route].dynamic && takes_topic(binding, &walk, inbound))
            return walk.route;
        from = walk.route + 1;
    } while (walk.more);
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
        route = find_dynamic(binding, route + 1, inbound);
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

/* One message on its way to all bindings that take it. */
struct delivery {
    struct mqb_client *client;
    struct mqb_inbound inbound;
    uint64_t last; /* Bindings added later, by a handler, do not get the message. */
    enum mqb_status verdict; /* The first refusal. */
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
static void conclude(struct delivery *delivery, enum mqb_status status)
{
    delivery->found = true;
    if (status == MQB_OK)
        delivery->taken = true;
    else if (status == MQB_ERR_NO_CALL)
        delivery->uncalled = true;
    else
        refuse(delivery, status);
}

/*
 * Give the binding the message for the route that the topic belongs to; `first`: no route precedes
 * it.
 */
static void offer(
    struct delivery *delivery,
    struct mqb_binding *binding,
    const struct mqb_match *walk,
    bool first)
{
    struct mqb_inbound *inbound = &delivery->inbound;
    if (is_late(delivery, binding) || !takes_topic(binding, walk, inbound))
        return;
    const char *rule =
        mqb_topic_levels_rule(binding->router->routes[walk->route].address, inbound->parameters);
    if ((!first || rule) && find_route(binding, inbound->message->topic) != walk->route)
        return;
    conclude(delivery, hand_to_binding(binding, walk->route, rule, inbound));
}

/* Offer the message to the bindings of one sort that any route finds. */
static void offer_sort(struct delivery *delivery, struct mqb_binding *sort)
{
    const struct mqb_router *router = sort->router;
    const struct mqb_str topic = delivery->inbound.message->topic;
    struct mqb_match walk;
    size_t from = 0;
    do {
        if (!mqb_router_find(router, sort->values, topic, from, &walk))
            return;
        struct mqb_candidates candidates;
        struct mqb_binding *binding = mqb_candidates_first(
            &candidates, delivery->client, sort, &router->routes[walk.route],
            mqb_router_levels(&walk));
        for (; binding; binding = mqb_candidates_next(&candidates))
            offer(delivery, binding, &walk, from == 0);
        from = walk.route + 1;
    } while (walk.more);
}

static enum mqb_status deliver_to_bindings(
    struct mqb_client *client,
    const struct mqb_publish *message)
{
    struct mqb_error error;
    struct delivery delivery;
    delivery.client = client;
    delivery.inbound.message = message;
    delivery.inbound.scratch = &client->scratch;
    delivery.inbound.error = &error;
    delivery.last = client->last_binding;
    delivery.verdict = MQB_OK;
    delivery.found = false;
    delivery.taken = false;
    delivery.uncalled = false;
    for (struct mqb_binding *sort = client->bindings; sort; sort = sort->next_sort)
        offer_sort(&delivery, sort);
    if (!delivery.found)
        refuse(
            &delivery, mqb_client_refuse(MQB_ERR_NO_ROUTE, "no binding accepts the topic", &error));
    else if (delivery.uncalled && !delivery.taken)
        refuse(&delivery, mqb_inbound_refuse_reply(&delivery.inbound));
    return delivery.verdict;
}

enum mqb_status mqb_client_receive(struct mqb_client *client, const struct mqb_publish *message)
{
    struct mqb_error error;
    if (!client)
        return MQB_ERR_ARGUMENT;
    enum mqb_status status = check_message(client, message, &error);
    if (status != MQB_OK) {
        const bool named = message && !lacks_bytes(message->topic);
        mqb_client_report(client, named ? message->topic : MQB_STR(""), &error);
    } else {
        client->receiving++;
        status = deliver_to_bindings(client, message);
        client->receiving--;
    }
    client->counters.received++;
    client->counters.received_by_status[status]++;
    return status;
}

enum mqb_status mqb_inbound_refuse_unhandled(const struct mqb_inbound *inbound)
{
    return mqb_client_refuse(
        MQB_ERR_NO_HANDLER, "the message is valid but has no handler", inbound->error);
}

bool mqb_reader_close_raw(struct mqb_reader *r, struct mqb_error *error)
{
    const bool known = r->status != MQB_ERR_SPACE;
    mqb_reader_close(r, known ? NULL : error);
    return known;
}

enum mqb_status mqb_inbound_refuse_parameter(const struct mqb_inbound *inbound)
{
    return mqb_client_refuse(
        MQB_ERR_TOPIC, "a topic parameter must be an integer within its bounds", inbound->error);
}
