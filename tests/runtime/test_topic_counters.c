/* Counters of each address and direction add up to those of the client. */
#include "properties_fixture.h"

#define TOPICS 12

static struct mqb_topic_counters topics[2][TOPICS];

/* Both clients with tables of so many entries. */
static void count_by_topic(struct fixture *f, size_t count)
{
    for (size_t i = 0; i < 2; i++) {
        struct mqb_client_config config = f->clients[i].config;
        config.topics = topics[i];
        config.topic_count = count;
        memset(topics[i], 0xa5, sizeof topics[i]);
        assert_int_equal(mqb_client_init(&f->clients[i], &config), MQB_OK);
        mqb_client_tick(&f->clients[i], 1000);
    }
    memset(&f->asker.binding, 0, sizeof f->asker.binding);
    memset(&f->teller.binding, 0, sizeof f->teller.binding);
    assert_int_equal(properties_asker_bind(&f->asker), MQB_OK);
    assert_int_equal(properties_teller_bind(&f->teller), MQB_OK);
}

static void check_sums(const struct mqb_client *client)
{
    for (size_t status = 0; status < MQB_STATUS_COUNT; status++) {
        uint64_t sums[2] = {0, 0};
        for (size_t i = 0; i < client->config.topic_count; i++)
            sums[client->config.topics[i].sent] += client->config.topics[i].by_status[status];
        assert_int_equal(sums[0], client->counters.received_by_status[status]);
        assert_int_equal(sums[1], client->counters.sent_by_status[status]);
    }
}

static const struct mqb_topic_counters *find(size_t client, const char *address, bool sent)
{
    char text[40];
    for (size_t i = 0; i < TOPICS; i++) {
        mqb_topic_counters_address(&topics[client][i], text, sizeof text);
        if (strcmp(text, address) == 0 && topics[client][i].sent == sent)
            return &topics[client][i];
    }
    fail_msg("no counters of %s", address);
    return NULL;
}

static enum mqb_status ask(struct fixture *f, const char *about)
{
    const struct properties_ask message = {.about = mqb_str_from(about)};
    return properties_asker_send_ask(&f->asker, MQB_STR(INBOX), MQB_STR("1"), &message);
}

static enum mqb_status receive(struct fixture *f, const char *topic, const char *payload)
{
    const struct mqb_publish message = {
        .topic = mqb_str_from(topic),
        .payload = mqb_str_from(payload),
        .properties.response_topic = MQB_STR(INBOX),
        .properties.correlation_data = MQB_STR("1"),
    };
    return mqb_client_receive(&f->clients[1], &message);
}

static void each_message_is_counted_where_it_belongs(void **state)
{
    struct fixture *f = *state;
    const int64_t count = 1;
    count_by_topic(f, TOPICS);
    assert_int_equal(ask(f, "rain"), MQB_OK);
    assert_int_equal(ask(f, "snow!"), MQB_OK);
    assert_int_equal(ask(f, "\xff"), MQB_ERR_VALUE);
    assert_int_equal(
        properties_asker_send_count(&f->asker, MQB_STR("+"), MQB_STR("1"), &count), MQB_ERR_TOPIC);
    assert_int_equal(call(f, "1"), MQB_OK);
    mqb_loopback_run(&f->broker);
    assert_int_equal(receive(f, "questions", "{}"), MQB_ERR_MISSING);
    assert_int_equal(receive(f, "nowhere", "{}"), MQB_ERR_NO_ROUTE);
    assert_int_equal(receive(f, "#", "{}"), MQB_ERR_TOPIC);
    assert_int_equal(mqb_client_receive(&f->clients[1], NULL), MQB_ERR_ARGUMENT);
    const struct mqb_topic_counters *sent = find(0, "questions", true);
    assert_int_equal(sent->by_status[MQB_OK], 3);
    assert_int_equal(sent->by_status[MQB_ERR_VALUE], 1);
    assert_int_equal(sent->bytes, 3 * sizeof "{\"about\":\"rain\"}" - 3 + 1);
    assert_int_equal(find(0, "counts/{unit}", true)->by_status[MQB_ERR_TOPIC], 1);
    const struct mqb_topic_counters *received = find(1, "questions", false);
    assert_int_equal(received->by_status[MQB_OK], 3);
    assert_int_equal(received->by_status[MQB_ERR_MISSING], 1);
    assert_int_equal(received->bytes, sent->bytes);
    assert_int_equal(topics[1][0].by_status[MQB_ERR_NO_ROUTE], 1);
    assert_int_equal(topics[1][0].by_status[MQB_ERR_TOPIC], 1);
    assert_int_equal(topics[1][0].by_status[MQB_ERR_ARGUMENT], 1);
    check_sums(&f->clients[0]);
    check_sums(&f->clients[1]);
}

static void a_call_that_cannot_begin_counts_for_its_address(void **state)
{
    struct fixture *f = *state;
    count_by_topic(f, TOPICS);
    for (size_t i = 0; i < CALLS; i++)
        assert_int_equal(call(f, "1"), MQB_OK);
    assert_int_equal(call(f, "1"), MQB_ERR_LIMIT);
    assert_int_equal(find(0, "questions", true)->by_status[MQB_ERR_LIMIT], 1);
    check_sums(&f->clients[0]);
}

static void what_has_no_entry_left_is_counted_with_the_others(void **state)
{
    struct fixture *f = *state;
    const int64_t count = 1;
    count_by_topic(f, 3);
    assert_int_equal(ask(f, "rain"), MQB_OK);
    assert_int_equal(
        properties_asker_send_count(&f->asker, MQB_STR("km"), MQB_STR("1"), &count), MQB_OK);
    assert_int_equal(ask(f, "snow"), MQB_OK);
    assert_int_equal(topics[0][2].by_status[MQB_OK], 2);
    assert_int_equal(topics[0][1].by_status[MQB_OK], 1);
    assert_int_equal(topics[0][0].by_status[MQB_OK], 0);
    check_sums(&f->clients[0]);
    count_by_topic(f, 2);
    assert_int_equal(ask(f, "rain"), MQB_OK);
    assert_int_equal(topics[0][1].by_status[MQB_OK], 1);
    check_sums(&f->clients[0]);
}

static void both_directions_of_an_address_are_counted_apart(void **state)
{
    struct fixture *f = *state;
    count_by_topic(f, TOPICS);
    /* The asker is bound at the teller's client as well, which then sends what it receives. */
    struct properties_asker echo = {.client = &f->clients[1]};
    const struct properties_ask message = {.about = MQB_STR("rain")};
    assert_int_equal(
        properties_asker_send_ask(&echo, MQB_STR(INBOX), MQB_STR("1"), &message), MQB_OK);
    assert_int_equal(mqb_loopback_run(&f->broker), 1);
    assert_int_equal(find(1, "questions", true)->by_status[MQB_OK], 1);
    assert_int_equal(find(1, "questions", false)->by_status[MQB_OK], 1);
    check_sums(&f->clients[1]);
}

static void a_captured_message_is_not_counted(void **state)
{
    struct fixture *f = *state;
    struct mqb_capture capture;
    char memory[200];
    count_by_topic(f, TOPICS);
    mqb_client_capture(&f->clients[0], &capture, memory, sizeof memory);
    assert_int_equal(ask(f, "rain"), MQB_OK);
    assert_int_equal(f->clients[0].counters.sent, 0);
    check_sums(&f->clients[0]);
}

static void the_memory_must_be_that_of_the_config(void **state)
{
    struct fixture *f = *state;
    struct mqb_client client;
    struct mqb_client_config config = f->clients[0].config;
    config.topic_count = 3;
    assert_int_equal(mqb_client_init(&client, &config), MQB_ERR_ARGUMENT);
    config.topics = topics[0];
    config.topic_count = 1;
    assert_int_equal(mqb_client_init(&client, &config), MQB_ERR_ARGUMENT);
}

static void an_address_is_cut_to_fit(void **state)
{
    struct fixture *f = *state;
    const int64_t count = 1;
    char text[20];
    count_by_topic(f, TOPICS);
    assert_int_equal(
        properties_asker_send_count(&f->asker, MQB_STR("km"), MQB_STR("1"), &count), MQB_OK);
    const struct mqb_topic_counters *topic = find(0, "counts/{unit}", true);
    for (size_t cap = 0; cap < sizeof text; cap++) {
        memset(text, 'x', sizeof text);
        assert_int_equal(mqb_topic_counters_address(topic, text, cap), 13);
        assert_int_equal(strncmp(text, "counts/{unit}", cap == 0 ? 0 : cap - 1), 0);
        assert_int_equal(cap == 0 ? 'x' : text[cap < 14 ? cap - 1 : 13], cap == 0 ? 'x' : '\0');
    }
    assert_int_equal(mqb_topic_counters_address(topic, NULL, 20), 13);
    assert_int_equal(mqb_topic_counters_address(NULL, text, sizeof text), 0);
    assert_string_equal(text, "");
}

#define TEST(function) cmocka_unit_test_setup(function, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_message_is_counted_where_it_belongs),
        TEST(a_call_that_cannot_begin_counts_for_its_address),
        TEST(what_has_no_entry_left_is_counted_with_the_others),
        TEST(both_directions_of_an_address_are_counted_apart),
        TEST(a_captured_message_is_not_counted),
        TEST(the_memory_must_be_that_of_the_config),
        TEST(an_address_is_cut_to_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
