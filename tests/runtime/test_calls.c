/* Calls: each that was begun ends exactly once, whatever comes, late, twice or never. */
#include "station.h"

#include <mqbind/loopback.h>

/* ---- Replies ---- */

static void a_reply_in_time_ends_its_call(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(call(f, "north", 1, 100), MQB_OK);
    assert_int_equal(f->published, 1);
    assert_ended(f, "");
    assert_int_equal(receive(&f->a, "pump/north/answer", "{\"id\":1,\"level\":42}"), MQB_OK);
    assert_ended(f, "1: ok 42");
    tick(f, 5000);
    assert_ended(f, "1: ok 42");
    assert_counters(f, 1, 1, 0, 0);
    assert_int_equal(f->reported_count, 0);
}

static void a_failure_that_the_peer_reports_is_a_reply(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(call(f, "north", 1, 100), MQB_OK);
    assert_int_equal(receive(&f->a, "pump/north/answer", "{\"id\":1,\"failed\":true}"), MQB_OK);
    assert_ended(f, "1: ok failed");
    assert_counters(f, 1, 1, 0, 0);
}

static void replies_may_come_in_any_order(void **state)
{
    struct fixture *f = *state;
    for (int id = 1; id <= 4; id++)
        assert_int_equal(call(f, "north", id, 100), MQB_OK);
    receive(&f->a, "pump/north/answer", "{\"id\":3,\"level\":3}");
    receive(&f->a, "pump/north/answer", "{\"id\":1,\"level\":1}");
    receive(&f->a, "pump/north/answer", "{\"id\":4,\"level\":4}");
    receive(&f->a, "pump/north/answer", "{\"id\":2,\"level\":2}");
    assert_ended(f, "3: ok 3, 1: ok 1, 4: ok 4, 2: ok 2");
    assert_counters(f, 4, 4, 0, 0);
}

static void a_late_reply_is_refused(void **state)
{
    struct fixture *f = *state;
    call(f, "north", 1, 100);
    tick(f, 1100);
    assert_ended(f, "1: " TIMEOUT);
    assert_int_equal(
        receive(&f->a, "pump/north/answer", "{\"id\":1,\"level\":1}"), MQB_ERR_NO_CALL);
    assert_string_equal(f->reported[0], "pump/north/answer: no call is waiting for this reply");
    assert_int_equal(f->a.client.counters.received_by_status[MQB_ERR_NO_CALL], 1);
    assert_ended(f, "1: " TIMEOUT);
}

static void a_second_reply_is_refused(void **state)
{
    struct fixture *f = *state;
    call(f, "north", 1, 100);
    receive(&f->a, "pump/north/answer", "{\"id\":1,\"level\":1}");
    assert_int_equal(
        receive(&f->a, "pump/north/answer", "{\"id\":1,\"level\":2}"), MQB_ERR_NO_CALL);
    assert_ended(f, "1: ok 1");
    assert_int_equal(f->reported_count, 1);
}

static void a_handler_takes_what_no_call_waits_for(void **state)
{
    struct fixture *f = *state;
    f->a.pump.on_answer = on_answer;
    call(f, "north", 1, 100);
    assert_int_equal(receive(&f->a, "pump/north/answer", "{\"id\":1,\"level\":1}"), MQB_OK);
    assert_int_equal(f->handled, 0);
    assert_int_equal(receive(&f->a, "pump/north/answer", "{\"id\":1,\"level\":1}"), MQB_OK);
    assert_int_equal(f->handled, 1);
    assert_ended(f, "1: ok 1");
}

static void a_reply_to_another_request_ends_nothing(void **state)
{
    struct fixture *f = *state;
    call(f, "north", 1, 100);
    const char *answer = "{\"id\":1,\"level\":1}";
    assert_int_equal(receive(&f->a, "pump/south/answer", answer), MQB_ERR_NO_CALL);
    assert_int_equal(receive(&f->a, "pump/nort/answer", answer), MQB_ERR_NO_CALL);
    assert_int_equal(
        receive(&f->a, "pump/north/answer", "{\"id\":2,\"level\":1}"), MQB_ERR_NO_CALL);
    assert_ended(f, "");
    assert_int_equal(receive(&f->a, "pump/north/answer", answer), MQB_OK);
    assert_ended(f, "1: ok 1");
}

static void after_a_reply_of_the_wrong_shape_a_call_goes_on_waiting(void **state)
{
    struct fixture *f = *state;
    call(f, "north", 1, 100);
    assert_int_equal(
        receive(&f->a, "pump/north/answer", "{\"id\":1,\"level\":101}"), MQB_ERR_VALUE);
    assert_int_equal(receive(&f->a, "pump/north/answer", "{\"id\":1,"), MQB_ERR_JSON);
    assert_ended(f, "");
    assert_int_equal(f->reported_count, 2);
    receive(&f->a, "pump/north/answer", "{\"id\":1,\"level\":100}");
    assert_ended(f, "1: ok 100");
}

static void clients_do_not_take_each_others_replies(void **state)
{
    struct fixture *f = *state;
    call(f, "north", 1, 100);
    pump_call_ask(&f->b.pump, MQB_STR("north"), 1, 100, on_reply, (void *)(uintptr_t) "b");
    receive(&f->b, "pump/north/answer", "{\"id\":1,\"level\":2}");
    assert_ended(f, "b: ok 2");
    assert_int_equal(f->a.client.waiting, 1);
    mqb_client_cancel_calls(&f->b.client);
    receive(&f->a, "pump/north/answer", "{\"id\":1,\"level\":1}");
    assert_ended(f, "b: ok 2, 1: ok 1");
}

/* ---- What is refused ---- */

static void a_full_table_refuses(void **state)
{
    struct fixture *f = *state;
    for (int id = 1; id <= CALLS; id++)
        assert_int_equal(call(f, "north", id, 100), MQB_OK);
    assert_int_equal(call(f, "north", 5, 100), MQB_ERR_LIMIT);
    assert_string_equal(f->reported[0], "pump/{}/ask: too many calls are waiting");
    assert_int_equal(f->published, CALLS);
    assert_counters(f, CALLS, 0, 0, 0);
    assert_int_equal(f->a.client.counters.sent_by_status[MQB_ERR_LIMIT], 1);
    assert_int_equal(f->a.client.counters.sent, CALLS + 1);
    receive(&f->a, "pump/north/answer", "{\"id\":2,\"level\":1}");
    assert_int_equal(call(f, "north", 5, 100), MQB_OK);
    assert_int_equal(call(f, "north", 6, 100), MQB_ERR_LIMIT);
    tick(f, 1100);
    assert_int_equal(f->ended_count, 5);
}

static void without_a_table_no_call_is_begun(void **state)
{
    struct fixture *f = *state;
    struct mqb_client_config config = make_config(&f->a);
    config.calls = NULL;
    config.call_count = 0;
    start(&f->a, &config);
    assert_int_equal(call(f, "north", 1, 100), MQB_ERR_LIMIT);
    assert_int_equal(
        receive(&f->a, "pump/north/answer", "{\"id\":1,\"level\":1}"), MQB_ERR_NO_CALL);
    tick(f, 5000);
    mqb_client_cancel_calls(&f->a.client);
    assert_true(mqb_client_due_ms(&f->a.client, 0) == UINT64_MAX);
    config.calls = f->a.calls;
    config.call_count = 0;
    start(&f->a, &config);
    assert_int_equal(call(f, "north", 1, 100), MQB_ERR_LIMIT);
    assert_int_equal(f->published, 0);
    assert_ended(f, "");
}

static void a_key_that_is_too_long_is_refused(void **state)
{
    struct fixture *f = *state;
    const size_t most = MQB_CALL_KEY_BYTES - sizeof(void *) - 2 - (2 + 8) - 2;
    char name[MQB_CALL_KEY_BYTES + 1];
    memset(name, 'x', sizeof name);
    name[most] = '\0';
    assert_int_equal(call(f, name, 1, 100), MQB_OK);
    name[most] = 'x';
    name[most + 1] = '\0';
    assert_int_equal(call(f, name, 1, 100), MQB_ERR_LIMIT);
    assert_string_equal(f->reported[0], "pump/{}/ask: the key of the call is too long");
    /* A reply from there is nobody's. */
    char topic[200];
    snprintf(topic, sizeof topic, "pump/%s/answer", name);
    assert_int_equal(receive(&f->a, topic, "{\"id\":1,\"level\":1}"), MQB_ERR_NO_CALL);
    assert_int_equal(f->a.client.waiting, 1);
}

static void a_key_that_waits_is_not_taken_again(void **state)
{
    struct fixture *f = *state;
    call(f, "north", 1, 100);
    assert_int_equal(call(f, "north", 1, 500), MQB_ERR_DUPLICATE);
    assert_string_equal(f->reported[0], "pump/{}/ask: a call with the same key is already waiting");
    assert_int_equal(call(f, "south", 1, 500), MQB_OK);
    tick(f, 1100);
    assert_ended(f, "1: " TIMEOUT);
    assert_int_equal(call(f, "north", 1, 100), MQB_OK);
}

static void a_side_that_is_not_bound_cannot_call(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(mqb_binding_remove(&f->a.pump.binding), MQB_OK);
    assert_int_equal(call(f, "north", 1, 100), MQB_ERR_NO_ROUTE);
    assert_string_equal(f->reported[0], "pump/{}/ask: no reply would reach an unbound side");
    assert_int_equal(f->published, 0);
}

static void a_request_that_is_not_sent_is_no_call(void **state)
{
    struct fixture *f = *state;
    f->publish = MQB_ERR_TRANSPORT;
    assert_int_equal(call(f, "north", 1, 100), MQB_ERR_TRANSPORT);
    assert_int_equal(call(f, "a/b", 1, 100), MQB_ERR_TOPIC);
    assert_counters(f, 0, 0, 0, 0);
    tick(f, 5000);
    mqb_client_cancel_calls(&f->a.client);
    assert_ended(f, "");
    f->publish = MQB_OK;
    assert_int_equal(call(f, "north", 1, 100), MQB_OK);
}

/* ---- The connection ---- */

static void calls_end_when_the_connection_is_lost(void **state)
{
    struct fixture *f = *state;
    call(f, "north", 1, 100);
    call(f, "south", 2, 0);
    mqb_client_cancel_calls(&f->a.client);
    assert_ended(f, "1: " LOST ", 2: " LOST);
    mqb_client_cancel_calls(&f->a.client);
    tick(f, 5000);
    assert_int_equal(f->ended_count, 2);
    assert_counters(f, 2, 0, 0, 2);
    assert_int_equal(
        receive(&f->a, "pump/north/answer", "{\"id\":1,\"level\":1}"), MQB_ERR_NO_CALL);
}

static void leaving_the_broker_in_memory_ends_calls(void **state)
{
    struct fixture *f = *state;
    static char queue[1000];
    struct mqb_loopback broker;
    struct mqb_loopback_peer peer;
    struct mqb_client_config config = make_config(&f->a);
    mqb_loopback_init(&broker, queue, sizeof queue);
    config.transport = mqb_loopback_join(&broker, &peer, &f->a.client);
    start(&f->a, &config);
    assert_int_equal(call(f, "north", 1, 100), MQB_OK);
    assert_int_equal(call(f, "north", 2, 100), MQB_OK);
    const struct mqb_publish answer = {
        .topic = MQB_STR("pump/north/answer"),
        .payload = MQB_STR("{\"id\":1,\"level\":1}"),
    };
    assert_int_equal(config.transport.publish(config.transport.context, &answer), MQB_OK);
    assert_int_equal(mqb_loopback_run(&broker), 3);
    assert_ended(f, "1: ok 1");
    assert_true(mqb_loopback_leave(&peer));
    assert_ended(f, "1: ok 1, 2: " LOST);
}

static void unbinding_ends_the_calls_of_that_side_only(void **state)
{
    struct fixture *f = *state;
    struct pump other = f->a.pump;
    assert_int_equal(pump_bind(&other), MQB_OK);
    call(f, "north", 1, 100);
    pump_call_ask(&other, MQB_STR("north"), 1, 100, on_reply, (void *)(uintptr_t) "other");
    assert_int_equal(mqb_binding_remove(&f->a.pump.binding), MQB_OK);
    assert_ended(f, "1: " LOST);
    assert_int_equal(f->a.client.waiting, 1);
    receive(&f->a, "pump/north/answer", "{\"id\":1,\"level\":7}");
    assert_ended(f, "1: " LOST ", other: ok 7");
    assert_int_equal(mqb_binding_remove(&other.binding), MQB_OK);
}

static void bind_again(struct fixture *f)
{
    assert_int_equal(pump_bind(&f->a.pump), MQB_OK);
    assert_int_equal(call(f, "south", 9, 100), MQB_OK);
}

static void a_side_bound_again_inside_keeps_its_new_call_and_loses_the_old_ones(void **state)
{
    struct fixture *f = *state;
    for (int id = 1; id <= 3; id++)
        call(f, "north", id, 100);
    f->inside = bind_again;
    assert_int_equal(mqb_binding_remove(&f->a.pump.binding), MQB_OK);
    assert_ended(f, "1: " LOST ", 2: " LOST ", 3: " LOST);
    assert_int_equal(f->a.client.waiting, 1);
    receive(&f->a, "pump/south/answer", "{\"id\":9,\"level\":7}");
    assert_ended(f, "1: " LOST ", 2: " LOST ", 3: " LOST ", 9: ok 7");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_reply_in_time_ends_its_call),
        TEST(a_failure_that_the_peer_reports_is_a_reply),
        TEST(replies_may_come_in_any_order),
        TEST(a_late_reply_is_refused),
        TEST(a_second_reply_is_refused),
        TEST(a_handler_takes_what_no_call_waits_for),
        TEST(a_reply_to_another_request_ends_nothing),
        TEST(after_a_reply_of_the_wrong_shape_a_call_goes_on_waiting),
        TEST(clients_do_not_take_each_others_replies),
        TEST(a_full_table_refuses),
        TEST(without_a_table_no_call_is_begun),
        TEST(a_key_that_is_too_long_is_refused),
        TEST(a_key_that_waits_is_not_taken_again),
        TEST(a_side_that_is_not_bound_cannot_call),
        TEST(a_request_that_is_not_sent_is_no_call),
        TEST(calls_end_when_the_connection_is_lost),
        TEST(leaving_the_broker_in_memory_ends_calls),
        TEST(unbinding_ends_the_calls_of_that_side_only),
        TEST(a_side_bound_again_inside_keeps_its_new_call_and_loses_the_old_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
