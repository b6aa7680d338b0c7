/* Many bindings on one client, found by their values. */
#include "valve.h"

#include <mqbind/detail/memory.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define VALVES 10000
#define BUCKETS 4096 /* Several share one. */

struct fixture {
    struct mqb_client client;
    struct mqb_binding_link *buckets[BUCKETS];
    struct valve valves[VALVES];
    char ids[VALVES][8];
    unsigned handled[VALVES];
    char scratch[256];
    char send_buffer[64];
    size_t subscribed;
    size_t unsubscribed;
    size_t bound; /* Those before it. */
};

static size_t number_of(const struct fixture *f, const struct valve *valve)
{
    return (size_t)(valve - f->valves);
}

static enum mqb_status count(struct valve *valve, struct mqb_str id, int64_t percent)
{
    struct fixture *f = valve->user;
    (void)percent;
    if (valve->id.len != 0)
        assert_true(mqb_str_equal(id, valve->id));
    f->handled[number_of(f, valve)]++;
    return MQB_OK;
}

static enum mqb_status count_all(struct valve *valve, int64_t percent)
{
    struct fixture *f = valve->user;
    (void)percent;
    f->handled[number_of(f, valve)]++;
    return MQB_OK;
}

static const struct valve_handlers handlers = {.open = count, .open_all = count_all};

static enum mqb_status subscribe(void *context, const char *filter, int qos)
{
    struct fixture *f = context;
    (void)filter;
    (void)qos;
    f->subscribed++;
    return MQB_OK;
}

static enum mqb_status unsubscribe(void *context, const char *filter)
{
    struct fixture *f = context;
    (void)filter;
    f->unsubscribed++;
    return MQB_OK;
}

static void start(struct fixture *f, size_t bucket_count)
{
    const struct mqb_client_config config = {
        .transport = {.context = f, .subscribe = subscribe, .unsubscribe = unsubscribe},
        .scratch = f->scratch,
        .scratch_bytes = sizeof f->scratch,
        .send_buffer = f->send_buffer,
        .send_buffer_bytes = sizeof f->send_buffer,
        .buckets = bucket_count != 0 ? f->buckets : NULL,
        .bucket_count = bucket_count,
    };
    mqb_memory_unpoison(f, sizeof *f);
    memset(f, 0, sizeof *f);
    memset(f->buckets, 0xA5, sizeof f->buckets); /* What the application gives may hold anything. */
    mqb_client_init(&f->client, &config);
    for (size_t i = 0; i < VALVES; i++) {
        size_t rest = i;
        for (size_t at = 0; at < 4; at++, rest /= 26)
            f->ids[i][at] = (char)('a' + rest % 26);
        f->valves[i] = (struct valve){
            .client = &f->client,
            .handlers = &handlers,
            .id = {f->ids[i], 4},
            .user = f,
        };
    }
}

static int set_up(void **state)
{
    static struct fixture fixture;
    start(&fixture, BUCKETS);
    *state = &fixture;
    return 0;
}

static void bind_up_to(struct fixture *f, size_t end)
{
    for (; f->bound < end; f->bound++)
        assert_int_equal(valve_bind(&f->valves[f->bound]), MQB_OK);
}

static enum mqb_status open_one(struct fixture *f, size_t number)
{
    char topic[32];
    snprintf(topic, sizeof topic, "valve/%s/open", f->ids[number]);
    const struct mqb_publish message = {.topic = mqb_str_from(topic), .payload = MQB_STR("1")};
    return mqb_client_receive(&f->client, &message);
}

static enum mqb_status open_all(struct fixture *f)
{
    const struct mqb_publish message = {
        .topic = MQB_STR("valve/all/open"), .payload = MQB_STR("1")};
    return mqb_client_receive(&f->client, &message);
}

static void each_of_ten_thousand_gets_its_own_messages(void **state)
{
    struct fixture *f = *state;
    bind_up_to(f, VALVES);
    assert_int_equal(f->subscribed, 2 * VALVES);
    for (size_t i = 0; i < VALVES; i++)
        assert_int_equal(open_one(f, i), MQB_OK);
    for (size_t i = 0; i < VALVES; i++)
        assert_int_equal(f->handled[i], 1);
    assert_int_equal(open_all(f), MQB_OK);
    for (size_t i = 0; i < VALVES; i++)
        assert_int_equal(f->handled[i], 2);
}

static void the_unbound_get_nothing_and_come_back(void **state)
{
    struct fixture *f = *state;
    bind_up_to(f, VALVES);
    for (size_t i = 0; i < VALVES; i += 2)
        assert_int_equal(mqb_binding_remove(&f->valves[i].binding), MQB_OK);
    assert_int_equal(f->unsubscribed, VALVES / 2);
    for (size_t i = 0; i < VALVES; i++)
        assert_int_equal(open_one(f, i), i % 2 == 0 ? MQB_ERR_NO_ROUTE : MQB_OK);
    for (size_t i = 0; i < VALVES; i += 2)
        assert_int_equal(valve_bind(&f->valves[i]), MQB_OK);
    assert_int_equal(open_all(f), MQB_OK);
    for (size_t i = 0; i < VALVES; i++)
        assert_int_equal(f->handled[i], 1 + i % 2);
    f->unsubscribed = 0;
    for (size_t i = VALVES; i > 0; i--)
        assert_int_equal(mqb_binding_remove(&f->valves[i - 1].binding), MQB_OK);
    assert_int_equal(f->unsubscribed, VALVES + 1);
    assert_null(f->client.bindings);
    assert_int_equal(open_all(f), MQB_ERR_NO_ROUTE);
}

static void one_that_takes_any_value_gets_all_messages(void **state)
{
    struct fixture *f = *state;
    f->valves[7].id = (struct mqb_str){NULL, 0};
    f->valves[8].id = f->valves[9].id;
    bind_up_to(f, 20);
    for (size_t i = 0; i < 20; i++)
        assert_int_equal(open_one(f, i), MQB_OK);
    for (size_t i = 0; i < 20; i++)
        assert_int_equal(f->handled[i], i == 7 ? 20 : 1);
    assert_int_equal(open_one(f, 300), MQB_OK);
    assert_int_equal(f->handled[7], 21);
}

/* Binds the next three, of which the second has the same value. */
static enum mqb_status bind_more(struct valve *valve, struct mqb_str id, int64_t percent)
{
    struct fixture *f = valve->user;
    f->valves[f->bound + 1].id = id;
    bind_up_to(f, f->bound + 3);
    assert_int_equal(mqb_binding_remove(&f->valves[0].binding), MQB_ERR_HANDLER);
    return count(valve, id, percent);
}

static void binding_in_a_handler_leaves_the_message_at_hand_alone(void **state)
{
    static const struct valve_handlers binding = {.open = bind_more};
    struct fixture *f = *state;
    f->valves[5].handlers = &binding;
    bind_up_to(f, 10);
    assert_int_equal(open_one(f, 5), MQB_OK);
    assert_int_equal(f->bound, 13);
    assert_int_equal(f->handled[5], 1);
    assert_int_equal(f->handled[11], 0);
    f->valves[5].handlers = &handlers;
    assert_int_equal(open_one(f, 5), MQB_OK);
    assert_int_equal(f->handled[5], 2);
    assert_int_equal(f->handled[11], 1);
    assert_int_equal(open_one(f, 12), MQB_OK);
    assert_int_equal(f->handled[12], 1);
}

/* Binds one more for each message, so that who takes all could take the new one's for ever. */
static enum mqb_status bind_next(struct valve *valve, int64_t percent)
{
    struct fixture *f = valve->user;
    bind_up_to(f, f->bound + 1);
    return count_all(valve, percent);
}

static void a_message_to_all_reaches_those_that_were_bound_before(void **state)
{
    static const struct valve_handlers binding = {.open_all = bind_next};
    struct fixture *f = *state;
    for (size_t i = 0; i < 100; i++)
        f->valves[i].handlers = &binding;
    bind_up_to(f, 10);
    assert_int_equal(open_all(f), MQB_OK);
    assert_int_equal(f->bound, 20);
    for (size_t i = 0; i < 20; i++)
        assert_int_equal(f->handled[i], i < 10);
}

/* ---- Cost ---- */

static size_t asked;

static bool asks(const struct mqb_binding *binding)
{
    (void)binding;
    asked++;
    return true;
}

static void binding_many_is_not_quadratic(void **state)
{
    const struct mqb_route routes[] = {
        {.address = &valve_open_all_address, .receive = valve_receive_open_all, .wanted = asks},
        {.address = &valve_open_address,
         .values = valve_open_values,
         .key = 1,
         .receive = valve_receive_open,
         .wanted = asks},
    };
    struct mqb_router router = valve_router;
    struct fixture *f = *state;
    router.routes = routes;
    asked = 0;
    for (size_t i = 0; i < VALVES; i++) {
        struct valve *valve = &f->valves[i];
        valve->binding = (struct mqb_binding){
            .client = &f->client,
            .router = &router,
            .values = &valve->id,
            .links = valve->links,
            .side = valve,
        };
        assert_int_equal(mqb_binding_add(&valve->binding), MQB_OK);
    }
    assert_true(asked <= 8 * VALVES);
    asked = 0;
    assert_int_equal(mqb_client_subscribe_all(&f->client), MQB_OK);
    assert_true(asked <= 8 * VALVES);
    asked = 0;
    for (size_t i = 0; i < VALVES; i++)
        assert_int_equal(mqb_binding_remove(&f->valves[i].binding), MQB_OK);
    assert_true(asked <= 8 * VALVES);
}

static void without_buckets_all_is_the_same(void **state)
{
    struct fixture *f = *state;
    start(f, 0);
    bind_up_to(f, 100);
    for (size_t i = 0; i < 100; i++)
        assert_int_equal(open_one(f, i), MQB_OK);
    assert_int_equal(open_one(f, 100), MQB_ERR_NO_ROUTE);
    assert_int_equal(open_all(f), MQB_OK);
    for (size_t i = 0; i < 100; i++)
        assert_int_equal(f->handled[i], 2);
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_of_ten_thousand_gets_its_own_messages),
        TEST(the_unbound_get_nothing_and_come_back),
        TEST(one_that_takes_any_value_gets_all_messages),
        TEST(binding_in_a_handler_leaves_the_message_at_hand_alone),
        TEST(a_message_to_all_reaches_those_that_were_bound_before),
        TEST(binding_many_is_not_quadratic),
        TEST(without_buckets_all_is_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
