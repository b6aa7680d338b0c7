/* The broker in memory: who gets what, and what happens when it is full. */
#include "loopback_fixture.h"

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
    static char big[1100];
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
    mqb_loopback_init(&f->broker, f->memory, 240);
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

static void a_client_can_be_spared_what_it_sent(void **state)
{
    struct fixture *f = *state;
    struct member *m = f->members;
    assert_int_equal(m[0].transport.own_messages(m[0].transport.context), MQB_OWN_RETURNED);
    f->broker.no_local = true;
    assert_int_equal(m[0].transport.own_messages(m[0].transport.context), MQB_OWN_LEFT_OUT);
    subscribe(&m[0], "a", 0);
    subscribe(&m[1], "a", 0);
    publish(&m[0], "a", MQB_STR("1"));
    publish(&m[1], "a", MQB_STR("2"));
    assert_int_equal(mqb_loopback_run(&f->broker), 2);
    assert_int_equal(m[0].count, 1);
    assert_string_equal(m[0].got[0], "a 2 q0");
    assert_int_equal(m[1].count, 1);
    assert_string_equal(m[1].got[0], "a 1 q0");
    f->broker.no_local = false;
    publish(&m[0], "a", MQB_STR("3"));
    mqb_loopback_run(&f->broker);
    assert_string_equal(m[0].got[1], "a 3 q0");
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
        TEST(a_client_can_be_spared_what_it_sent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
