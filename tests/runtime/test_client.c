/* The client: routing, refusals, sending, bindings and what it counts. */
#include "valve.h"

#include <mqbind/memory.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* ---- A transport that writes down what it is asked ---- */

struct record {
    char lines[40][100];
    size_t count;
    enum mqb_status publish;
    enum mqb_status subscribe;
    struct mqb_client *echo; /**< Gets each publish at once, as a bad transport might do it. */
};

static void note(struct record *record, const char *format, ...)
{
    va_list arguments;
    assert_true(record->count < 40);
    va_start(arguments, format);
    vsnprintf(record->lines[record->count++], 100, format, arguments);
    va_end(arguments);
}

static enum mqb_status record_publish(void *context, const struct mqb_publish *message)
{
    struct record *record = context;
    assert_int_equal(message->topic.ptr[message->topic.len], '\0');
    if (record->publish != MQB_OK)
        return record->publish;
    if (record->echo)
        mqb_receive(record->echo, message);
    note(
        record, "publish %s %.*s q%d r%d", message->topic.ptr, (int)message->payload.len,
        message->payload.ptr, message->qos, message->retain);
    return MQB_OK;
}

static enum mqb_status record_subscribe(void *context, const char *filter, int qos)
{
    struct record *record = context;
    note(record, "subscribe %s q%d", filter, qos);
    return record->subscribe;
}

static enum mqb_status record_unsubscribe(void *context, const char *filter)
{
    note(context, "unsubscribe %s", filter);
    return MQB_OK;
}

/* ---- The client under test ---- */

struct fixture {
    struct mqb_client client;
    struct valve valve;
    struct valve other;
    struct record record;
    char scratch[1024];
    char send_buffer[96];
    char told[20][160]; /**< What on_error got: "topic: status rule". */
    size_t told_count;
    struct mqb_str resend; /**< Unless empty, on_error sends the state of this valve. */
    char handled[20][60];
    size_t handled_count;
};

static void on_error(void *user, struct mqb_str topic, const struct mqb_error *error)
{
    struct fixture *f = user;
    assert_true(f->told_count < 20);
    if (f->resend.len != 0)
        valve_send_state(&f->valve, f->resend, MQB_STR("x"), 1);
    snprintf(
        f->told[f->told_count++], sizeof f->told[0], "%.*s: %d %s: %s", (int)topic.len, topic.ptr,
        (int)error->status, error->path, error->rule);
}

static void handled(struct fixture *f, const char *what, struct mqb_str id, int64_t percent)
{
    assert_true(f->handled_count < 20);
    snprintf(
        f->handled[f->handled_count++], sizeof f->handled[0], "%s %.*s %d", what, (int)id.len,
        id.ptr, (int)percent);
}

static enum mqb_status open_one(struct valve *valve, struct mqb_str id, int64_t percent)
{
    handled(valve->user, "open", id, percent);
    return MQB_OK;
}

static enum mqb_status open_all(struct valve *valve, int64_t percent)
{
    handled(valve->user, "all", MQB_STR("-"), percent);
    return MQB_OK;
}

static const struct valve_handlers handlers = {.open = open_one, .open_all = open_all};

static struct mqb_client_config make_config(struct fixture *f)
{
    return (struct mqb_client_config){
        .transport =
            {.context = &f->record,
             .publish = record_publish,
             .subscribe = record_subscribe,
             .unsubscribe = record_unsubscribe},
        .scratch = f->scratch,
        .scratch_bytes = sizeof f->scratch,
        .send_buffer = f->send_buffer,
        .send_buffer_bytes = sizeof f->send_buffer,
        .on_error = on_error,
        .user = f,
    };
}

static int set_up(void **state)
{
    static struct fixture fixture;
    struct fixture *f = &fixture;
    mqb_memory_lives(f, sizeof *f);
    memset(f, 0, sizeof *f);
    struct mqb_client_config config = make_config(f);
    mqb_client_init(&f->client, &config);
    f->valve = (struct valve){.client = &f->client, .handlers = &handlers, .user = f};
    f->other = f->valve;
    *state = f;
    return 0;
}

/* A binding without subscriptions in the record. */
static void bind_quietly(struct fixture *f, struct valve *valve)
{
    assert_int_equal(valve_bind(valve), MQB_OK);
    f->record.count = 0;
}

static void walk_open(struct mqb_topic_walk *walk, const char *at)
{
    if (!mqb_take_text(walk, &at, "valve/", 6))
        return;
    mqb_take_level(walk, &at, 0);
    if (mqb_take_text(walk, &at, "/open", 5))
        mqb_take_route(walk, at, 0);
}

/* Of a route with the address of valve_open_address. */
static struct mqb_router router_of(const struct mqb_route *route)
{
    return (struct mqb_router){
        .routes = route, .walk = walk_open, .route_count = 1, .value_count = 1};
}

static enum mqb_status receive(struct fixture *f, const char *topic, const char *payload)
{
    const struct mqb_publish message = {
        .topic = mqb_str_from(topic),
        .payload = mqb_str_from(payload),
    };
    return mqb_receive(&f->client, &message);
}

static void assert_told(const struct fixture *f, size_t index, const char *line)
{
    assert_true(f->told_count > index);
    assert_string_equal(f->told[index], line);
}

static uint64_t sum(const uint64_t *counts)
{
    uint64_t total = 0;
    for (size_t i = 0; i < MQB_STATUS_COUNT; i++)
        total += counts[i];
    return total;
}

static void assert_received(const struct fixture *f, enum mqb_status status, uint64_t count)
{
    const struct mqb_counters *counters = &f->client.counters;
    assert_int_equal(counters->received_by_status[status], count);
    assert_int_equal(counters->received, sum(counters->received_by_status));
}

static void assert_sent(const struct fixture *f, enum mqb_status status, uint64_t count)
{
    const struct mqb_counters *counters = &f->client.counters;
    assert_int_equal(counters->sent_by_status[status], count);
    assert_int_equal(counters->sent, sum(counters->sent_by_status));
}

/* ---- Receiving ---- */

static void a_message_reaches_its_handler_with_its_parameters(void **state)
{
    struct fixture *f = *state;
    bind_quietly(f, &f->valve);
    assert_int_equal(receive(f, "valve/north/open", "42"), MQB_OK);
    assert_string_equal(f->handled[0], "open north 42");
    assert_received(f, MQB_OK, 1);
    assert_int_equal(f->told_count, 0);
}

static void a_literal_level_wins_over_a_parameter(void **state)
{
    struct fixture *f = *state;
    bind_quietly(f, &f->valve);
    assert_int_equal(receive(f, "valve/all/open", "7"), MQB_OK);
    assert_int_equal(f->handled_count, 1);
    assert_string_equal(f->handled[0], "all - 7");
}

static void topics_that_mqtt_forbids_are_refused(void **state)
{
    static const struct {
        const char *topic;
        size_t len;
        const char *told;
    } cases[] = {
        {"", 0, ": 3 : a topic must not be empty"},
        {"valve/+/open", 12, "valve/+/open: 3 : a topic must not hold \"+\", \"#\" or NUL"},
        {"#", 1, "#: 3 : a topic must not hold \"+\", \"#\" or NUL"},
        {"valve/\0/open", 12, "valve/: 3 : a topic must not hold \"+\", \"#\" or NUL"},
        {"v\xff", 2, "v\xff: 3 : a topic must be valid UTF-8"},
    };
    struct fixture *f = *state;
    const size_t count = sizeof cases / sizeof cases[0];
    bind_quietly(f, &f->valve);
    for (size_t i = 0; i < count; i++) {
        struct mqb_publish message = {.topic = {cases[i].topic, cases[i].len}};
        message.payload = MQB_STR("1");
        assert_int_equal(mqb_receive(&f->client, &message), MQB_ERR_TOPIC);
        assert_told(f, i, cases[i].told);
    }
    assert_received(f, MQB_ERR_TOPIC, count);
    assert_int_equal(f->handled_count, 0);
}

static void unknown_topics_have_no_route(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(receive(f, "valve/north/open", "1"), MQB_ERR_NO_ROUTE);
    bind_quietly(f, &f->valve);
    assert_int_equal(receive(f, "valve/north/close", "1"), MQB_ERR_NO_ROUTE);
    assert_int_equal(receive(f, "valve/north/open/x", "1"), MQB_ERR_NO_ROUTE);
    assert_told(f, 1, "valve/north/close: 1 : no binding takes the topic");
    assert_received(f, MQB_ERR_NO_ROUTE, 3);
}

static void parameters_that_break_their_rule_are_refused(void **state)
{
    struct fixture *f = *state;
    bind_quietly(f, &f->valve);
    assert_int_equal(receive(f, "valve/North/open", "1"), MQB_ERR_TOPIC);
    assert_int_equal(receive(f, "valve/abcdefghi/open", "1"), MQB_ERR_TOPIC);
    assert_int_equal(receive(f, "valve//open", "1"), MQB_ERR_TOPIC);
    assert_told(f, 0, "valve/North/open: 3 : must be 1 to 8 lower-case letters");
    assert_told(f, 2, "valve//open: 3 : a topic parameter must not be empty");
    assert_received(f, MQB_ERR_TOPIC, 3);
    assert_int_equal(f->handled_count, 0);
}

static void refused_payloads_are_told_with_their_own_error(void **state)
{
    struct fixture *f = *state;
    bind_quietly(f, &f->valve);
    assert_int_equal(receive(f, "valve/a/open", "101"), MQB_ERR_VALUE);
    assert_int_equal(receive(f, "valve/a/open", "\"1\""), MQB_ERR_TYPE);
    assert_int_equal(receive(f, "valve/a/open", ""), MQB_ERR_JSON);
    assert_told(f, 0, "valve/a/open: 8 : must be 0 to 100");
    assert_int_equal(f->told_count, 3);
    assert_int_equal(f->handled_count, 0);
    assert_int_equal(receive(f, "valve/a/open", "100"), MQB_OK);
    assert_int_equal(f->handled_count, 1);
}

static void payloads_past_the_limit_are_refused_unread(void **state)
{
    struct fixture *f = *state;
    struct mqb_client_config config = make_config(f);
    config.max_payload_bytes = 3;
    mqb_client_init(&f->client, &config);
    bind_quietly(f, &f->valve);
    /* Reading it would crash. */
    const struct mqb_publish huge = {
        .topic = MQB_STR("valve/a/open"),
        .payload = {"", SIZE_MAX},
    };
    assert_int_equal(mqb_receive(&f->client, &huge), MQB_ERR_LIMIT);
    assert_told(f, 0, "valve/a/open: 9 : the payload is longer than allowed");
    assert_int_equal(receive(f, "valve/a/open", "   1"), MQB_ERR_LIMIT);
    assert_int_equal(receive(f, "valve/a/open", "100"), MQB_OK);
    assert_received(f, MQB_ERR_LIMIT, 2);
}

static enum mqb_status refuse(struct valve *valve, struct mqb_str id, int64_t percent)
{
    (void)valve;
    (void)id;
    return (enum mqb_status)percent;
}

static void what_a_handler_returns_is_counted_and_told(void **state)
{
    static const struct valve_handlers refusing = {.open = refuse};
    struct fixture *f = *state;
    f->valve.handlers = &refusing;
    bind_quietly(f, &f->valve);
    assert_int_equal(receive(f, "valve/a/open", "12"), MQB_ERR_HANDLER);
    assert_int_equal(receive(f, "valve/a/open", "11"), MQB_ERR_TRANSPORT);
    /* No status at all: it must not reach the counters' memory. */
    assert_int_equal(receive(f, "valve/a/open", "99"), MQB_ERR_HANDLER);
    assert_told(f, 0, "valve/a/open: 12 : the handler refused the message");
    assert_told(f, 1, "valve/a/open: 11 : the handler refused the message");
    assert_received(f, MQB_ERR_HANDLER, 2);
}

static void a_missing_handler_is_told_after_the_payload_was_checked(void **state)
{
    static const struct valve_handlers none = {0};
    struct fixture *f = *state;
    f->valve.handlers = &none;
    assert_int_equal(valve_bind(&f->valve), MQB_OK);
    assert_int_equal(f->record.count, 0);
    assert_int_equal(receive(f, "valve/a/open", "1"), MQB_ERR_NO_HANDLER);
    assert_int_equal(receive(f, "valve/all/open", "1"), MQB_ERR_NO_HANDLER);
    assert_int_equal(receive(f, "valve/a/open", "-1"), MQB_ERR_VALUE);
    assert_told(f, 0, "valve/a/open: 2 : the message is valid and has no handler");
}

static void every_binding_gets_the_message_and_values_filter(void **state)
{
    struct fixture *f = *state;
    f->valve.id = MQB_STR("north");
    bind_quietly(f, &f->valve);
    bind_quietly(f, &f->other);
    assert_int_equal(receive(f, "valve/north/open", "1"), MQB_OK);
    assert_int_equal(f->handled_count, 2);
    assert_int_equal(receive(f, "valve/south/open", "1"), MQB_OK);
    assert_int_equal(f->handled_count, 3);
    assert_received(f, MQB_OK, 2);
}

static void one_refusing_binding_does_not_stop_the_others(void **state)
{
    static const struct valve_handlers refusing = {.open = refuse};
    struct fixture *f = *state;
    f->other.handlers = &refusing;
    bind_quietly(f, &f->valve);
    bind_quietly(f, &f->other);
    assert_int_equal(receive(f, "valve/a/open", "12"), MQB_ERR_HANDLER);
    assert_int_equal(f->handled_count, 1);
    assert_int_equal(f->told_count, 1);
    assert_received(f, MQB_ERR_HANDLER, 1);
    /* The same the other way round. */
    assert_int_equal(mqb_unbind(&f->valve.binding), MQB_OK);
    bind_quietly(f, &f->valve);
    assert_int_equal(receive(f, "valve/a/open", "12"), MQB_ERR_HANDLER);
    assert_int_equal(f->handled_count, 2);
    assert_int_equal(f->told_count, 2);
}

/* Receives again from inside, one percent less each time. */
static enum mqb_status dig(struct valve *valve, struct mqb_str id, int64_t percent)
{
    struct fixture *f = valve->user;
    char payload[12];
    f->client.scratch.used += 8; /* as a decoded array would */
    snprintf(payload, sizeof payload, "%d", (int)percent - 1);
    handled(f, "dig", id, percent);
    return percent == 0 ? MQB_OK : receive(f, "valve/a/open", payload);
}

static void handlers_may_receive_inside_up_to_a_depth(void **state)
{
    static const struct valve_handlers digging = {.open = dig};
    struct fixture *f = *state;
    f->valve.handlers = &digging;
    bind_quietly(f, &f->valve);
    assert_int_equal(receive(f, "valve/a/open", "7"), MQB_OK);
    assert_int_equal(f->handled_count, 8);
    assert_int_equal(f->client.scratch.used, 0);
    assert_received(f, MQB_OK, 8);

    f->handled_count = 0;
    assert_int_equal(receive(f, "valve/a/open", "50"), MQB_ERR_LIMIT);
    assert_int_equal(f->handled_count, 8);
    assert_told(f, 0, "valve/a/open: 9 : handlers received too deep inside others");
    /* The one that was too deep, and the eight whose handlers returned its status. */
    assert_received(f, MQB_ERR_LIMIT, 9);
    assert_int_equal(f->client.receiving, 0);
}

static void without_on_error_the_counters_still_tell(void **state)
{
    struct fixture *f = *state;
    struct mqb_client_config config = make_config(f);
    config.on_error = NULL;
    mqb_client_init(&f->client, &config);
    assert_int_equal(receive(f, "x", "1"), MQB_ERR_NO_ROUTE);
    assert_received(f, MQB_ERR_NO_ROUTE, 1);
}

/* ---- Sending ---- */

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
         "a topic parameter must not hold \"/\", \"+\", \"#\" or NUL"},
        {MQB_STR("A"), MQB_STR("b"), "must be 1 to 8 lower-case letters"},
        {MQB_STR("abcdefghi"), MQB_STR("b"), "must be 1 to 8 lower-case letters"},
        {MQB_STR("a"), MQB_STR("abcd"), "must have at most 3 characters"},
        {MQB_STR("a"), MQB_STR("#"), "a topic parameter must not hold \"/\", \"+\", \"#\" or NUL"},
        {MQB_STR("a"), MQB_STR("\xff"), "a topic must be valid UTF-8"},
    };
    const size_t count = sizeof cases / sizeof cases[0];
    for (size_t i = 0; i < count; i++) {
        char told[160];
        assert_int_equal(valve_send_state(&f->valve, cases[i].id, cases[i].part, 1), MQB_ERR_TOPIC);
        snprintf(told, sizeof told, "valve/{}/state/{}: 3 : %s", cases[i].rule);
        assert_told(f, i, told);
    }
    assert_int_equal(f->record.count, 0);
    assert_sent(f, MQB_ERR_TOPIC, count);
}

static void an_invalid_payload_is_not_sent(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(valve_send_state(&f->valve, MQB_STR("a"), MQB_STR("b"), 101), MQB_ERR_VALUE);
    assert_told(f, 0, "valve/a/state/b: 8 : must be 0 to 100");
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
        f->told_count = 0;
        assert_int_equal(
            valve_send_state(&f->valve, MQB_STR("a"), MQB_STR("b"), 42), MQB_ERR_SPACE);
        assert_sent(f, MQB_ERR_SPACE, 1);
        assert_int_equal(f->told_count, 1);
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
    static const struct mqb_parameter any = {.name = "x"};
    static const struct mqb_address address = {"x/{}", &any, 1};
    struct fixture *f = *state;
    struct mqb_client_config config = make_config(f);
    struct mqb_outbound outbound;
    config.send_buffer = send_buffer;
    config.send_buffer_bytes = sizeof send_buffer;
    mqb_client_init(&f->client, &config);
    memset(text, 'y', sizeof text);
    const struct mqb_str fits = {text, 65533};
    mqb_send_begin(&outbound, &f->client, &address, &fits);
    assert_int_equal(mqb_send_end(&outbound, 0, false), MQB_OK);
    const struct mqb_str too_long = {text, 65534};
    mqb_send_begin(&outbound, &f->client, &address, &too_long);
    mqb_write_null(&outbound.writer);
    assert_int_equal(mqb_send_end(&outbound, 0, false), MQB_ERR_TOPIC);
    assert_told(f, 0, "x/{}: 3 : a topic must have at most 65535 bytes");
}

static void a_topic_that_another_address_takes_is_not_sent(void **state)
{
    static const struct mqb_parameter any = {.name = "x"};
    static const struct mqb_parameter one = {
        .name = "x", .max_length = 1, .rule = "x must have at most 1 characters"};
    static const struct mqb_address address = {"{}/state", &any, 1};
    static const struct mqb_address literal = {"all/state", NULL, 0};
    static const struct mqb_address part = {"{}/state", &one, 1};
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
        mqb_send_begin(&outbound, &f->client, &address, &value);
        mqb_send_unless(&outbound, &address, &value, others, 2);
        mqb_write_null(&outbound.writer);
        assert_int_equal(mqb_send_end(&outbound, 0, false), cases[i].status);
    }
    assert_told(f, 0, "{}/state: 3 : the topic would reach the handler of another address");
    assert_told(f, 2, "{}/state: 3 : a topic parameter must not be empty");
}

static void a_parameter_does_not_start_a_topic_with_a_dollar(void **state)
{
    static const struct mqb_parameter any = {.name = "x"};
    static const struct mqb_address open = {"{}/state", &any, 1};
    static const struct mqb_address own = {"$own/{}", &any, 1};
    const struct mqb_str share = MQB_STR("$share");
    struct fixture *f = *state;
    struct mqb_outbound outbound;
    mqb_send_begin(&outbound, &f->client, &open, &share);
    mqb_write_null(&outbound.writer);
    assert_int_equal(mqb_send_end(&outbound, 0, false), MQB_ERR_TOPIC);
    assert_told(f, 0, "{}/state: 3 : a topic parameter must not start a topic with \"$\"");
    mqb_send_begin(&outbound, &f->client, &own, &share);
    mqb_write_null(&outbound.writer);
    assert_int_equal(mqb_send_end(&outbound, 0, false), MQB_OK);
    assert_string_equal(f->record.lines[0], "publish $own/$share null q0 r0");
}

static void a_refusing_transport_is_told(void **state)
{
    struct fixture *f = *state;
    f->record.publish = MQB_ERR_TRANSPORT;
    assert_int_equal(valve_send_state(&f->valve, MQB_STR("a"), MQB_STR("b"), 1), MQB_ERR_TRANSPORT);
    assert_told(f, 0, "valve/a/state/b: 11 : the transport refused the message");
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
    mqb_send_begin(&outbound, &f->client, &address, &id);
    mqb_write_int(&outbound.writer, 42, 0, 100, "");
    assert_int_equal(mqb_send_end(&outbound, 0, true), MQB_OK);
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
    assert_told(f, 0, "valve/a/state/b: 8 : must be 0 to 100");
    assert_string_equal(f->record.lines[0], "publish valve/else/state/x 1 q1 r0");
    assert_sent(f, MQB_ERR_VALUE, 1);
    assert_sent(f, MQB_OK, 1);
}

static void what_is_refused_inside_on_error_is_counted_and_not_told_again(void **state)
{
    struct fixture *f = *state;
    f->resend = MQB_STR("ELSE");
    assert_int_equal(valve_send_state(&f->valve, MQB_STR("a"), MQB_STR("b"), 101), MQB_ERR_VALUE);
    assert_int_equal(f->told_count, 1);
    assert_sent(f, MQB_ERR_VALUE, 1);
    assert_sent(f, MQB_ERR_TOPIC, 1);
}

/* ---- Bindings ---- */

static void binding_subscribes_to_what_has_handlers(void **state)
{
    static const struct valve_handlers some = {.open = open_one};
    struct fixture *f = *state;
    f->valve.handlers = &some;
    assert_int_equal(valve_bind(&f->valve), MQB_OK);
    assert_int_equal(f->record.count, 1);
    assert_string_equal(f->record.lines[0], "subscribe valve/+/open q1");
    f->other.id = MQB_STR("north");
    assert_int_equal(valve_bind(&f->other), MQB_OK);
    assert_int_equal(f->record.count, 3);
    assert_string_equal(f->record.lines[1], "subscribe valve/all/open q2");
    assert_string_equal(f->record.lines[2], "subscribe valve/north/open q1");
}

static void binding_twice_is_refused(void **state)
{
    struct fixture *f = *state;
    bind_quietly(f, &f->valve);
    bind_quietly(f, &f->other);
    assert_int_equal(valve_bind(&f->valve), MQB_ERR_DUPLICATE);
    assert_int_equal(valve_bind(&f->other), MQB_ERR_DUPLICATE);
    assert_int_equal(f->record.count, 0);
    assert_int_equal(receive(f, "valve/a/open", "1"), MQB_OK);
    assert_int_equal(f->handled_count, 2);
}

static void bad_values_bind_nothing(void **state)
{
    struct fixture *f = *state;
    f->valve.id = MQB_STR("a/b");
    assert_int_equal(valve_bind(&f->valve), MQB_ERR_TOPIC);
    f->valve.id = MQB_STR("North");
    assert_int_equal(valve_bind(&f->valve), MQB_ERR_TOPIC);
    assert_told(f, 1, "valve/{}/open: 3 : must be 1 to 8 lower-case letters");
    assert_int_equal(f->record.count, 0);
    assert_int_equal(f->client.counters.subscribe_failures, 2);
    assert_int_equal(receive(f, "valve/all/open", "1"), MQB_ERR_NO_ROUTE);
}

static void filters_must_fit_the_send_buffer(void **state)
{
    struct fixture *f = *state;
    struct mqb_client_config config = make_config(f);
    config.send_buffer_bytes = sizeof "valve/all/open" - 1;
    mqb_client_init(&f->client, &config);
    assert_int_equal(valve_bind(&f->valve), MQB_ERR_SPACE);
    assert_told(f, 0, "valve/all/open: 10 : the send buffer is too small for the filter");
    assert_null(f->client.bindings);
    config.send_buffer_bytes++;
    mqb_client_init(&f->client, &config);
    assert_int_equal(valve_bind(&f->valve), MQB_OK);
}

static void filters_have_at_most_65535_bytes(void **state)
{
    static char send_buffer[80000];
    static char text[66000];
    static const struct mqb_parameter any = {.name = "x"};
    static const struct mqb_address address = {"x/{}", &any, 1};
    static const uint8_t place[] = {0};
    static const struct mqb_route route = {
        .address = &address,
        .values = place,
        .receive = valve_receive_open,
        .wanted = valve_wants_open};
    static const struct mqb_router router = {.routes = &route, .route_count = 1, .value_count = 1};
    struct fixture *f = *state;
    struct mqb_client_config config = make_config(f);
    config.send_buffer = send_buffer;
    config.send_buffer_bytes = sizeof send_buffer;
    mqb_client_init(&f->client, &config);
    memset(text, 'y', sizeof text);
    const struct mqb_str id = {text, sizeof text};
    f->valve.binding = (struct mqb_binding){
        .client = &f->client,
        .router = &router,
        .values = &id,
        .side = &f->valve,
    };
    assert_int_equal(mqb_bind(&f->valve.binding), MQB_ERR_TOPIC);
    assert_told(f, 0, "x/{}: 3 : a filter must have at most 65535 bytes");
}

static void a_refused_subscription_is_told_and_the_binding_stays(void **state)
{
    struct fixture *f = *state;
    f->record.subscribe = MQB_ERR_TRANSPORT;
    assert_int_equal(valve_bind(&f->valve), MQB_ERR_TRANSPORT);
    assert_int_equal(f->record.count, 2);
    assert_told(f, 0, "valve/all/open: 11 : the transport refused the subscription");
    assert_told(f, 1, "valve/+/open: 11 : the transport refused the subscription");
    assert_int_equal(f->client.counters.subscribe_failures, 2);
    assert_int_equal(mqb_client_subscribe_all(&f->client), MQB_ERR_TRANSPORT);
    assert_int_equal(f->record.count, 4);
    f->record.subscribe = MQB_OK;
    assert_int_equal(mqb_client_subscribe_all(&f->client), MQB_OK);
    assert_int_equal(f->record.count, 6);
    assert_int_equal(receive(f, "valve/a/open", "1"), MQB_OK);
}

static void a_late_refusal_names_the_filter(void **state)
{
    struct fixture *f = *state;
    mqb_client_filter_refused(&f->client, MQB_STR("valve/+/open"), "not authorised");
    assert_told(f, 0, "valve/+/open: 11 : not authorised");
    assert_int_equal(f->client.counters.subscribe_failures, 1);
}

static void subscribe_all_repeats_every_filter_highest_qos_last(void **state)
{
    static const struct mqb_route low[] = {
        {.address = &valve_open_address,
         .values = valve_open_values,
         .receive = valve_receive_open,
         .wanted = valve_wants_open},
    };
    const struct mqb_router router = router_of(low);
    struct fixture *f = *state;
    bind_quietly(f, &f->valve);
    f->other.binding = (struct mqb_binding){
        .client = &f->client,
        .router = &router,
        .values = &f->other.id,
        .side = &f->other,
    };
    assert_int_equal(mqb_bind(&f->other.binding), MQB_OK);
    /* The new binding does not lower what the first one asked for. */
    assert_string_equal(f->record.lines[0], "subscribe valve/+/open q1");
    f->record.count = 0;
    assert_int_equal(mqb_client_subscribe_all(&f->client), MQB_OK);
    assert_int_equal(f->record.count, 3);
    assert_string_equal(f->record.lines[0], "subscribe valve/+/open q0");
    assert_string_equal(f->record.lines[1], "subscribe valve/+/open q1");
    assert_string_equal(f->record.lines[2], "subscribe valve/all/open q2");
}

static void subscribe_all_tells_a_value_that_went_bad(void **state)
{
    struct fixture *f = *state;
    bind_quietly(f, &f->valve);
    f->valve.id = MQB_STR("#");
    assert_int_equal(mqb_client_subscribe_all(&f->client), MQB_ERR_TOPIC);
    assert_int_equal(f->record.count, 1);
    assert_int_equal(f->told_count, 1);
}

static void unbinding_leaves_what_others_want(void **state)
{
    struct fixture *f = *state;
    struct valve third = f->valve;
    third.id = MQB_STR("north");
    bind_quietly(f, &f->valve);
    bind_quietly(f, &third);
    bind_quietly(f, &f->other);
    assert_int_equal(mqb_unbind(&third.binding), MQB_OK);
    assert_int_equal(f->record.count, 1);
    assert_string_equal(f->record.lines[0], "unsubscribe valve/north/open");
    f->record.count = 0;
    assert_int_equal(mqb_unbind(&f->valve.binding), MQB_OK);
    assert_int_equal(f->record.count, 0);
    assert_int_equal(mqb_unbind(&f->other.binding), MQB_OK);
    assert_int_equal(f->record.count, 2);
    assert_string_equal(f->record.lines[0], "unsubscribe valve/all/open");
    assert_string_equal(f->record.lines[1], "unsubscribe valve/+/open");
    assert_int_equal(mqb_unbind(&f->other.binding), MQB_ERR_NO_ROUTE);
    assert_int_equal(receive(f, "valve/north/open", "1"), MQB_ERR_NO_ROUTE);
    /* And it can come back. */
    assert_int_equal(valve_bind(&f->other), MQB_OK);
    assert_int_equal(receive(f, "valve/north/open", "1"), MQB_OK);
}

static enum mqb_status unbind_self(struct valve *valve, struct mqb_str id, int64_t percent)
{
    handled(valve->user, "unbinding", id, percent);
    assert_int_equal(mqb_unbind(&valve->binding), MQB_ERR_HANDLER);
    return MQB_OK;
}

static void unbinding_inside_a_handler_is_refused_and_changes_nothing(void **state)
{
    static const struct valve_handlers unbinding = {.open = unbind_self};
    struct fixture *f = *state;
    f->valve.handlers = &unbinding;
    bind_quietly(f, &f->valve);
    assert_int_equal(receive(f, "valve/a/open", "1"), MQB_OK);
    assert_int_equal(f->record.count, 0);
    assert_int_equal(receive(f, "valve/a/open", "1"), MQB_OK);
    assert_int_equal(f->handled_count, 2);
    assert_int_equal(mqb_unbind(&f->valve.binding), MQB_OK);
}

static enum mqb_status bind_other(struct valve *valve, struct mqb_str id, int64_t percent)
{
    struct fixture *f = valve->user;
    handled(f, "binding", id, percent);
    assert_int_equal(valve_bind(&f->other), f->handled_count == 1 ? MQB_OK : MQB_ERR_DUPLICATE);
    return MQB_OK;
}

static void a_handler_may_bind_and_the_new_binding_waits_for_the_next_message(void **state)
{
    static const struct valve_handlers binding = {.open = bind_other};
    struct fixture *f = *state;
    f->valve.handlers = &binding;
    bind_quietly(f, &f->valve);
    assert_int_equal(receive(f, "valve/a/open", "1"), MQB_OK);
    assert_int_equal(f->handled_count, 1);
    assert_int_equal(receive(f, "valve/a/open", "2"), MQB_OK);
    assert_int_equal(f->handled_count, 3);
}

static void a_client_without_transport_functions_receives(void **state)
{
    struct fixture *f = *state;
    struct mqb_client_config config = make_config(f);
    config.transport = (struct mqb_transport){0};
    mqb_client_init(&f->client, &config);
    assert_int_equal(valve_bind(&f->valve), MQB_OK);
    assert_int_equal(receive(f, "valve/a/open", "1"), MQB_OK);
    assert_int_equal(mqb_unbind(&f->valve.binding), MQB_OK);
}

/* ---- Groups ---- */

/* What valve_bind() does, in a group. */
static enum mqb_status bind_in_group(struct valve *valve, const char *group)
{
    valve->binding = (struct mqb_binding){
        .client = valve->client,
        .router = &valve_router,
        .values = &valve->id,
        .links = valve->links,
        .side = valve,
        .group = group,
    };
    return mqb_bind(&valve->binding);
}

static void a_group_goes_in_front_of_every_filter(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(bind_in_group(&f->valve, "crew"), MQB_OK);
    assert_int_equal(f->record.count, 2);
    assert_string_equal(f->record.lines[0], "subscribe $share/crew/valve/all/open q2");
    assert_string_equal(f->record.lines[1], "subscribe $share/crew/valve/+/open q1");
    f->record.count = 0;
    assert_int_equal(mqb_client_subscribe_all(&f->client), MQB_OK);
    assert_string_equal(f->record.lines[0], "subscribe $share/crew/valve/+/open q1");
    assert_string_equal(f->record.lines[1], "subscribe $share/crew/valve/all/open q2");
    /* The topics of its messages have no group. */
    assert_int_equal(receive(f, "valve/north/open", "42"), MQB_OK);
    assert_string_equal(f->handled[0], "open north 42");
    f->record.count = 0;
    assert_int_equal(mqb_unbind(&f->valve.binding), MQB_OK);
    assert_string_equal(f->record.lines[0], "unsubscribe $share/crew/valve/all/open");
    assert_string_equal(f->record.lines[1], "unsubscribe $share/crew/valve/+/open");
}

static void an_empty_group_is_none(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(bind_in_group(&f->valve, ""), MQB_OK);
    assert_string_equal(f->record.lines[0], "subscribe valve/all/open q2");
}

static void filters_of_different_groups_are_different(void **state)
{
    struct fixture *f = *state;
    struct valve third = f->valve;
    struct valve fourth = f->valve;
    assert_int_equal(bind_in_group(&f->valve, "crew"), MQB_OK);
    assert_int_equal(bind_in_group(&f->other, "crew"), MQB_OK);
    assert_int_equal(bind_in_group(&third, "else"), MQB_OK);
    assert_int_equal(bind_in_group(&fourth, NULL), MQB_OK);
    f->record.count = 0;
    assert_int_equal(mqb_unbind(&f->valve.binding), MQB_OK);
    assert_int_equal(f->record.count, 0);
    assert_int_equal(mqb_unbind(&fourth.binding), MQB_OK);
    assert_int_equal(f->record.count, 2);
    assert_string_equal(f->record.lines[1], "unsubscribe valve/+/open");
    assert_int_equal(mqb_unbind(&third.binding), MQB_OK);
    assert_string_equal(f->record.lines[3], "unsubscribe $share/else/valve/+/open");
    assert_int_equal(mqb_unbind(&f->other.binding), MQB_OK);
    assert_string_equal(f->record.lines[5], "unsubscribe $share/crew/valve/+/open");
}

static void bad_groups_bind_nothing(void **state)
{
    static const char *const groups[] = {"a/b", "/", "+", "a#", "#"};
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
        assert_int_equal(bind_in_group(&f->valve, groups[i]), MQB_ERR_TOPIC);
        assert_told(f, i, "valve/all/open: 3 : a group must not hold \"/\", \"+\", \"#\" or NUL");
    }
    assert_int_equal(bind_in_group(&f->valve, "\xff"), MQB_ERR_TOPIC);
    assert_told(f, 5, "valve/all/open: 3 : a topic must be valid UTF-8");
    assert_null(f->client.bindings);
    assert_int_equal(f->record.count, 0);
}

static void a_group_must_fit_the_send_buffer(void **state)
{
    struct fixture *f = *state;
    struct mqb_client_config config = make_config(f);
    for (size_t bytes = 0; bytes < sizeof "$share/crew/valve/all/open"; bytes++) {
        config.send_buffer_bytes = bytes;
        mqb_client_init(&f->client, &config);
        f->told_count = 0;
        assert_int_equal(bind_in_group(&f->valve, "crew"), MQB_ERR_SPACE);
    }
    config.send_buffer_bytes = sizeof "$share/crew/valve/all/open";
    mqb_client_init(&f->client, &config);
    assert_int_equal(bind_in_group(&f->valve, "crew"), MQB_OK);
}

/* The filter that a route with this group is subscribed to by a binding with that one. */
static const char *filter_of(
    struct fixture *f,
    const char *route_group,
    const char *binding_group,
    bool takes_replies)
{
    const struct mqb_route route = {
        .address = &valve_open_address,
        .values = valve_open_values,
        .receive = valve_receive_open,
        .wanted = valve_wants_open,
        .group = route_group,
        .takes_replies = takes_replies,
    };
    const struct mqb_router router = router_of(&route);
    f->record.count = 0;
    f->valve.binding = (struct mqb_binding){
        .client = &f->client,
        .router = &router,
        .values = &f->valve.id,
        .side = &f->valve,
        .group = binding_group,
    };
    assert_int_equal(mqb_bind(&f->valve.binding), MQB_OK);
    assert_int_equal(mqb_unbind(&f->valve.binding), MQB_OK);
    assert_int_equal(f->record.count, 2);
    return f->record.lines[0];
}

static void a_binding_says_whether_the_group_of_a_route_counts(void **state)
{
    struct fixture *f = *state;
    const char *plain = "subscribe valve/+/open q0";
    assert_string_equal(filter_of(f, NULL, NULL, false), plain);
    assert_string_equal(filter_of(f, "a", NULL, false), "subscribe $share/a/valve/+/open q0");
    assert_string_equal(filter_of(f, "a", "b", false), "subscribe $share/b/valve/+/open q0");
    assert_string_equal(filter_of(f, "a", "", false), plain);
}

static void replies_are_shared_only_by_clients_that_cannot_call(void **state)
{
    static struct mqb_call calls[1];
    struct fixture *f = *state;
    struct mqb_client_config config = make_config(f);
    const char *shared = "subscribe $share/a/valve/+/open q0";
    assert_string_equal(filter_of(f, "a", NULL, true), shared);
    config.calls = calls;
    config.call_count = 1;
    mqb_client_init(&f->client, &config);
    assert_string_equal(filter_of(f, "a", NULL, true), "subscribe valve/+/open q0");
    assert_string_equal(filter_of(f, NULL, "a", true), "subscribe valve/+/open q0");
    assert_string_equal(filter_of(f, "a", NULL, false), shared);
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_message_reaches_its_handler_with_its_parameters),
        TEST(a_literal_level_wins_over_a_parameter),
        TEST(topics_that_mqtt_forbids_are_refused),
        TEST(unknown_topics_have_no_route),
        TEST(parameters_that_break_their_rule_are_refused),
        TEST(refused_payloads_are_told_with_their_own_error),
        TEST(payloads_past_the_limit_are_refused_unread),
        TEST(what_a_handler_returns_is_counted_and_told),
        TEST(a_missing_handler_is_told_after_the_payload_was_checked),
        TEST(every_binding_gets_the_message_and_values_filter),
        TEST(one_refusing_binding_does_not_stop_the_others),
        TEST(handlers_may_receive_inside_up_to_a_depth),
        TEST(without_on_error_the_counters_still_tell),
        TEST(a_message_is_sent_on_its_topic),
        TEST(refused_parameters_send_nothing),
        TEST(an_invalid_payload_is_not_sent),
        TEST(a_send_buffer_that_is_too_small_sends_nothing),
        TEST(a_topic_past_65535_bytes_is_not_sent),
        TEST(a_topic_that_another_address_takes_is_not_sent),
        TEST(a_parameter_does_not_start_a_topic_with_a_dollar),
        TEST(a_refusing_transport_is_told),
        TEST(sending_in_a_handler_leaves_its_message_alone),
        TEST(a_transport_may_deliver_at_once),
        TEST(on_error_may_send_and_its_topic_stays),
        TEST(what_is_refused_inside_on_error_is_counted_and_not_told_again),
        TEST(binding_subscribes_to_what_has_handlers),
        TEST(binding_twice_is_refused),
        TEST(bad_values_bind_nothing),
        TEST(filters_must_fit_the_send_buffer),
        TEST(filters_have_at_most_65535_bytes),
        TEST(a_refused_subscription_is_told_and_the_binding_stays),
        TEST(a_late_refusal_names_the_filter),
        TEST(subscribe_all_repeats_every_filter_highest_qos_last),
        TEST(subscribe_all_tells_a_value_that_went_bad),
        TEST(unbinding_leaves_what_others_want),
        TEST(unbinding_inside_a_handler_is_refused_and_changes_nothing),
        TEST(a_handler_may_bind_and_the_new_binding_waits_for_the_next_message),
        TEST(a_client_without_transport_functions_receives),
        TEST(a_group_goes_in_front_of_every_filter),
        TEST(an_empty_group_is_none),
        TEST(filters_of_different_groups_are_different),
        TEST(bad_groups_bind_nothing),
        TEST(a_group_must_fit_the_send_buffer),
        TEST(a_binding_says_whether_the_group_of_a_route_counts),
        TEST(replies_are_shared_only_by_clients_that_cannot_call),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
