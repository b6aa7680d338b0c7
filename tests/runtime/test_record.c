/* Records: what is written is read, and nothing else passes for a record. */
#include "client/record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const struct mqb_user_property users[] = {{{"a", 1}, {"", 0}}, {{"", 0}, {"two", 3}}};
static const struct mqb_publish full = {
    .topic = {"a/b", 3},
    .payload = {"{\"x\":\0}", 7},
    .qos = 2,
    .retain = true,
    .properties =
        {
            .response_topic = {"reply/here", 10},
            .correlation_data = {"\0\1\2", 3},
            .content_type = {"text/plain", 10},
            .user = users,
            .user_count = 2,
            .expiry_s = 77,
            .is_text = true,
        },
};

static void what_is_written_is_read(void **state)
{
    uint64_t memory[40];
    (void)state;
    for (size_t offset = 0; offset < 8; offset++) {
        char *record = (char *)(memory + offset);
        struct mqb_publish read;
        const size_t bytes = mqb_record_bytes(&full);
        mqb_record_write(&full, record);
        mqb_record_seal(record, bytes);
        assert_true(mqb_record_is_valid(record, bytes));
        mqb_record_read(record, &read);
        assert_true(mqb_str_equal(read.topic, full.topic));
        assert_int_equal(read.topic.ptr[read.topic.len], '\0');
        assert_true(mqb_str_equal(read.payload, full.payload));
        assert_true(mqb_str_equal(read.properties.response_topic, full.properties.response_topic));
        assert_true(
            mqb_str_equal(read.properties.correlation_data, full.properties.correlation_data));
        assert_true(mqb_str_equal(read.properties.content_type, full.properties.content_type));
        assert_int_equal(read.properties.user_count, 2);
        assert_true(mqb_str_equal(read.properties.user[1].value, users[1].value));
        assert_true(mqb_str_equal(read.properties.user[0].name, users[0].name));
        assert_true(read.properties.is_text);
        assert_int_equal(read.properties.expiry_s, 77);
        assert_int_equal(read.qos, 2);
        assert_true(read.retain);
    }
}

static void damage_is_noticed(void **state)
{
    uint64_t memory[40];
    char *record = (char *)memory;
    const size_t bytes = mqb_record_bytes(&full);
    (void)state;
    mqb_record_write(&full, record);
    mqb_record_seal(record, bytes);
    for (size_t i = 0; i < bytes; i++) {
        record[i] = (char)(record[i] ^ 0x10);
        assert_false(mqb_record_is_valid(record, bytes));
        record[i] = (char)(record[i] ^ 0x10);
    }
    for (size_t shorter = 0; shorter < bytes; shorter++)
        assert_false(mqb_record_is_valid(record, shorter));
    assert_false(mqb_record_is_valid(record, bytes + 1));
}

static void a_stripped_record_has_its_topic(void **state)
{
    uint64_t memory[40];
    char *record = (char *)memory;
    struct mqb_publish read;
    (void)state;
    mqb_record_write(&full, record);
    assert_true(mqb_record_strip(record) < mqb_record_bytes(&full));
    mqb_record_read(record, &read);
    assert_true(mqb_str_equal(read.topic, full.topic));
    assert_int_equal(read.payload.len, 0);
    assert_int_equal(read.properties.response_topic.len, 0);
}

static void a_message_without_a_topic_is_not_sent_again(void **state)
{
    const struct mqb_publish wild = {.topic = {"a/#", 3}, .qos = 1};
    uint64_t memory[40];
    char *record = (char *)memory;
    (void)state;
    mqb_record_write(&wild, record);
    mqb_record_seal(record, mqb_record_bytes(&wild));
    assert_false(mqb_record_is_valid(record, mqb_record_bytes(&wild)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(damage_is_noticed),
        cmocka_unit_test(a_stripped_record_has_its_topic),
        cmocka_unit_test(a_message_without_a_topic_is_not_sent_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
