/* What the client does with messages that it receives. */
#include "client_fixture.h"

static void a_message_reaches_its_handler_with_its_parameters(void **state)
{
    struct fixture *f = *state;
    bind_quietly(f, &f->valve);
    assert_int_equal(receive(f, "valve/north/open", "42"), MQB_OK);
    assert_string_equal(f->handled[0], "open north 42");
    assert_received(f, MQB_OK, 1);
    assert_int_equal(f->reported_count, 0);
}

static void a_literal_level_wins_over_a_parameter(void **state)
{
    struct fixture *f = *state;
    bind_quietly(f, &f->valve);
    assert_int_equal(receive(f, "valve/all/open", "7"), MQB_OK);
    assert_int_equal(f->handled_count, 1);
    assert_string_equal(f->handled[0], "all - 7");
}

static void topics_that_mqtt_forbids_are_refused(void **state)
{
    static const struct {
        const char *topic;
        size_t len;
        const char *reported;
    } cases[] = {
        {"", 0, ": 3 : a topic must not be empty"},
        {"valve/+/open", 12, "valve/+/open: 3 : a topic must not contain \"+\", \"#\" or NUL"},
        {"#", 1, "#: 3 : a topic must not contain \"+\", \"#\" or NUL"},
        {"valve/\0/open", 12, "valve/: 3 : a topic must not contain \"+\", \"#\" or NUL"},
        {"v\xff", 2, "v\xff: 3 : a topic must be valid UTF-8"},
    };
    struct fixture *f = *state;
    const size_t count = sizeof cases / sizeof cases[0];
    bind_quietly(f, &f->valve);
    for (size_t i = 0; i < count; i++) {
        struct mqb_publish message = {.topic = {cases[i].topic, cases[i].len}};
        message.payload = MQB_STR("1");
        assert_int_equal(mqb_client_receive(&f->client, &message), MQB_ERR_TOPIC);
        assert_reported(f, i, cases[i].reported);
    }
    assert_received(f, MQB_ERR_TOPIC, count);
    assert_int_equal(f->handled_count, 0);
}

static void unknown_topics_have_no_route(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(receive(f, "valve/north/open", "1"), MQB_ERR_NO_ROUTE);
    bind_quietly(f, &f->valve);
    assert_int_equal(receive(f, "valve/north/close", "1"), MQB_ERR_NO_ROUTE);
    assert_int_equal(receive(f, "valve/north/open/x", "1"), MQB_ERR_NO_ROUTE);
    assert_reported(f, 1, "valve/north/close: 1 : no binding accepts the topic");
    assert_received(f, MQB_ERR_NO_ROUTE, 3);
}

static void parameters_that_break_their_rule_are_refused(void **state)
{
    struct fixture *f = *state;
    bind_quietly(f, &f->valve);
    assert_int_equal(receive(f, "valve/North/open", "1"), MQB_ERR_TOPIC);
    assert_int_equal(receive(f, "valve/abcdefghi/open", "1"), MQB_ERR_TOPIC);
    assert_int_equal(receive(f, "valve//open", "1"), MQB_ERR_TOPIC);
    assert_reported(f, 0, "valve/North/open: 3 : must be 1 to 8 lower-case letters");
    assert_reported(f, 2, "valve//open: 3 : a topic parameter must not be empty");
    assert_received(f, MQB_ERR_TOPIC, 3);
    assert_int_equal(f->handled_count, 0);
}

static void refused_payloads_are_reported_with_their_own_error(void **state)
{
    struct fixture *f = *state;
    bind_quietly(f, &f->valve);
    assert_int_equal(receive(f, "valve/a/open", "101"), MQB_ERR_VALUE);
    assert_int_equal(receive(f, "valve/a/open", "\"1\""), MQB_ERR_TYPE);
    assert_int_equal(receive(f, "valve/a/open", ""), MQB_ERR_JSON);
    assert_reported(f, 0, "valve/a/open: 8 : must be 0 to 100");
    assert_int_equal(f->reported_count, 3);
    assert_int_equal(f->handled_count, 0);
    assert_int_equal(receive(f, "valve/a/open", "100"), MQB_OK);
    assert_int_equal(f->handled_count, 1);
}

static void payloads_past_the_limit_are_refused_unread(void **state)
{
    struct fixture *f = *state;
    struct mqb_client_config config = make_config(f);
    config.max_payload_bytes = 3;
    mqb_client_init(&f->client, &config);
    bind_quietly(f, &f->valve);
    /* Reading it would crash. */
    const struct mqb_publish huge = {
        .topic = MQB_STR("valve/a/open"),
        .payload = {"", SIZE_MAX},
    };
    assert_int_equal(mqb_client_receive(&f->client, &huge), MQB_ERR_LIMIT);
    assert_reported(f, 0, "valve/a/open: 10 : the payload is longer than allowed");
    assert_int_equal(receive(f, "valve/a/open", "   1"), MQB_ERR_LIMIT);
    assert_int_equal(receive(f, "valve/a/open", "100"), MQB_OK);
    assert_received(f, MQB_ERR_LIMIT, 2);
}

static enum mqb_status refuse(struct valve *valve, struct mqb_str id, int64_t percent)
{
    (void)valve;
    (void)id;
    return (enum mqb_status)percent;
}

static void what_a_handler_returns_is_counted_and_reported(void **state)
{
    static const struct valve_handlers refusing = {.open = refuse};
    struct fixture *f = *state;
    f->valve.handlers = &refusing;
    bind_quietly(f, &f->valve);
    assert_int_equal(receive(f, "valve/a/open", "13"), MQB_ERR_HANDLER);
    assert_int_equal(receive(f, "valve/a/open", "12"), MQB_ERR_TRANSPORT);
    /* No status at all: it must not reach the counters' memory. */
    assert_int_equal(receive(f, "valve/a/open", "99"), MQB_ERR_HANDLER);
    assert_reported(f, 0, "valve/a/open: 13 : the handler refused the message");
    assert_reported(f, 1, "valve/a/open: 12 : the handler refused the message");
    assert_received(f, MQB_ERR_HANDLER, 2);
}

static void a_missing_handler_is_reported_after_the_payload_was_checked(void **state)
{
    static const struct valve_handlers none = {0};
    struct fixture *f = *state;
    f->valve.handlers = &none;
    assert_int_equal(valve_bind(&f->valve), MQB_OK);
    assert_int_equal(f->record.count, 0);
    assert_int_equal(receive(f, "valve/a/open", "1"), MQB_ERR_NO_HANDLER);
    assert_int_equal(receive(f, "valve/all/open", "1"), MQB_ERR_NO_HANDLER);
    assert_int_equal(receive(f, "valve/a/open", "-1"), MQB_ERR_VALUE);
    assert_reported(f, 0, "valve/a/open: 2 : the message is valid but has no handler");
}

static void every_binding_gets_the_message_and_values_filter(void **state)
{
    struct fixture *f = *state;
    f->valve.id = MQB_STR("north");
    bind_quietly(f, &f->valve);
    bind_quietly(f, &f->other);
    assert_int_equal(receive(f, "valve/north/open", "1"), MQB_OK);
    assert_int_equal(f->handled_count, 2);
    assert_int_equal(receive(f, "valve/south/open", "1"), MQB_OK);
    assert_int_equal(f->handled_count, 3);
    assert_received(f, MQB_OK, 2);
}

static void one_refusing_binding_does_not_stop_the_others(void **state)
{
    static const struct valve_handlers refusing = {.open = refuse};
    struct fixture *f = *state;
    f->other.handlers = &refusing;
    bind_quietly(f, &f->valve);
    bind_quietly(f, &f->other);
    assert_int_equal(receive(f, "valve/a/open", "13"), MQB_ERR_HANDLER);
    assert_int_equal(f->handled_count, 1);
    assert_int_equal(f->reported_count, 1);
    assert_received(f, MQB_ERR_HANDLER, 1);
    /* The same the other way round. */
    assert_int_equal(mqb_binding_remove(&f->valve.binding), MQB_OK);
    bind_quietly(f, &f->valve);
    assert_int_equal(receive(f, "valve/a/open", "13"), MQB_ERR_HANDLER);
    assert_int_equal(f->handled_count, 2);
    assert_int_equal(f->reported_count, 2);
}

/* Receives again from inside, one percent less each time. */
static enum mqb_status dig(struct valve *valve, struct mqb_str id, int64_t percent)
{
    struct fixture *f = valve->user;
    char payload[12];
    f->client.scratch.used += 8; /* as a decoded array would */
    snprintf(payload, sizeof payload, "%d", (int)percent - 1);
    handled(f, "dig", id, percent);
    return percent == 0 ? MQB_OK : receive(f, "valve/a/open", payload);
}

static void handlers_may_receive_inside_up_to_a_depth(void **state)
{
    static const struct valve_handlers digging = {.open = dig};
    struct fixture *f = *state;
    f->valve.handlers = &digging;
    bind_quietly(f, &f->valve);
    assert_int_equal(receive(f, "valve/a/open", "7"), MQB_OK);
    assert_int_equal(f->handled_count, 8);
    assert_int_equal(f->client.scratch.used, 0);
    assert_received(f, MQB_OK, 8);

    f->handled_count = 0;
    assert_int_equal(receive(f, "valve/a/open", "50"), MQB_ERR_LIMIT);
    assert_int_equal(f->handled_count, 8);
    assert_reported(f, 0, "valve/a/open: 10 : handlers are nested too deeply");
    /* The one that was too deep, and the eight whose handlers returned its status. */
    assert_received(f, MQB_ERR_LIMIT, 9);
    assert_int_equal(f->client.receiving, 0);
}

static void without_on_error_the_counters_still_tell(void **state)
{
    struct fixture *f = *state;
    struct mqb_client_config config = make_config(f);
    config.on_error = NULL;
    mqb_client_init(&f->client, &config);
    assert_int_equal(receive(f, "x", "1"), MQB_ERR_NO_ROUTE);
    assert_received(f, MQB_ERR_NO_ROUTE, 1);
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_message_reaches_its_handler_with_its_parameters),
        TEST(a_literal_level_wins_over_a_parameter),
        TEST(topics_that_mqtt_forbids_are_refused),
        TEST(unknown_topics_have_no_route),
        TEST(parameters_that_break_their_rule_are_refused),
        TEST(refused_payloads_are_reported_with_their_own_error),
        TEST(payloads_past_the_limit_are_refused_unread),
        TEST(what_a_handler_returns_is_counted_and_reported),
        TEST(a_missing_handler_is_reported_after_the_payload_was_checked),
        TEST(every_binding_gets_the_message_and_values_filter),
        TEST(one_refusing_binding_does_not_stop_the_others),
        TEST(handlers_may_receive_inside_up_to_a_depth),
        TEST(without_on_error_the_counters_still_tell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
