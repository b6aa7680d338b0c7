/* Sends one device a command and an update. Usage: thingspanel_platform PORT NUMBER */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "../common/example.h"
#include "thingspanel_platform.h"

/* The program ends when all of this has happened. */
enum { TELEMETRY, UPDATED, THINGS };

static const char *number;

static enum mqb_status on_telemetry(
    struct thingspanel_platform *platform,
    const struct mqb_map *message)
{
    (void)platform;
    example_print("telemetry", message);
    example_happened(TELEMETRY, THINGS);
    return MQB_OK;
}

static void on_command_response(
    struct thingspanel_platform *platform,
    void *user,
    enum mqb_status status,
    const struct thingspanel_response *reply)
{
    const struct thingspanel_ota_task task = {
        .id = 123,
        .code = {.kind = THINGSPANEL_OTA_TASK_CODE_INTEGER, .as = {.integer = 200}},
        .params =
            {
                .version = MQB_STR("1.1"),
                .size = 5000000000, /* More than 4 GiB. */
                .url = MQB_STR("http://192.0.2.7/files/ota/firmware.zip"),
                .sign_method = THINGSPANEL_SIGN_METHOD_MD5,
                .sign = MQB_STR("a243fgh4b9v"),
                .module = MQB_STR("MCU"),
                .has = {.module = true},
            },
    };
    const struct mqb_str words = reply ? reply->message : mqb_str_from(mqb_status_text(status));

    (void)user;
    printf("command: %.*s\n", EXAMPLE_TEXT(words));
    if (status == MQB_OK)
        thingspanel_platform_send_ota_task(platform, mqb_str_from(number), &task);
    else
        example_stop();
}

static enum mqb_status on_event(
    struct thingspanel_platform *platform,
    struct mqb_str message_id,
    const struct thingspanel_event *message)
{
    const struct thingspanel_response taken = {.message = MQB_STR("success")};
    const struct thingspanel_command command = {
        .method = MQB_STR("ReSet"),
        .params = MQB_JSON("{\"switch\":1,\"light\":\"close\"}"),
        .has = {.params = true},
    };
    char id[24];

    printf("event: %.*s\n", EXAMPLE_TEXT(message->method));
    thingspanel_platform_send_event_response(platform, mqb_str_from(number), message_id, &taken);
    snprintf(id, sizeof id, "%08" PRIu64, mqb_client_next_call_id(&example_client, 0, 99999999));
    return thingspanel_platform_call_command(
        platform, mqb_str_from(number), mqb_str_from(id), &command, EXAMPLE_TIMEOUT_MS,
        on_command_response, NULL);
}

static enum mqb_status on_ota_progress(
    struct thingspanel_platform *platform,
    const struct thingspanel_ota_progress *message)
{
    (void)platform;
    printf("update: %d %%\n", message->step);
    if (message->step == 100)
        example_happened(UPDATED, THINGS);
    return MQB_OK;
}

int main(int argc, char **argv)
{
    static const struct thingspanel_platform_handlers handlers = {
        .telemetry = on_telemetry,
        .event = on_event,
        .ota_progress = on_ota_progress,
    };
    struct thingspanel_platform platform = {.client = &example_client, .handlers = &handlers};

    if (argc != 3 || !example_open(argv[1], "thingspanel-platform", NULL, NULL))
        return EXIT_FAILURE;
    number = argv[2];
    return example_run(thingspanel_platform_bind(&platform));
}
