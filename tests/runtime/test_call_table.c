/* The table of calls: keys, ten thousand calls, and a long life against a model. */
#include "station.h"

#define MANY 10000

/* ---- Keys ---- */

static bool is_waiting(const struct fixture *f, int64_t id)
{
    struct mqb_call_key key;
    pump_key(&key, &f->a.pump, MQB_STR("north"), id);
    return mqb_call_waits(&f->a.client, &key);
}

/* In a range of four, an id is repeated while its call is pending: another one must be used. */
static void an_id_is_not_taken_again_while_its_call_waits(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(call(f, "north", 2, 100), MQB_OK);
    size_t seen[4] = {0};
    for (int i = 0; i < 12; i++) {
        const int id = (int)mqb_client_next_call_id(&f->a.client, 0, 3);
        seen[id]++;
        assert_int_equal(is_waiting(f, id), id == 2);
        assert_int_equal(call(f, "north", id, 100), id == 2 ? MQB_ERR_DUPLICATE : MQB_OK);
        if (id != 2) {
            char answer[40];
            snprintf(answer, sizeof answer, "{\"id\":%d,\"level\":0}", id);
            assert_int_equal(receive(&f->a, "pump/north/answer", answer), MQB_OK);
        }
    }
    for (size_t id = 0; id < COUNT(seen); id++)
        assert_in_range(seen[id], 2, 4);
    assert_true(is_waiting(f, 2));
}

static void put_three(struct mqb_call_key *key, const char *a, const char *b, const char *c)
{
    static const char side;
    mqb_call_key_init(key, &side, 1);
    mqb_call_key_add_string(key, mqb_str_from(a));
    if (b)
        mqb_call_key_add_string(key, mqb_str_from(b));
    if (c)
        mqb_call_key_add_string(key, mqb_str_from(c));
}

static bool same_key(const struct mqb_call_key *a, const struct mqb_call_key *b)
{
    return mqb_str_equal((struct mqb_str){a->bytes, a->len}, (struct mqb_str){b->bytes, b->len});
}

static void parts_of_a_key_do_not_run_together(void **state)
{
    static const char *const texts[][3] = {
        {"ab", "c", NULL}, {"a", "bc", NULL}, {"abc", NULL, NULL}, {"", "abc", NULL},
        {"abc", "", NULL}, {"a", "b", "c"},   {"", "", "abc"},     {"", NULL, NULL},
    };
    struct mqb_call_key keys[COUNT(texts)];
    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        put_three(&keys[i], texts[i][0], texts[i][1], texts[i][2]);
        for (size_t j = 0; j < i; j++)
            assert_false(same_key(&keys[i], &keys[j]));
    }
}

static void make_scalar_key(struct mqb_call_key *key, uint16_t kind, struct mqb_scalar scalar)
{
    static const char side;
    mqb_call_key_init(key, &side, kind);
    mqb_call_key_add_scalar(key, scalar);
}

static void numbers_texts_and_kinds_make_different_keys(void **state)
{
    const struct mqb_scalar number = {.integer = 1};
    const struct mqb_scalar text = {.is_string = true, .string = MQB_STR("1")};
    const struct mqb_scalar bytes = {.is_string = true, .string = MQB_STR("\1\0\0\0\0\0\0\0")};
    const struct mqb_scalar huge = {.integer = INT64_MIN};
    struct mqb_call_key keys[6];
    (void)state;
    make_scalar_key(&keys[0], 1, number);
    make_scalar_key(&keys[1], 1, text);
    make_scalar_key(&keys[2], 1, bytes);
    make_scalar_key(&keys[3], 1, huge);
    make_scalar_key(&keys[4], 2, number);
    mqb_call_key_init(&keys[5], &keys, 1);
    mqb_call_key_add_int(&keys[5], 1);
    for (size_t i = 0; i < COUNT(keys); i++) {
        for (size_t j = 0; j < i; j++)
            assert_false(same_key(&keys[i], &keys[j]));
    }
    mqb_call_key_init(&keys[4], &keys, 1);
    mqb_call_key_add_scalar(&keys[4], number);
    assert_true(same_key(&keys[4], &keys[5]));
}

static void a_long_key_stays_too_long(void **state)
{
    static char text[70000];
    struct mqb_call_key key;
    (void)state;
    mqb_call_key_init(&key, text, 1);
    for (int i = 0; i < 100; i++)
        mqb_call_key_add_int(&key, i);
    assert_int_equal(key.len, MQB_CALL_KEY_BYTES + 1);
    mqb_call_key_add_string(&key, MQB_STR(""));
    assert_int_equal(key.len, MQB_CALL_KEY_BYTES + 1);
    /* Its length in 16 bits would be 4464. */
    mqb_call_key_init(&key, text, 1);
    mqb_call_key_add_string(&key, (struct mqb_str){text, sizeof text});
    assert_int_equal(key.len, MQB_CALL_KEY_BYTES + 1);
}

/* ---- The table ---- */

static struct mqb_call many_calls[MANY];
static size_t many_ended[MANY];

static void count_end(
    struct pump *pump,
    void *user,
    enum mqb_status status,
    const struct pump_answer *answer)
{
    (void)pump;
    (void)status;
    (void)answer;
    ++*(size_t *)user;
}

static void start_with_many(struct fixture *f, size_t count)
{
    struct mqb_client_config config = make_config(&f->a);
    config.calls = many_calls;
    config.call_count = count;
    start(&f->a, &config);
    memset(many_ended, 0, sizeof many_ended);
}

/* Entries looked at to find each of the calls that wait, on average. */
static double average_probes(const struct mqb_client *client)
{
    double probes = 0;
    for (size_t i = 0; i < client->config.call_count; i++) {
        size_t depth = 0;
        size_t place = client->config.calls[i].bucket;
        for (; place != 0; place = client->config.calls[place - 1].next)
            probes += (double)++depth;
    }
    return probes / (double)client->waiting;
}

static void ten_thousand_calls_are_found_at_once(void **state)
{
    static const char *const names[] = {"north", "south", "east", "west"};
    struct fixture *f = *state;
    start_with_many(f, MANY);
    for (int id = 0; id < MANY; id++) {
        const struct mqb_str name = mqb_str_from(names[id % 4]);
        const enum mqb_status status =
            pump_call_ask(&f->a.pump, name, id / 4, 100, count_end, &many_ended[id]);
        assert_int_equal(status, MQB_OK);
    }
    assert_int_equal(f->a.client.waiting, MANY);
    assert_true(average_probes(&f->a.client) < 2);
    for (int id = 0; id < MANY; id++) {
        char topic[40];
        char answer[40];
        snprintf(topic, sizeof topic, "pump/%s/answer", names[id % 4]);
        snprintf(answer, sizeof answer, "{\"id\":%d,\"level\":0}", id / 4);
        assert_int_equal(receive(&f->a, topic, answer), MQB_OK);
        assert_int_equal(many_ended[id], 1);
    }
    assert_counters(f, MANY, MANY, 0, 0);
}

static void ten_thousand_calls_time_out_in_one_tick(void **state)
{
    struct fixture *f = *state;
    start_with_many(f, MANY);
    for (int id = 0; id < MANY; id++)
        pump_call_ask(&f->a.pump, MQB_STR("x"), id, 100, count_end, &many_ended[id]);
    tick(f, 1099);
    assert_counters(f, MANY, 0, 0, 0);
    tick(f, 1100);
    assert_counters(f, MANY, 0, MANY, 0);
    for (int id = 0; id < MANY; id++)
        assert_int_equal(many_ended[id], 1);
}

/* ---- Against a model ---- */

#define KEYS_MAX 100

struct model {
    size_t keys;
    size_t places; /* In the table. */
    uint64_t deadlines[KEYS_MAX]; /* 0: does not wait. */
    size_t ends[KEYS_MAX]; /* How many should have ended. */
    size_t waiting;
};

static void model_end(struct model *model, size_t key)
{
    model->deadlines[key] = 0;
    model->ends[key]++;
    model->waiting--;
}

static void begin_one(struct fixture *f, struct model *model, size_t key, uint32_t timeout_ms)
{
    const enum mqb_status status = pump_call_ask(
        &f->a.pump, MQB_STR("x"), (int64_t)key, timeout_ms, count_end, &many_ended[key]);
    f->reported_count = 0;
    if (model->deadlines[key] != 0) {
        assert_int_equal(status, MQB_ERR_DUPLICATE);
    } else if (model->waiting == model->places) {
        assert_int_equal(status, MQB_ERR_LIMIT);
    } else {
        assert_int_equal(status, MQB_OK);
        model->deadlines[key] = f->now_ms + timeout_ms;
        model->waiting++;
    }
}

static void answer_one(struct fixture *f, struct model *model, size_t key)
{
    char answer[40];
    snprintf(answer, sizeof answer, "{\"id\":%d,\"level\":0}", (int)key);
    const enum mqb_status status = receive(&f->a, "pump/x/answer", answer);
    f->reported_count = 0;
    assert_int_equal(status, model->deadlines[key] != 0 ? MQB_OK : MQB_ERR_NO_CALL);
    if (status == MQB_OK)
        model_end(model, key);
}

/* End those that are due. */
static void tick_all(struct fixture *f, struct model *model, uint64_t now)
{
    tick(f, now);
    for (size_t key = 0; key < model->keys; key++) {
        if (model->deadlines[key] != 0 && model->deadlines[key] <= now)
            model_end(model, key);
    }
}

static void assert_model(const struct fixture *f, const struct model *model)
{
    uint64_t first = UINT64_MAX;
    assert_int_equal(f->a.client.waiting, model->waiting);
    for (size_t key = 0; key < model->keys; key++) {
        struct mqb_call_key call_key;
        pump_key(&call_key, &f->a.pump, MQB_STR("x"), (int64_t)key);
        const bool waits = model->deadlines[key] != 0;
        assert_int_equal(mqb_call_waits(&f->a.client, &call_key), waits);
        assert_int_equal(many_ended[key], model->ends[key]);
        if (waits && model->deadlines[key] < first)
            first = model->deadlines[key];
    }
    const uint64_t due_ms = mqb_client_due_ms(&f->a.client, f->now_ms);
    assert_int_equal(due_ms, first == UINT64_MAX ? first : first - f->now_ms);
    assert_law(&f->a.client);
}

static void live_as(struct fixture *f, size_t keys, size_t places, uint32_t longest_ms)
{
    struct model model = {.keys = keys, .places = places};
    uint32_t random = 1;
    start_with_many(f, places);
    for (int step = 0; step < 30000; step++) {
        random = random * 1664525 + 1013904223;
        const uint32_t dice = random >> 16;
        const size_t key = dice / 16 % keys;
        if (dice % 16 < 8)
            begin_one(f, &model, key, dice / 256 % longest_ms);
        else if (dice % 16 < 12)
            answer_one(f, &model, key);
        else
            tick_all(f, &model, f->now_ms + dice / 256 % 8);
        assert_model(f, &model);
    }
    assert_true(f->a.client.counters.calls_replied > 1000);
    assert_true(f->a.client.counters.calls_timed_out > 1000);
}

static void a_long_life_goes_as_a_simple_model_does(void **state)
{
    live_as(*state, 12, 4, 50);
}

static void a_busy_life_goes_as_a_simple_model_does(void **state)
{
    live_as(*state, KEYS_MAX, 50, 250);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_id_is_not_taken_again_while_its_call_waits),
        TEST(parts_of_a_key_do_not_run_together),
        TEST(numbers_texts_and_kinds_make_different_keys),
        TEST(a_long_key_stays_too_long),
        TEST(ten_thousand_calls_are_found_at_once),
        TEST(ten_thousand_calls_time_out_in_one_tick),
        TEST(a_long_life_goes_as_a_simple_model_does),
        TEST(a_busy_life_goes_as_a_simple_model_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
