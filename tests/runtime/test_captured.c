/* Messages that are captured instead of sent. */
#include "messages_fixture.h"

static enum mqb_status capture_ask(
    struct fixture *f,
    struct mqb_capture *capture,
    char *memory,
    size_t bytes)
{
    char data[] = "data";
    const struct mqb_properties properties = all_properties();
    const struct properties_ask message = {.about = MQB_STR("rain")};
    mqb_client_set_properties(&f->clients[0], &properties);
    mqb_client_capture(&f->clients[0], capture, memory, bytes);
    const enum mqb_status status =
        properties_asker_send_ask(&f->asker, MQB_STR(INBOX), mqb_str_from(data), &message);
    memset(data, 'x', sizeof data);
    memset(f->send_buffer[0], 'x', sizeof f->send_buffer[0]);
    return status;
}

static void a_captured_message_is_whole_and_not_sent(void **state)
{
    struct fixture *f = *state;
    struct mqb_capture capture;
    char memory[400];
    size_t bytes = 0;
    while (capture_ask(f, &capture, memory, bytes) != MQB_OK) {
        assert_null(mqb_capture_message(&capture));
        assert_true(++bytes < sizeof memory);
    }
    const struct mqb_publish *message = mqb_capture_message(&capture);
    assert_non_null(message);
    assert_string_equal(message->topic.ptr, "questions");
    assert_true(mqb_str_equal(message->payload, MQB_STR("{\"about\":\"rain\"}")));
    assert_string_equal(message->properties.response_topic.ptr, INBOX);
    assert_true(mqb_str_equal(message->properties.correlation_data, MQB_STR("data")));
    assert_string_equal(message->properties.content_type.ptr, "text/plain");
    assert_string_equal(message->properties.user[1].name.ptr, "empty");
    assert_int_equal(message->qos, 1);
    assert_false(message->retain);
    assert_int_equal(f->broker.queued, 0);
    assert_int_equal(f->clients[0].counters.sent, 0);
    assert_int_equal(f->clients[0].send_used, 0);
    assert_int_equal(ask(f), MQB_OK);
    assert_int_equal(f->broker.queued, 1);
}

static void an_invalid_message_is_not_captured(void **state)
{
    struct fixture *f = *state;
    const struct properties_poke poke = {.n = -1};
    struct mqb_capture capture;
    char memory[400];
    mqb_client_capture(&f->clients[0], &capture, memory, sizeof memory);
    assert_int_equal(properties_asker_send_poke(&f->asker, MQB_STR("a/#"), &poke), MQB_ERR_TOPIC);
    assert_null(mqb_capture_message(&capture));
    assert_int_equal(ask(f), MQB_OK);
    assert_null(mqb_capture_message(&capture));
    assert_int_equal(f->broker.queued, 1);
}

static void a_request_is_not_captured(void **state)
{
    struct fixture *f = *state;
    struct mqb_capture capture;
    char memory[400];
    mqb_client_capture(&f->clients[0], &capture, memory, sizeof memory);
    assert_int_equal(call(f, "1"), MQB_ERR_VALUE);
    assert_null(mqb_capture_message(&capture));
    assert_string_equal(f->reported, "questions: a request cannot be captured");
    assert_int_equal(call(f, "1"), MQB_OK);
}

static void nothing_captures_nothing(void **state)
{
    struct fixture *f = *state;
    struct mqb_capture capture;
    assert_null(mqb_capture_message(NULL));
    mqb_client_capture(NULL, &capture, NULL, 0);
    assert_null(mqb_capture_message(&capture));
    mqb_client_capture(&f->clients[0], &capture, NULL, 100);
    assert_int_equal(ask(f), MQB_ERR_SPACE);
    mqb_client_capture(&f->clients[0], &capture, NULL, 0);
    mqb_client_capture(&f->clients[0], NULL, NULL, 0);
    assert_int_equal(ask(f), MQB_OK);
}

#define TEST(function) cmocka_unit_test_setup(function, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_captured_message_is_whole_and_not_sent),
        TEST(an_invalid_message_is_not_captured),
        TEST(a_request_is_not_captured),
        TEST(nothing_captures_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
