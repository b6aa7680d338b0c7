/* What handlers can ask of their message, and what can be set for the next one. */
#include "messages_fixture.h"
#include "transport/loopback_ring.h"

/* ---- What a handler sees ---- */

/* What the teller's handler found; the strings, in the order of mqb_properties. */
static struct {
    unsigned calls;
    bool retain;
    bool duplicate;
    int qos;
    char texts[200];
    uint32_t expiry_s;
    bool is_text;
} seen;

static void note(const char *separator, struct mqb_str text)
{
    const size_t len = strlen(seen.texts);
    snprintf(
        seen.texts + len, sizeof seen.texts - len, "%s%.*s", separator, (int)text.len, text.ptr);
}

static void note_message(const struct mqb_publish *message)
{
    const struct mqb_properties *properties = &message->properties;
    seen.calls++;
    seen.retain = message->retain;
    seen.duplicate = message->duplicate;
    seen.qos = message->qos;
    seen.expiry_s = properties->expiry_s;
    seen.is_text = properties->is_text;
    seen.texts[0] = '\0';
    note("", message->topic);
    note("|", properties->content_type);
    for (size_t i = 0; i < properties->user_count; i++) {
        note("|", properties->user[i].name);
        note("=", properties->user[i].value);
    }
}

static enum mqb_status look(
    struct properties_teller *teller,
    struct mqb_str response_topic,
    struct mqb_str correlation_data,
    const struct properties_ask *message)
{
    const struct mqb_publish *found = mqb_client_message(teller->client);
    (void)message;
    assert_non_null(found);
    assert_true(mqb_str_equal(found->properties.response_topic, response_topic));
    assert_true(mqb_str_equal(found->properties.correlation_data, correlation_data));
    note_message(found);
    return MQB_OK;
}

static const struct properties_teller_handlers looking = {.ask = look};

static int set_up_looking(void **state)
{
    set_up(state);
    struct fixture *f = *state;
    memset(&seen, 0, sizeof seen);
    f->teller.handlers = &looking;
    return 0;
}

static struct mqb_publish question(void)
{
    return (struct mqb_publish){
        .topic = MQB_STR("questions"),
        .payload = MQB_STR("{\"about\":\"rain\"}"),
        .qos = 1,
        .properties.response_topic = MQB_STR(INBOX),
        .properties.correlation_data = MQB_STR("1"),
    };
}

static void a_handler_sees_its_message(void **state)
{
    struct fixture *f = *state;
    const struct mqb_user_property user[] = {
        {MQB_STR("a"), MQB_STR("1")}, {MQB_STR("a"), MQB_STR("")}};
    struct mqb_publish message = question();
    message.retain = true;
    message.duplicate = true;
    message.properties.content_type = MQB_STR("application/json");
    message.properties.user = user;
    message.properties.user_count = 2;
    message.properties.expiry_s = 60;
    message.properties.is_text = true;
    assert_null(mqb_client_message(&f->clients[1]));
    assert_int_equal(mqb_client_receive(&f->clients[1], &message), MQB_OK);
    assert_null(mqb_client_message(&f->clients[1]));
    assert_int_equal(seen.calls, 1);
    assert_true(seen.retain && seen.duplicate && seen.is_text);
    assert_int_equal(seen.qos, 1);
    assert_int_equal(seen.expiry_s, 60);
    assert_string_equal(seen.texts, "questions|application/json|a=1|a=");
    assert_null(mqb_client_message(NULL));
}

static enum mqb_status receive_another(
    struct properties_teller *teller,
    struct mqb_str response_topic,
    struct mqb_str correlation_data,
    const struct properties_ask *message)
{
    const struct mqb_publish *outer = mqb_client_message(teller->client);
    if (outer->qos != 0) {
        struct mqb_publish inner = question();
        inner.qos = outer->qos - 1;
        assert_int_equal(mqb_client_receive(teller->client, &inner), MQB_OK);
        assert_ptr_equal(mqb_client_message(teller->client), outer);
    }
    return look(teller, response_topic, correlation_data, message);
}

static void nested_messages_are_kept_apart(void **state)
{
    static const struct properties_teller_handlers handlers = {.ask = receive_another};
    struct fixture *f = *state;
    struct mqb_publish message = question();
    message.qos = 2;
    f->teller.handlers = &handlers;
    assert_int_equal(mqb_client_receive(&f->clients[1], &message), MQB_OK);
    assert_int_equal(seen.calls, 3);
    assert_int_equal(seen.qos, 2);
}

static void properties_without_their_bytes_are_refused(void **state)
{
    struct fixture *f = *state;
    const struct mqb_user_property no_name = {{NULL, 1}, MQB_STR("")};
    const struct mqb_user_property no_value = {MQB_STR(""), {NULL, 1}};
    struct mqb_publish messages[] = {question(), question(), question(), question()};
    messages[0].properties.content_type.len = 1;
    messages[1].properties.user_count = 1;
    messages[2].properties.user = &no_name;
    messages[2].properties.user_count = 1;
    messages[3].properties.user = &no_value;
    messages[3].properties.user_count = 1;
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(mqb_client_receive(&f->clients[1], &messages[i]), MQB_ERR_ARGUMENT);
    assert_int_equal(seen.calls, 0);
}

/* ---- What is set for the next message ---- */

static void they_reach_the_handler_over_the_loopback(void **state)
{
    struct fixture *f = *state;
    const struct mqb_properties properties = all_properties();
    /* Records at every alignment. */
    for (size_t start = 0; start < 16; start++) {
        mqb_memory_unpoison(f->memory, sizeof f->memory);
        mqb_loopback_set_memory(&f->broker, f->memory + start, sizeof f->memory - start);
        mqb_client_set_properties(&f->clients[0], &properties);
        assert_int_equal(ask(f), MQB_OK);
        assert_int_equal(ask(f), MQB_OK);
        assert_int_equal(f->clients[0].send_used, 0);
        seen.calls = 0;
        assert_int_equal(mqb_loopback_run(&f->broker), 2);
        assert_int_equal(seen.calls, 2);
        /* The second had none. */
        assert_string_equal(seen.texts, "questions|");
        assert_int_equal(seen.expiry_s, 0);
        mqb_client_set_properties(&f->clients[0], &properties);
        assert_int_equal(call(f, "tag"), MQB_OK);
        assert_int_equal(mqb_loopback_run(&f->broker), 1);
        assert_string_equal(seen.texts, "questions|text/plain|tenant=north|empty=");
        assert_int_equal(seen.expiry_s, 7);
        assert_true(seen.is_text);
        mqb_client_cancel_calls(&f->clients[0]);
        f->reply_count = 0;
    }
}

static void the_loopback_carries_the_duplicate_flag(void **state)
{
    struct fixture *f = *state;
    const struct mqb_transport *transport = &f->clients[0].config.transport;
    struct mqb_publish message = question();
    message.duplicate = true;
    assert_int_equal(transport->publish(transport->context, &message), MQB_OK);
    mqb_loopback_run(&f->broker);
    assert_true(seen.duplicate);
    assert_false(seen.retain);
}

static void the_loopback_refuses_user_properties_that_no_packet_holds(void **state)
{
    struct fixture *f = *state;
    const struct mqb_transport *transport = &f->clients[0].config.transport;
    static char bytes[UINT16_MAX + 1];
    const struct mqb_user_property name = {{bytes, sizeof bytes}, MQB_STR("")};
    const struct mqb_user_property value = {MQB_STR(""), {bytes, sizeof bytes}};
    const struct mqb_user_property *const users[] = {&name, &value};
    static char memory[200000];
    mqb_loopback_init(&f->broker, memory, sizeof memory);
    mqb_loopback_join(&f->broker, &f->peers[0], &f->clients[0]);
    struct mqb_publish message = question();
    message.properties.user_count = 1;
    for (size_t i = 0; i < 2; i++) {
        message.properties.user = users[i];
        assert_int_equal(transport->publish(transport->context, &message), MQB_ERR_TRANSPORT);
    }
    message.properties.user_count = UINT16_MAX + 1;
    assert_int_equal(transport->publish(transport->context, &message), MQB_ERR_TRANSPORT);
}

static struct mqb_publish kept;
static char kept_texts[100];

static enum mqb_status keep(void *context, const struct mqb_publish *message)
{
    (void)context;
    kept = *message;
    snprintf(
        kept_texts, sizeof kept_texts, "%s|%s=%s|%s=", message->properties.content_type.ptr,
        message->properties.user[0].name.ptr, message->properties.user[0].value.ptr,
        message->properties.user[1].name.ptr);
    return MQB_OK;
}

static bool carries(void *context)
{
    (void)context;
    return true;
}

static void transports_get_strings_that_end_with_nul(void **state)
{
    struct fixture *f = *state;
    const struct mqb_properties properties = all_properties();
    f->clients[0].config.transport.publish = keep;
    f->clients[0].config.transport.carries_properties = carries;
    size_t bytes = 0;
    for (enum mqb_status status = MQB_ERR_SPACE; status != MQB_OK; bytes++) {
        assert_true(bytes <= sizeof f->send_buffer[0]);
        f->clients[0].config.send_buffer_bytes = bytes;
        mqb_client_set_properties(&f->clients[0], &properties);
        status = ask(f);
        if (status != MQB_OK)
            assert_int_equal(status, MQB_ERR_SPACE);
    }
    assert_string_equal(f->reported, "questions: the send buffer is too small for the properties");
    assert_string_equal(kept_texts, "text/plain|tenant=north|empty=");
    assert_int_equal(kept.properties.expiry_s, 7);
    assert_true(kept.properties.is_text);
}

static void what_is_not_allowed_refuses_the_message(void **state)
{
    struct fixture *f = *state;
    static char bytes[UINT16_MAX + 1];
    memset(bytes, 'x', sizeof bytes);
    const struct mqb_user_property bad_name = {MQB_STR("a\0b"), MQB_STR("")};
    const struct mqb_user_property bad_value = {MQB_STR("a"), MQB_STR("\xff")};
    const struct mqb_properties refused[] = {
        {.response_topic = MQB_STR("a")},
        {.correlation_data = MQB_STR("a")},
        {.content_type = {bytes, sizeof bytes}},
        {.content_type = {NULL, 1}},
        {.user = &bad_name, .user_count = 1},
        {.user = &bad_value, .user_count = 1},
        {.user_count = 1},
    };
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        mqb_client_set_properties(&f->clients[0], &refused[i]);
        assert_int_equal(ask(f), MQB_ERR_VALUE);
        assert_int_equal(ask(f), MQB_OK);
    }
    mqb_client_set_properties(NULL, &refused[0]);
}

static void one_that_was_refused_uses_them_up(void **state)
{
    struct fixture *f = *state;
    const struct mqb_properties properties = all_properties();
    mqb_client_set_properties(&f->clients[0], &properties);
    f->asker.answers_topic = MQB_STR("elsewhere");
    assert_int_equal(properties_asker_unbind(&f->asker), MQB_OK);
    assert_int_equal(call(f, "1"), MQB_ERR_NO_ROUTE);
    assert_int_equal(ask(f), MQB_OK);
    mqb_loopback_run(&f->broker);
    assert_string_equal(seen.texts, "questions|");
    mqb_client_set_properties(&f->clients[0], &properties);
    mqb_client_set_properties(&f->clients[0], NULL);
    assert_int_equal(ask(f), MQB_OK);
    mqb_loopback_run(&f->broker);
    assert_string_equal(seen.texts, "questions|");
}

#define TEST(function) cmocka_unit_test_setup(function, set_up_looking)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_handler_sees_its_message),
        TEST(nested_messages_are_kept_apart),
        TEST(properties_without_their_bytes_are_refused),
        TEST(they_reach_the_handler_over_the_loopback),
        TEST(the_loopback_carries_the_duplicate_flag),
        TEST(the_loopback_refuses_user_properties_that_no_packet_holds),
        TEST(transports_get_strings_that_end_with_nul),
        TEST(what_is_not_allowed_refuses_the_message),
        TEST(one_that_was_refused_uses_them_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
