/* Calls with response topics and correlation data, over the loopback. */
#include <mqbind/detail/side.h>

#include "properties_fixture.h"

/* ---- The whole way ---- */

static void replies_in_any_order_find_their_calls(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(call(f, "1"), MQB_OK);
    assert_int_equal(call(f, "2"), MQB_OK);
    mqb_loopback_run(&f->broker);
    assert_int_equal(f->request_count, 2);
    assert_string_equal(f->requests[0].response_topic, INBOX);
    assert_int_equal(answer(f, 1, "second"), MQB_OK);
    assert_int_equal(answer(f, 0, "first"), MQB_OK);
    mqb_loopback_run(&f->broker);
    assert_int_equal(f->reply_count, 2);
    assert_string_equal(f->replies[0], "2: ok second");
    assert_string_equal(f->replies[1], "1: ok first");
    assert_string_equal(f->reported, "");
}

static void a_second_reply_is_refused(void **state)
{
    struct fixture *f = *state;
    call(f, "1");
    mqb_loopback_run(&f->broker);
    answer(f, 0, "first");
    answer(f, 0, "again");
    mqb_loopback_run(&f->broker);
    assert_int_equal(f->reply_count, 1);
    assert_string_equal(f->reported, INBOX ": no call is waiting for this reply");
}

static void each_call_has_correlation_data_of_its_own(void **state)
{
    struct fixture *f = *state;
    char one[MQB_CORRELATION_BYTES];
    char other[MQB_CORRELATION_BYTES];
    const struct mqb_str text = mqb_client_next_correlation(&f->clients[0], one);
    mqb_client_next_correlation(&f->clients[0], other);
    assert_ptr_equal(text.ptr, one);
    assert_int_equal(text.len, MQB_CORRELATION_BYTES);
    assert_memory_not_equal(one, other, MQB_CORRELATION_BYTES);
    for (size_t i = 0; i < MQB_CORRELATION_BYTES; i++)
        assert_non_null(strchr("0123456789abcdef", one[i]));
    /* All of its 128 bits are drawn: none is the same in each of 200. */
    bool differs[MQB_CORRELATION_BYTES] = {false};
    for (int i = 0; i < 200; i++) {
        mqb_client_next_correlation(&f->clients[0], other);
        for (size_t j = 0; j < MQB_CORRELATION_BYTES; j++)
            differs[j] |= other[j] != one[j];
    }
    for (size_t i = 0; i < MQB_CORRELATION_BYTES; i++)
        assert_true(differs[i]);
}

/* It takes a generator that is set back to have that happen. */
static void correlation_data_that_waits_is_drawn_again(void **state)
{
    struct fixture *f = *state;
    const struct mqb_random before = f->clients[0].random;
    assert_int_equal(call(f, "1"), MQB_OK);
    f->clients[0].random = before;
    assert_int_equal(call(f, "2"), MQB_OK);
    f->clients[0].random = before;
    assert_int_equal(call(f, "3"), MQB_OK);
    assert_string_equal(f->reported, "");
    mqb_loopback_run(&f->broker);
    assert_int_equal(answer(f, 2, "third"), MQB_OK);
    mqb_loopback_run(&f->broker);
    assert_int_equal(f->reply_count, 1);
    assert_string_equal(f->replies[0], "3: ok third");
}

static void a_client_without_a_seed_does_not_call(void **state)
{
    struct fixture *f = *state;
    f->clients[0].random.seeded = false;
    assert_int_equal(call(f, "1"), MQB_ERR_VALUE);
    assert_int_equal(f->broker.queued, 0);
}

static void a_call_that_wants_its_reply_elsewhere_is_refused(void **state)
{
    struct fixture *f = *state;
    const struct mqb_address address = {.text = "questions"};
    const struct mqb_call_request request = {
        .binding = &f->asker.binding,
        .side = &f->asker,
        .reply_to = MQB_STR("askers/8/inbox"),
        .own_topic = MQB_STR(INBOX),
    };
    struct mqb_call_key key;
    mqb_call_key_init(&key, &f->asker, 0);
    assert_int_equal(mqb_call_begin(&f->clients[0], &address, &key, &request), MQB_ERR_TOPIC);
    assert_string_equal(f->reported, "questions: the reply would go to a foreign topic");
    assert_int_equal(f->clients[0].counters.sent_by_status[MQB_ERR_TOPIC], 1);
    assert_int_equal(f->clients[0].counters.calls, 0);
}

/* ---- What comes ---- */

static enum mqb_status receive(struct fixture *f, struct mqb_str topic, struct mqb_str data)
{
    const struct mqb_publish message = {
        .topic = MQB_STR("questions"),
        .payload = MQB_STR("{\"about\":\"rain\"}"),
        .properties = {.response_topic = topic, .correlation_data = data},
    };
    return mqb_client_receive(&f->clients[1], &message);
}

static void a_request_that_cannot_be_answered_is_refused(void **state)
{
    struct fixture *f = *state;
    const struct mqb_str none = {NULL, 0};
    const struct mqb_str inbox = MQB_STR(INBOX);
    const struct mqb_str data = MQB_STR("1");
    const struct mqb_str bad[] = {
        MQB_STR("a/+"),
        MQB_STR("#"),
        MQB_STR("a\0b"),
        MQB_STR("\xff"),
    };
    assert_int_equal(receive(f, none, data), MQB_ERR_MISSING);
    assert_string_equal(f->reported, "questions: must have a response topic, a property of MQTT 5");
    assert_int_equal(receive(f, inbox, none), MQB_ERR_MISSING);
    assert_string_equal(f->reported, "questions: must have correlation data, a property of MQTT 5");
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(receive(f, bad[i], data), MQB_ERR_TOPIC);
    assert_string_equal(
        f->reported, "questions: the response topic must be a topic that a message can have");
    assert_int_equal(f->request_count, 0);
    assert_int_equal(receive(f, inbox, data), MQB_OK);
    assert_int_equal(f->request_count, 1);
}

static void a_broken_payload_is_reported_first(void **state)
{
    struct fixture *f = *state;
    const struct mqb_publish message = {
        .topic = MQB_STR("questions"),
        .payload = MQB_STR("{\"about\":\"rain\",}"),
    };
    assert_int_equal(mqb_client_receive(&f->clients[1], &message), MQB_ERR_JSON);
}

static void a_reply_without_correlation_data_is_refused(void **state)
{
    struct fixture *f = *state;
    const struct mqb_publish message = {
        .topic = MQB_STR(INBOX),
        .payload = MQB_STR("{\"text\":\"soon\"}"),
    };
    call(f, "1");
    assert_int_equal(mqb_client_receive(&f->clients[0], &message), MQB_ERR_MISSING);
    assert_int_equal(f->reply_count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(replies_in_any_order_find_their_calls, set_up),
        cmocka_unit_test_setup(a_second_reply_is_refused, set_up),
        cmocka_unit_test_setup(each_call_has_correlation_data_of_its_own, set_up),
        cmocka_unit_test_setup(correlation_data_that_waits_is_drawn_again, set_up),
        cmocka_unit_test_setup(a_client_without_a_seed_does_not_call, set_up),
        cmocka_unit_test_setup(a_call_that_wants_its_reply_elsewhere_is_refused, set_up),
        cmocka_unit_test_setup(a_request_that_cannot_be_answered_is_refused, set_up),
        cmocka_unit_test_setup(a_broken_payload_is_reported_first, set_up),
        cmocka_unit_test_setup(a_reply_without_correlation_data_is_refused, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
