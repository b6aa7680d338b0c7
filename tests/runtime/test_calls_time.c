/* When calls time out. */
#include "station.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_call_ends_at_its_deadline_and_not_before),
        TEST(only_calls_that_are_due_end),
        TEST(calls_end_in_the_order_of_their_deadlines),
        TEST(until_the_tick_a_reply_is_in_time),
        TEST(a_timeout_of_zero_is_over_at_the_next_tick),
        TEST(deadlines_do_not_overflow),
        TEST(the_next_tick_that_matters_is_known),
        TEST(without_a_clock_the_ticks_tell_the_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
