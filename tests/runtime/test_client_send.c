/* What the client sends, and what it refuses to send. */
#include "client_fixture.h"

static void a_message_is_sent_on_its_topic(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(valve_send_state(&f->valve, MQB_STR("a"), MQB_STR("b"), 99), MQB_OK);
    assert_string_equal(f->record.lines[0], "publish valve/a/state/b 99 q1 r0");
    assert_sent(f, MQB_OK, 1);
    assert_int_equal(f->client.send_used, 0);
}

static void refused_parameters_send_nothing(void **state)
{
    struct fixture *f = *state;
    const struct {
        struct mqb_str id;
        struct mqb_str part;
        const char *rule;
    } cases[] = {
        {MQB_STR(""), MQB_STR("b"), "a topic parameter must not be empty"},
        {MQB_STR("a/b"), MQB_STR("b"),
         "a topic parameter must not contain \"/\", \"+\", \"#\" or NUL"},
        {MQB_STR("A"), MQB_STR("b"), "must be 1 to 8 lower-case letters"},
        {MQB_STR("abcdefghi"), MQB_STR("b"), "must be 1 to 8 lower-case letters"},
        {MQB_STR("a"), MQB_STR("abcd"), "must have at most 3 characters"},
        {MQB_STR("a"), MQB_STR("#"),
         "a topic parameter must not contain \"/\", \"+\", \"#\" or NUL"},
        {MQB_STR("a"), MQB_STR("\xff"), "a topic must be valid UTF-8"},
    };
    const size_t count = sizeof cases / sizeof cases[0];
    for (size_t i = 0; i < count; i++) {
        char reported[160];
        assert_int_equal(valve_send_state(&f->valve, cases[i].id, cases[i].part, 1), MQB_ERR_TOPIC);
        snprintf(reported, sizeof reported, "valve/{}/state/{}: 3 : %s", cases[i].rule);
        assert_reported(f, i, reported);
    }
    assert_int_equal(f->record.count, 0);
    assert_sent(f, MQB_ERR_TOPIC, count);
}

static void an_invalid_payload_is_not_sent(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(valve_send_state(&f->valve, MQB_STR("a"), MQB_STR("b"), 101), MQB_ERR_VALUE);
    assert_reported(f, 0, "valve/a/state/b: 8 : must be 0 to 100");
    assert_int_equal(f->record.count, 0);
    assert_sent(f, MQB_ERR_VALUE, 1);
}

static void a_send_buffer_that_is_too_small_sends_nothing(void **state)
{
    struct fixture *f = *state;
    struct mqb_client_config config = make_config(f);
    /* "valve/a/state/b", NUL, "42": 18 bytes. */
    for (size_t bytes = 0; bytes < 18; bytes++) {
        config.send_buffer_bytes = bytes;
        mqb_client_init(&f->client, &config);
        f->reported_count = 0;
        assert_int_equal(
            valve_send_state(&f->valve, MQB_STR("a"), MQB_STR("b"), 42), MQB_ERR_SPACE);
        assert_sent(f, MQB_ERR_SPACE, 1);
        assert_int_equal(f->reported_count, 1);
    }
    assert_int_equal(f->record.count, 0);
    config.send_buffer_bytes = 18;
    mqb_client_init(&f->client, &config);
    assert_int_equal(valve_send_state(&f->valve, MQB_STR("a"), MQB_STR("b"), 42), MQB_OK);
    config.send_buffer = NULL;
    mqb_client_init(&f->client, &config);
    assert_int_equal(valve_send_state(&f->valve, MQB_STR("a"), MQB_STR("b"), 42), MQB_ERR_SPACE);
}

static void a_topic_past_65535_bytes_is_not_sent(void **state)
{
    static char send_buffer[80000];
    static char text[66000];
    static const struct mqb_parameter x = {.name = "x"};
    static const struct mqb_parameter *const any[] = {&x};
    static const struct mqb_address address = {"x/{}", any, 1};
    struct fixture *f = *state;
    struct mqb_client_config config = make_config(f);
    struct mqb_outbound outbound;
    config.send_buffer = send_buffer;
    config.send_buffer_bytes = sizeof send_buffer;
    mqb_client_init(&f->client, &config);
    memset(text, 'y', sizeof text);
    const struct mqb_str fits = {text, 65533};
    mqb_outbound_begin(&outbound, &f->client, &address, &fits);
    assert_int_equal(mqb_outbound_send(&outbound, 0, false), MQB_OK);
    const struct mqb_str too_long = {text, 65534};
    mqb_outbound_begin(&outbound, &f->client, &address, &too_long);
    mqb_writer_null(&outbound.writer);
    assert_int_equal(mqb_outbound_send(&outbound, 0, false), MQB_ERR_TOPIC);
    assert_reported(f, 0, "x/{}: 3 : a topic must have at most 65535 bytes");
}

/* 0 and 1 are allowed, and 1 is the default: each message has a choice of its own. */
static enum mqb_status send_with(struct fixture *f, enum mqb_qos choice)
{
    static const struct mqb_address address = {"x", NULL, 0};
    struct mqb_outbound out;
    mqb_outbound_begin(&out, &f->client, &address, NULL);
    mqb_outbound_set_qos(&out, choice, 3, 1);
    mqb_writer_null(&out.writer);
    return mqb_outbound_send(&out, out.qos, false);
}

static void each_message_is_sent_with_the_qos_of_choice(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(send_with(f, MQB_QOS_0), MQB_OK);
    assert_int_equal(send_with(f, MQB_QOS_DEFAULT), MQB_OK);
    assert_int_equal(send_with(f, MQB_QOS_1), MQB_OK);
    assert_int_equal(send_with(f, MQB_QOS_2), MQB_ERR_VALUE);
    assert_int_equal(send_with(f, (enum mqb_qos)7), MQB_ERR_VALUE);
    assert_int_equal(f->record.count, 3);
    assert_string_equal(f->record.lines[0], "publish x null q0 r0");
    assert_string_equal(f->record.lines[1], "publish x null q1 r0");
    assert_string_equal(f->record.lines[2], "publish x null q1 r0");
    assert_reported(f, 0, "x: 8 : the schema does not allow this QoS");
}

static void a_topic_that_another_address_takes_is_not_sent(void **state)
{
    static const struct mqb_parameter x = {.name = "x"};
    static const struct mqb_parameter *const any[] = {&x};
    static const struct mqb_parameter short_x = {
        .name = "x", .max_length = 1, .rule = "x must have at most 1 characters"};
    static const struct mqb_parameter *const one[] = {&short_x};
    static const struct mqb_address address = {"{}/state", any, 1};
    static const struct mqb_address literal = {"all/state", NULL, 0};
    static const struct mqb_address part = {"{}/state", one, 1};
    static const struct mqb_address *const others[] = {&literal, &part};
    static const struct {
        const char *value;
        enum mqb_status status;
    } cases[] = {
        {"all", MQB_ERR_TOPIC}, {"a", MQB_ERR_TOPIC}, {"al", MQB_OK},
        {"alle", MQB_OK},       {"", MQB_ERR_TOPIC},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct mqb_str value = mqb_str_from(cases[i].value);
        struct mqb_outbound outbound;
        mqb_outbound_begin(&outbound, &f->client, &address, &value);
        mqb_outbound_refuse_if_shared(&outbound, &address, &value, others, 2);
        mqb_writer_null(&outbound.writer);
        assert_int_equal(mqb_outbound_send(&outbound, 0, false), cases[i].status);
    }
    assert_reported(f, 0, "{}/state: 3 : the topic would reach the handler of another address");
    assert_reported(f, 2, "{}/state: 3 : a topic parameter must not be empty");
}

static void a_parameter_does_not_start_a_topic_with_a_dollar(void **state)
{
    static const struct mqb_parameter x = {.name = "x"};
    static const struct mqb_parameter *const any[] = {&x};
    static const struct mqb_address open = {"{}/state", any, 1};
    static const struct mqb_address own = {"$own/{}", any, 1};
    const struct mqb_str share = MQB_STR("$share");
    struct fixture *f = *state;
    struct mqb_outbound outbound;
    mqb_outbound_begin(&outbound, &f->client, &open, &share);
    mqb_writer_null(&outbound.writer);
    assert_int_equal(mqb_outbound_send(&outbound, 0, false), MQB_ERR_TOPIC);
    assert_reported(f, 0, "{}/state: 3 : a topic parameter must not start a topic with \"$\"");
    mqb_outbound_begin(&outbound, &f->client, &own, &share);
    mqb_writer_null(&outbound.writer);
    assert_int_equal(mqb_outbound_send(&outbound, 0, false), MQB_OK);
    assert_string_equal(f->record.lines[0], "publish $own/$share null q0 r0");
}

static const char *name_the_limit(void *context, const struct mqb_publish *message)
{
    (void)context;
    return message->payload.len > 1 ? "too long for the modem" : NULL;
}

static void a_transport_says_why_it_refuses(void **state)
{
    struct fixture *f = *state;
    f->record.publish = MQB_ERR_TRANSPORT;
    f->client.config.transport.refusal = name_the_limit;
    valve_send_state(&f->valve, MQB_STR("a"), MQB_STR("b"), 1);
    valve_send_state(&f->valve, MQB_STR("a"), MQB_STR("b"), 42);
    assert_reported(f, 0, "valve/a/state/b: 12 : the transport refused the message");
    assert_reported(f, 1, "valve/a/state/b: 12 : too long for the modem");
}

static void a_refusing_transport_is_reported(void **state)
{
    struct fixture *f = *state;
    f->record.publish = MQB_ERR_TRANSPORT;
    assert_int_equal(valve_send_state(&f->valve, MQB_STR("a"), MQB_STR("b"), 1), MQB_ERR_TRANSPORT);
    assert_reported(f, 0, "valve/a/state/b: 12 : the transport refused the message");
    assert_sent(f, MQB_ERR_TRANSPORT, 1);
    f->client.config.transport.publish = NULL;
    assert_int_equal(valve_send_state(&f->valve, MQB_STR("a"), MQB_STR("b"), 1), MQB_ERR_TRANSPORT);
}

static enum mqb_status answer(struct valve *valve, struct mqb_str id, int64_t percent)
{
    const enum mqb_status status = valve_send_state(valve, id, MQB_STR("x"), percent);
    handled(valve->user, "answered", id, percent);
    return status;
}

static void sending_in_a_handler_leaves_its_message_alone(void **state)
{
    static const struct valve_handlers answering = {.open = answer};
    struct fixture *f = *state;
    f->valve.handlers = &answering;
    bind_quietly(f, &f->valve);
    assert_int_equal(receive(f, "valve/north/open", "42"), MQB_OK);
    assert_string_equal(f->handled[0], "answered north 42");
    assert_string_equal(f->record.lines[0], "publish valve/north/state/x 42 q1 r0");
}

/* The message being handled then lies in the send buffer of the client that answers it. */
static void a_transport_may_deliver_at_once(void **state)
{
    static const struct mqb_address address = {"valve/{}/open", valve_parameters, 1};
    static const struct valve_handlers answering = {.open = answer};
    struct fixture *f = *state;
    struct mqb_outbound outbound;
    const struct mqb_str id = MQB_STR("north");
    f->valve.handlers = &answering;
    bind_quietly(f, &f->valve);
    f->record.echo = &f->client;
    mqb_outbound_begin(&outbound, &f->client, &address, &id);
    mqb_writer_int(&outbound.writer, 42, 0, 100, "");
    assert_int_equal(mqb_outbound_send(&outbound, 0, true), MQB_OK);
    assert_string_equal(f->handled[0], "answered north 42");
    assert_string_equal(f->record.lines[0], "publish valve/north/state/x 42 q1 r0");
    assert_string_equal(f->record.lines[1], "publish valve/north/open 42 q0 r1");
    assert_int_equal(f->client.send_used, 0);
}

static void on_error_may_send_and_its_topic_stays(void **state)
{
    struct fixture *f = *state;
    f->resend = MQB_STR("else");
    assert_int_equal(valve_send_state(&f->valve, MQB_STR("a"), MQB_STR("b"), 101), MQB_ERR_VALUE);
    assert_reported(f, 0, "valve/a/state/b: 8 : must be 0 to 100");
    assert_string_equal(f->record.lines[0], "publish valve/else/state/x 1 q1 r0");
    assert_sent(f, MQB_ERR_VALUE, 1);
    assert_sent(f, MQB_OK, 1);
}

static void what_is_refused_inside_on_error_is_counted_and_not_reported_again(void **state)
{
    struct fixture *f = *state;
    f->resend = MQB_STR("ELSE");
    assert_int_equal(valve_send_state(&f->valve, MQB_STR("a"), MQB_STR("b"), 101), MQB_ERR_VALUE);
    assert_int_equal(f->reported_count, 1);
    assert_sent(f, MQB_ERR_VALUE, 1);
    assert_sent(f, MQB_ERR_TOPIC, 1);
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_message_is_sent_on_its_topic),
        TEST(refused_parameters_send_nothing),
        TEST(an_invalid_payload_is_not_sent),
        TEST(a_send_buffer_that_is_too_small_sends_nothing),
        TEST(a_topic_past_65535_bytes_is_not_sent),
        TEST(each_message_is_sent_with_the_qos_of_choice),
        TEST(a_topic_that_another_address_takes_is_not_sent),
        TEST(a_parameter_does_not_start_a_topic_with_a_dollar),
        TEST(a_refusing_transport_is_reported),
        TEST(a_transport_says_why_it_refuses),
        TEST(sending_in_a_handler_leaves_its_message_alone),
        TEST(a_transport_may_deliver_at_once),
        TEST(on_error_may_send_and_its_topic_stays),
        TEST(what_is_refused_inside_on_error_is_counted_and_not_reported_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
