/* Calls of several sides on one client. */
#include "station.h"

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

static void assert_reported(const struct fixture *f, size_t count, enum mqb_status status)
{
    assert_int_equal(f->reported_count, count);
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
    assert_int_equal(f->reported_count, 0);
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
    assert_reported(f, 1, MQB_ERR_NO_CALL);
    assert_string_equal(f->reported[0], "pump/north/answer: no call is waiting for this reply");
}

static void a_handler_of_one_side_takes_what_no_side_waits_for(void **state)
{
    struct fixture *f = *state;
    struct pump other;
    bind_other(f, &other);
    other.on_answer = on_answer;
    assert_int_equal(receive(&f->a, "pump/north/answer", "{\"id\":1,\"level\":1}"), MQB_OK);
    assert_int_equal(f->handled, 1);
    assert_reported(f, 0, MQB_OK);
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
    assert_reported(f, 1, MQB_ERR_TYPE);
}

static void a_refusal_and_a_reply_that_nobody_takes_are_both_reported(void **state)
{
    struct fixture *f = *state;
    struct pump other;
    bind_other(f, &other);
    f->a.pump.on_answer = refuse_answer;
    assert_int_equal(receive(&f->a, "pump/north/answer", "{\"id\":1,\"level\":1}"), MQB_ERR_TYPE);
    assert_reported(f, 2, MQB_ERR_TYPE);
    assert_string_equal(f->reported[1], "pump/north/answer: no call is waiting for this reply");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_reply_that_one_side_takes_is_not_refused_by_the_other),
        TEST(a_reply_that_no_side_takes_is_refused_once),
        TEST(a_handler_of_one_side_takes_what_no_side_waits_for),
        TEST(a_refusal_counts_even_if_another_side_takes_the_reply),
        TEST(a_refusal_and_a_reply_that_nobody_takes_are_both_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
