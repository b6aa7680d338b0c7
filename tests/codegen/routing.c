/*
 * Gives bindings of a generated side topics, and says where its router and a plain look at every
 * route of every binding differ. Commands, a line each, with tabs between their parts:
 *
 *     bind BINDING VALUE...    unbind BINDING    topic TOPIC
 */
#include SIDE_SOURCE

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/address.h"
#include "client/topic.h"

#define BINDINGS 200
#define ROUTES 60
#define VALUES 60
#define TEXT 200

struct taken {
    int route; /* -1: none. */
    size_t count;
    struct mqb_str levels[MQB_PARAMETERS_MAX];
};

struct party {
    struct mqb_binding binding;
    struct mqb_binding_link links[32];
    struct mqb_str values[VALUES];
    char texts[VALUES][TEXT];
    struct taken taken;
    bool bound;
};

static struct party parties[BINDINGS];
static struct mqb_route routes[ROUTES];
static struct mqb_router router;
static struct mqb_client client;
static unsigned refused; /* Messages that broke the rule of a parameter. */
static unsigned unsubscribed;
static unsigned long compared;

static _Noreturn void differ(const char *what, const char *where)
{
    printf("%s: %s\n", what, where);
    exit(EXIT_FAILURE);
}

/* ---- What the side does ---- */

static enum mqb_status take(struct mqb_binding *binding, const struct mqb_inbound *in, int route)
{
    struct party *party = binding->side;
    struct taken *taken = &party->taken;
    if (taken->route >= 0)
        differ("taken twice", routes[route].address->text);
    taken->route = route;
    taken->count = routes[route].address->parameter_count;
    memcpy(taken->levels, in->parameters, taken->count * sizeof taken->levels[0]);
    return MQB_OK;
}

static bool wants(const struct mqb_binding *binding, int route)
{
    const struct party *party = binding->side;
    return ((party - parties) * 7 + route) % 5 != 0;
}

/* clang-format off */
#define EACH_ROUTE(X) \
    X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) \
    X(10) X(11) X(12) X(13) X(14) X(15) X(16) X(17) X(18) X(19) \
    X(20) X(21) X(22) X(23) X(24) X(25) X(26) X(27) X(28) X(29) \
    X(30) X(31) X(32) X(33) X(34) X(35) X(36) X(37) X(38) X(39)
/* clang-format on */

#define DEFINE(n)                                                                                  \
    static enum mqb_status take_##n(struct mqb_binding *binding, struct mqb_inbound *in)           \
    {                                                                                              \
        return take(binding, in, n);                                                               \
    }                                                                                              \
    static bool wants_##n(const struct mqb_binding *binding)                                       \
    {                                                                                              \
        return wants(binding, n);                                                                  \
    }
EACH_ROUTE(DEFINE)

#define ROW(n) {take_##n, wants_##n},
static const struct {
    enum mqb_status (*take)(struct mqb_binding *binding, struct mqb_inbound *in);
    bool (*wants)(const struct mqb_binding *binding);
} functions[] = {EACH_ROUTE(ROW)};

/* ---- A plain look at everything ---- */

static void values_of(
    const struct party *party,
    const struct mqb_route *route,
    struct mqb_str values[MQB_PARAMETERS_MAX])
{
    for (size_t i = 0; i < route->address->parameter_count; i++)
        values[i] = party->values[route->values[i]];
}

static bool breaks_rule(const struct mqb_address *address, const struct mqb_str *levels)
{
    for (size_t i = 0; i < address->parameter_count; i++) {
        if (mqb_topic_level_rule(address->parameters[i], levels[i]))
            return true;
    }
    return false;
}

/* Whether the levels are what the party wants them to be. */
static bool wants_levels(
    const struct party *party,
    const struct mqb_route *route,
    const struct mqb_str *levels)
{
    struct mqb_str values[MQB_PARAMETERS_MAX];
    values_of(party, route, values);
    for (size_t i = 0; i < route->address->parameter_count; i++) {
        if (values[i].len != 0 && !mqb_str_equal(values[i], levels[i]))
            return false;
    }
    return true;
}

/* The route that the topic is of; `fits` if it breaks no rule. */
static struct taken look_for_route(const struct party *party, struct mqb_str topic, bool *fits)
{
    struct taken first = {.route = -1};
    *fits = false;
    for (size_t i = 0; i < router.route_count; i++) {
        const struct mqb_address *address = routes[i].address;
        struct taken taken = {.route = (int)i, .count = address->parameter_count};
        struct mqb_str values[MQB_PARAMETERS_MAX];
        values_of(party, &routes[i], values);
        if (!mqb_topic_match(address, values, topic, taken.levels))
            continue;
        *fits = !breaks_rule(address, taken.levels);
        if (*fits)
            return taken;
        if (first.route < 0)
            first = taken;
    }
    return first;
}

/* The route of the topic, if the party wants its levels. */
static struct taken look(const struct party *party, struct mqb_str topic, bool *fits)
{
    const struct taken found = look_for_route(party, topic, fits);
    if (found.route >= 0 && wants_levels(party, &routes[found.route], found.levels))
        return found;
    *fits = false;
    return (struct taken){.route = -1};
}

static bool same(const struct taken *one, const struct taken *other)
{
    if (one->route != other->route)
        return false;
    for (size_t i = 0; one->route >= 0 && i < one->count; i++) {
        if (!mqb_str_equal(one->levels[i], other->levels[i]))
            return false;
    }
    return true;
}

/* The highest QoS that a bound one wants the filter with, or -1. */
static int look_for_filter(const char *filter)
{
    int qos = -1;
    for (size_t i = 0; i < BINDINGS * (size_t)router.route_count; i++) {
        const struct party *party = &parties[i / router.route_count];
        const struct mqb_route *route = &routes[i % router.route_count];
        struct mqb_str values[MQB_PARAMETERS_MAX];
        char text[4 * TEXT];
        if (!party->bound || !route->wanted(&party->binding))
            continue;
        values_of(party, route, values);
        const size_t start = party->binding.group ? strlen("$share/g/") : 0;
        memcpy(text, "$share/g/", start);
        mqb_topic_write(route->address, values, text + start, sizeof text - start);
        if (strcmp(text, filter) == 0 && route->qos > qos)
            qos = route->qos;
    }
    return qos;
}

/* ---- Transport ---- */

static enum mqb_status subscribe(void *context, const char *filter, int qos)
{
    (void)context;
    compared++;
    if (look_for_filter(filter) != qos)
        differ("another QoS", filter);
    return MQB_OK;
}

static enum mqb_status unsubscribe(void *context, const char *filter)
{
    (void)context;
    unsubscribed++;
    if (look_for_filter(filter) >= 0)
        differ("unsubscribed", filter);
    return MQB_OK;
}

static void on_error(void *user, struct mqb_str topic, const struct mqb_error *error)
{
    (void)user;
    (void)topic;
    refused += error->status == MQB_ERR_TOPIC;
}

/* ---- Commands ---- */

static void bind_party(struct party *party, char *rest)
{
    for (size_t i = 0; i < router.value_count; i++) {
        char *end = rest + strcspn(rest, "\t");
        const size_t len = (size_t)(end - rest);
        memcpy(party->texts[i], rest, len);
        party->values[i] = (struct mqb_str){party->texts[i], len};
        rest = end + (*end != '\0');
    }
    party->binding = (struct mqb_binding){
        .client = &client,
        .router = &router,
        .values = party->values,
        .links = party->links,
        .group = (party - parties) % 3 == 0 ? "g" : NULL,
        .side = party,
    };
    party->bound = true; /* The filters that it wants count already. */
    party->bound = mqb_binding_add(&party->binding) == MQB_OK;
}

/* The filters that nobody else wants. */
static unsigned own_filters(const struct party *party)
{
    unsigned count = 0;
    for (size_t i = 0; i < router.route_count; i++) {
        struct mqb_str values[MQB_PARAMETERS_MAX];
        char text[4 * TEXT];
        if (!routes[i].wanted(&party->binding))
            continue;
        values_of(party, &routes[i], values);
        const size_t start = party->binding.group ? strlen("$share/g/") : 0;
        memcpy(text, "$share/g/", start);
        mqb_topic_write(routes[i].address, values, text + start, sizeof text - start);
        count += look_for_filter(text) < 0;
    }
    return count;
}

static void unbind_party(struct party *party)
{
    if (!party->bound)
        return;
    party->bound = false;
    unsubscribed = 0;
    const unsigned own = own_filters(party);
    if (mqb_binding_remove(&party->binding) != MQB_OK || unsubscribed != own)
        differ("unsubscribed from others", "");
}

static void receive(struct mqb_str topic)
{
    const struct mqb_publish message = {.topic = topic};
    unsigned broken = 0;
    unsigned takers = 0;
    for (size_t i = 0; i < BINDINGS; i++)
        parties[i].taken.route = -1;
    refused = 0;
    const enum mqb_status status = mqb_client_receive(&client, &message);
    if (mqb_topic_rule(topic))
        return;
    for (size_t i = 0; i < BINDINGS; i++) {
        struct taken expected = {.route = -1};
        bool fits = false;
        if (parties[i].bound)
            expected = look(&parties[i], topic, &fits);
        takers += expected.route >= 0;
        broken += expected.route >= 0 && !fits;
        if (!fits)
            expected.route = -1;
        compared++;
        if (!same(&expected, &parties[i].taken))
            differ("another route", topic.ptr);
    }
    if (broken != refused || (takers == 0) != (status == MQB_ERR_NO_ROUTE))
        differ("another verdict", topic.ptr);
}

static void obey(char *line)
{
    char *rest = strchr(line, '\t') + 1;
    if (strncmp(line, "topic", 5) == 0) {
        receive(mqb_str_from(rest));
        return;
    }
    char *end = rest;
    const size_t place = strtoul(rest, &end, 10);
    if (line[0] == 'b')
        bind_party(&parties[place], end + (*end != '\0'));
    else
        unbind_party(&parties[place]);
}

int main(int argc, char **argv)
{
    static char line[64 * TEXT];
    static char send_buffer[4 * TEXT];
    static struct mqb_binding_link *buckets[16];
    const struct mqb_client_config config = {
        .transport = {.subscribe = subscribe, .unsubscribe = unsubscribe},
        .send_buffer = send_buffer,
        .send_buffer_bytes = sizeof send_buffer,
        .buckets = buckets,
        .bucket_count = argc == 2 ? strtoul(argv[1], NULL, 10) : 0,
        .on_error = on_error,
    };
    router = ROUTER;
    for (size_t i = 0; i < router.route_count; i++) {
        routes[i] = router.routes[i];
        routes[i].receive = functions[i].take;
        routes[i].wanted = functions[i].wants;
        routes[i].qos = (int)(i % 3);
    }
    router.routes = routes;
    mqb_client_init(&client, &config);
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = '\0';
        obey(line);
    }
    printf("%lu\n", compared);
    return EXIT_SUCCESS;
}
