/* Commands and updates one device. Usage: thingspanel_platform PORT NUMBER */
#include <stdio.h>
#include <stdlib.h>

#include "../common/example.h"
#include "thingspanel_platform.h"

static const char *number;

static enum mqb_status on_telemetry(
    struct thingspanel_platform *platform,
    const struct mqb_map *message)
{
    const struct thingspanel_command command = {
        .method = MQB_STR("ReSet"),
        .params = MQB_JSON("{\"switch\":1,\"light\":\"close\"}"),
        .has = {.params = true},
    };

    for (size_t i = 0; i < message->count; i++) {
        const struct mqb_map_entry *entry = &message->entries[i];
        printf(
            "telemetry: %.*s is %.*s\n", (int)entry->key.len, entry->key.ptr, (int)entry->value.len,
            entry->value.ptr);
    }
    return thingspanel_platform_send_command(
        platform, mqb_str_from(number), MQB_STR("3f2a91c0"), &command);
}

static enum mqb_status on_command_response(
    struct thingspanel_platform *platform,
    struct mqb_str message_id,
    const struct thingspanel_response *message)
{
    const struct thingspanel_ota_task task = {
        .id = 123,
        .code = 200,
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

    printf(
        "command %.*s: %.*s\n", (int)message_id.len, message_id.ptr, (int)message->message.len,
        message->message.ptr);
    return thingspanel_platform_send_ota_task(platform, mqb_str_from(number), &task);
}

static enum mqb_status on_ota_progress(
    struct thingspanel_platform *platform,
    const struct thingspanel_ota_progress *message)
{
    (void)platform;
    printf("update: %d %%\n", message->step);
    if (message->step == 100)
        example_stop();
    return MQB_OK;
}

int main(int argc, char **argv)
{
    static const struct thingspanel_platform_handlers handlers = {
        .telemetry = on_telemetry,
        .command_response = on_command_response,
        .ota_progress = on_ota_progress,
    };
    struct thingspanel_platform platform = {.client = &example_client, .handlers = &handlers};

    if (argc != 3 || !example_open(argv[1], "thingspanel-platform", NULL, NULL))
        return EXIT_FAILURE;
    number = argv[2];
    return thingspanel_platform_bind(&platform) == MQB_OK && example_run() ? EXIT_SUCCESS
                                                                           : EXIT_FAILURE;
}
