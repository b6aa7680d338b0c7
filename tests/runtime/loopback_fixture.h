/* A broker in memory with three clients, which write down what they get. */
#ifndef MQB_TEST_LOOPBACK_FIXTURE_H
#define MQB_TEST_LOOPBACK_FIXTURE_H

#include "valve.h"

#include <mqbind/detail/memory.h>
#include <mqbind/loopback.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define CLIENTS 3
#define KEPT 20

/* A client that writes down every publish that it gets on a topic of one or two levels. */
struct member {
    struct mqb_loopback_peer peer;
    struct mqb_client client;
    struct mqb_transport transport;
    struct mqb_binding binding;
    char scratch[256];
    char send_buffer[256];
    char got[KEPT][80]; /**< The last ones. */
    size_t count;
    struct fixture *fixture;
    struct member *answer_to; /**< Unless NULL, each message is sent on by this member. */
    bool run_inside;
    bool leave_inside;
    const char *rejoin_inside; /**< Unless NULL, a filter to leave and to take again. */
};

struct fixture {
    struct mqb_loopback broker;
    char memory[1024];
    struct member members[CLIENTS];
};

static inline struct mqb_loopback *broker_of(struct member *member)
{
    return &member->fixture->broker;
}

static inline enum mqb_status publish(
    struct member *member,
    const char *topic,
    struct mqb_str payload)
{
    const struct mqb_publish message = {
        .topic = mqb_str_from(topic),
        .payload = payload,
        .qos = 1,
        .retain = true,
    };
    return member->transport.publish(member->transport.context, &message);
}

static inline enum mqb_status take(struct mqb_binding *binding, struct mqb_inbound *inbound)
{
    struct member *member = binding->side;
    const struct mqb_publish *message = inbound->message;
    assert_false(message->retain);
    if (member->answer_to)
        publish(member->answer_to, "answer", message->payload);
    if (member->run_inside)
        assert_int_equal(mqb_loopback_run(broker_of(member)), 0);
    if (member->leave_inside)
        assert_false(mqb_loopback_leave(&member->peer));
    if (member->rejoin_inside) {
        const struct mqb_transport *transport = &member->transport;
        transport->unsubscribe(transport->context, member->rejoin_inside);
        transport->subscribe(transport->context, member->rejoin_inside, 0);
    }
    snprintf(
        member->got[member->count++ % KEPT], sizeof member->got[0], "%.*s %.*s q%d",
        (int)message->topic.len, message->topic.ptr, (int)message->payload.len,
        message->payload.ptr, message->qos);
    return MQB_OK;
}

static inline bool wanted(const struct mqb_binding *binding)
{
    (void)binding;
    return true;
}

static const struct mqb_parameter x = {.name = "x"};
static const struct mqb_parameter y = {.name = "y"};
static const struct mqb_parameter *const any[] = {&x, &y};
static const struct mqb_address one_level = {"{}", any, 1};
static const struct mqb_address two_levels = {"{}/{}", any, 2};
static const uint8_t places[] = {0, 0};
static const struct mqb_route routes[] = {
    {.address = &one_level, .values = places, .receive = take, .wanted = wanted},
    {.address = &two_levels, .values = places, .receive = take, .wanted = wanted},
};
static inline void walk_topic(struct mqb_match *walk, const char *at)
{
    mqb_match_level(walk, &at, 0);
    mqb_match_route(walk, at, 0);
    if (!mqb_match_text(walk, &at, "/", 1))
        return;
    mqb_match_level(walk, &at, 1);
    mqb_match_route(walk, at, 1);
}

static const struct mqb_router router = {
    .routes = routes,
    .walk = walk_topic,
    .route_count = 2,
    .value_count = 1,
};
static const struct mqb_str no_values[] = {{NULL, 0}};

static inline void join(struct fixture *f, struct member *member)
{
    member->transport = mqb_loopback_join(&f->broker, &member->peer, &member->client);
    const struct mqb_client_config config = {
        /* No subscribe: the tests subscribe to what they please. */
        .transport = {.context = member->transport.context, .publish = member->transport.publish},
        .scratch = member->scratch,
        .scratch_bytes = sizeof member->scratch,
        .send_buffer = member->send_buffer,
        .send_buffer_bytes = sizeof member->send_buffer,
    };
    mqb_client_init(&member->client, &config);
    member->binding = (struct mqb_binding){
        .client = &member->client,
        .router = &router,
        .values = no_values,
        .side = member,
    };
    assert_int_equal(mqb_binding_add(&member->binding), MQB_OK);
}

static inline int set_up(void **state)
{
    static struct fixture fixture;
    mqb_memory_unpoison(&fixture, sizeof fixture);
    memset(&fixture, 0, sizeof fixture);
    mqb_loopback_init(&fixture.broker, fixture.memory, sizeof fixture.memory);
    for (size_t i = 0; i < CLIENTS; i++) {
        fixture.members[i].fixture = &fixture;
        join(&fixture, &fixture.members[i]);
    }
    *state = &fixture;
    return 0;
}

static inline enum mqb_status subscribe(struct member *member, const char *filter, int qos)
{
    return member->transport.subscribe(member->transport.context, filter, qos);
}

static inline enum mqb_status unsubscribe(struct member *member, const char *filter)
{
    return member->transport.unsubscribe(member->transport.context, filter);
}

#endif
