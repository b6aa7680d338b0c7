/* A client with two valves, and a transport that writes down what it is asked. */
#ifndef MQB_TEST_CLIENT_FIXTURE_H
#define MQB_TEST_CLIENT_FIXTURE_H

#include "valve.h"

#include <mqbind/detail/memory.h>

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

static inline void note(struct record *record, const char *format, ...)
{
    va_list arguments;
    assert_true(record->count < 40);
    va_start(arguments, format);
    vsnprintf(record->lines[record->count++], 100, format, arguments);
    va_end(arguments);
}

static inline enum mqb_status record_publish(void *context, const struct mqb_publish *message)
{
    struct record *record = context;
    assert_int_equal(message->topic.ptr[message->topic.len], '\0');
    if (record->publish != MQB_OK)
        return record->publish;
    if (record->echo)
        mqb_client_receive(record->echo, message);
    note(
        record, "publish %s %.*s q%d r%d", message->topic.ptr, (int)message->payload.len,
        message->payload.ptr, message->qos, message->retain);
    return MQB_OK;
}

static inline enum mqb_status record_subscribe(void *context, const char *filter, int qos)
{
    struct record *record = context;
    note(record, "subscribe %s q%d", filter, qos);
    return record->subscribe;
}

static inline enum mqb_status record_unsubscribe(void *context, const char *filter)
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
    char reported[20][160]; /**< What on_error got: "topic: status rule". */
    size_t reported_count;
    struct mqb_str resend; /**< Unless empty, on_error sends the state of this valve. */
    char handled[20][60];
    size_t handled_count;
};

static inline void on_error(void *user, struct mqb_str topic, const struct mqb_error *error)
{
    struct fixture *f = user;
    assert_true(f->reported_count < 20);
    if (f->resend.len != 0)
        valve_send_state(&f->valve, f->resend, MQB_STR("x"), 1);
    snprintf(
        f->reported[f->reported_count++], sizeof f->reported[0], "%.*s: %d %s: %s", (int)topic.len,
        topic.ptr, (int)error->status, error->path, error->rule);
}

static inline void handled(struct fixture *f, const char *what, struct mqb_str id, int64_t percent)
{
    assert_true(f->handled_count < 20);
    snprintf(
        f->handled[f->handled_count++], sizeof f->handled[0], "%s %.*s %d", what, (int)id.len,
        id.ptr, (int)percent);
}

static inline enum mqb_status open_one(struct valve *valve, struct mqb_str id, int64_t percent)
{
    handled(valve->user, "open", id, percent);
    return MQB_OK;
}

static inline enum mqb_status open_all(struct valve *valve, int64_t percent)
{
    handled(valve->user, "all", MQB_STR("-"), percent);
    return MQB_OK;
}

static const struct valve_handlers handlers = {.open = open_one, .open_all = open_all};

static inline struct mqb_client_config make_config(struct fixture *f)
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

static inline int set_up(void **state)
{
    static struct fixture fixture;
    struct fixture *f = &fixture;
    mqb_memory_unpoison(f, sizeof *f);
    memset(f, 0, sizeof *f);
    struct mqb_client_config config = make_config(f);
    mqb_client_init(&f->client, &config);
    f->valve = (struct valve){.client = &f->client, .handlers = &handlers, .user = f};
    f->other = f->valve;
    *state = f;
    return 0;
}

/* A binding without subscriptions in the record. */
static inline void bind_quietly(struct fixture *f, struct valve *valve)
{
    assert_int_equal(valve_bind(valve), MQB_OK);
    f->record.count = 0;
}

static inline void walk_open(struct mqb_match *walk, const char *at)
{
    if (!mqb_match_text(walk, &at, "valve/", 6))
        return;
    mqb_match_level(walk, &at, 0);
    if (mqb_match_text(walk, &at, "/open", 5))
        mqb_match_route(walk, at, 0);
}

/* Of a route with the address of valve_open_address. */
static inline struct mqb_router router_of(const struct mqb_route *route)
{
    return (struct mqb_router){
        .routes = route, .walk = walk_open, .route_count = 1, .value_count = 1};
}

static inline enum mqb_status receive(struct fixture *f, const char *topic, const char *payload)
{
    const struct mqb_publish message = {
        .topic = mqb_str_from(topic),
        .payload = mqb_str_from(payload),
    };
    return mqb_client_receive(&f->client, &message);
}

static inline void assert_reported(const struct fixture *f, size_t index, const char *line)
{
    assert_true(f->reported_count > index);
    assert_string_equal(f->reported[index], line);
}

static inline uint64_t sum(const uint64_t *counts)
{
    uint64_t total = 0;
    for (size_t i = 0; i < MQB_STATUS_COUNT; i++)
        total += counts[i];
    return total;
}

static inline void assert_received(const struct fixture *f, enum mqb_status status, uint64_t count)
{
    const struct mqb_counters *counters = &f->client.counters;
    assert_int_equal(counters->received_by_status[status], count);
    assert_int_equal(counters->received, sum(counters->received_by_status));
}

static inline void assert_sent(const struct fixture *f, enum mqb_status status, uint64_t count)
{
    const struct mqb_counters *counters = &f->client.counters;
    assert_int_equal(counters->sent_by_status[status], count);
    assert_int_equal(counters->sent, sum(counters->sent_by_status));
}

#endif
