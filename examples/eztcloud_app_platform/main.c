/* A simulated platform with two devices. Usage: eztcloud_app_platform PORT PROJECT_KEY */
#include <stdio.h>
#include <stdlib.h>

#include "../common/example.h"
#include "eztcloud_app_platform.h"

/* If this program dies, so does the kitchen. */
static enum mqb_status send_will(void *user)
{
    const struct eztcloud_app_platform *platform = user;
    const struct eztcloud_app_online offline = {.online = false};

    return eztcloud_app_platform_send_online(
        platform, platform->project_key, MQB_STR("DU_kitchen"), &offline);
}

static void on_connected(void *user)
{
    const struct eztcloud_app_platform *platform = user;
    const struct mqb_str project = platform->project_key;
    const struct mqb_str kitchen = MQB_STR("DU_kitchen"), garage = MQB_STR("DU_garage");
    const struct mqb_map_entry temperature = {MQB_STR("temperature"), MQB_JSON("61.5")};
    const struct mqb_map_entry area = {MQB_STR("area"), MQB_JSON("\"REGION.B43\"")};
    const struct eztcloud_app_event fire = {.method = MQB_STR("fire"), .params = {&area, 1}};
    const struct mqb_str frame = {"\x01\x03\x00\x2a", 4}; /* Arbitrary bytes, NUL included. */

    eztcloud_app_platform_send_online(
        platform, project, kitchen, &(struct eztcloud_app_online){.online = true});
    eztcloud_app_platform_send_data(platform, project, kitchen, MQB_STR("modbus"), &frame);
    eztcloud_app_platform_send_attributes(
        platform, project, garage, &(struct mqb_map){&temperature, 1});
    eztcloud_app_platform_send_event(platform, project, garage, &fire);
    eztcloud_app_platform_send_alarm(
        platform, project, garage, &(struct eztcloud_app_alarm){.alerting = true});
}

static enum mqb_status on_attributes_push(
    struct eztcloud_app_platform *platform,
    struct mqb_str project_key,
    struct mqb_str device_username,
    const struct mqb_map *message)
{
    printf("new attributes for %.*s\n", EXAMPLE_TEXT(device_username));
    return eztcloud_app_platform_send_attributes(platform, project_key, device_username, message);
}

static enum mqb_status on_command(
    struct eztcloud_app_platform *platform,
    struct mqb_str project_key,
    struct mqb_str device_username,
    const struct eztcloud_app_command *message)
{
    const struct eztcloud_app_command_reply reply = {.method = message->method, .id = message->id};
    const struct eztcloud_app_alarm calm = {.alerting = false};
    const struct eztcloud_app_online offline = {.online = false};

    printf("command to %.*s: %.*s\n", EXAMPLE_TEXT(device_username), EXAMPLE_TEXT(message->method));
    eztcloud_app_platform_send_command_reply(platform, project_key, device_username, &reply);
    eztcloud_app_platform_send_alarm(platform, project_key, device_username, &calm);
    return eztcloud_app_platform_send_online(platform, project_key, device_username, &offline);
}

int main(int argc, char **argv)
{
    static const struct eztcloud_app_platform_handlers handlers = {
        .attributes_push = on_attributes_push,
        .command = on_command,
    };
    struct eztcloud_app_platform platform = {.client = &example_client, .handlers = &handlers};

    if (argc != 3)
        return EXIT_FAILURE;
    platform.project_key = mqb_str_from(argv[2]);
    example_send_will = send_will;
    if (!example_open(argv[1], "eztcloud-app-platform", on_connected, &platform))
        return EXIT_FAILURE;
    return example_run(eztcloud_app_platform_bind(&platform));
}
