/* Commands one toy and watches what it does. Usage: folotoy_application PORT SERIAL */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "../common/example.h"
#include "folotoy_application.h"

/** Change the sleep time and the volume of the toy. */
static void send_settings(const struct folotoy_application *application, uint64_t sleep_s)
{
    const struct folotoy_update_common_config message = {
        .msg_id = 1,
        .input_params =
            {
                .sleep_trigger_time = sleep_s,
                .volume = 60,
                .has = {.sleep_trigger_time = true, .volume = true},
            },
    };

    printf(
        "asks %.*s to sleep after %" PRIu64 " s\n", (int)application->sn.len, application->sn.ptr,
        sleep_s);
    folotoy_application_send_update_common_config(application, application->sn, &message);
}

static enum mqb_status on_command_ack(
    struct folotoy_application *application,
    struct mqb_str sn,
    const struct folotoy_command_ack *message)
{
    const struct folotoy_i_want_play play = {
        .msg_id = 2,
        .input_params =
            {.role = 1, .text = MQB_STR("hi 朋友"), .has = {.role = true, .text = true}},
    };
    const bool done = message->result == FOLOTOY_RESULT_SUCCESS;

    printf(
        "%.*s %s command %" PRId64 "\n", (int)sn.len, sn.ptr, done ? "did" : "failed",
        message->msg_id);
    if (message->identifier == FOLOTOY_COMMAND_IDENTIFIER_I_WANT_PLAY)
        return MQB_OK;
    send_settings(application, 12); /* Below 30: refused here, and never sent. */
    return folotoy_application_send_i_want_play(application, sn, &play);
}

static enum mqb_status on_voice_generated(
    struct folotoy_application *application,
    struct mqb_str sn,
    const struct folotoy_voice_generated *message)
{
    const struct mqb_str url = message->input_params.voice_url;
    const struct folotoy_load_roles_config reload = {.msg_id = 3, .has = {.msg_id = true}};

    printf("event from %.*s: says %.*s\n", (int)sn.len, sn.ptr, (int)url.len, url.ptr);
    return folotoy_application_send_load_roles_config(application, &reload);
}

static enum mqb_status on_load_roles_config_ack(
    struct folotoy_application *application,
    const struct folotoy_load_roles_config_ack *message)
{
    (void)application;
    printf("roles %s\n", message->result == FOLOTOY_RESULT_SUCCESS ? "reloaded" : "not reloaded");
    example_stop();
    return MQB_OK;
}

static void on_connected(void *application)
{
    send_settings(application, 600);
}

int main(int argc, char **argv)
{
    static const struct folotoy_application_handlers handlers = {
        .command_ack = on_command_ack,
        .voice_generated = on_voice_generated,
        .load_roles_config_ack = on_load_roles_config_ack,
    };
    struct folotoy_application application = {.client = &example_client, .handlers = &handlers};

    if (argc != 3 || !example_open(argv[1], "folotoy-application", on_connected, &application))
        return EXIT_FAILURE;
    application.sn = mqb_str_from(argv[2]);
    return folotoy_application_bind(&application) == MQB_OK && example_run() ? EXIT_SUCCESS
                                                                             : EXIT_FAILURE;
}
