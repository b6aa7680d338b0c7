#include "toy.h"

#include <stdio.h>
#include <stdlib.h>

#include "../common/volume.h"

static char scratch[8192];
static char send_buffer[2048];
static struct mqb_mosquitto mosquitto;
static struct mqb_client client;
static struct folotoy_toy toy = {.client = &client, .handlers = &example_volume_handlers};

struct mqb_mosquitto *toy_open(const char *port, const char *serial, void (*on_wake)(void *))
{
    const struct mqb_client_config config = {
        .transport = mqb_mosquitto_transport(&mosquitto),
        .scratch = scratch,
        .scratch_bytes = sizeof scratch,
        .send_buffer = send_buffer,
        .send_buffer_bytes = sizeof send_buffer,
    };
    const struct mqb_mosquitto_settings settings = {
        .client = &client, .host = "127.0.0.1", .port = atoi(port), .on_wake = on_wake};

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
