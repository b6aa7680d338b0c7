/* A simulated platform for all devices. Usage: eztcloud_device_platform PORT */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "../common/example.h"
#include "eztcloud_device_platform.h"

static enum mqb_status on_attributes(
    struct eztcloud_device_platform *platform,
    struct mqb_str username,
    const struct mqb_map *message)
{
    const struct eztcloud_device_response accepted = {
        .error_msg = MQB_STR("OK"), .ts = (int64_t)time(NULL) * 1000};

    example_print("attributes", message);
    return eztcloud_device_platform_send_attributes_response(platform, username, &accepted);
}

static enum mqb_status on_attributes_get(
    struct eztcloud_device_platform *platform,
    struct mqb_str username,
    const struct eztcloud_device_attributes_get *message)
{
    const struct mqb_map_entry value = {MQB_STR("interval"), MQB_JSON("60")};
    const struct eztcloud_device_attributes_get_response response = {
        .attributes = {&value, 1},
        .ts = (int64_t)time(NULL) * 1000,
        .has = {.attributes = true},
    };

    printf("request for %s attributes\n", message->keys.count == 0 ? "all" : "some");
    return eztcloud_device_platform_send_attributes_get_response(platform, username, &response);
}

static enum mqb_status on_event(
    struct eztcloud_device_platform *platform,
    struct mqb_str username,
    const struct eztcloud_device_event *message)
{
    const struct eztcloud_device_response accepted = {
        .error_msg = MQB_STR("OK"), .ts = (int64_t)time(NULL) * 1000};

    printf("event: %.*s at %.*s\n", EXAMPLE_TEXT(message->method), EXAMPLE_TEXT(username));
    return eztcloud_device_platform_send_event_response(platform, username, &accepted);
}

static void on_command_reply(
    struct eztcloud_device_platform *platform,
    void *user,
    enum mqb_status status,
    const struct eztcloud_device_command_reply *reply)
{
    (void)platform;
    (void)user;
    if (status != MQB_OK)
        printf("command: %s\n", mqb_status_text(status));
    else if (reply->id.is_string)
        printf("command \"%.*s\" is done\n", EXAMPLE_TEXT(reply->id.string));
    else
        printf("command %" PRId64 " is done\n", reply->id.integer);
}

static enum mqb_status on_data(
    struct eztcloud_device_platform *platform,
    struct mqb_str username,
    struct mqb_str identifier,
    const struct mqb_str *message)
{
    const struct mqb_map_entry value = {MQB_STR("interval"), MQB_JSON("30")};
    const struct eztcloud_device_command sound = {
        .method = MQB_STR("sound"), .id = {.integer = 1000}};
    const struct eztcloud_device_command restart = {
        .method = MQB_STR("restart"), .id = {.is_string = true, .string = MQB_STR("c-1001")}};

    printf("%.*s:", EXAMPLE_TEXT(identifier));
    example_print_bytes(*message);
    eztcloud_device_platform_send_attributes_push(platform, username, &(struct mqb_map){&value, 1});
    eztcloud_device_platform_call_command(
        platform, username, &sound, EXAMPLE_TIMEOUT_MS, on_command_reply, NULL);
    return eztcloud_device_platform_call_command(
        platform, username, &restart, EXAMPLE_TIMEOUT_MS, on_command_reply, NULL);
}

int main(int argc, char **argv)
{
    static const struct eztcloud_device_platform_handlers handlers = {
        .attributes = on_attributes,
        .attributes_get = on_attributes_get,
        .event = on_event,
        .data = on_data,
    };
    struct eztcloud_device_platform platform = {.client = &example_client, .handlers = &handlers};

    if (argc != 2 || !example_open(argv[1], "eztcloud-device-platform", NULL, NULL))
        return EXIT_FAILURE;
    return example_run(eztcloud_device_platform_bind(&platform));
}
