/* A simulated device: reports, executes commands. Usage: eztcloud_device_device PORT USERNAME */
#include <stdio.h>
#include <stdlib.h>

#include "../common/example.h"
#include "eztcloud_device_device.h"

/* The program ends when all of this has happened. */
enum { ATTRIBUTES, HELD_ATTRIBUTES, EVENT, NEW_ATTRIBUTES, RESTART, THINGS };
static const char *const names[] = {[ATTRIBUTES] = "attributes", [EVENT] = "event"};
static unsigned numbers[] = {[ATTRIBUTES] = ATTRIBUTES, [EVENT] = EVENT};

static void on_response(
    struct eztcloud_device_device *device,
    void *user,
    enum mqb_status status,
    const struct eztcloud_device_response *reply)
{
    const bool accepted = status == MQB_OK && reply->error_code == 0;
    const unsigned what = *(unsigned *)user;

    (void)device;
    printf("%s: %s\n", names[what], accepted ? "accepted" : "not accepted");
    example_happened(what, THINGS);
}

static void on_attributes_get_response(
    struct eztcloud_device_device *device,
    void *user,
    enum mqb_status status,
    const struct eztcloud_device_attributes_get_response *reply)
{
    (void)device;
    (void)user;
    if (status == MQB_OK && reply->error_code == 0)
        example_print("the platform holds", &reply->attributes);
    example_happened(HELD_ATTRIBUTES, THINGS);
}

static void on_connected(void *user)
{
    struct eztcloud_device_device *device = user;
    const struct mqb_map_entry values[] = {
        {MQB_STR("temperature"), MQB_JSON("21.5")},
        {MQB_STR("switch"), MQB_JSON("true")},
    };
    const struct mqb_map attributes = {values, 2};
    const struct eztcloud_device_attributes_get all = {.keys = {NULL, 0}};
    const struct mqb_map_entry area = {MQB_STR("area"), MQB_JSON("\"REGION.B43\"")};
    const struct eztcloud_device_event fire = {.method = MQB_STR("fire"), .params = {&area, 1}};
    const struct mqb_str frame = {"\x01\x03\x00\x2a", 4}; /* Arbitrary bytes, NUL included. */

    eztcloud_device_device_call_attributes(
        device, device->username, &attributes, EXAMPLE_TIMEOUT_MS, on_response,
        &numbers[ATTRIBUTES]);
    eztcloud_device_device_call_attributes_get(
        device, device->username, &all, EXAMPLE_TIMEOUT_MS, on_attributes_get_response, NULL);
    eztcloud_device_device_call_event(
        device, device->username, &fire, EXAMPLE_TIMEOUT_MS, on_response, &numbers[EVENT]);
    eztcloud_device_device_send_data(device, device->username, MQB_STR("modbus"), &frame);
}

static enum mqb_status on_attributes_push(
    struct eztcloud_device_device *device,
    struct mqb_str username,
    const struct mqb_map *message)
{
    (void)device;
    (void)username;
    example_print("new attributes", message);
    example_happened(NEW_ATTRIBUTES, THINGS);
    return MQB_OK;
}

static enum mqb_status on_command(
    struct eztcloud_device_device *device,
    struct mqb_str username,
    const struct eztcloud_device_command *message)
{
    /* The id is returned with its type: a number as a number, a string as a string. */
    const struct eztcloud_device_command_reply reply = {
        .method = message->method,
        .id = message->id,
        .has = {.id = true},
    };

    printf("command: %.*s\n", EXAMPLE_TEXT(message->method));
    if (mqb_str_equal(message->method, MQB_STR("restart")))
        example_happened(RESTART, THINGS); /* Ends after the reply is sent. */
    return eztcloud_device_device_send_command_reply(device, username, &reply);
}

int main(int argc, char **argv)
{
    static const struct eztcloud_device_device_handlers handlers = {
        .attributes_push = on_attributes_push,
        .command = on_command,
    };
    struct eztcloud_device_device device = {.client = &example_client, .handlers = &handlers};

    if (argc != 3 || !example_open(argv[1], "eztcloud-device-device", on_connected, &device))
        return EXIT_FAILURE;
    device.username = mqb_str_from(argv[2]);
    return example_run(eztcloud_device_device_bind(&device));
}
