/* NULL where a pointer is needed is refused: by the runtime, and by generated code. */
#include <mqbind/loopback.h>
#include <mqbind/mqbind.h>

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "folotoy_application.h"
#include "folotoy_server.h"

static struct mqb_client client;
static struct mqb_error reported;
static char scratch_memory[4096];
static char send_buffer[1024];
static struct mqb_call calls[2];

static void on_error(void *user, struct mqb_str topic, const struct mqb_error *error)
{
    (void)user;
    assert_true(topic.ptr != NULL || topic.len == 0);
    reported = *error;
}

static struct mqb_client_config whole_config(void)
{
    return (struct mqb_client_config){
        .scratch = scratch_memory,
        .scratch_bytes = sizeof scratch_memory,
        .send_buffer = send_buffer,
        .send_buffer_bytes = sizeof send_buffer,
        .calls = calls,
        .call_count = 2,
        .seed = "sixteen and more",
        .seed_bytes = 16,
        .on_error = on_error,
    };
}

static void start(void)
{
    const struct mqb_client_config config = whole_config();
    assert_int_equal(mqb_client_init(&client, &config), MQB_OK);
}

/* ---- Clients ---- */

static void a_client_needs_a_config(void **state)
{
    const struct mqb_client_config config = whole_config();
    (void)state;
    assert_int_equal(mqb_client_init(NULL, &config), MQB_ERR_ARGUMENT);
    assert_int_equal(mqb_client_init(&client, NULL), MQB_ERR_ARGUMENT);
    assert_int_equal(mqb_client_init(NULL, NULL), MQB_ERR_ARGUMENT);
}

static void memory_with_a_length_is_somewhere(void **state)
{
    struct mqb_client_config configs[5];
    (void)state;
    for (size_t i = 0; i < 5; i++)
        configs[i] = whole_config();
    configs[0].scratch = NULL;
    configs[1].send_buffer = NULL;
    configs[2].calls = NULL;
    configs[3].bucket_count = 1;
    configs[4].seed = NULL;
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(mqb_client_init(&client, &configs[i]), MQB_ERR_ARGUMENT);
    const struct mqb_client_config nothing = {.on_error = NULL};
    assert_int_equal(mqb_client_init(&client, &nothing), MQB_OK);
}

/* A client whose config was refused routes nothing. */
static void a_refused_client_is_empty(void **state)
{
    const struct mqb_publish message = {.topic = MQB_STR("a")};
    (void)state;
    memset(&client, 0xAA, sizeof client);
    assert_int_equal(mqb_client_init(&client, NULL), MQB_ERR_ARGUMENT);
    assert_int_equal(mqb_client_receive(&client, &message), MQB_ERR_NO_ROUTE);
}

static void there_must_be_a_client(void **state)
{
    const struct mqb_publish message = {.topic = MQB_STR("a")};
    (void)state;
    assert_int_equal(mqb_client_receive(NULL, &message), MQB_ERR_ARGUMENT);
    assert_int_equal(mqb_client_subscribe_all(NULL), MQB_ERR_ARGUMENT);
    mqb_client_refuse_filter(NULL, MQB_STR("a"), "rule");
    mqb_client_tick(NULL, 1);
    mqb_client_cancel_calls(NULL);
    assert_true(mqb_client_due_ms(NULL, 1) == UINT64_MAX);
}

/* It is counted, and reported to on_error, like any refused message. */
static void there_must_be_a_message(void **state)
{
    const struct mqb_publish messages[] = {
        {.topic = {NULL, 1}},
        {.topic = MQB_STR("a"), .payload = {NULL, 1}},
        {.topic = MQB_STR("a"), .properties.response_topic = {NULL, 1}},
        {.topic = MQB_STR("a"), .properties.correlation_data = {NULL, 1}},
    };
    (void)state;
    start();
    assert_int_equal(mqb_client_receive(&client, NULL), MQB_ERR_ARGUMENT);
    assert_int_equal(reported.status, MQB_ERR_ARGUMENT);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(mqb_client_receive(&client, &messages[i]), MQB_ERR_ARGUMENT);
    assert_int_equal(client.counters.received_by_status[MQB_ERR_ARGUMENT], 5);
}

/* ---- Values and strings ---- */

static void values_need_a_place(void **state)
{
    struct mqb_json_walk walk = mqb_json_walk_begin(MQB_JSON("[1]"));
    struct mqb_json value;
    (void)state;
    assert_int_equal(mqb_json_get_bool(MQB_JSON("true"), NULL), MQB_ERR_ARGUMENT);
    assert_int_equal(mqb_json_get_int64(MQB_JSON("1"), NULL), MQB_ERR_ARGUMENT);
    assert_int_equal(mqb_json_get_uint64(MQB_JSON("1"), NULL), MQB_ERR_ARGUMENT);
    assert_int_equal(mqb_json_get_double(MQB_JSON("1"), NULL), MQB_ERR_ARGUMENT);
    assert_int_equal(mqb_json_get_string(MQB_JSON("\"a\""), NULL, NULL), MQB_ERR_ARGUMENT);
    assert_int_equal(mqb_json_type((struct mqb_json){NULL, 4}), MQB_JSON_NULL);
    assert_false(mqb_json_walk_next(&walk, NULL, NULL));
    assert_false(mqb_json_walk_next(NULL, NULL, &value));
    assert_false(mqb_json_find(MQB_JSON("{\"a\":1}"), MQB_STR("a"), NULL));
    assert_null(mqb_map_find(NULL, MQB_STR("a")));
}

static void texts_need_a_buffer(void **state)
{
    (void)state;
    assert_int_equal(mqb_json_from_int64(12, NULL).len, 0);
    assert_int_equal(mqb_json_from_uint64(12, NULL).len, 0);
    assert_int_equal(mqb_json_from_double(1.5, NULL).len, 0);
    assert_int_equal(mqb_json_from_string(MQB_STR("a"), NULL, 10).len, 0);
    assert_int_equal(mqb_json_from_string((struct mqb_str){NULL, 1}, send_buffer, 10).len, 0);
    const struct mqb_error error = {.rule = "rule"};
    assert_int_equal(mqb_error_format(NULL, send_buffer, 10), 0);
    assert_string_equal(send_buffer, "");
    assert_int_equal(mqb_error_format(&error, NULL, 10), 4);
}

static void scratch_memory_may_be_nowhere(void **state)
{
    struct mqb_scratch scratch = mqb_scratch_from(NULL, 10);
    struct mqb_scratch odd = {.ptr = NULL, .cap = 10};
    struct mqb_str text;
    (void)state;
    mqb_scratch_reset(NULL);
    assert_int_equal(mqb_json_get_string(MQB_JSON("\"\\n\""), &scratch, &text), MQB_ERR_SPACE);
    assert_int_equal(mqb_json_get_string(MQB_JSON("\"\\n\""), &odd, &text), MQB_ERR_SPACE);
    assert_int_equal(mqb_json_get_string(MQB_JSON("\"\\n\""), NULL, &text), MQB_ERR_SPACE);
}

/* ---- The loopback ---- */

static void a_loopback_needs_memory(void **state)
{
    static struct mqb_loopback broker;
    static struct mqb_loopback_peer peer;
    (void)state;
    assert_int_equal(mqb_loopback_init(NULL, send_buffer, 10), MQB_ERR_ARGUMENT);
    assert_int_equal(mqb_loopback_init(&broker, NULL, 10), MQB_ERR_ARGUMENT);
    assert_int_equal(mqb_loopback_init(&broker, send_buffer, 10), MQB_OK);
    assert_null(mqb_loopback_join(NULL, &peer, &client).publish);
    assert_null(mqb_loopback_join(&broker, NULL, &client).publish);
    assert_null(mqb_loopback_join(&broker, &peer, NULL).publish);
    assert_non_null(mqb_loopback_join(&broker, &peer, &client).publish);
    assert_true(mqb_loopback_leave(NULL));
    assert_int_equal(mqb_loopback_run(NULL), 0);
}

/* ---- Generated code ---- */

static void codecs_need_a_message(void **state)
{
    const struct mqb_str json = MQB_STR("{\"msgId\":1,\"identifier\":\"iwantplay\",\"result\":0}");
    struct mqb_scratch scratch = mqb_scratch_from(scratch_memory, sizeof scratch_memory);
    struct mqb_scratch nowhere = {.ptr = NULL, .cap = 10};
    struct folotoy_command_ack message;
    struct mqb_error error;
    size_t len;
    (void)state;
    folotoy_command_ack_init(NULL);
    folotoy_command_ack_init(&message);
    assert_int_equal(folotoy_command_ack_decode(NULL, json, &scratch, &error), MQB_ERR_ARGUMENT);
    assert_int_equal(error.status, MQB_ERR_ARGUMENT);
    assert_string_equal(error.rule, "a pointer is NULL");
    assert_int_equal(folotoy_command_ack_decode(&message, json, NULL, NULL), MQB_ERR_ARGUMENT);
    assert_int_equal(folotoy_command_ack_decode(&message, json, &nowhere, NULL), MQB_ERR_ARGUMENT);
    assert_int_equal(
        folotoy_command_ack_decode(&message, (struct mqb_str){NULL, 1}, &scratch, NULL),
        MQB_ERR_ARGUMENT);
    assert_int_equal(folotoy_command_ack_validate(NULL, &error), MQB_ERR_ARGUMENT);
    assert_int_equal(
        folotoy_command_ack_encode(NULL, send_buffer, 10, &len, NULL), MQB_ERR_ARGUMENT);
    assert_int_equal(folotoy_command_ack_encode(&message, NULL, 10, &len, NULL), MQB_ERR_ARGUMENT);
    /* To learn the length there need not be a buffer. */
    assert_int_equal(folotoy_command_ack_decode(&message, json, &scratch, NULL), MQB_OK);
    assert_int_equal(folotoy_command_ack_encode(&message, NULL, 0, &len, NULL), MQB_ERR_SPACE);
    assert_in_range(len, 10, 100);
}

static void on_reply(
    struct folotoy_application *application,
    void *user,
    enum mqb_status status,
    const struct folotoy_command_ack *reply)
{
    (void)application;
    (void)user;
    (void)status;
    (void)reply;
    fail();
}

static void sides_need_a_client_and_handlers(void **state)
{
    const struct folotoy_application_handlers handlers = {.command_ack = NULL};
    struct folotoy_application sides[] = {{.handlers = &handlers}, {.client = &client}};
    (void)state;
    start();
    assert_int_equal(folotoy_application_bind(NULL), MQB_ERR_ARGUMENT);
    assert_int_equal(folotoy_application_unbind(NULL), MQB_ERR_ARGUMENT);
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(folotoy_application_bind(&sides[i]), MQB_ERR_ARGUMENT);
    assert_int_equal(folotoy_application_unbind(&sides[0]), MQB_ERR_NO_ROUTE);
    sides[0].client = &client;
    assert_int_equal(folotoy_application_bind(&sides[0]), MQB_OK);
    assert_int_equal(folotoy_application_unbind(&sides[0]), MQB_OK);
}

static void sending_needs_a_client_and_a_message(void **state)
{
    const struct folotoy_application_handlers handlers = {.command_ack = NULL};
    struct folotoy_application side = {.client = &client, .handlers = &handlers};
    struct folotoy_application alone = {.handlers = &handlers};
    struct folotoy_i_want_play message;
    const struct mqb_str sn = MQB_STR("1");
    (void)state;
    start();
    folotoy_i_want_play_init(&message);
    assert_int_equal(folotoy_application_send_i_want_play(NULL, sn, &message), MQB_ERR_ARGUMENT);
    assert_int_equal(folotoy_application_send_i_want_play(&alone, sn, &message), MQB_ERR_ARGUMENT);
    assert_int_equal(folotoy_application_send_i_want_play(&side, sn, NULL), MQB_ERR_ARGUMENT);
    assert_int_equal(
        folotoy_application_call_i_want_play(NULL, sn, &message, 9, on_reply, NULL),
        MQB_ERR_ARGUMENT);
    assert_int_equal(
        folotoy_application_call_i_want_play(&alone, sn, &message, 9, on_reply, NULL),
        MQB_ERR_ARGUMENT);
    assert_int_equal(
        folotoy_application_call_i_want_play(&side, sn, NULL, 9, on_reply, NULL), MQB_ERR_ARGUMENT);
    assert_int_equal(
        folotoy_application_call_i_want_play(&side, sn, &message, 9, NULL, NULL), MQB_ERR_ARGUMENT);
    assert_int_equal(client.counters.sent, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_client_needs_a_config),
        cmocka_unit_test(memory_with_a_length_is_somewhere),
        cmocka_unit_test(a_refused_client_is_empty),
        cmocka_unit_test(there_must_be_a_client),
        cmocka_unit_test(there_must_be_a_message),
        cmocka_unit_test(values_need_a_place),
        cmocka_unit_test(texts_need_a_buffer),
        cmocka_unit_test(scratch_memory_may_be_nowhere),
        cmocka_unit_test(a_loopback_needs_memory),
        cmocka_unit_test(codecs_need_a_message),
        cmocka_unit_test(sides_need_a_client_and_handlers),
        cmocka_unit_test(sending_needs_a_client_and_a_message),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
