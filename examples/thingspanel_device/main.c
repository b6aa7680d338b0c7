/* A pretend device: telemetry, commands, updates. Usage: thingspanel_device PORT NUMBER */
#include <stdio.h>
#include <stdlib.h>

#include "../common/example.h"
#include "thingspanel_device.h"

static void send_telemetry(void *user)
{
    const struct thingspanel_device *device = (const struct thingspanel_device *)user;
    const struct mqb_map_entry values[] = {
        {MQB_STR("temperature"), MQB_JSON("28.5")},
        {MQB_STR("switch"), MQB_JSON("true")},
    };
    const struct mqb_map telemetry = {values, 2};

    printf("reports telemetry\n");
    thingspanel_device_send_telemetry(device, &telemetry);
}

static enum mqb_status on_command(
    struct thingspanel_device *device,
    struct mqb_str device_number,
    struct mqb_str message_id,
    const struct thingspanel_command *message)
{
    const struct thingspanel_response done = {
        .result = THINGSPANEL_RESULT_OK,
        .message = MQB_STR("success"),
        .method = message->method,
        .has = {.method = true},
    };

    (void)device_number;
    printf(
        "command %.*s: %.*s\n", (int)message_id.len, message_id.ptr, (int)message->method.len,
        message->method.ptr);
    return thingspanel_device_send_command_response(device, message_id, &done);
}

static enum mqb_status on_ota_task(
    struct thingspanel_device *device,
    struct mqb_str device_number,
    const struct thingspanel_ota_task *message)
{
    const struct thingspanel_ota_package *package = &message->params;
    struct thingspanel_ota_progress progress = {
        .desc = MQB_STR("downloading"),
        .module = package->module,
        .has = {.module = package->has.module},
    };

    (void)device_number;
    printf("updates to version %.*s\n", (int)package->version.len, package->version.ptr);
    for (int percent = 50; percent <= 100; percent += 50) {
        progress.step = (int8_t)percent;
        thingspanel_device_send_ota_progress(device, &progress);
    }
    return MQB_OK;
}

int main(int argc, char **argv)
{
    static const struct thingspanel_device_handlers handlers = {
        .command = on_command,
        .ota_task = on_ota_task,
    };
    struct thingspanel_device device = {.client = &example_client, .handlers = &handlers};

    if (argc != 3 || !example_open(argv[1], "thingspanel-device", send_telemetry, &device))
        return EXIT_FAILURE;
    device.device_number = mqb_str_from(argv[2]);
    return thingspanel_device_bind(&device) == MQB_OK && example_run() ? EXIT_SUCCESS
                                                                       : EXIT_FAILURE;
}
