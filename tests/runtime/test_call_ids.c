/* Ids of calls: their range, and the entropy and seed that they are made of. */
#include "station.h"

/* ---- Ids ---- */

#define SEED "a seed of this very program"

static void start_with_seed(struct fixture *f, const char *seed, size_t bytes)
{
    struct mqb_client_config config = make_config(&f->a);
    config.seed = seed;
    config.seed_bytes = bytes;
    start(&f->a, &config);
}

static void ids_are_made_of_the_seed_and_not_of_the_clock(void **state)
{
    struct fixture *f = *state;
    struct mqb_client *client = &f->a.client;
    start_with_seed(f, SEED, sizeof SEED);
    const uint64_t id = mqb_client_next_call_id(client, 0, UINT64_MAX);
    f->now_ms = 5000;
    start_with_seed(f, SEED, sizeof SEED);
    assert_true(mqb_client_next_call_id(client, 0, UINT64_MAX) == id);
    start_with_seed(f, SEED, sizeof SEED - 1);
    assert_true(mqb_client_next_call_id(client, 0, UINT64_MAX) != id);
}

static void ids_are_within_their_range(void **state)
{
    struct fixture *f = *state;
    struct mqb_client *client = &f->a.client;
    for (int i = 0; i < 1000; i++) {
        const uint64_t id = mqb_client_next_call_id(client, 5, 9);
        assert_true(id >= 5 && id <= 9);
        assert_true(mqb_client_next_call_id(client, 1, INT32_MAX) - 1 < INT32_MAX);
        assert_true(mqb_client_next_call_id(client, UINT64_MAX - 1, UINT64_MAX) >= UINT64_MAX - 1);
    }
    assert_int_equal(mqb_client_next_call_id(client, 7, 7), 7);
    assert_int_equal(mqb_client_next_call_id(client, 7, 6), 7);
    assert_int_equal(mqb_client_next_call_id(NULL, 7, 9), 7);
}

/* ---- Where ids come from ---- */

static unsigned char entropy_byte;

static bool give_entropy(void *context, void *bytes, size_t count)
{
    (void)context;
    memset(bytes, entropy_byte, count);
    return true;
}

static bool have_no_entropy(void *context, void *bytes, size_t count)
{
    (void)context;
    memset(bytes, 1, count);
    return false;
}

/* The first id of a client, which must be able to call. */
static uint64_t first_id(
    struct fixture *f,
    bool (*entropy)(void *context, void *bytes, size_t count),
    const char *seed)
{
    struct mqb_client_config config = make_config(&f->a);
    config.transport.entropy = entropy;
    config.seed = seed;
    config.seed_bytes = seed ? strlen(seed) : 0;
    start(&f->a, &config);
    assert_int_equal(call(f, "north", 1, 100), MQB_OK);
    return mqb_client_next_call_id(&f->a.client, 0, UINT64_MAX);
}

static void entropy_and_seed_both_count(void **state)
{
    struct fixture *f = *state;
    uint64_t ids[6];
    entropy_byte = 1;
    ids[0] = first_id(f, give_entropy, NULL);
    ids[1] = first_id(f, give_entropy, SEED);
    ids[2] = first_id(f, give_entropy, SEED "!");
    entropy_byte = 2;
    ids[3] = first_id(f, give_entropy, NULL);
    ids[4] = first_id(f, give_entropy, SEED);
    ids[5] = first_id(f, have_no_entropy, SEED);
    for (size_t i = 0; i < COUNT(ids); i++) {
        for (size_t j = 0; j < i; j++)
            assert_true(ids[i] != ids[j]);
    }
    assert_true(first_id(f, NULL, SEED) == ids[5]);
}

static void assert_no_ids(struct fixture *f, const struct mqb_client_config *config)
{
    static const char rule[] = "call ids require entropy from the transport, or a seed";
    char data[MQB_CORRELATION_BYTES];
    char reported[100];
    start_although(&f->a, config, MQB_ERR_VALUE);
    f->reported_count = 0;
    f->published = 0;
    assert_int_equal(call(f, "north", 1, 100), MQB_ERR_VALUE);
    assert_int_equal(f->published, 0);
    snprintf(reported, sizeof reported, "pump/{}/ask: %s", rule);
    assert_string_equal(f->reported[0], reported);
    assert_int_equal(mqb_client_next_call_id(&f->a.client, 5, 9), 5);
    snprintf(reported, sizeof reported, ": %s", rule);
    assert_string_equal(f->reported[1], reported);
    mqb_client_next_correlation(&f->a.client, data);
    assert_string_equal(f->reported[2], reported);
    assert_memory_equal(data, "00000000000000000000000000000000", sizeof data);
}

static void without_entropy_and_seed_calls_are_refused(void **state)
{
    struct fixture *f = *state;
    struct mqb_client_config config = make_config(&f->a);
    config.seed_bytes = MQB_SEED_BYTES - 1;
    assert_no_ids(f, &config);
    config.seed = NULL;
    config.seed_bytes = 0;
    assert_no_ids(f, &config);
    config.transport.entropy = have_no_entropy;
    assert_no_ids(f, &config);
    start_with_seed(f, SEED, MQB_SEED_BYTES);
    f->reported_count = 0;
    assert_int_equal(call(f, "north", 1, 100), MQB_OK);
}

static void who_does_not_call_needs_no_seed(void **state)
{
    struct fixture *f = *state;
    struct mqb_client_config config = make_config(&f->a);
    config.calls = NULL;
    config.call_count = 0;
    config.seed_bytes = MQB_SEED_BYTES - 1;
    start_although(&f->a, &config, MQB_ERR_VALUE);
    config.seed = NULL;
    config.seed_bytes = 0;
    start(&f->a, &config);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(ids_are_made_of_the_seed_and_not_of_the_clock),
        TEST(ids_are_within_their_range),
        TEST(entropy_and_seed_both_count),
        TEST(without_entropy_and_seed_calls_are_refused),
        TEST(who_does_not_call_needs_no_seed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
