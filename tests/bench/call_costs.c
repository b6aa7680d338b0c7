/*
 * call_costs.c - what the table of calls costs while so many wait. test_call_costs.py runs it under
 * callgrind, which reads the name of each part of the work. Usage: bench_call_costs WAITING
 */
#include "../runtime/pump.h"

#include <stdio.h>
#include <stdlib.h>

#include <valgrind/callgrind.h>

#define WAITING_MAX 100000
/** Of the calls, so many are due one by one; and so many sides wait for one call each. */
#define STEPS 100

static struct mqb_client client;
static struct mqb_call calls[WAITING_MAX + STEPS];
static struct pump many;
static struct pump few[STEPS];
static uint64_t now_ms;
static size_t ended;

static enum mqb_status publish(void *context, const struct mqb_publish *message)
{
    (void)context;
    (void)message;
    return MQB_OK;
}

static void on_reply(
    struct pump *pump,
    void *user,
    enum mqb_status status,
    const struct pump_answer *answer)
{
    (void)pump;
    (void)user;
    (void)status;
    (void)answer;
    ended++;
}

static void bind(struct pump *pump)
{
    *pump = (struct pump){.client = &client};
    if (pump_bind(pump) != MQB_OK)
        abort();
}

static void call(struct pump *pump, int64_t id, uint32_t timeout_ms)
{
    if (pump_call_ask(pump, MQB_STR("a"), id, timeout_ms, on_reply, NULL) != MQB_OK)
        abort();
}

/* The calls of one side with a deadline each, in no order, and one call of each of the others. */
static void begin(size_t waiting)
{
    for (size_t i = 0; i < waiting; i++)
        call(&many, (int64_t)i, (uint32_t)(i * 7919 % waiting + 1));
    for (size_t i = 0; i < STEPS; i++)
        call(&few[i], 0, UINT32_MAX);
}

static void start(size_t waiting)
{
    static char scratch[1000];
    static char send_buffer[1000];
    const struct mqb_client_config config = {
        .transport.publish = publish,
        .scratch = scratch,
        .scratch_bytes = sizeof scratch,
        .send_buffer = send_buffer,
        .send_buffer_bytes = sizeof send_buffer,
        .calls = calls,
        .call_count = waiting + STEPS,
        .seed = "sixteen and more",
        .seed_bytes = 16,
    };
    mqb_client_init(&client, &config);
    bind(&many);
    for (size_t i = 0; i < STEPS; i++)
        bind(&few[i]);
    begin(waiting);
}

static void tick_with_one_due(void)
{
    for (size_t i = 0; i < STEPS; i++)
        mqb_client_tick(&client, ++now_ms);
}

static void ask_when_due(void)
{
    for (size_t i = 0; i < STEPS; i++)
        now_ms += mqb_client_due_ms(&client, now_ms) == 0;
}

static void unbind_few(void)
{
    for (size_t i = 0; i < STEPS; i++)
        mqb_binding_remove(&few[i].binding);
}

static void unbind_many(void)
{
    mqb_binding_remove(&many.binding);
}

static void lose_all(void)
{
    mqb_client_cancel_calls(&client);
}

/* Prints the name and the number of calls that ended meanwhile. */
static void count(const char *name, void (*work)(void))
{
    ended = 0;
    CALLGRIND_START_INSTRUMENTATION;
    work();
    CALLGRIND_DUMP_STATS_AT(name);
    CALLGRIND_STOP_INSTRUMENTATION;
    printf("%s %zu\n", name, ended);
}

int main(int argc, char **argv)
{
    const size_t waiting = argc == 2 ? strtoul(argv[1], NULL, 10) : 0;
    if (waiting < STEPS || waiting > WAITING_MAX)
        return EXIT_FAILURE;
    start(waiting);
    count("tick", tick_with_one_due);
    count("due", ask_when_due);
    count("unbind_few", unbind_few);
    count("unbind_many", unbind_many);
    start(waiting);
    count("lost", lose_all);
    return EXIT_SUCCESS;
}
