/* Watches all devices of a project. Usage: eztcloud_app_application PORT PROJECT_KEY */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "../common/example.h"
#include "eztcloud_app_application.h"

static enum mqb_status on_online(
    struct eztcloud_app_application *application,
    struct mqb_str project_key,
    struct mqb_str device_username,
    const struct eztcloud_app_online *message)
{
    (void)application;
    (void)project_key;
    printf("%.*s is %s\n", EXAMPLE_TEXT(device_username), message->online ? "online" : "offline");
    if (!message->online && mqb_str_equal(device_username, MQB_STR("DU_kitchen")))
        example_stop();
    return MQB_OK;
}

static enum mqb_status on_attributes(
    struct eztcloud_app_application *application,
    struct mqb_str project_key,
    struct mqb_str device_username,
    const struct mqb_map *message)
{
    (void)application;
    (void)project_key;
    printf("%.*s has new attributes\n", EXAMPLE_TEXT(device_username));
    example_print("attributes", message);
    return MQB_OK;
}

static enum mqb_status on_event(
    struct eztcloud_app_application *application,
    struct mqb_str project_key,
    struct mqb_str device_username,
    const struct eztcloud_app_event *message)
{
    (void)application;
    (void)project_key;
    printf("event: %.*s at %.*s\n", EXAMPLE_TEXT(message->method), EXAMPLE_TEXT(device_username));
    return MQB_OK;
}

static enum mqb_status on_data(
    struct eztcloud_app_application *application,
    struct mqb_str project_key,
    struct mqb_str device_username,
    struct mqb_str identifier,
    const struct mqb_str *message)
{
    (void)application;
    (void)project_key;
    printf("%.*s of %.*s:", EXAMPLE_TEXT(identifier), EXAMPLE_TEXT(device_username));
    example_print_bytes(*message);
    return MQB_OK;
}

static void on_command_reply(
    struct eztcloud_app_application *application,
    void *user,
    enum mqb_status status,
    const struct eztcloud_app_command_reply *reply)
{
    (void)application;
    (void)user;
    if (status == MQB_OK)
        printf("command %" PRId64 " is done\n", reply->id.integer);
    else
        printf("command: %s\n", mqb_status_text(status));
}

static enum mqb_status on_alarm(
    struct eztcloud_app_application *application,
    struct mqb_str project_key,
    struct mqb_str device_username,
    const struct eztcloud_app_alarm *message)
{
    const struct mqb_map_entry value = {MQB_STR("siren"), MQB_JSON("true")};
    const struct mqb_map attributes = {&value, 1};
    const struct eztcloud_app_command command = {
        .method = MQB_STR("closeDoor"),
        .id = {.integer = (int64_t)mqb_client_next_call_id(&example_client, 1, INT32_MAX)},
    };

    printf("%s at %.*s\n", message->alerting ? "alarm" : "no alarm", EXAMPLE_TEXT(device_username));
    if (!message->alerting)
        return MQB_OK;
    eztcloud_app_application_send_attributes_push(
        application, project_key, device_username, &attributes);
    return eztcloud_app_application_call_command(
        application, project_key, device_username, &command, EXAMPLE_TIMEOUT_MS, on_command_reply,
        NULL);
}

int main(int argc, char **argv)
{
    static const struct eztcloud_app_application_handlers handlers = {
        .online = on_online,
        .attributes = on_attributes,
        .event = on_event,
        .data = on_data,
        .alarm = on_alarm,
    };
    /* No device_username: receives from all devices of the project. */
    struct eztcloud_app_application application = {
        .client = &example_client, .handlers = &handlers};

    if (argc != 3 || !example_open(argv[1], "eztcloud-app-application", NULL, NULL))
        return EXIT_FAILURE;
    application.project_key = mqb_str_from(argv[2]);
    return example_run(eztcloud_app_application_bind(&application));
}
