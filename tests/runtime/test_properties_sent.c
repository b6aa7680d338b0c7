/* Response topics and correlation data that are sent, or refused. */
#include "properties_fixture.h"

/* ---- What is sent ---- */

static enum mqb_status send(struct fixture *f, struct mqb_str topic, struct mqb_str data)
{
    const struct properties_ask ask = {.about = MQB_STR("rain")};
    return properties_asker_send_ask(&f->asker, topic, data, &ask);
}

/* A transport that keeps what it gets, and may send another message before it returns. */
static enum mqb_status keep(void *context, const struct mqb_publish *message)
{
    struct fixture *f = context;
    f->published++;
    if (f->send_inside) {
        f->send_inside = false;
        assert_int_equal(send(f, MQB_STR("inner/inbox"), MQB_STR("inner")), MQB_OK);
    }
    f->last = *message;
    return MQB_OK;
}

static bool carries(void *context)
{
    (void)context;
    return true;
}

static bool does_not_carry(void *context)
{
    (void)context;
    return false;
}

static void use(struct fixture *f, bool (*carries_properties)(void *))
{
    f->clients[0].config.transport = (struct mqb_transport){
        .context = f,
        .publish = keep,
        .carries_properties = carries_properties,
    };
}

static void properties_that_cannot_be_sent_refuse_the_message(void **state)
{
    struct fixture *f = *state;
    static char long_data[UINT16_MAX + 1];
    use(f, carries);
    assert_int_equal(send(f, MQB_STR(""), MQB_STR("1")), MQB_ERR_TOPIC);
    assert_int_equal(send(f, MQB_STR("a/#"), MQB_STR("1")), MQB_ERR_TOPIC);
    assert_int_equal(send(f, MQB_STR(INBOX), MQB_STR("")), MQB_ERR_MISSING);
    assert_int_equal(
        send(f, MQB_STR(INBOX), (struct mqb_str){long_data, UINT16_MAX + 1}), MQB_ERR_LIMIT);
    assert_int_equal(f->published, 0);
    assert_int_equal(send(f, MQB_STR(INBOX), (struct mqb_str){long_data, UINT16_MAX}), MQB_OK);
    assert_int_equal(f->published, 1);
    assert_int_equal(f->last.properties.correlation_data.len, UINT16_MAX);
}

static void the_first_thing_that_is_wrong_is_reported(void **state)
{
    struct fixture *f = *state;
    use(f, carries);
    assert_int_equal(send(f, MQB_STR("+"), MQB_STR("")), MQB_ERR_TOPIC);
    assert_string_equal(
        f->reported, "questions: the response topic must be a topic that a message can have");
}

static void without_mqtt_5_nothing_is_sent(void **state)
{
    struct fixture *f = *state;
    bool (*const cannot[])(void *) = {NULL, does_not_carry};
    for (size_t i = 0; i < 2; i++) {
        use(f, cannot[i]);
        f->reported[0] = '\0';
        assert_int_equal(call(f, "1"), MQB_ERR_TRANSPORT);
        assert_string_equal(
            f->reported,
            "questions: response topics, correlation data and other properties need MQTT 5");
    }
    const struct properties_poke poke = {.n = 1};
    const int64_t count = 1;
    assert_int_equal(
        properties_asker_send_poke(&f->asker, MQB_STR(INBOX), &poke), MQB_ERR_TRANSPORT);
    assert_int_equal(
        properties_asker_send_count(&f->asker, MQB_STR("km"), MQB_STR("1"), &count),
        MQB_ERR_TRANSPORT);
    assert_int_equal(f->published, 0);
    assert_int_equal(f->clients[0].waiting, 0);
    assert_int_equal(f->clients[0].counters.calls, 0);
    assert_int_equal(f->reply_count, 0);
}

static void the_send_buffer_is_used_to_the_last_byte(void **state)
{
    struct fixture *f = *state;
    const size_t topic = sizeof "questions";
    const size_t need = topic + sizeof INBOX + sizeof "{\"about\":\"rain\"}" - 1;
    use(f, carries);
    for (size_t bytes = 0; bytes < need; bytes++) {
        f->clients[0].config.send_buffer_bytes = bytes;
        assert_int_equal(send(f, MQB_STR(INBOX), MQB_STR("1")), MQB_ERR_SPACE);
        const bool no_room = strstr(f->reported, "too small for the response topic");
        assert_int_equal(no_room, bytes >= topic && bytes < topic + sizeof INBOX);
    }
    assert_int_equal(f->published, 0);
    f->clients[0].config.send_buffer_bytes = need;
    assert_int_equal(send(f, MQB_STR(INBOX), MQB_STR("1")), MQB_OK);
    assert_int_equal(f->clients[0].send_used, 0);
    assert_string_equal(f->last.topic.ptr, "questions");
    assert_string_equal(f->last.properties.response_topic.ptr, INBOX);
    assert_int_equal(f->last.payload.len, sizeof "{\"about\":\"rain\"}" - 1);
    assert_memory_equal(f->last.payload.ptr, "{\"about\":\"rain\"}", f->last.payload.len);
}

static void a_message_sent_meanwhile_goes_behind_it(void **state)
{
    struct fixture *f = *state;
    use(f, carries);
    f->send_inside = true;
    assert_int_equal(send(f, MQB_STR(INBOX), MQB_STR("outer")), MQB_OK);
    assert_int_equal(f->published, 2);
    assert_string_equal(f->last.topic.ptr, "questions");
    assert_string_equal(f->last.properties.response_topic.ptr, INBOX);
    assert_memory_equal(f->last.payload.ptr, "{\"about\":\"rain\"}", f->last.payload.len);
    assert_memory_equal(f->last.properties.correlation_data.ptr, "outer", 5);
}

/* ---- The loopback ---- */

static void the_loopback_refuses_what_no_packet_holds(void **state)
{
    struct fixture *f = *state;
    const struct mqb_transport *transport = &f->clients[0].config.transport;
    static char bytes[UINT16_MAX + 1];
    static char memory[200000];
    struct mqb_publish message = {.topic = MQB_STR("questions")};
    mqb_loopback_init(&f->broker, memory, sizeof memory);
    f->clients[0].config.transport = mqb_loopback_join(&f->broker, &f->peers[0], &f->clients[0]);
    message.properties.correlation_data = (struct mqb_str){bytes, UINT16_MAX + 1};
    assert_int_equal(transport->publish(transport->context, &message), MQB_ERR_TRANSPORT);
    message.properties.response_topic = (struct mqb_str){bytes, UINT16_MAX + 1};
    message.properties.correlation_data.len = 0;
    assert_int_equal(transport->publish(transport->context, &message), MQB_ERR_TRANSPORT);
    message.properties.response_topic.len = UINT16_MAX;
    message.properties.correlation_data.len = UINT16_MAX;
    assert_int_equal(transport->publish(transport->context, &message), MQB_OK);
    assert_int_equal(transport->publish(transport->context, &message), MQB_ERR_TRANSPORT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(properties_that_cannot_be_sent_refuse_the_message, set_up),
        cmocka_unit_test_setup(the_first_thing_that_is_wrong_is_reported, set_up),
        cmocka_unit_test_setup(without_mqtt_5_nothing_is_sent, set_up),
        cmocka_unit_test_setup(the_send_buffer_is_used_to_the_last_byte, set_up),
        cmocka_unit_test_setup(a_message_sent_meanwhile_goes_behind_it, set_up),
        cmocka_unit_test_setup(the_loopback_refuses_what_no_packet_holds, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
