/* The broker in memory: who gets what, and what happens when it is full. */
#include "valve.h"

#include <mqbind/loopback.h>
#include <mqbind/memory.h>

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
    char memory[512];
    struct member members[CLIENTS];
};

static struct mqb_loopback *broker_of(struct member *member)
{
    return &member->fixture->broker;
}

static enum mqb_status publish(struct member *member, const char *topic, struct mqb_str payload)
{
    const struct mqb_publish message = {
        .topic = mqb_str_from(topic),
        .payload = payload,
        .qos = 1,
        .retain = true,
    };
    return member->transport.publish(member->transport.context, &message);
}

static enum mqb_status take(struct mqb_binding *binding, struct mqb_inbound *inbound)
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

static bool wanted(const struct mqb_binding *binding)
{
    (void)binding;
    return true;
}

static const struct mqb_parameter any[] = {{.name = "x"}, {.name = "y"}};
static const struct mqb_address one_level = {"{}", any, 1};
static const struct mqb_address two_levels = {"{}/{}", any, 2};
static const uint8_t places[] = {0, 0};
static const struct mqb_route routes[] = {
    {.address = &one_level, .values = places, .receive = take, .wanted = wanted},
    {.address = &two_levels, .values = places, .receive = take, .wanted = wanted},
};
static void walk_topic(struct mqb_topic_walk *walk, const char *at)
{
    mqb_take_level(walk, &at, 0);
    mqb_take_route(walk, at, 0);
    if (!mqb_take_text(walk, &at, "/", 1))
        return;
    mqb_take_level(walk, &at, 1);
    mqb_take_route(walk, at, 1);
}

static const struct mqb_router router = {
    .routes = routes,
    .walk = walk_topic,
    .route_count = 2,
    .value_count = 1,
};
static const struct mqb_str no_values[] = {{NULL, 0}};

static void join(struct fixture *f, struct member *member)
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
    assert_int_equal(mqb_bind(&member->binding), MQB_OK);
}

static int set_up(void **state)
{
    static struct fixture fixture;
    mqb_memory_lives(&fixture, sizeof fixture);
    memset(&fixture, 0, sizeof fixture);
    mqb_loopback_init(&fixture.broker, fixture.memory, sizeof fixture.memory);
    for (size_t i = 0; i < CLIENTS; i++) {
        fixture.members[i].fixture = &fixture;
        join(&fixture, &fixture.members[i]);
    }
    *state = &fixture;
    return 0;
}

static enum mqb_status subscribe(struct member *member, const char *filter, int qos)
{
    return member->transport.subscribe(member->transport.context, filter, qos);
}

static enum mqb_status unsubscribe(struct member *member, const char *filter)
{
    return member->transport.unsubscribe(member->transport.context, filter);
}

static void messages_reach_those_who_subscribed(void **state)
{
    struct fixture *f = *state;
    struct member *m = f->members;
    assert_int_equal(subscribe(&m[0], "a/+", 2), MQB_OK);
    assert_int_equal(subscribe(&m[1], "#", 0), MQB_OK);
    assert_int_equal(publish(&m[2], "a/b", MQB_STR("1")), MQB_OK);
    assert_int_equal(publish(&m[0], "c", MQB_STR("2")), MQB_OK);
    assert_int_equal(m[0].count + m[1].count, 0);
    assert_int_equal(f->broker.queued, 2);
    assert_int_equal(mqb_loopback_run(&f->broker), 2);
    assert_int_equal(m[0].count, 1);
    assert_string_equal(m[0].got[0], "a/b 1 q1");
    assert_int_equal(m[1].count, 2);
    assert_string_equal(m[1].got[0], "a/b 1 q0");
    assert_string_equal(m[1].got[1], "c 2 q0");
    assert_int_equal(m[2].count, 0);
    assert_int_equal(mqb_loopback_run(&f->broker), 0);
}

static void a_client_gets_a_message_once_at_its_highest_qos(void **state)
{
    struct fixture *f = *state;
    struct member *m = f->members;
    subscribe(&m[0], "a/b", 0);
    subscribe(&m[0], "a/#", 1);
    subscribe(&m[0], "+/b", 0);
    publish(&m[0], "a/b", MQB_STR("x"));
    mqb_loopback_run(&f->broker);
    assert_int_equal(m[0].count, 1);
    assert_string_equal(m[0].got[0], "a/b x q1");
    /* Subscribing again replaces the QoS. */
    subscribe(&m[0], "a/#", 0);
    publish(&m[0], "a/b", MQB_STR("y"));
    mqb_loopback_run(&f->broker);
    assert_string_equal(m[0].got[1], "a/b y q0");
}

static void wildcards_do_not_reach_the_brokers_own_topics(void **state)
{
    struct fixture *f = *state;
    struct member *m = f->members;
    subscribe(&m[0], "#", 0);
    subscribe(&m[1], "$SYS/#", 0);
    publish(&m[2], "$SYS/up", MQB_STR("1"));
    mqb_loopback_run(&f->broker);
    assert_int_equal(m[0].count, 0);
    assert_int_equal(m[1].count, 1);
}

static void unsubscribing_ends_delivery(void **state)
{
    struct fixture *f = *state;
    struct member *m = f->members;
    subscribe(&m[0], "first", 0);
    subscribe(&m[0], "second", 0);
    subscribe(&m[0], "third", 0);
    assert_int_equal(unsubscribe(&m[0], "second"), MQB_OK);
    assert_int_equal(unsubscribe(&m[0], "second"), MQB_ERR_TRANSPORT);
    publish(&m[0], "first", MQB_STR("1"));
    publish(&m[0], "second", MQB_STR("2"));
    publish(&m[0], "third", MQB_STR("3"));
    assert_int_equal(mqb_loopback_run(&f->broker), 3);
    assert_int_equal(m[0].count, 2);
    assert_string_equal(m[0].got[1], "third 3 q0");
}

static void what_a_broker_would_refuse_is_refused(void **state)
{
    struct fixture *f = *state;
    struct member *m = f->members;
    assert_int_equal(subscribe(&m[0], "a#", 0), MQB_ERR_TRANSPORT);
    assert_int_equal(subscribe(&m[0], "", 0), MQB_ERR_TRANSPORT);
    assert_int_equal(publish(&m[0], "a/+", MQB_STR("1")), MQB_ERR_TRANSPORT);
    assert_int_equal(publish(&m[0], "", MQB_STR("1")), MQB_ERR_TRANSPORT);
    assert_int_equal(f->broker.queued, 0);
}

static void filters_are_bounded(void **state)
{
    struct fixture *f = *state;
    struct member *m = f->members;
    char filter[] = "filter/xx";
    size_t taken = 0;
    for (char c = 'a'; c <= 'z'; c++) {
        for (char d = 'a'; d <= 'z'; d++) {
            filter[7] = c;
            filter[8] = d;
            taken += subscribe(&m[0], filter, 0) == MQB_OK;
        }
    }
    assert_int_equal(taken, MQB_LOOPBACK_FILTER_BYTES / (sizeof filter + 1));
    assert_int_equal(subscribe(&m[0], "filter/aa", 1), MQB_OK);
    assert_int_equal(subscribe(&m[0], "filter/zz", 0), MQB_ERR_TRANSPORT);
    assert_int_equal(unsubscribe(&m[0], "filter/ab"), MQB_OK);
    assert_int_equal(subscribe(&m[0], "filter/zz", 0), MQB_OK);
}

static void a_full_queue_refuses_and_keeps_what_it_has(void **state)
{
    struct fixture *f = *state;
    struct member *m = f->members;
    static char big[600];
    size_t taken = 0;
    subscribe(&m[0], "a", 0);
    while (publish(&m[1], "a", MQB_STR("0123456789")) == MQB_OK)
        taken++;
    assert_true(taken >= 10);
    assert_int_equal(f->broker.queued, taken);
    assert_int_equal(publish(&m[1], "a", MQB_STR("0123456789")), MQB_ERR_TRANSPORT);
    assert_int_equal(mqb_loopback_run(&f->broker), taken);
    assert_int_equal(m[0].count, taken);
    assert_int_equal(publish(&m[1], "a", (struct mqb_str){big, sizeof big}), MQB_ERR_TRANSPORT);
    assert_int_equal(publish(&m[1], "a", (struct mqb_str){big, SIZE_MAX}), MQB_ERR_TRANSPORT);
    mqb_loopback_init(&f->broker, NULL, 100);
    assert_int_equal(publish(&m[1], "a", MQB_STR("")), MQB_ERR_TRANSPORT);
}

static void empty_and_binary_payloads_arrive_as_they_are(void **state)
{
    struct fixture *f = *state;
    struct member *m = f->members;
    subscribe(&m[0], "a", 0);
    assert_int_equal(publish(&m[1], "a", (struct mqb_str){NULL, 0}), MQB_OK);
    assert_int_equal(publish(&m[1], "a", MQB_STR("\0\xff")), MQB_OK);
    assert_int_equal(mqb_loopback_run(&f->broker), 2);
    assert_string_equal(m[0].got[0], "a  q0");
    assert_int_equal(m[0].count, 2);
}

/* Every message is answered with one of another length: records wrap at all offsets. */
static void answers_go_through_a_small_ring_in_order(void **state)
{
    struct fixture *f = *state;
    struct member *m = f->members;
    static const char text[] = "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz";
    mqb_loopback_init(&f->broker, f->memory, 200);
    m[0].transport = mqb_loopback_join(&f->broker, &m[0].peer, &m[0].client);
    m[1].transport = mqb_loopback_join(&f->broker, &m[1].peer, &m[1].client);
    subscribe(&m[0], "ask", 0);
    subscribe(&m[1], "answer", 0);
    m[0].answer_to = &m[1];
    for (size_t i = 0; i < 500; i++) {
        const struct mqb_str payload = {text, i % 40};
        char expected[80];
        m[0].count = m[1].count = 0;
        assert_int_equal(publish(&m[1], "ask", payload), MQB_OK);
        assert_int_equal(mqb_loopback_run(&f->broker), 2);
        snprintf(expected, sizeof expected, "answer %.*s q0", (int)payload.len, text);
        assert_string_equal(m[1].got[0], expected);
    }
}

static void the_ring_wraps_while_messages_wait(void **state)
{
    struct fixture *f = *state;
    struct member *m = f->members;
    subscribe(&m[0], "ask", 0);
    subscribe(&m[1], "answer", 0);
    m[0].answer_to = &m[1];
    for (char c = 'a'; c <= 'j'; c++)
        assert_int_equal(publish(&m[2], "ask", (struct mqb_str){&c, 1}), MQB_OK);
    /* The answers find room only where questions were. */
    assert_int_equal(mqb_loopback_run(&f->broker), 20);
    assert_int_equal(m[1].count, 10);
    assert_string_equal(m[1].got[0], "answer a q0");
    assert_string_equal(m[1].got[9], "answer j q0");
}

static void endless_talk_is_cut_into_turns(void **state)
{
    struct fixture *f = *state;
    struct member *m = f->members;
    subscribe(&m[0], "answer", 0);
    m[0].answer_to = &m[0];
    assert_int_equal(publish(&m[0], "answer", MQB_STR("x")), MQB_OK);
    assert_int_equal(mqb_loopback_run(&f->broker), MQB_LOOPBACK_RUN_MAX);
    assert_int_equal(mqb_loopback_run(&f->broker), MQB_LOOPBACK_RUN_MAX);
    m[0].answer_to = NULL;
    assert_int_equal(mqb_loopback_run(&f->broker), 1);
    assert_int_equal(m[0].count, 2 * MQB_LOOPBACK_RUN_MAX + 1);
}

static void a_handler_cannot_run_or_leave_the_broker(void **state)
{
    struct fixture *f = *state;
    struct member *m = f->members;
    subscribe(&m[0], "a", 0);
    m[0].run_inside = true;
    m[0].leave_inside = true;
    publish(&m[1], "a", MQB_STR("1"));
    publish(&m[1], "a", MQB_STR("2"));
    assert_int_equal(mqb_loopback_run(&f->broker), 2);
    assert_int_equal(m[0].count, 2);
}

static void who_left_sends_and_gets_nothing_until_it_is_back(void **state)
{
    struct fixture *f = *state;
    struct member *m = f->members;
    subscribe(&m[0], "a", 0);
    assert_true(mqb_loopback_leave(&m[2].peer));
    assert_true(mqb_loopback_leave(&m[0].peer));
    assert_true(mqb_loopback_leave(&m[0].peer));
    assert_int_equal(publish(&m[0], "a", MQB_STR("1")), MQB_ERR_TRANSPORT);
    assert_int_equal(subscribe(&m[0], "a", 0), MQB_ERR_TRANSPORT);
    assert_int_equal(publish(&m[1], "a", MQB_STR("2")), MQB_OK);
    assert_int_equal(mqb_loopback_run(&f->broker), 1);
    assert_int_equal(m[0].count, 0);

    mqb_loopback_join(&f->broker, &m[0].peer, &m[0].client);
    m[0].client.config.transport.subscribe = m[0].transport.subscribe;
    assert_int_equal(mqb_client_subscribe_all(&m[0].client), MQB_OK);
    assert_int_equal(publish(&m[1], "a", MQB_STR("3")), MQB_OK);
    assert_int_equal(mqb_loopback_run(&f->broker), 1);
    assert_string_equal(m[0].got[0], "a 3 q0");
}

static void joining_twice_is_joining_once(void **state)
{
    struct fixture *f = *state;
    struct member *m = f->members;
    mqb_loopback_join(&f->broker, &m[0].peer, &m[0].client);
    subscribe(&m[0], "a", 0);
    publish(&m[1], "a", MQB_STR("1"));
    mqb_loopback_run(&f->broker);
    assert_int_equal(m[0].count, 1);
}

/* ---- Shared subscriptions ---- */

static void publish_many(struct fixture *f, const char *topic, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(publish(&f->members[2], topic, MQB_STR("1")), MQB_OK);
        assert_int_equal(mqb_loopback_run(&f->broker), 1);
    }
}

static void who_shares_a_subscription_takes_turns(void **state)
{
    struct fixture *f = *state;
    struct member *m = f->members;
    for (size_t i = 0; i < CLIENTS; i++)
        assert_int_equal(subscribe(&m[i], "$share/crew/a/+", 1), MQB_OK);
    publish_many(f, "a/b", 1);
    assert_string_equal(m[0].got[0], "a/b 1 q1");
    assert_int_equal(m[1].count + m[2].count, 0);
    publish_many(f, "a/b", 29);
    for (size_t i = 0; i < CLIENTS; i++)
        assert_int_equal(m[i].count, 10);
    publish_many(f, "b", 1);
    assert_int_equal(m[0].count + m[1].count + m[2].count, 30);
}

static void each_group_and_each_filter_has_turns_of_its_own(void **state)
{
    struct fixture *f = *state;
    struct member *m = f->members;
    for (size_t i = 0; i < 2; i++) {
        subscribe(&m[i], "$share/red/a", 0);
        subscribe(&m[i], "$share/blue/a", 0);
        subscribe(&m[i], "$share/red/+", 0);
    }
    subscribe(&m[2], "a", 0);
    publish_many(f, "a", 4);
    assert_int_equal(m[0].count, 6);
    assert_int_equal(m[1].count, 6);
    assert_int_equal(m[2].count, 4);
    /* Messages of another filter in between change nothing. */
    for (size_t i = 0; i < 4; i++) {
        publish_many(f, "b", 1);
        publish_many(f, "a", 1);
    }
    assert_true(m[0].count == m[1].count);
    assert_int_equal(m[0].count + m[1].count, 12 + 12 + 4);
}

static void a_shared_subscription_comes_on_top_of_ones_own(void **state)
{
    struct fixture *f = *state;
    struct member *m = f->members;
    subscribe(&m[0], "a", 1);
    subscribe(&m[0], "$share/crew/a", 0);
    publish_many(f, "a", 1);
    assert_int_equal(m[0].count, 2);
    assert_string_equal(m[0].got[0], "a 1 q1");
    assert_string_equal(m[0].got[1], "a 1 q0");
}

static void turns_go_on_when_members_come_and_go(void **state)
{
    struct fixture *f = *state;
    struct member *m = f->members;
    subscribe(&m[0], "$share/crew/a", 0);
    publish_many(f, "a", 3);
    assert_int_equal(m[0].count, 3);
    subscribe(&m[1], "$share/crew/a", 0);
    publish_many(f, "a", 2);
    assert_int_equal(m[0].count, 4);
    assert_int_equal(m[1].count, 1);
    /* Subscribing again changes the QoS and no turn. */
    subscribe(&m[0], "$share/crew/a", 1);
    publish_many(f, "a", 1);
    assert_int_equal(m[1].count, 2);
    publish_many(f, "a", 1);
    assert_string_equal(m[0].got[4], "a 1 q1");
    assert_true(mqb_loopback_leave(&m[0].peer));
    publish_many(f, "a", 1);
    assert_int_equal(m[1].count, 3);
    assert_int_equal(unsubscribe(&m[1], "$share/crew/a"), MQB_OK);
    publish_many(f, "a", 1);
    assert_int_equal(m[0].count, 5);
    assert_int_equal(m[1].count, 3);
}

/* As a handler may do it; the message at hand must not come round for ever. */
static void a_handler_may_leave_a_group_and_join_it_again(void **state)
{
    struct fixture *f = *state;
    struct member *m = f->members;
    subscribe(&m[0], "$share/crew/a", 0);
    subscribe(&m[1], "$share/crew/a", 0);
    m[0].rejoin_inside = "$share/crew/a";
    publish_many(f, "a", 3);
    assert_int_equal(m[0].count + m[1].count, 3);
}

static void bad_shared_filters_are_refused(void **state)
{
    static const char *const filters[] = {
        "$share/", "$share/g", "$share/g/", "$share//a", "$share/+/a", "$share/g#/a", "$share/g/a+",
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof filters / sizeof filters[0]; i++)
        assert_int_equal(subscribe(&f->members[0], filters[i], 0), MQB_ERR_TRANSPORT);
    assert_int_equal(subscribe(&f->members[0], "$share/g/#", 0), MQB_OK);
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(messages_reach_those_who_subscribed),
        TEST(a_client_gets_a_message_once_at_its_highest_qos),
        TEST(wildcards_do_not_reach_the_brokers_own_topics),
        TEST(unsubscribing_ends_delivery),
        TEST(what_a_broker_would_refuse_is_refused),
        TEST(filters_are_bounded),
        TEST(a_full_queue_refuses_and_keeps_what_it_has),
        TEST(empty_and_binary_payloads_arrive_as_they_are),
        TEST(answers_go_through_a_small_ring_in_order),
        TEST(the_ring_wraps_while_messages_wait),
        TEST(endless_talk_is_cut_into_turns),
        TEST(a_handler_cannot_run_or_leave_the_broker),
        TEST(who_left_sends_and_gets_nothing_until_it_is_back),
        TEST(joining_twice_is_joining_once),
        TEST(who_shares_a_subscription_takes_turns),
        TEST(each_group_and_each_filter_has_turns_of_its_own),
        TEST(a_shared_subscription_comes_on_top_of_ones_own),
        TEST(turns_go_on_when_members_come_and_go),
        TEST(a_handler_may_leave_a_group_and_join_it_again),
        TEST(bad_shared_filters_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
