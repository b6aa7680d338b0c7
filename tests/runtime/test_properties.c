/* Response topics and correlation data, in the C of tests/cases/properties and over the loopback.
 */
#include <mqbind/loopback.h>
#include <mqbind/memory.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "properties_asker.h"
#include "properties_teller.h"

#define CALLS 4
#define KEPT 4
#define INBOX "askers/7/inbox"

/* A request that waits to be answered: copies, as the handler's views die. */
struct request {
    char response_topic[64];
    char correlation_data[64];
    size_t correlation_data_len;
};

struct fixture {
    struct mqb_loopback broker;
    struct mqb_loopback_peer peers[2];
    struct mqb_client clients[2];
    struct properties_asker asker;
    struct properties_teller teller;
    struct mqb_call calls[CALLS];
    char memory[1024];
    char scratch[2][1024];
    char send_buffer[2][256];
    struct request requests[KEPT];
    size_t request_count;
    char replies[KEPT][40]; /**< "tag: status text" */
    size_t reply_count;
    char told[160]; /**< What on_error got last. */
    size_t published;
    struct mqb_publish last; /**< What the transport below was given. */
    bool send_inside;
};

/* ---- What sides are given ---- */

static void on_error(void *user, struct mqb_str topic, const struct mqb_error *error)
{
    struct fixture *f = user;
    char text[120];
    mqb_error_text(error, text, sizeof text);
    snprintf(f->told, sizeof f->told, "%.*s: %s", (int)topic.len, topic.ptr, text);
}

static enum mqb_status on_ask(
    struct properties_teller *teller,
    struct mqb_str response_topic,
    struct mqb_str correlation_data,
    const struct properties_ask *message)
{
    struct fixture *f = teller->user;
    struct request *request = &f->requests[f->request_count++];
    (void)message;
    assert_true(response_topic.len < sizeof request->response_topic);
    assert_true(correlation_data.len <= sizeof request->correlation_data);
    memcpy(request->response_topic, response_topic.ptr, response_topic.len);
    request->response_topic[response_topic.len] = '\0';
    memcpy(request->correlation_data, correlation_data.ptr, correlation_data.len);
    request->correlation_data_len = correlation_data.len;
    return MQB_OK;
}

static enum mqb_status answer(struct fixture *f, size_t place, const char *text)
{
    const struct request *request = &f->requests[place];
    const struct properties_told told = {.text = mqb_str_from(text)};
    return properties_teller_send_told(
        &f->teller, mqb_str_from(request->response_topic),
        (struct mqb_str){request->correlation_data, request->correlation_data_len}, &told);
}

static void on_reply(
    struct properties_asker *asker,
    void *user,
    enum mqb_status status,
    const struct properties_asker_ask_reply *reply)
{
    struct fixture *f = asker->user;
    const struct mqb_str text = reply && reply->told ? reply->told->text : MQB_STR("");
    snprintf(
        f->replies[f->reply_count++], sizeof f->replies[0], "%s: %s %.*s", (const char *)user,
        mqb_status_text(status), (int)text.len, text.ptr);
}

static enum mqb_status call(struct fixture *f, char *tag)
{
    const struct properties_ask ask = {.about = MQB_STR("rain")};
    return properties_asker_call_ask(&f->asker, &ask, 100, on_reply, tag);
}

static struct mqb_client_config config_of(struct fixture *f, size_t place)
{
    return (struct mqb_client_config){
        .transport = mqb_loopback_join(&f->broker, &f->peers[place], &f->clients[place]),
        .scratch = f->scratch[place],
        .scratch_bytes = sizeof f->scratch[place],
        .send_buffer = f->send_buffer[place],
        .send_buffer_bytes = sizeof f->send_buffer[place],
        .calls = place == 0 ? f->calls : NULL,
        .call_count = place == 0 ? CALLS : 0,
        .seed = place == 0 ? "a seed of the asker's" : NULL,
        .seed_bytes = place == 0 ? 21 : 0,
        .on_error = on_error,
        .user = f,
    };
}

static int set_up(void **state)
{
    static struct fixture fixture;
    static const struct properties_asker_handlers asker_handlers;
    static const struct properties_teller_handlers teller_handlers = {.ask = on_ask};
    struct fixture *f = &fixture;
    mqb_memory_lives(f, sizeof *f);
    memset(f, 0, sizeof *f);
    memset(f->send_buffer, 'x', sizeof f->send_buffer);
    mqb_loopback_init(&f->broker, f->memory, sizeof f->memory);
    for (size_t i = 0; i < 2; i++) {
        const struct mqb_client_config config = config_of(f, i);
        mqb_client_init(&f->clients[i], &config);
        mqb_client_tick(&f->clients[i], 1000);
    }
    f->asker = (struct properties_asker){
        .client = &f->clients[0],
        .handlers = &asker_handlers,
        .answers_topic = MQB_STR(INBOX),
        .user = f,
    };
    f->teller = (struct properties_teller){
        .client = &f->clients[1],
        .handlers = &teller_handlers,
        .user = f,
    };
    assert_int_equal(properties_asker_bind(&f->asker), MQB_OK);
    assert_int_equal(properties_teller_bind(&f->teller), MQB_OK);
    *state = f;
    return 0;
}

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
    assert_string_equal(f->told, "");
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
    assert_string_equal(f->told, INBOX ": no call waits for this reply");
}

static void each_call_has_correlation_data_of_its_own(void **state)
{
    struct fixture *f = *state;
    char one[MQB_CORRELATION_BYTES];
    char other[MQB_CORRELATION_BYTES];
    const struct mqb_str text = mqb_call_correlation(&f->clients[0], one);
    mqb_call_correlation(&f->clients[0], other);
    assert_ptr_equal(text.ptr, one);
    assert_int_equal(text.len, MQB_CORRELATION_BYTES);
    assert_memory_not_equal(one, other, MQB_CORRELATION_BYTES);
    for (size_t i = 0; i < MQB_CORRELATION_BYTES; i++)
        assert_non_null(strchr("0123456789abcdef", one[i]));
    /* All of its 128 bits are drawn: none is the same in each of 200. */
    bool differs[MQB_CORRELATION_BYTES] = {false};
    for (int i = 0; i < 200; i++) {
        mqb_call_correlation(&f->clients[0], other);
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
    assert_string_equal(f->told, "");
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
    assert_string_equal(f->told, "questions: the reply would go to a foreign topic");
    assert_int_equal(f->clients[0].counters.sent_by_status[MQB_ERR_TOPIC], 1);
    assert_int_equal(f->clients[0].counters.calls, 0);
}

/* ---- What comes ---- */

static enum mqb_status receive(struct fixture *f, struct mqb_str topic, struct mqb_str data)
{
    const struct mqb_publish message = {
        .topic = MQB_STR("questions"),
        .payload = MQB_STR("{\"about\":\"rain\"}"),
        .properties = {topic, data},
    };
    return mqb_receive(&f->clients[1], &message);
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
    assert_string_equal(
        f->told, "questions: must have a response topic, which MQTT 5 carries (byte 0)");
    assert_int_equal(receive(f, inbox, none), MQB_ERR_MISSING);
    assert_string_equal(
        f->told, "questions: must have correlation data, which MQTT 5 carries (byte 0)");
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(receive(f, bad[i], data), MQB_ERR_TOPIC);
    assert_string_equal(
        f->told, "questions: the response topic must be a topic that a message can have");
    assert_int_equal(f->request_count, 0);
    assert_int_equal(receive(f, inbox, data), MQB_OK);
    assert_int_equal(f->request_count, 1);
}

static void a_broken_payload_is_told_first(void **state)
{
    struct fixture *f = *state;
    const struct mqb_publish message = {
        .topic = MQB_STR("questions"),
        .payload = MQB_STR("{\"about\":\"rain\",}"),
    };
    assert_int_equal(mqb_receive(&f->clients[1], &message), MQB_ERR_JSON);
}

static void a_reply_without_correlation_data_is_refused(void **state)
{
    struct fixture *f = *state;
    const struct mqb_publish message = {
        .topic = MQB_STR(INBOX),
        .payload = MQB_STR("{\"text\":\"soon\"}"),
    };
    call(f, "1");
    assert_int_equal(mqb_receive(&f->clients[0], &message), MQB_ERR_MISSING);
    assert_int_equal(f->reply_count, 0);
}

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

static void the_first_thing_that_is_wrong_is_told(void **state)
{
    struct fixture *f = *state;
    use(f, carries);
    assert_int_equal(send(f, MQB_STR("+"), MQB_STR("")), MQB_ERR_TOPIC);
    assert_string_equal(
        f->told, "questions: the response topic must be a topic that a message can have");
}

static void without_mqtt_5_nothing_is_sent(void **state)
{
    struct fixture *f = *state;
    bool (*const cannot[])(void *) = {NULL, does_not_carry};
    for (size_t i = 0; i < 2; i++) {
        use(f, cannot[i]);
        f->told[0] = '\0';
        assert_int_equal(call(f, "1"), MQB_ERR_TRANSPORT);
        assert_string_equal(
            f->told, "questions: a response topic or correlation data needs MQTT 5");
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
        const bool no_room = strstr(f->told, "too small for the response topic");
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
        cmocka_unit_test_setup(replies_in_any_order_find_their_calls, set_up),
        cmocka_unit_test_setup(a_second_reply_is_refused, set_up),
        cmocka_unit_test_setup(each_call_has_correlation_data_of_its_own, set_up),
        cmocka_unit_test_setup(correlation_data_that_waits_is_drawn_again, set_up),
        cmocka_unit_test_setup(a_client_without_a_seed_does_not_call, set_up),
        cmocka_unit_test_setup(a_call_that_wants_its_reply_elsewhere_is_refused, set_up),
        cmocka_unit_test_setup(a_request_that_cannot_be_answered_is_refused, set_up),
        cmocka_unit_test_setup(a_broken_payload_is_told_first, set_up),
        cmocka_unit_test_setup(a_reply_without_correlation_data_is_refused, set_up),
        cmocka_unit_test_setup(properties_that_cannot_be_sent_refuse_the_message, set_up),
        cmocka_unit_test_setup(the_first_thing_that_is_wrong_is_told, set_up),
        cmocka_unit_test_setup(without_mqtt_5_nothing_is_sent, set_up),
        cmocka_unit_test_setup(the_send_buffer_is_used_to_the_last_byte, set_up),
        cmocka_unit_test_setup(a_message_sent_meanwhile_goes_behind_it, set_up),
        cmocka_unit_test_setup(the_loopback_refuses_what_no_packet_holds, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
