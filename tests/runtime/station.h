/*
 * station.h - a client with a pump, for tests of calls: a fixture with two of them, a clock, and a
 * record of how each call ended. After every test the counters of calls must add up.
 */
#ifndef MQB_TEST_STATION_H
#define MQB_TEST_STATION_H

#include "pump.h"

#include <mqbind/detail/memory.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define CALLS 4

#define OK "ok"
#define TIMEOUT "no reply in time"
#define LOST "transport failed"

struct fixture;

/* One client with its pump. */
struct station {
    struct mqb_client client;
    struct pump pump;
    struct mqb_call calls[CALLS];
    char scratch[1024];
    char send_buffer[512];
    struct fixture *fixture;
};

struct fixture {
    struct station a;
    struct station b;
    uint64_t now_ms; /**< The transport's clock. */
    size_t published;
    enum mqb_status publish; /**< What it returns. */
    const char *at_once; /**< Unless NULL, the answer that is there before publish returns. */
    void (*inside)(struct fixture *f); /**< Unless NULL, what the next on_reply does. */
    void (*inside_error)(struct fixture *f); /**< The same for on_error. */
    char ended[40][60]; /**< What each on_reply got: "label: status level". */
    size_t ended_count;
    char reported[20][160]; /**< What on_error got: "topic: rule". */
    size_t reported_count;
    size_t handled;
};

/* ---- What the client is given ---- */

static inline enum mqb_status receive(
    struct station *station,
    const char *topic,
    const char *payload)
{
    const struct mqb_publish message = {
        .topic = mqb_str_from(topic),
        .payload = mqb_str_from(payload),
    };
    return mqb_client_receive(&station->client, &message);
}

static inline enum mqb_status publish(void *context, const struct mqb_publish *message)
{
    struct fixture *f = context;
    const char *answer = f->at_once;
    (void)message;
    f->published++;
    f->at_once = NULL;
    if (answer)
        assert_int_equal(receive(&f->a, "pump/north/answer", answer), MQB_OK);
    return f->publish;
}

static inline uint64_t now_ms(void *context)
{
    return ((const struct fixture *)context)->now_ms;
}

static inline void run_once(struct fixture *f, void (**action)(struct fixture *f))
{
    void (*todo)(struct fixture *) = *action;
    *action = NULL;
    if (todo)
        todo(f);
}

static inline void on_error(void *user, struct mqb_str topic, const struct mqb_error *error)
{
    struct fixture *f = ((struct station *)user)->fixture;
    assert_true(f->reported_count < COUNT(f->reported));
    snprintf(
        f->reported[f->reported_count++], sizeof f->reported[0], "%.*s: %s", (int)topic.len,
        topic.ptr, error->rule);
    run_once(f, &f->inside_error);
}

static inline void on_reply(
    struct pump *pump,
    void *user,
    enum mqb_status status,
    const struct pump_answer *answer)
{
    struct fixture *f = ((struct station *)pump->user)->fixture;
    assert_true(f->ended_count < COUNT(f->ended));
    assert_int_equal(answer != NULL, status == MQB_OK);
    char level[24] = "";
    if (answer && answer->failed)
        snprintf(level, sizeof level, " failed");
    else if (answer)
        snprintf(level, sizeof level, " %d", (int)answer->level);
    snprintf(
        f->ended[f->ended_count++], sizeof f->ended[0], "%s: %s%s", (const char *)user,
        mqb_status_text(status), level);
    run_once(f, &f->inside);
}

static inline enum mqb_status on_answer(struct pump *pump, const struct pump_answer *answer)
{
    (void)answer;
    ((struct station *)pump->user)->fixture->handled++;
    run_once(
        ((struct station *)pump->user)->fixture, &((struct station *)pump->user)->fixture->inside);
    return MQB_OK;
}

static inline struct mqb_client_config make_config(struct station *station)
{
    return (struct mqb_client_config){
        .transport.context = station->fixture,
        .transport.publish = publish,
        .transport.now_ms = now_ms,
        .scratch = station->scratch,
        .scratch_bytes = sizeof station->scratch,
        .send_buffer = station->send_buffer,
        .send_buffer_bytes = sizeof station->send_buffer,
        .calls = station->calls,
        .call_count = CALLS,
        .seed = "sixteen and more",
        .seed_bytes = 16,
        .on_error = on_error,
        .user = station,
    };
}

/* What mqb_client_init() says of it is `expected`. */
static inline void start_although(
    struct station *station,
    const struct mqb_client_config *config,
    enum mqb_status expected)
{
    assert_int_equal(mqb_client_init(&station->client, config), expected);
    station->pump = (struct pump){.client = &station->client, .user = station};
    assert_int_equal(pump_bind(&station->pump), MQB_OK);
}

static inline void start(struct station *station, const struct mqb_client_config *config)
{
    start_although(station, config, MQB_OK);
}

static inline int set_up(void **state)
{
    static struct fixture fixture;
    struct fixture *f = &fixture;
    mqb_memory_unpoison(f, sizeof *f);
    memset(f, 0xA5, sizeof *f); /* No place of the table may count on zeros. */
    memset(&f->now_ms, 0, sizeof *f - offsetof(struct fixture, now_ms));
    f->a.fixture = f->b.fixture = f;
    f->now_ms = 1000;
    const struct mqb_client_config a = make_config(&f->a);
    const struct mqb_client_config b = make_config(&f->b);
    start(&f->a, &a);
    start(&f->b, &b);
    *state = f;
    return 0;
}

static inline void assert_law(const struct mqb_client *client)
{
    const struct mqb_counters *c = &client->counters;
    assert_int_equal(
        c->calls, c->calls_replied + c->calls_timed_out + c->calls_lost + client->waiting);
}

static inline int tear_down(void **state)
{
    struct fixture *f = *state;
    assert_law(&f->a.client);
    assert_law(&f->b.client);
    assert_null(f->inside);
    assert_null(f->inside_error);
    return 0;
}

static inline enum mqb_status call(struct fixture *f, const char *name, int id, uint32_t timeout_ms)
{
    static const char *const labels[] = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
    void *label = (void *)(uintptr_t)labels[id];
    return pump_call_ask(&f->a.pump, mqb_str_from(name), id, timeout_ms, on_reply, label);
}

static inline void tick(struct fixture *f, uint64_t now)
{
    f->now_ms = now;
    mqb_client_tick(&f->a.client, now);
}

/* All that has ended so far, in order. */
static inline void assert_ended(const struct fixture *f, const char *lines)
{
    char all[1000] = "";
    for (size_t i = 0; i < f->ended_count; i++) {
        if (i != 0)
            strcat(all, ", ");
        strcat(all, f->ended[i]);
    }
    assert_string_equal(all, lines);
    assert_law(&f->a.client);
}

static inline void assert_counters(
    const struct fixture *f,
    uint64_t calls,
    uint64_t replied,
    uint64_t timed_out,
    uint64_t lost)
{
    const struct mqb_counters *c = &f->a.client.counters;
    assert_int_equal(c->calls, calls);
    assert_int_equal(c->calls_replied, replied);
    assert_int_equal(c->calls_timed_out, timed_out);
    assert_int_equal(c->calls_lost, lost);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
