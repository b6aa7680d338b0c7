/* A simulated toy: accepts settings, plays, reports it. Usage: folotoy_toy PORT SERIAL */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "../common/example.h"
#include "folotoy_toy.h"

static enum mqb_status on_update_common_config(
    struct folotoy_toy *toy,
    struct mqb_str sn,
    const struct folotoy_update_common_config *message)
{
    const struct folotoy_common_config *settings = &message->input_params;
    const struct folotoy_command_ack ack = {
        .msg_id = message->msg_id,
        .identifier = FOLOTOY_COMMAND_IDENTIFIER_UPDATE_COMMON_CONFIG,
        .result = FOLOTOY_RESULT_SUCCESS,
    };

    if (settings->has.volume)
        printf("volume is now %d\n", settings->volume);
    if (settings->has.sleep_trigger_time)
        printf("sleeping after %" PRIu64 " s\n", settings->sleep_trigger_time);
    return folotoy_toy_send_command_ack(toy, sn, &ack);
}

static enum mqb_status on_i_want_play(
    struct folotoy_toy *toy,
    struct mqb_str sn,
    const struct folotoy_i_want_play *message)
{
    const struct folotoy_playback *what = &message->input_params;
    const struct mqb_str source = what->has.url ? what->url : what->text;
    const struct folotoy_command_ack ack = {
        .msg_id = message->msg_id,
        .identifier = FOLOTOY_COMMAND_IDENTIFIER_I_WANT_PLAY,
        .result = FOLOTOY_RESULT_SUCCESS,
    };
    const struct folotoy_voice_generated event = {
        .msg_id = 174,
        .input_params = {.recording_id = 31, .voice_url = source, .role = 7},
    };

    printf("playing %.*s\n", EXAMPLE_TEXT(source));
    folotoy_toy_send_command_ack(toy, sn, &ack);
    return folotoy_toy_send_voice_generated(toy, sn, &event);
}

int main(int argc, char **argv)
{
    static const struct folotoy_toy_handlers handlers = {
        .update_common_config = on_update_common_config,
        .i_want_play = on_i_want_play,
    };
    struct folotoy_toy toy = {.client = &example_client, .handlers = &handlers};

    if (argc != 3 || !example_open(argv[1], "folotoy-toy", NULL, NULL))
        return EXIT_FAILURE;
    toy.sn = mqb_str_from(argv[2]);
    return example_run(folotoy_toy_bind(&toy));
}
