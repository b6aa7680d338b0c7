/*
 * Ours: the whole of mqb_client_receive() for a message whose payload is taken as it is, from the
 * topic to the handler; and finding the route alone. One side takes 32 kinds of messages of any
 * device; or many sides take those of one device each.
 */
#include "client/router.h"
#include "harness.h"
#include "routes_platform.h"

#include <stdio.h>

#define BINDINGS_MAX 10000

typedef enum mqb_status handler(
    struct routes_platform *platform,
    struct mqb_str device,
    struct mqb_str id,
    const struct mqb_str *message);

static struct mqb_client client;
static struct routes_platform platforms[BINDINGS_MAX];
static char devices[BINDINGS_MAX][16];
static size_t handled;

/* The 32 handlers are alike, so they can be set in a loop. */
static union {
    struct routes_platform_handlers named;
    handler *all[sizeof(struct routes_platform_handlers) / sizeof(handler *)];
} handlers;

static enum mqb_status on_message(
    struct routes_platform *platform,
    struct mqb_str device,
    struct mqb_str id,
    const struct mqb_str *message)
{
    (void)platform;
    handled += device.len + id.len + message->len;
    return MQB_OK;
}

static bool bind(size_t count, bool of_one_device)
{
    static char scratch[1024];
    static char send_buffer[1024];
    static struct mqb_binding_link *buckets[BINDINGS_MAX];
    const struct mqb_client_config config = {
        .scratch = scratch,
        .scratch_bytes = sizeof scratch,
        .send_buffer = send_buffer,
        .send_buffer_bytes = sizeof send_buffer,
        .buckets = buckets,
        .bucket_count = count,
    };
    bool bound = true;

    mqb_client_init(&client, &config);
    for (size_t i = 0; i < count; i++) {
        struct routes_platform *platform = &platforms[i];

        *platform = (struct routes_platform){.client = &client, .handlers = &handlers.named};
        if (of_one_device) {
            const int len = snprintf(devices[i], sizeof devices[i], "device%05zu", i);
            platform->device = (struct mqb_str){devices[i], (size_t)len};
        }
        bound &= routes_platform_bind(platform) == MQB_OK;
    }
    return bound;
}

static bool prepare_kinds(struct bench_text topic)
{
    (void)topic;
    for (size_t i = 0; i < sizeof handlers.all / sizeof handlers.all[0]; i++)
        handlers.all[i] = on_message;
    return bind(1, false);
}

static bool prepare_1000(struct bench_text topic)
{
    (void)topic;
    handlers.all[0] = on_message;
    return bind(1000, true);
}

static bool prepare_10000(struct bench_text topic)
{
    (void)topic;
    handlers.all[0] = on_message;
    return bind(10000, true);
}

static bool route(struct bench_text topic)
{
    const struct mqb_publish message = {
        .topic = {topic.ptr, topic.len},
        .payload = MQB_STR("42"),
    };

    return mqb_client_receive(&client, &message) == MQB_OK;
}

static bool find(struct bench_text topic)
{
    static const struct mqb_str any[MQB_PARAMETERS_MAX];
    const struct mqb_str wanted = {topic.ptr, topic.len};
    struct mqb_match walk;
    const struct mqb_str *levels;

    if (!mqb_router_find(platforms[0].binding.router, any, wanted, 0, &walk))
        return false;
    levels = mqb_router_levels(&walk);
    handled += levels[0].len + levels[1].len;
    return true;
}

const struct bench_work bench_works[] = {
    {"find:32", prepare_kinds, find},
    {"route:32", prepare_kinds, route},
    {"route:1000", prepare_1000, route},
    {"route:10000", prepare_10000, route},
    {NULL, NULL, NULL},
};
