/* Calls that begin and end inside on_reply, inside handlers, and inside publish. */
#include "station.h"

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
    mqb_client_cancel_calls(&f->a.client);
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
    mqb_client_cancel_calls(&f->a.client);
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
    assert_int_equal(mqb_binding_remove(&f->a.pump.binding), MQB_OK);
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
    assert_int_equal(mqb_binding_remove(&f->a.pump.binding), MQB_OK);
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
    mqb_client_cancel_calls(&f->a.client);
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
