#include "toy.h"

#include <stdio.h>
#include <stdlib.h>

#include "folotoy_toy.h"

static char scratch[8192];
static char send_buffer[2048];
static struct mqb_mosquitto mosquitto;
static struct mqb_client client;
static struct folotoy_toy toy = {.client = &client};

static enum mqb_status on_update_common_config(
    struct folotoy_toy *self,
    struct mqb_str sn,
    const struct folotoy_update_common_config *message)
{
    const struct folotoy_command_ack ack = {
        .msg_id = message->msg_id,
        .identifier = FOLOTOY_COMMAND_IDENTIFIER_UPDATE_COMMON_CONFIG,
        .result = FOLOTOY_RESULT_SUCCESS,
    };

    return folotoy_toy_send_command_ack(self, sn, &ack);
}

struct mqb_mosquitto *toy_open(const char *port, const char *serial, void (*on_wake)(void *))
{
    static const struct folotoy_toy_handlers handlers = {
        .update_common_config = on_update_common_config,
    };
    const struct mqb_client_config config = {
        .transport = mqb_mosquitto_transport(&mosquitto),
        .scratch = scratch,
        .scratch_bytes = sizeof scratch,
        .send_buffer = send_buffer,
        .send_buffer_bytes = sizeof send_buffer,
    };
    const struct mqb_mosquitto_settings settings = {
        .client = &client, .host = "127.0.0.1", .port = atoi(port), .on_wake = on_wake};

    toy.handlers = &handlers;
    toy.sn = mqb_str_from(serial);
    if (mqb_client_init(&client, &config) != MQB_OK ||
        mqb_mosquitto_init(&mosquitto, &settings) != MQB_OK || folotoy_toy_bind(&toy) != MQB_OK)
        exit(EXIT_FAILURE);
    return &mosquitto;
}

void toy_say(const char *text)
{
    struct folotoy_recording_transcribed event;

    folotoy_recording_transcribed_init(&event);
    event.msg_id = 1;
    folotoy_transcribed_recording_set_recording_text(&event.input_params, mqb_str_from(text));
    if (folotoy_toy_send_recording_transcribed(&toy, toy.sn, &event) != MQB_OK)
        printf("not sent: %s\n", text);
}
