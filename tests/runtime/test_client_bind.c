/* Binding to a client and unbinding: which filters are subscribed to, and when not. */
#include "client_fixture.h"

static void binding_subscribes_to_what_has_handlers(void **state)
{
    static const struct valve_handlers some = {.open = open_one};
    struct fixture *f = *state;
    f->valve.handlers = &some;
    assert_int_equal(valve_bind(&f->valve), MQB_OK);
    assert_int_equal(f->record.count, 1);
    assert_string_equal(f->record.lines[0], "subscribe valve/+/open q1");
    f->other.id = MQB_STR("north");
    assert_int_equal(valve_bind(&f->other), MQB_OK);
    assert_int_equal(f->record.count, 3);
    assert_string_equal(f->record.lines[1], "subscribe valve/all/open q2");
    assert_string_equal(f->record.lines[2], "subscribe valve/north/open q1");
}

static void binding_twice_is_refused(void **state)
{
    struct fixture *f = *state;
    bind_quietly(f, &f->valve);
    bind_quietly(f, &f->other);
    assert_int_equal(valve_bind(&f->valve), MQB_ERR_DUPLICATE);
    assert_int_equal(valve_bind(&f->other), MQB_ERR_DUPLICATE);
    assert_int_equal(f->record.count, 0);
    assert_int_equal(receive(f, "valve/a/open", "1"), MQB_OK);
    assert_int_equal(f->handled_count, 2);
}

static void bad_values_bind_nothing(void **state)
{
    struct fixture *f = *state;
    f->valve.id = MQB_STR("a/b");
    assert_int_equal(valve_bind(&f->valve), MQB_ERR_TOPIC);
    f->valve.id = MQB_STR("North");
    assert_int_equal(valve_bind(&f->valve), MQB_ERR_TOPIC);
    assert_reported(f, 1, "valve/{}/open: 3 : must be 1 to 8 lower-case letters");
    assert_int_equal(f->record.count, 0);
    assert_int_equal(f->client.counters.subscribe_failures, 2);
    assert_int_equal(receive(f, "valve/all/open", "1"), MQB_ERR_NO_ROUTE);
}

static void filters_must_fit_the_send_buffer(void **state)
{
    struct fixture *f = *state;
    struct mqb_client_config config = make_config(f);
    config.send_buffer_bytes = sizeof "valve/all/open" - 1;
    mqb_client_init(&f->client, &config);
    assert_int_equal(valve_bind(&f->valve), MQB_ERR_SPACE);
    assert_reported(f, 0, "valve/all/open: 11 : the send buffer is too small for the filter");
    assert_null(f->client.bindings);
    config.send_buffer_bytes++;
    mqb_client_init(&f->client, &config);
    assert_int_equal(valve_bind(&f->valve), MQB_OK);
}

static void a_client_that_only_receives_needs_no_send_buffer(void **state)
{
    struct fixture *f = *state;
    struct mqb_client_config config = make_config(f);
    config.send_buffer = NULL;
    config.send_buffer_bytes = 0;
    config.scratch_bytes = sizeof "valve/all/open" - 1;
    mqb_client_init(&f->client, &config);
    assert_int_equal(valve_bind(&f->valve), MQB_ERR_SPACE);
    assert_reported(f, 0, "valve/all/open: 11 : the scratch memory is too small for the filter");
    config.scratch_bytes = sizeof f->scratch;
    mqb_client_init(&f->client, &config);
    assert_int_equal(valve_bind(&f->valve), MQB_OK);
    assert_string_equal(f->record.lines[0], "subscribe valve/all/open q2");
    assert_string_equal(f->record.lines[1], "subscribe valve/+/open q1");
    assert_int_equal(receive(f, "valve/north/open", "42"), MQB_OK);
    assert_string_equal(f->handled[0], "open north 42");
    f->record.subscribe = MQB_ERR_TRANSPORT;
    f->resend = MQB_STR("north"); /* Refused, as it has no memory; the filter stays whole. */
    assert_int_equal(mqb_client_subscribe_all(&f->client), MQB_ERR_TRANSPORT);
    assert_reported(f, 1, "valve/+/open: 12 : the transport refused the subscription");
    assert_sent(f, MQB_ERR_SPACE, 2);
    assert_int_equal(f->client.scratch.used, 0);
    assert_int_equal(mqb_binding_remove(&f->valve.binding), MQB_OK);
    assert_int_equal(f->record.count, 6);
}

static void filters_have_at_most_65535_bytes(void **state)
{
    static char send_buffer[80000];
    static char text[66000];
    static const struct mqb_parameter x = {.name = "x"};
    static const struct mqb_parameter *const any[] = {&x};
    static const struct mqb_address address = {"x/{}", any, 1};
    static const uint8_t place[] = {0};
    static const struct mqb_route route = {
        .address = &address,
        .values = place,
        .receive = valve_receive_open,
        .wanted = valve_wants_open};
    static const struct mqb_router router = {.routes = &route, .route_count = 1, .value_count = 1};
    struct fixture *f = *state;
    struct mqb_client_config config = make_config(f);
    config.send_buffer = send_buffer;
    config.send_buffer_bytes = sizeof send_buffer;
    mqb_client_init(&f->client, &config);
    memset(text, 'y', sizeof text);
    const struct mqb_str id = {text, sizeof text};
    f->valve.binding = (struct mqb_binding){
        .client = &f->client,
        .router = &router,
        .values = &id,
        .side = &f->valve,
    };
    assert_int_equal(mqb_binding_add(&f->valve.binding), MQB_ERR_TOPIC);
    assert_reported(f, 0, "x/{}: 3 : a filter must have at most 65535 bytes");
}

static void a_refused_subscription_is_reported_and_the_binding_stays(void **state)
{
    struct fixture *f = *state;
    f->record.subscribe = MQB_ERR_TRANSPORT;
    assert_int_equal(valve_bind(&f->valve), MQB_ERR_TRANSPORT);
    assert_int_equal(f->record.count, 2);
    assert_reported(f, 0, "valve/all/open: 12 : the transport refused the subscription");
    assert_reported(f, 1, "valve/+/open: 12 : the transport refused the subscription");
    assert_int_equal(f->client.counters.subscribe_failures, 2);
    assert_int_equal(mqb_client_subscribe_all(&f->client), MQB_ERR_TRANSPORT);
    assert_int_equal(f->record.count, 4);
    f->record.subscribe = MQB_OK;
    assert_int_equal(mqb_client_subscribe_all(&f->client), MQB_OK);
    assert_int_equal(f->record.count, 6);
    assert_int_equal(receive(f, "valve/a/open", "1"), MQB_OK);
}

static void a_late_refusal_names_the_filter(void **state)
{
    struct fixture *f = *state;
    mqb_client_refuse_filter(&f->client, MQB_STR("valve/+/open"), "not authorised");
    assert_reported(f, 0, "valve/+/open: 12 : not authorised");
    assert_int_equal(f->client.counters.subscribe_failures, 1);
}

static void subscribe_all_repeats_every_filter_highest_qos_last(void **state)
{
    static const struct mqb_route low[] = {
        {.address = &valve_open_address,
         .values = valve_open_values,
         .receive = valve_receive_open,
         .wanted = valve_wants_open},
    };
    const struct mqb_router router = router_of(low);
    struct fixture *f = *state;
    bind_quietly(f, &f->valve);
    f->other.binding = (struct mqb_binding){
        .client = &f->client,
        .router = &router,
        .values = &f->other.id,
        .side = &f->other,
    };
    assert_int_equal(mqb_binding_add(&f->other.binding), MQB_OK);
    /* The new binding does not lower what the first one asked for. */
    assert_string_equal(f->record.lines[0], "subscribe valve/+/open q1");
    f->record.count = 0;
    assert_int_equal(mqb_client_subscribe_all(&f->client), MQB_OK);
    assert_int_equal(f->record.count, 3);
    assert_string_equal(f->record.lines[0], "subscribe valve/+/open q0");
    assert_string_equal(f->record.lines[1], "subscribe valve/+/open q1");
    assert_string_equal(f->record.lines[2], "subscribe valve/all/open q2");
}

static void subscribe_all_tells_a_value_that_went_bad(void **state)
{
    struct fixture *f = *state;
    bind_quietly(f, &f->valve);
    f->valve.id = MQB_STR("#");
    assert_int_equal(mqb_client_subscribe_all(&f->client), MQB_ERR_TOPIC);
    assert_int_equal(f->record.count, 1);
    assert_int_equal(f->reported_count, 1);
}

static void unbinding_leaves_what_others_want(void **state)
{
    struct fixture *f = *state;
    struct valve third = f->valve;
    third.id = MQB_STR("north");
    bind_quietly(f, &f->valve);
    bind_quietly(f, &third);
    bind_quietly(f, &f->other);
    assert_int_equal(mqb_binding_remove(&third.binding), MQB_OK);
    assert_int_equal(f->record.count, 1);
    assert_string_equal(f->record.lines[0], "unsubscribe valve/north/open");
    f->record.count = 0;
    assert_int_equal(mqb_binding_remove(&f->valve.binding), MQB_OK);
    assert_int_equal(f->record.count, 0);
    assert_int_equal(mqb_binding_remove(&f->other.binding), MQB_OK);
    assert_int_equal(f->record.count, 2);
    assert_string_equal(f->record.lines[0], "unsubscribe valve/all/open");
    assert_string_equal(f->record.lines[1], "unsubscribe valve/+/open");
    assert_int_equal(mqb_binding_remove(&f->other.binding), MQB_ERR_NO_ROUTE);
    assert_int_equal(receive(f, "valve/north/open", "1"), MQB_ERR_NO_ROUTE);
    /* And it can come back. */
    assert_int_equal(valve_bind(&f->other), MQB_OK);
    assert_int_equal(receive(f, "valve/north/open", "1"), MQB_OK);
}

static enum mqb_status unbind_self(struct valve *valve, struct mqb_str id, int64_t percent)
{
    handled(valve->user, "unbinding", id, percent);
    assert_int_equal(mqb_binding_remove(&valve->binding), MQB_ERR_HANDLER);
    return MQB_OK;
}

static void unbinding_inside_a_handler_is_refused_and_changes_nothing(void **state)
{
    static const struct valve_handlers unbinding = {.open = unbind_self};
    struct fixture *f = *state;
    f->valve.handlers = &unbinding;
    bind_quietly(f, &f->valve);
    assert_int_equal(receive(f, "valve/a/open", "1"), MQB_OK);
    assert_int_equal(f->record.count, 0);
    assert_int_equal(receive(f, "valve/a/open", "1"), MQB_OK);
    assert_int_equal(f->handled_count, 2);
    assert_int_equal(mqb_binding_remove(&f->valve.binding), MQB_OK);
}

static enum mqb_status bind_other(struct valve *valve, struct mqb_str id, int64_t percent)
{
    struct fixture *f = valve->user;
    handled(f, "binding", id, percent);
    assert_int_equal(valve_bind(&f->other), f->handled_count == 1 ? MQB_OK : MQB_ERR_DUPLICATE);
    return MQB_OK;
}

static void a_handler_may_bind_and_the_new_binding_waits_for_the_next_message(void **state)
{
    static const struct valve_handlers binding = {.open = bind_other};
    struct fixture *f = *state;
    f->valve.handlers = &binding;
    bind_quietly(f, &f->valve);
    assert_int_equal(receive(f, "valve/a/open", "1"), MQB_OK);
    assert_int_equal(f->handled_count, 1);
    assert_int_equal(receive(f, "valve/a/open", "2"), MQB_OK);
    assert_int_equal(f->handled_count, 3);
}

static void a_client_without_transport_functions_receives(void **state)
{
    struct fixture *f = *state;
    struct mqb_client_config config = make_config(f);
    config.transport = (struct mqb_transport){0};
    mqb_client_init(&f->client, &config);
    assert_int_equal(valve_bind(&f->valve), MQB_OK);
    assert_int_equal(receive(f, "valve/a/open", "1"), MQB_OK);
    assert_int_equal(mqb_binding_remove(&f->valve.binding), MQB_OK);
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(binding_subscribes_to_what_has_handlers),
        TEST(binding_twice_is_refused),
        TEST(bad_values_bind_nothing),
        TEST(filters_must_fit_the_send_buffer),
        TEST(a_client_that_only_receives_needs_no_send_buffer),
        TEST(filters_have_at_most_65535_bytes),
        TEST(a_refused_subscription_is_reported_and_the_binding_stays),
        TEST(a_late_refusal_names_the_filter),
        TEST(subscribe_all_repeats_every_filter_highest_qos_last),
        TEST(subscribe_all_tells_a_value_that_went_bad),
        TEST(unbinding_leaves_what_others_want),
        TEST(unbinding_inside_a_handler_is_refused_and_changes_nothing),
        TEST(a_handler_may_bind_and_the_new_binding_waits_for_the_next_message),
        TEST(a_client_without_transport_functions_receives),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
