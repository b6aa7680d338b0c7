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
    assert_int_equal(f->told_count, 0);
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
    assert_string_equal(f->told[0], "pump/north/answer: no call waits for this reply");
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
    assert_int_equal(f->told_count, 1);
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
    assert_int_equal(f->told_count, 2);
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
    mqb_client_calls_lost(&f->b.client);
    receive(&f->a, "pump/north/answer", "{\"id\":1,\"level\":1}");
    assert_ended(f, "b: ok 2, 1: ok 1");
}

/* ---- Several sides on one client ---- */

/* A second pump on the first client, whose calls are named "other". */
static void bind_other(struct fixture *f, struct pump *other)
{
    *other = (struct pump){.client = &f->a.client, .user = &f->a};
    assert_int_equal(pump_bind(other), MQB_OK);
}

static void call_other(struct pump *other, int64_t id, uint32_t timeout_ms)
{
    pump_call_ask(other, MQB_STR("north"), id, timeout_ms, on_reply, (void *)(uintptr_t) "other");
}

static void assert_told(const struct fixture *f, size_t count, enum mqb_status status)
{
    assert_int_equal(f->told_count, count);
    assert_int_equal(f->a.client.counters.received_by_status[status], 1);
}

static void a_reply_that_one_side_takes_is_not_refused_by_the_other(void **state)
{
    struct fixture *f = *state;
    struct pump other;
    bind_other(f, &other);
    call(f, "north", 1, 100);
    call_other(&other, 2, 100);
    assert_int_equal(receive(&f->a, "pump/north/answer", "{\"id\":1,\"level\":1}"), MQB_OK);
    assert_int_equal(receive(&f->a, "pump/north/answer", "{\"id\":2,\"level\":2}"), MQB_OK);
    assert_ended(f, "1: ok 1, other: ok 2");
    assert_int_equal(f->told_count, 0);
    assert_int_equal(f->a.client.counters.received_by_status[MQB_OK], 2);
    assert_int_equal(f->a.client.counters.received_by_status[MQB_ERR_NO_CALL], 0);
}

static void a_reply_that_no_side_takes_is_refused_once(void **state)
{
    struct fixture *f = *state;
    struct pump other;
    bind_other(f, &other);
    assert_int_equal(
        receive(&f->a, "pump/north/answer", "{\"id\":1,\"level\":1}"), MQB_ERR_NO_CALL);
    assert_told(f, 1, MQB_ERR_NO_CALL);
    assert_string_equal(f->told[0], "pump/north/answer: no call waits for this reply");
}

static void a_handler_of_one_side_takes_what_no_side_waits_for(void **state)
{
    struct fixture *f = *state;
    struct pump other;
    bind_other(f, &other);
    other.on_answer = on_answer;
    assert_int_equal(receive(&f->a, "pump/north/answer", "{\"id\":1,\"level\":1}"), MQB_OK);
    assert_int_equal(f->handled, 1);
    assert_told(f, 0, MQB_OK);
}

/* As a side does for which the reply has the wrong shape. */
static enum mqb_status refuse_answer(struct pump *pump, const struct pump_answer *answer)
{
    (void)pump;
    (void)answer;
    return MQB_ERR_TYPE;
}

static void a_refusal_counts_even_if_another_side_takes_the_reply(void **state)
{
    struct fixture *f = *state;
    struct pump other;
    bind_other(f, &other);
    other.on_answer = refuse_answer;
    call(f, "north", 1, 100);
    assert_int_equal(receive(&f->a, "pump/north/answer", "{\"id\":1,\"level\":1}"), MQB_ERR_TYPE);
    assert_ended(f, "1: ok 1");
    assert_told(f, 1, MQB_ERR_TYPE);
}

static void a_refusal_and_a_reply_that_nobody_takes_are_both_told(void **state)
{
    struct fixture *f = *state;
    struct pump other;
    bind_other(f, &other);
    f->a.pump.on_answer = refuse_answer;
    assert_int_equal(receive(&f->a, "pump/north/answer", "{\"id\":1,\"level\":1}"), MQB_ERR_TYPE);
    assert_told(f, 2, MQB_ERR_TYPE);
    assert_string_equal(f->told[1], "pump/north/answer: no call waits for this reply");
}

/* ---- Time ---- */

static void a_call_ends_at_its_deadline_and_not_before(void **state)
{
    struct fixture *f = *state;
    call(f, "north", 1, 100);
    tick(f, 1099);
    assert_ended(f, "");
    tick(f, 1100);
    assert_ended(f, "1: " TIMEOUT);
    tick(f, 1200);
    assert_ended(f, "1: " TIMEOUT);
    assert_counters(f, 1, 0, 1, 0);
}

static void only_calls_that_are_due_end(void **state)
{
    struct fixture *f = *state;
    call(f, "north", 1, 300);
    call(f, "north", 2, 100);
    call(f, "north", 3, 200);
    tick(f, 1150);
    assert_ended(f, "2: " TIMEOUT);
    tick(f, 1250);
    tick(f, 1299);
    assert_ended(f, "2: " TIMEOUT ", 3: " TIMEOUT);
    tick(f, 9999);
    assert_ended(f, "2: " TIMEOUT ", 3: " TIMEOUT ", 1: " TIMEOUT);
}

static void calls_end_in_the_order_of_their_deadlines(void **state)
{
    struct fixture *f = *state;
    call(f, "north", 1, 300);
    call(f, "north", 2, 100);
    call(f, "north", 3, 200);
    call(f, "south", 4, 100);
    tick(f, 9999);
    assert_ended(f, "2: " TIMEOUT ", 4: " TIMEOUT ", 3: " TIMEOUT ", 1: " TIMEOUT);
}

static void until_the_tick_a_reply_is_in_time(void **state)
{
    struct fixture *f = *state;
    call(f, "north", 1, 100);
    f->now_ms = 2000;
    assert_int_equal(receive(&f->a, "pump/north/answer", "{\"id\":1,\"level\":1}"), MQB_OK);
    tick(f, 2000);
    assert_ended(f, "1: ok 1");
}

static void a_timeout_of_zero_is_over_at_the_next_tick(void **state)
{
    struct fixture *f = *state;
    call(f, "north", 1, 0);
    assert_ended(f, "");
    assert_int_equal(mqb_client_due_ms(&f->a.client, f->now_ms), 0);
    tick(f, f->now_ms);
    assert_ended(f, "1: " TIMEOUT);
}

static void deadlines_do_not_overflow(void **state)
{
    struct fixture *f = *state;
    f->now_ms = UINT64_MAX - 10;
    call(f, "north", 1, UINT32_MAX);
    call(f, "north", 2, 10);
    call(f, "north", 3, 9);
    tick(f, UINT64_MAX - 2);
    assert_ended(f, "");
    tick(f, UINT64_MAX - 1);
    assert_ended(f, "3: " TIMEOUT);
    tick(f, UINT64_MAX);
    assert_int_equal(f->ended_count, 3);
}

static void the_next_tick_that_matters_is_known(void **state)
{
    struct fixture *f = *state;
    const struct mqb_client *client = &f->a.client;
    assert_true(mqb_client_due_ms(client, 1000) == UINT64_MAX);
    call(f, "north", 1, 300);
    assert_int_equal(mqb_client_due_ms(client, 1000), 300);
    call(f, "north", 2, 100);
    assert_int_equal(mqb_client_due_ms(client, 1000), 100);
    assert_int_equal(mqb_client_due_ms(client, 1100), 0);
    assert_int_equal(mqb_client_due_ms(client, 5000), 0);
    receive(&f->a, "pump/north/answer", "{\"id\":2,\"level\":1}");
    assert_int_equal(mqb_client_due_ms(client, 1000), 300);
    call(f, "north", 2, 100);
    tick(f, 1100);
    assert_int_equal(mqb_client_due_ms(client, 1100), 200);
    receive(&f->a, "pump/north/answer", "{\"id\":1,\"level\":1}");
    assert_true(mqb_client_due_ms(client, 1100) == UINT64_MAX);
}

static void without_a_clock_the_ticks_tell_the_time(void **state)
{
    struct fixture *f = *state;
    struct mqb_client_config config = make_config(&f->a);
    config.transport.now_ms = NULL;
    start(&f->a, &config);
    mqb_client_tick(&f->a.client, 7000);
    call(f, "north", 1, 100);
    mqb_client_tick(&f->a.client, 6000); /* Time goes forward only. */
    call(f, "north", 2, 101);
    mqb_client_tick(&f->a.client, 7099);
    assert_ended(f, "");
    mqb_client_tick(&f->a.client, 7100);
    assert_ended(f, "1: " TIMEOUT);
    mqb_client_tick(&f->a.client, 7101);
    assert_ended(f, "1: " TIMEOUT ", 2: " TIMEOUT);
}

/* ---- What is refused ---- */

static void a_full_table_refuses(void **state)
{
    struct fixture *f = *state;
    for (int id = 1; id <= CALLS; id++)
        assert_int_equal(call(f, "north", id, 100), MQB_OK);
    assert_int_equal(call(f, "north", 5, 100), MQB_ERR_LIMIT);
    assert_string_equal(f->told[0], "pump/{}/ask: no more calls can wait");
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
    mqb_client_calls_lost(&f->a.client);
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
    assert_string_equal(f->told[0], "pump/{}/ask: the key of the call is too long");
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
    assert_string_equal(f->told[0], "pump/{}/ask: a call with the same key waits");
    assert_int_equal(call(f, "south", 1, 500), MQB_OK);
    tick(f, 1100);
    assert_ended(f, "1: " TIMEOUT);
    assert_int_equal(call(f, "north", 1, 100), MQB_OK);
}

static void a_side_that_is_not_bound_cannot_call(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(mqb_unbind(&f->a.pump.binding), MQB_OK);
    assert_int_equal(call(f, "north", 1, 100), MQB_ERR_NO_ROUTE);
    assert_string_equal(f->told[0], "pump/{}/ask: no reply would reach an unbound side");
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
    mqb_client_calls_lost(&f->a.client);
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
    mqb_client_calls_lost(&f->a.client);
    assert_ended(f, "1: " LOST ", 2: " LOST);
    mqb_client_calls_lost(&f->a.client);
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
    assert_int_equal(mqb_unbind(&f->a.pump.binding), MQB_OK);
    assert_ended(f, "1: " LOST);
    assert_int_equal(f->a.client.waiting, 1);
    receive(&f->a, "pump/north/answer", "{\"id\":1,\"level\":7}");
    assert_ended(f, "1: " LOST ", other: ok 7");
    assert_int_equal(mqb_unbind(&other.binding), MQB_OK);
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
    assert_int_equal(mqb_unbind(&f->a.pump.binding), MQB_OK);
    assert_ended(f, "1: " LOST ", 2: " LOST ", 3: " LOST);
    assert_int_equal(f->a.client.waiting, 1);
    receive(&f->a, "pump/south/answer", "{\"id\":9,\"level\":7}");
    assert_ended(f, "1: " LOST ", 2: " LOST ", 3: " LOST ", 9: ok 7");
}

/* ---- From inside ---- */

static void call_again_with_the_same_key(struct fixture *f)
{
    assert_int_equal(call(f, "north", 1, 0), MQB_OK);
}

static void call_another(struct fixture *f)
{
    assert_int_equal(call(f, "south", 2, 100), MQB_OK);
}

static void call_two(struct fixture *f)
{
    assert_int_equal(call(f, "south", 5, 0), MQB_OK);
    assert_int_equal(call(f, "south", 6, 0), MQB_OK);
}

static void an_on_reply_may_call_with_the_key_of_its_own(void **state)
{
    struct fixture *f = *state;
    call(f, "north", 1, 100);
    f->inside = call_again_with_the_same_key;
    receive(&f->a, "pump/north/answer", "{\"id\":1,\"level\":1}");
    assert_ended(f, "1: ok 1");
    receive(&f->a, "pump/north/answer", "{\"id\":1,\"level\":2}");
    assert_ended(f, "1: ok 1, 1: ok 2");
    assert_counters(f, 2, 2, 0, 0);
}

static void a_tick_does_not_end_what_it_caused(void **state)
{
    struct fixture *f = *state;
    call(f, "north", 1, 100);
    f->inside = call_again_with_the_same_key;
    tick(f, 1100);
    assert_ended(f, "1: " TIMEOUT);
    assert_int_equal(mqb_client_due_ms(&f->a.client, 1100), 0);
    f->inside = call_two;
    tick(f, 1100);
    assert_ended(f, "1: " TIMEOUT ", 1: " TIMEOUT);
    tick(f, 1100);
    assert_ended(f, "1: " TIMEOUT ", 1: " TIMEOUT ", 5: " TIMEOUT ", 6: " TIMEOUT);
}

/* One of the two takes a place that the sweep has yet to come to. */
static void a_loss_does_not_end_what_it_caused(void **state)
{
    struct fixture *f = *state;
    call(f, "north", 1, 100);
    f->inside = call_two;
    mqb_client_calls_lost(&f->a.client);
    assert_ended(f, "1: " LOST);
    assert_int_equal(f->a.client.waiting, 2);
    f->inside = call_another;
    tick(f, 1000);
    assert_ended(f, "1: " LOST ", 5: " TIMEOUT ", 6: " TIMEOUT);
    assert_int_equal(f->a.client.waiting, 1);
}

static void fill_the_table(struct fixture *f)
{
    int id = 5;
    while (call(f, "south", id, 0) == MQB_OK)
        id++;
    assert_int_equal(id, 6);
}

static void an_on_reply_has_the_place_of_its_own_call(void **state)
{
    struct fixture *f = *state;
    for (int id = 1; id <= CALLS; id++)
        call(f, "north", id, 100);
    f->inside = fill_the_table;
    tick(f, 1100);
    assert_int_equal(f->ended_count, CALLS);
    assert_int_equal(f->a.client.waiting, 1);
    tick(f, 1100);
    assert_string_equal(f->ended[CALLS], "5: " TIMEOUT);
}

static void a_handler_may_call(void **state)
{
    struct fixture *f = *state;
    f->a.pump.on_answer = on_answer;
    f->inside = call_another;
    assert_int_equal(receive(&f->a, "pump/north/answer", "{\"id\":9,\"level\":1}"), MQB_OK);
    assert_int_equal(f->handled, 1);
    receive(&f->a, "pump/south/answer", "{\"id\":2,\"level\":5}");
    assert_ended(f, "2: ok 5");
}

static void time_out_the_rest(struct fixture *f)
{
    tick(f, 5000);
}

static void a_tick_may_come_inside_a_handler_or_an_on_reply(void **state)
{
    struct fixture *f = *state;
    f->a.pump.on_answer = on_answer;
    call(f, "north", 1, 100);
    f->inside = time_out_the_rest;
    receive(&f->a, "pump/north/answer", "{\"id\":9,\"level\":1}");
    assert_ended(f, "1: " TIMEOUT);
    /* Inside a tick: the outer one finds nothing left. */
    for (int id = 2; id <= 4; id++)
        call(f, "north", id, (uint32_t)(id == 2 ? 100 : 200));
    f->inside = time_out_the_rest;
    tick(f, 5100);
    assert_ended(f, "1: " TIMEOUT ", 2: " TIMEOUT);
    f->inside = time_out_the_rest;
    tick(f, 5200);
    assert_int_equal(f->ended_count, 4);
}

static void tick_later(struct fixture *f)
{
    tick(f, 2000);
}

static void an_inner_tick_may_be_ahead_of_the_outer_one(void **state)
{
    struct fixture *f = *state;
    call(f, "north", 1, 100);
    call(f, "north", 2, 900);
    call(f, "north", 3, 5000);
    f->inside = tick_later;
    tick(f, 1100);
    assert_ended(f, "1: " TIMEOUT ", 2: " TIMEOUT);
    assert_int_equal(mqb_client_due_ms(&f->a.client, 2000), 4000);
}

static void lose_everything(struct fixture *f)
{
    mqb_client_calls_lost(&f->a.client);
}

static void a_loss_inside_an_on_reply_ends_the_others_once(void **state)
{
    struct fixture *f = *state;
    for (int id = 1; id <= 3; id++)
        call(f, "north", id, 100);
    f->inside = lose_everything;
    tick(f, 1100);
    assert_ended(f, "1: " TIMEOUT ", 2: " LOST ", 3: " LOST);
    assert_counters(f, 3, 0, 1, 2);
}

static void answer_the_other(struct fixture *f)
{
    assert_int_equal(receive(&f->a, "pump/north/answer", "{\"id\":2,\"level\":2}"), MQB_OK);
}

static void a_message_may_be_received_inside_an_on_reply(void **state)
{
    struct fixture *f = *state;
    call(f, "north", 1, 100);
    call(f, "north", 2, 100);
    f->inside = answer_the_other;
    receive(&f->a, "pump/north/answer", "{\"id\":1,\"level\":1}");
    assert_ended(f, "1: ok 1, 2: ok 2");
}

static void unbind(struct fixture *f)
{
    assert_int_equal(mqb_unbind(&f->a.pump.binding), MQB_OK);
    assert_int_equal(call(f, "north", 9, 100), MQB_ERR_NO_ROUTE);
}

static void a_side_may_be_unbound_inside_an_on_reply(void **state)
{
    struct fixture *f = *state;
    for (int id = 1; id <= 3; id++)
        call(f, "north", id, 100);
    f->inside = unbind;
    tick(f, 1100);
    assert_ended(f, "1: " TIMEOUT ", 2: " LOST ", 3: " LOST);
}

static void call_in_vain(struct fixture *f)
{
    assert_int_equal(call(f, "north", 9, 100), MQB_ERR_NO_ROUTE);
}

static void unbinding_leaves_no_call_behind(void **state)
{
    struct fixture *f = *state;
    call(f, "north", 1, 100);
    f->inside = call_in_vain;
    assert_int_equal(mqb_unbind(&f->a.pump.binding), MQB_OK);
    assert_ended(f, "1: " LOST);
    assert_int_equal(f->a.client.waiting, 0);
}

/* ---- Transports that deliver at once ---- */

static void a_reply_may_come_before_the_request_is_known_to_be_sent(void **state)
{
    struct fixture *f = *state;
    f->at_once = "{\"id\":1,\"level\":1}";
    assert_int_equal(call(f, "north", 1, 100), MQB_OK);
    assert_ended(f, "1: ok 1");
    assert_counters(f, 1, 1, 0, 0);
}

static void what_became_of_a_request_is_not_said_of_the_next_one(void **state)
{
    struct fixture *f = *state;
    f->at_once = "{\"id\":1,\"level\":1}";
    f->inside = call_again_with_the_same_key;
    assert_int_equal(call(f, "north", 1, 100), MQB_OK);
    assert_int_equal(f->published, 2);
    assert_ended(f, "1: ok 1");
    tick(f, 1000);
    assert_ended(f, "1: ok 1, 1: " TIMEOUT);
}

static void succeed_from_here_on_and_call(struct fixture *f)
{
    f->publish = MQB_OK;
    call_again_with_the_same_key(f);
    f->publish = MQB_ERR_TRANSPORT;
}

static void a_failure_after_the_reply_does_not_take_the_next_call_out(void **state)
{
    struct fixture *f = *state;
    f->at_once = "{\"id\":1,\"level\":1}";
    f->publish = MQB_ERR_TRANSPORT;
    f->inside = succeed_from_here_on_and_call;
    assert_int_equal(call(f, "north", 1, 100), MQB_ERR_TRANSPORT);
    assert_ended(f, "1: ok 1");
    assert_int_equal(f->a.client.waiting, 1);
    tick(f, 1000);
    assert_ended(f, "1: ok 1, 1: " TIMEOUT);
}

static void end_all_that_can_be_ended(struct fixture *f)
{
    tick(f, 5000);
    mqb_client_calls_lost(&f->a.client);
}

static void a_call_whose_request_fails_is_not_ended_meanwhile(void **state)
{
    struct fixture *f = *state;
    f->publish = MQB_ERR_TRANSPORT;
    f->inside_error = end_all_that_can_be_ended;
    assert_int_equal(call(f, "north", 1, 0), MQB_ERR_TRANSPORT);
    assert_ended(f, "");
    assert_counters(f, 0, 0, 0, 0);
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
        TEST(a_reply_that_one_side_takes_is_not_refused_by_the_other),
        TEST(a_reply_that_no_side_takes_is_refused_once),
        TEST(a_handler_of_one_side_takes_what_no_side_waits_for),
        TEST(a_refusal_counts_even_if_another_side_takes_the_reply),
        TEST(a_refusal_and_a_reply_that_nobody_takes_are_both_told),
        TEST(a_call_ends_at_its_deadline_and_not_before),
        TEST(only_calls_that_are_due_end),
        TEST(calls_end_in_the_order_of_their_deadlines),
        TEST(until_the_tick_a_reply_is_in_time),
        TEST(a_timeout_of_zero_is_over_at_the_next_tick),
        TEST(deadlines_do_not_overflow),
        TEST(the_next_tick_that_matters_is_known),
        TEST(without_a_clock_the_ticks_tell_the_time),
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
        TEST(an_on_reply_may_call_with_the_key_of_its_own),
        TEST(a_tick_does_not_end_what_it_caused),
        TEST(a_loss_does_not_end_what_it_caused),
        TEST(an_on_reply_has_the_place_of_its_own_call),
        TEST(a_handler_may_call),
        TEST(a_tick_may_come_inside_a_handler_or_an_on_reply),
        TEST(an_inner_tick_may_be_ahead_of_the_outer_one),
        TEST(a_loss_inside_an_on_reply_ends_the_others_once),
        TEST(a_message_may_be_received_inside_an_on_reply),
        TEST(a_side_may_be_unbound_inside_an_on_reply),
        TEST(unbinding_leaves_no_call_behind),
        TEST(a_reply_may_come_before_the_request_is_known_to_be_sent),
        TEST(what_became_of_a_request_is_not_said_of_the_next_one),
        TEST(a_failure_after_the_reply_does_not_take_the_next_call_out),
        TEST(a_call_whose_request_fails_is_not_ended_meanwhile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
