/* Shared subscriptions of a client. */
#include "client_fixture.h"

/* What valve_bind() does, in a group. */
static enum mqb_status bind_in_group(struct valve *valve, const char *group)
{
    valve->binding = (struct mqb_binding){
        .client = valve->client,
        .router = &valve_router,
        .values = &valve->id,
        .links = valve->links,
        .side = valve,
        .group = group,
    };
    return mqb_binding_add(&valve->binding);
}

static void a_group_goes_in_front_of_every_filter(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(bind_in_group(&f->valve, "crew"), MQB_OK);
    assert_int_equal(f->record.count, 2);
    assert_string_equal(f->record.lines[0], "subscribe $share/crew/valve/all/open q2");
    assert_string_equal(f->record.lines[1], "subscribe $share/crew/valve/+/open q1");
    f->record.count = 0;
    assert_int_equal(mqb_client_subscribe_all(&f->client), MQB_OK);
    assert_string_equal(f->record.lines[0], "subscribe $share/crew/valve/+/open q1");
    assert_string_equal(f->record.lines[1], "subscribe $share/crew/valve/all/open q2");
    /* The topics of its messages have no group. */
    assert_int_equal(receive(f, "valve/north/open", "42"), MQB_OK);
    assert_string_equal(f->handled[0], "open north 42");
    f->record.count = 0;
    assert_int_equal(mqb_binding_remove(&f->valve.binding), MQB_OK);
    assert_string_equal(f->record.lines[0], "unsubscribe $share/crew/valve/all/open");
    assert_string_equal(f->record.lines[1], "unsubscribe $share/crew/valve/+/open");
}

static void an_empty_group_is_none(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(bind_in_group(&f->valve, ""), MQB_OK);
    assert_string_equal(f->record.lines[0], "subscribe valve/all/open q2");
}

static void filters_of_different_groups_are_different(void **state)
{
    struct fixture *f = *state;
    struct valve third = f->valve;
    struct valve fourth = f->valve;
    assert_int_equal(bind_in_group(&f->valve, "crew"), MQB_OK);
    assert_int_equal(bind_in_group(&f->other, "crew"), MQB_OK);
    assert_int_equal(bind_in_group(&third, "else"), MQB_OK);
    assert_int_equal(bind_in_group(&fourth, NULL), MQB_OK);
    f->record.count = 0;
    assert_int_equal(mqb_binding_remove(&f->valve.binding), MQB_OK);
    assert_int_equal(f->record.count, 0);
    assert_int_equal(mqb_binding_remove(&fourth.binding), MQB_OK);
    assert_int_equal(f->record.count, 2);
    assert_string_equal(f->record.lines[1], "unsubscribe valve/+/open");
    assert_int_equal(mqb_binding_remove(&third.binding), MQB_OK);
    assert_string_equal(f->record.lines[3], "unsubscribe $share/else/valve/+/open");
    assert_int_equal(mqb_binding_remove(&f->other.binding), MQB_OK);
    assert_string_equal(f->record.lines[5], "unsubscribe $share/crew/valve/+/open");
}

static void bad_groups_bind_nothing(void **state)
{
    static const char *const groups[] = {"a/b", "/", "+", "a#", "#"};
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
        assert_int_equal(bind_in_group(&f->valve, groups[i]), MQB_ERR_TOPIC);
        assert_reported(
            f, i, "valve/all/open: 3 : a group must not contain \"/\", \"+\", \"#\" or NUL");
    }
    assert_int_equal(bind_in_group(&f->valve, "\xff"), MQB_ERR_TOPIC);
    assert_reported(f, 5, "valve/all/open: 3 : a topic must be valid UTF-8");
    assert_null(f->client.bindings);
    assert_int_equal(f->record.count, 0);
}

static void a_group_must_fit_the_send_buffer(void **state)
{
    struct fixture *f = *state;
    struct mqb_client_config config = make_config(f);
    for (size_t bytes = 1; bytes < sizeof "$share/crew/valve/all/open"; bytes++) {
        config.send_buffer_bytes = bytes;
        mqb_client_init(&f->client, &config);
        f->reported_count = 0;
        assert_int_equal(bind_in_group(&f->valve, "crew"), MQB_ERR_SPACE);
    }
    config.send_buffer_bytes = sizeof "$share/crew/valve/all/open";
    mqb_client_init(&f->client, &config);
    assert_int_equal(bind_in_group(&f->valve, "crew"), MQB_OK);
}

/* The filter that a route with this group is subscribed to by a binding with that one. */
static const char *filter_of(
    struct fixture *f,
    const char *route_group,
    const char *binding_group,
    bool takes_replies)
{
    const struct mqb_route route = {
        .address = &valve_open_address,
        .values = valve_open_values,
        .receive = valve_receive_open,
        .wanted = valve_wants_open,
        .group = route_group,
        .takes_replies = takes_replies,
    };
    const struct mqb_router router = router_of(&route);
    f->record.count = 0;
    f->valve.binding = (struct mqb_binding){
        .client = &f->client,
        .router = &router,
        .values = &f->valve.id,
        .side = &f->valve,
        .group = binding_group,
    };
    assert_int_equal(mqb_binding_add(&f->valve.binding), MQB_OK);
    assert_int_equal(mqb_binding_remove(&f->valve.binding), MQB_OK);
    assert_int_equal(f->record.count, 2);
    return f->record.lines[0];
}

static void a_binding_says_whether_the_group_of_a_route_counts(void **state)
{
    struct fixture *f = *state;
    const char *plain = "subscribe valve/+/open q0";
    assert_string_equal(filter_of(f, NULL, NULL, false), plain);
    assert_string_equal(filter_of(f, "a", NULL, false), "subscribe $share/a/valve/+/open q0");
    assert_string_equal(filter_of(f, "a", "b", false), "subscribe $share/b/valve/+/open q0");
    assert_string_equal(filter_of(f, "a", "", false), plain);
}

static void replies_are_shared_only_by_clients_that_cannot_call(void **state)
{
    static struct mqb_call calls[1];
    struct fixture *f = *state;
    struct mqb_client_config config = make_config(f);
    const char *shared = "subscribe $share/a/valve/+/open q0";
    assert_string_equal(filter_of(f, "a", NULL, true), shared);
    config.calls = calls;
    config.call_count = 1;
    mqb_client_init(&f->client, &config);
    assert_string_equal(filter_of(f, "a", NULL, true), "subscribe valve/+/open q0");
    assert_string_equal(filter_of(f, NULL, "a", true), "subscribe valve/+/open q0");
    assert_string_equal(filter_of(f, "a", NULL, false), shared);
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_group_goes_in_front_of_every_filter),
        TEST(an_empty_group_is_none),
        TEST(filters_of_different_groups_are_different),
        TEST(bad_groups_bind_nothing),
        TEST(a_group_must_fit_the_send_buffer),
        TEST(a_binding_says_whether_the_group_of_a_route_counts),
        TEST(replies_are_shared_only_by_clients_that_cannot_call),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
