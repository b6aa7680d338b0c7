/* A transport that takes many filters at once: which it gets, in which order, whatever is bound. */
#include "client_fixture.h"

#define VALVES 4

static struct valve valves[VALVES];
static const char ids[VALVES] = "abcd";
static enum mqb_status answer;

static enum mqb_status take_later(void *context)
{
    (void)context;
    return answer;
}

static int set_up_many(void **state)
{
    set_up(state);
    struct fixture *f = *state;
    struct mqb_client_config config = make_config(f);
    config.transport.subscribe_many = take_later;
    answer = MQB_OK;
    mqb_client_init(&f->client, &config);
    for (size_t i = 0; i < VALVES; i++) {
        valves[i] = (struct valve){.client = &f->client, .handlers = &handlers, .user = f};
        valves[i].id = (struct mqb_str){&ids[i], 1};
    }
    return 0;
}

static void bind_all(void)
{
    for (size_t i = 0; i < VALVES; i++)
        assert_int_equal(valve_bind(&valves[i]), MQB_OK);
}

/* Take the next filter, which must be this one; NULL: none waits. */
static void assert_next(struct fixture *f, const char *text, int qos)
{
    struct mqb_filter filter;
    assert_true(mqb_client_peek_filter(&f->client, &filter) == (text != NULL));
    if (!text)
        return;
    assert_string_equal(filter.text.ptr, text);
    assert_int_equal(filter.qos, qos);
    mqb_client_pop_filter(&f->client);
}

static void what_is_bound_waits_in_order(void **state)
{
    struct fixture *f = *state;
    assert_next(f, NULL, 0);
    bind_all();
    assert_next(f, "valve/all/open", 2);
    assert_next(f, "valve/a/open", 1);
    assert_next(f, "valve/all/open", 2);
    mqb_client_forget_filters(&f->client);
    assert_next(f, NULL, 0);
}

static void a_round_has_the_highest_qos_last(void **state)
{
    struct fixture *f = *state;
    bind_all();
    assert_int_equal(mqb_client_subscribe_all(&f->client), MQB_OK);
    assert_next(f, "valve/a/open", 1);
    assert_next(f, "valve/d/open", 1);
    assert_next(f, "valve/c/open", 1);
    assert_next(f, "valve/b/open", 1);
    for (size_t i = 0; i < VALVES; i++)
        assert_next(f, "valve/all/open", 2);
    assert_next(f, NULL, 0);
}

static void a_look_takes_nothing(void **state)
{
    struct fixture *f = *state;
    struct mqb_filter filter;
    valve_bind(&valves[0]);
    assert_true(mqb_client_peek_filter(&f->client, &filter));
    assert_true(mqb_client_peek_filter(&f->client, &filter));
    assert_next(f, "valve/all/open", 2);
}

static void what_is_bound_during_a_round_comes_after_it(void **state)
{
    struct fixture *f = *state;
    valve_bind(&valves[0]);
    valve_bind(&valves[1]);
    mqb_client_subscribe_all(&f->client);
    assert_next(f, "valve/a/open", 1);
    valve_bind(&valves[2]);
    /* Another sort, which the round has passed. */
    f->valve.client = &f->client;
    valve_bind(&f->valve);
    assert_next(f, "valve/b/open", 1);
    assert_next(f, "valve/all/open", 2);
    assert_next(f, "valve/all/open", 2);
    assert_next(f, "valve/all/open", 2);
    assert_next(f, "valve/c/open", 1);
    assert_next(f, "valve/all/open", 2);
    assert_next(f, "valve/+/open", 1);
    assert_next(f, NULL, 0);
}

static void what_is_unbound_does_not_wait(void **state)
{
    struct fixture *f = *state;
    bind_all();
    assert_next(f, "valve/all/open", 2);
    /* The first, of which one filter was taken; and the last. */
    mqb_binding_remove(&valves[0].binding);
    mqb_binding_remove(&valves[3].binding);
    assert_next(f, "valve/all/open", 2);
    assert_next(f, "valve/b/open", 1);
    valve_bind(&valves[3]);
    assert_next(f, "valve/all/open", 2);
    mqb_binding_remove(&valves[2].binding);
    assert_next(f, "valve/all/open", 2);
    assert_next(f, "valve/d/open", 1);
    assert_next(f, NULL, 0);
    /* Those that were forgotten are not in the list any more. */
    valve_bind(&valves[2]);
    mqb_client_forget_filters(&f->client);
    valve_bind(&valves[0]);
    mqb_binding_remove(&valves[2].binding);
    assert_next(f, "valve/all/open", 2);
    assert_next(f, "valve/a/open", 1);
    assert_next(f, NULL, 0);
}

static void a_round_survives_that_its_side_is_unbound(void **state)
{
    struct fixture *f = *state;
    bind_all();
    mqb_client_subscribe_all(&f->client);
    struct mqb_filter filter;
    assert_true(mqb_client_peek_filter(&f->client, &filter));
    mqb_binding_remove(&valves[0].binding);
    assert_next(f, "valve/d/open", 1);
    assert_true(mqb_client_peek_filter(&f->client, &filter));
    mqb_binding_remove(&valves[2].binding);
    mqb_binding_remove(&valves[1].binding);
    assert_next(f, "valve/all/open", 2);
    assert_next(f, NULL, 0);
}

static void a_round_survives_that_its_last_side_is_unbound(void **state)
{
    struct fixture *f = *state;
    struct mqb_filter filter;
    valve_bind(&valves[0]);
    f->valve.client = &f->client;
    valve_bind(&f->valve);
    mqb_client_subscribe_all(&f->client);
    assert_next(f, "valve/+/open", 1);
    assert_true(mqb_client_peek_filter(&f->client, &filter));
    mqb_binding_remove(&valves[0].binding);
    assert_next(f, "valve/all/open", 2);
    assert_next(f, NULL, 0);
    mqb_client_subscribe_all(&f->client);
    mqb_binding_remove(&f->valve.binding);
    assert_next(f, NULL, 0);
}

static void a_transport_that_refuses_is_reported(void **state)
{
    struct fixture *f = *state;
    answer = MQB_ERR_TRANSPORT;
    assert_int_equal(valve_bind(&valves[0]), MQB_ERR_TRANSPORT);
    assert_reported(f, 0, "valve/all/open: 12 : the transport refused the subscription");
    assert_reported(f, 1, "valve/a/open: 12 : the transport refused the subscription");
    assert_next(f, NULL, 0);
    assert_int_equal(mqb_client_subscribe_all(&f->client), MQB_ERR_TRANSPORT);
}

static void a_filter_that_went_bad_is_reported_and_passed_over(void **state)
{
    struct fixture *f = *state;
    bind_all();
    valves[0].id = MQB_STR("#");
    assert_int_equal(mqb_client_subscribe_all(&f->client), MQB_OK);
    assert_next(f, "valve/d/open", 1);
    assert_int_equal(f->client.counters.subscribe_failures, 1);
    assert_int_equal(f->reported_count, 1);
}

static void without_a_client_nothing_waits(void **state)
{
    struct mqb_filter filter;
    struct fixture *f = *state;
    assert_false(mqb_client_peek_filter(NULL, &filter));
    assert_false(mqb_client_peek_filter(&f->client, NULL));
    mqb_client_pop_filter(NULL);
    mqb_client_pop_filter(&f->client);
    mqb_client_forget_filters(NULL);
}

#define TEST(name) cmocka_unit_test_setup(name, set_up_many)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_bound_waits_in_order),
        TEST(a_round_has_the_highest_qos_last),
        TEST(a_look_takes_nothing),
        TEST(what_is_bound_during_a_round_comes_after_it),
        TEST(what_is_unbound_does_not_wait),
        TEST(a_round_survives_that_its_side_is_unbound),
        TEST(a_round_survives_that_its_last_side_is_unbound),
        TEST(a_transport_that_refuses_is_reported),
        TEST(a_filter_that_went_bad_is_reported_and_passed_over),
        TEST(without_a_client_nothing_waits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
