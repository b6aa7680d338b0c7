/* Sends commands to one toy and prints what it does. Usage: folotoy_application PORT SERIAL */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "../common/example.h"
#include "folotoy_application.h"

static void on_command_ack(
    struct folotoy_application *application,
    void *user,
    enum mqb_status status,
    const struct folotoy_command_ack *ack)
{
    const bool done = status == MQB_OK && ack->result == FOLOTOY_RESULT_SUCCESS;
    const struct folotoy_i_want_play play = {
        .msg_id = (int64_t)mqb_client_next_call_id(&example_client, 1, INT32_MAX),
        .input_params =
            {.role = 1, .text = MQB_STR("hi 朋友"), .has = {.role = true, .text = true}},
    };

    (void)user;
    printf("%.*s: %s\n", EXAMPLE_TEXT(application->sn), done ? "done" : "failed");
    if (!done)
        example_stop();
    else if (ack->identifier == FOLOTOY_COMMAND_IDENTIFIER_UPDATE_COMMON_CONFIG)
        folotoy_application_call_i_want_play(
            application, application->sn, &play, EXAMPLE_TIMEOUT_MS, on_command_ack, NULL);
}

/** Change the sleep time and the volume of the toy. */
static void change_settings(struct folotoy_application *application, uint64_t sleep_s)
{
    const struct folotoy_update_common_config message = {
        .msg_id = (int64_t)mqb_client_next_call_id(&example_client, 1, INT32_MAX),
        .input_params =
            {
                .sleep_trigger_time = sleep_s,
                .volume = 60,
                .has = {.sleep_trigger_time = true, .volume = true},
            },
    };

    printf("asking %.*s to sleep after %" PRIu64 " s\n", EXAMPLE_TEXT(application->sn), sleep_s);
    folotoy_application_call_update_common_config(
        application, application->sn, &message, EXAMPLE_TIMEOUT_MS, on_command_ack, NULL);
}

static void on_roles(
    struct folotoy_application *application,
    void *user,
    enum mqb_status status,
    const struct folotoy_load_roles_config_ack *ack)
{
    (void)application;
    (void)user;
    printf("roles: %s\n", status == MQB_OK && ack->result ? "reloaded" : "not reloaded");
    example_stop();
}

static enum mqb_status on_voice_generated(
    struct folotoy_application *application,
    struct mqb_str sn,
    const struct folotoy_voice_generated *message)
{
    const struct folotoy_load_roles_config reload = {
        .msg_id = (int64_t)mqb_client_next_call_id(&example_client, 1, INT32_MAX),
        .has = {.msg_id = true},
    };

    printf(
        "event from %.*s: says %.*s\n", EXAMPLE_TEXT(sn),
        EXAMPLE_TEXT(message->input_params.voice_url));
    return folotoy_application_call_load_roles_config(
        application, &reload, EXAMPLE_TIMEOUT_MS, on_roles, NULL);
}

static void on_connected(void *application)
{
    change_settings(application, 12); /* Below 30: refused here and never sent. */
    change_settings(application, 600);
}

int main(int argc, char **argv)
{
    static const struct folotoy_application_handlers handlers = {
        .voice_generated = on_voice_generated,
    };
    struct folotoy_application application = {.client = &example_client, .handlers = &handlers};

    if (argc != 3 || !example_open(argv[1], "folotoy-application", on_connected, &application))
        return EXIT_FAILURE;
    application.sn = mqb_str_from(argv[2]);
    return example_run(folotoy_application_bind(&application));
}
