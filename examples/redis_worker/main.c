/*
 * A worker without MQTT: it takes telemetry of ThingsPanel from a stream of Redis, as a member of a
 * consumer group. Usage: redis_worker PORT GROUP NAME
 *
 * Entries of the stream "messages" have a topic and a payload. An entry is acknowledged after its
 * handler: what a worker did not finish is given to it again when it returns under its name.
 */
#include <hiredis/hiredis.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "thingspanel_platform.h"

static char scratch[8192];
static struct mqb_client client;
static volatile sig_atomic_t is_running = 1;

static void on_signal(int number)
{
    (void)number;
    is_running = 0;
}

static enum mqb_status on_telemetry(
    struct thingspanel_platform *platform,
    const struct mqb_map *message)
{
    (void)platform;
    for (size_t i = 0; i < message->count; i++) {
        const struct mqb_map_entry *entry = &message->entries[i];
        printf(
            "%.*s %.*s\n", (int)entry->key.len, entry->key.ptr, (int)entry->value.len,
            entry->value.ptr);
    }
    return MQB_OK;
}

static void on_error(void *user, struct mqb_str topic, const struct mqb_error *error)
{
    char text[256];

    (void)user;
    mqb_error_format(error, text, sizeof text);
    printf("refused on %.*s: %s\n", (int)topic.len, topic.ptr, text);
}

static struct mqb_str field(const redisReply *fields, const char *name)
{
    for (size_t i = 0; i + 1 < fields->elements; i += 2) {
        const redisReply *value = fields->element[i + 1];
        if (strcmp(fields->element[i]->str, name) == 0)
            return (struct mqb_str){value->str, value->len};
    }
    return (struct mqb_str){NULL, 0};
}

/* What its handler refuses stays pending. What is not valid never will be: it is acknowledged. */
static void take_entry(redisContext *redis, const char *group, const redisReply *entry)
{
    const char *id = entry->element[0]->str;
    const struct mqb_publish message = {
        .topic = field(entry->element[1], "topic"),
        .payload = field(entry->element[1], "payload"),
        .qos = 1,
    };

    if (mqb_client_receive(&client, &message) == MQB_ERR_HANDLER)
        return;
    freeReplyObject(redisCommand(redis, "XACK messages %s %s", group, id));
}

/* Entries after an id: "0" are those that this worker did not finish, ">" new ones. */
static size_t take_entries(
    redisContext *redis,
    const char *group,
    const char *name,
    const char *after)
{
    size_t taken = 0;
    redisReply *reply = redisCommand(
        redis, "XREADGROUP GROUP %s %s COUNT 10 BLOCK 200 STREAMS messages %s", group, name, after);

    if (reply && reply->type == REDIS_REPLY_ARRAY && reply->elements == 1) {
        const redisReply *entries = reply->element[0]->element[1];
        for (; taken < entries->elements; taken++)
            take_entry(redis, group, entries->element[taken]);
    }
    if (reply)
        freeReplyObject(reply);
    return taken;
}

int main(int argc, char **argv)
{
    static const struct thingspanel_platform_handlers handlers = {.telemetry = on_telemetry};
    struct thingspanel_platform platform = {.client = &client, .handlers = &handlers};
    const struct mqb_client_config config = {
        .scratch = scratch,
        .scratch_bytes = sizeof scratch,
        .on_error = on_error,
    };

    if (argc != 4 || mqb_client_init(&client, &config) != MQB_OK ||
        thingspanel_platform_bind(&platform) != MQB_OK)
        return EXIT_FAILURE;
    redisContext *redis = redisConnect("127.0.0.1", atoi(argv[1]));
    if (!redis || redis->err != 0)
        return EXIT_FAILURE;
    setvbuf(stdout, NULL, _IOLBF, 0);
    signal(SIGTERM, on_signal);
    signal(SIGINT, on_signal);
    freeReplyObject(redisCommand(redis, "XGROUP CREATE messages %s 0 MKSTREAM", argv[2]));
    take_entries(redis, argv[2], argv[3], "0");
    while (is_running && redis->err == 0)
        take_entries(redis, argv[2], argv[3], ">");
    redisFree(redis);
    return EXIT_SUCCESS;
}
