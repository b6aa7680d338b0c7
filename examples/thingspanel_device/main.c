/* A simulated device: telemetry, events, commands, updates. Usage: thingspanel_device PORT NUMBER
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "../common/example.h"
#include "thingspanel_device.h"

static void on_event_response(
    struct thingspanel_device *device,
    void *user,
    enum mqb_status status,
    const struct thingspanel_response *reply)
{
    const bool accepted = status == MQB_OK && reply->result == THINGSPANEL_RESULT_OK;

    (void)device;
    (void)user;
    printf("event: %s\n", accepted ? "accepted" : "not accepted");
}

static void on_connected(void *user)
{
    struct thingspanel_device *device = user;
    const struct mqb_map_entry values[] = {
        {MQB_STR("temperature"), MQB_JSON("28.5")},
        {MQB_STR("switch"), MQB_JSON("true")},
    };
    const struct thingspanel_event event = {
        .method = MQB_STR("TemperatureExceeded"),
        .params = {values, 1},
    };
    char id[24];

    snprintf(id, sizeof id, "%08" PRIu64, mqb_client_next_call_id(&example_client, 0, 99999999));
    printf("reporting telemetry and an event\n");
    thingspanel_device_send_telemetry(device, &(struct mqb_map){values, 2});
    thingspanel_device_call_event(
        device, mqb_str_from(id), &event, EXAMPLE_TIMEOUT_MS, on_event_response, NULL);
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
    printf("command: %.*s\n", EXAMPLE_TEXT(message->method));
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
        .has = {.module = package->has.module && !package->is_null.module},
    };

    (void)device_number;
    printf("updating to version %.*s\n", EXAMPLE_TEXT(package->version));
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

    if (argc != 3 || !example_open(argv[1], "thingspanel-device", on_connected, &device))
        return EXIT_FAILURE;
    device.device_number = mqb_str_from(argv[2]);
    return example_run(thingspanel_device_bind(&device));
}
