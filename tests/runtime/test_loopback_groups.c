/* Shared subscriptions of the broker in memory. */
#include "loopback_fixture.h"

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

/* As a handler may do it; the current message must not be delivered for ever. */
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
        TEST(who_shares_a_subscription_takes_turns),
        TEST(each_group_and_each_filter_has_turns_of_its_own),
        TEST(a_shared_subscription_comes_on_top_of_ones_own),
        TEST(turns_go_on_when_members_come_and_go),
        TEST(a_handler_may_leave_a_group_and_join_it_again),
        TEST(bad_shared_filters_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
