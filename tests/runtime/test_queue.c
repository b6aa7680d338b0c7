/* A queue against a simple model: whatever happens in it, each message keeps its place and bytes.
 */
#include "transport/queue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MESSAGES_MAX 400

static char bytes_of_all[70000];

/* What the queue should have; `order` grows with each move to a list. */
struct expected {
    uint64_t token;
    uint64_t order;
    size_t len;
    uint32_t id;
    enum mqb_queue_state state;
};

static struct expected model[MESSAGES_MAX];
static size_t count;
static uint64_t last_token;
static uint64_t last_order;
static uint32_t seed;

static uint32_t draw(uint32_t below)
{
    seed = seed * 1664525U + 1013904223U;
    return (seed >> 8) % below;
}

static struct mqb_publish message_of(uint64_t token, size_t len)
{
    static char topic[32];
    snprintf(topic, sizeof topic, "t/%llu", (unsigned long long)token);
    return (struct mqb_publish){
        .topic = mqb_str_from(topic),
        .payload = {bytes_of_all + token % 251, len},
        .qos = (int)(token % 3),
        .retain = token % 2 != 0,
        .properties = {.response_topic = mqb_str_from(token % 5 == 0 ? "back" : "")},
        .token = token,
    };
}

static void assert_same(const struct mqb_queue *queue, const struct expected *expected)
{
    struct mqb_queued *found = mqb_queue_find_token(queue, expected->token);
    const struct mqb_publish sent = message_of(expected->token, expected->len);
    assert_non_null(found);
    assert_int_equal(found->state, expected->state);
    const struct mqb_publish kept = mqb_queue_view(found);
    assert_true(mqb_str_equal(kept.topic, sent.topic));
    assert_int_equal(kept.topic.ptr[kept.topic.len], '\0');
    if (expected->id != 0)
        assert_ptr_equal(mqb_queue_find_id(queue, expected->id), found);
    if (expected->state == MQB_QUEUE_ENDED)
        return;
    assert_true(mqb_str_equal(kept.payload, sent.payload));
    assert_true(mqb_str_equal(kept.properties.response_topic, sent.properties.response_topic));
    assert_int_equal(kept.qos, sent.qos);
    assert_int_equal(kept.retain, sent.retain);
}

static int by_order(const void *a, const void *b)
{
    const struct expected *first = a;
    const struct expected *second = b;
    return first->order < second->order ? -1 : 1;
}

static void assert_list(const struct mqb_queue *queue, enum mqb_queue_state state)
{
    const struct mqb_queued *at = mqb_queue_first(queue, state);
    size_t length = 0;
    for (size_t i = 0; i < count; i++) {
        if (model[i].state != state)
            continue;
        assert_non_null(at);
        assert_int_equal(at->token, model[i].token);
        at = mqb_queue_next(queue, at);
        length++;
    }
    assert_null(at);
    assert_int_equal(queue->lists[state].count, length);
}

static void assert_all(const struct mqb_queue *queue)
{
    for (size_t i = 0; i < count; i++)
        assert_same(queue, &model[i]);
    qsort(model, count, sizeof model[0], by_order);
    for (int state = MQB_QUEUE_WAITING; state <= MQB_QUEUE_ENDED; state++)
        assert_list(queue, (enum mqb_queue_state)state);
}

static void put_one(struct mqb_queue *queue)
{
    const size_t len = draw(8) == 0 ? draw(900) : draw(60);
    const struct mqb_publish message = message_of(last_token + 1, len);
    if (count == MESSAGES_MAX || !mqb_queue_put(queue, &message))
        return;
    model[count++] = (struct expected){
        .token = ++last_token,
        .order = ++last_order,
        .len = len,
        .state = MQB_QUEUE_WAITING,
    };
}

static void move_one(struct mqb_queue *queue, struct expected *expected)
{
    struct mqb_queued *message = mqb_queue_find_token(queue, expected->token);
    if (expected->state == MQB_QUEUE_ENDED)
        return;
    expected->state = draw(2) == 0 ? MQB_QUEUE_IN_FLIGHT : MQB_QUEUE_ENDED;
    expected->order = ++last_order;
    expected->id = 0;
    mqb_queue_move(queue, message, expected->state);
    if (expected->state == MQB_QUEUE_IN_FLIGHT) {
        expected->id = (uint32_t)(expected->token % 65535) + 1;
        mqb_queue_set_id(queue, message, expected->id);
    }
}

static void free_one(struct mqb_queue *queue, struct expected *expected)
{
    mqb_queue_free(queue, mqb_queue_find_token(queue, expected->token));
    *expected = model[--count];
}

static const struct mqb_queued *pin_one(struct mqb_queue *queue)
{
    const struct mqb_queued *pinned =
        count != 0 && draw(3) == 0 ? mqb_queue_find_token(queue, model[0].token) : NULL;
    mqb_queue_pin(queue, pinned);
    return pinned;
}

static void play(size_t memory_bytes, size_t offset, int steps)
{
    char *memory = malloc(memory_bytes + offset);
    struct mqb_queue queue;
    mqb_queue_init(&queue, memory + offset, memory_bytes);
    count = 0;
    for (int i = 0; i < steps; i++) {
        const uint64_t kept = count != 0 ? model[0].token : 0;
        const struct mqb_queued *pinned = pin_one(&queue);
        for (uint32_t puts = draw(4); puts != 0; puts--)
            put_one(&queue);
        if (pinned)
            assert_ptr_equal(mqb_queue_find_token(&queue, kept), pinned);
        mqb_queue_pin(&queue, NULL);
        if (count != 0 && draw(2) == 0)
            move_one(&queue, &model[draw((uint32_t)count)]);
        if (count != 0 && draw(3) != 0)
            free_one(&queue, &model[draw((uint32_t)count)]);
        assert_all(&queue);
    }
    while (count != 0)
        free_one(&queue, &model[0]);
    assert_int_equal(queue.used, 0);
    free(memory);
}

static void messages_keep_their_order_and_bytes(void **state)
{
    static const size_t sizes[] = {0, 8, 100, 777, 2000, 5000, 20000};
    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        seed = (uint32_t)i;
        play(sizes[i], i, 3000);
    }
}

/* Whatever was in it before, an empty queue takes what it could hold. */
static void an_empty_queue_is_whole_again(void **state)
{
    static char memory[4096];
    struct mqb_queue queue;
    (void)state;
    mqb_queue_init(&queue, memory, sizeof memory);
    for (uint64_t token = 1; token < 50; token++) {
        size_t len = sizeof memory;
        struct mqb_publish message = message_of(token, len);
        while (!mqb_queue_put(&queue, &message))
            message.payload.len = --len;
        assert_in_range(len, 3600, 3999);
        assert_false(mqb_queue_has_room(&queue, 100));
        mqb_queue_free(&queue, mqb_queue_first(&queue, MQB_QUEUE_WAITING));
    }
}

/* Room is found again although a message stays in front of all that go. */
static void one_that_stays_does_not_block_the_rest(void **state)
{
    static char memory[8192];
    struct mqb_queue queue;
    (void)state;
    mqb_queue_init(&queue, memory, sizeof memory);
    struct mqb_publish first = message_of(1, 10);
    assert_non_null(mqb_queue_put(&queue, &first));
    for (uint64_t token = 2; token < 5000; token++) {
        const struct mqb_publish message = message_of(token, 500);
        struct mqb_queued *queued = mqb_queue_put(&queue, &message);
        assert_non_null(queued);
        if (token > 10)
            mqb_queue_free(&queue, mqb_queue_find_token(&queue, token - 9));
    }
    assert_non_null(mqb_queue_find_token(&queue, 1));
}

int main(void)
{
    for (size_t i = 0; i < sizeof bytes_of_all; i++)
        bytes_of_all[i] = (char)(i * 7 + i / 256);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_keep_their_order_and_bytes),
        cmocka_unit_test(an_empty_queue_is_whole_again),
        cmocka_unit_test(one_that_stays_does_not_block_the_rest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
