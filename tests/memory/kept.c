/*
 * A handler keeps pointers that are valid only until it returns: a string in the scratch memory,
 * and one in the payload. On stdout: both, in hexadecimal, as they are afterwards.
 */
#include <mqbind/loopback.h>
#include <mqbind/mqbind.h>

#include <stdio.h>

#include "folotoy_application.h"

static struct mqb_str kept[2];

static enum mqb_status keep(
    struct folotoy_application *application,
    struct mqb_str sn,
    const struct folotoy_recording_transcribed *message)
{
    (void)application;
    kept[0] = message->input_params.recording_text;
    kept[1] = sn;
    return MQB_OK;
}

int main(void)
{
    static char memory[4096];
    static char scratch[4096];
    static char send_buffer[4096];
    static struct mqb_loopback broker;
    static struct mqb_loopback_peer peer;
    static struct mqb_client client;
    static const struct folotoy_application_handlers handlers = {.recording_transcribed = keep};
    static struct folotoy_application side = {.client = &client, .handlers = &handlers};
    const struct mqb_publish message = {
        .topic = MQB_STR("/sys/folotoy/toy7/thing/event/post"),
        .payload = MQB_STR("{\"msgId\":1,\"identifier\":\"recording_transcribed\",\"inputParams\":"
                           "{\"recordingId\":1,\"recordingText\":\"a\\nb\"}}"),
    };
    if (mqb_loopback_init(&broker, memory, sizeof memory) != MQB_OK)
        return 2;
    const struct mqb_client_config config = {
        .transport = mqb_loopback_join(&broker, &peer, &client),
        .scratch = scratch,
        .scratch_bytes = sizeof scratch,
        .send_buffer = send_buffer,
        .send_buffer_bytes = sizeof send_buffer,
    };
    if (mqb_client_init(&client, &config) != MQB_OK || folotoy_application_bind(&side) != MQB_OK)
        return 3;
    /* Twice: what died lives again for the next message. */
    for (int i = 0; i < 2; i++) {
        if (config.transport.publish(config.transport.context, &message) != MQB_OK)
            return 4;
        mqb_loopback_run(&broker);
    }
    if (client.counters.received_by_status[MQB_OK] != 2)
        return 5;
    for (size_t text = 0; text < 2; text++) {
        for (size_t i = 0; i < kept[text].len; i++)
            printf("%02x", (unsigned char)kept[text].ptr[i]);
        putchar('\n');
    }
    return 0;
}
