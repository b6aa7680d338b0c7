#include "volume.h"

#include <stdio.h>

static enum mqb_status on_update_common_config(
    struct folotoy_toy *toy,
    struct mqb_str sn,
    const struct folotoy_update_common_config *message)
{
    const struct folotoy_command_ack ack = {
        .msg_id = message->msg_id,
        .identifier = FOLOTOY_COMMAND_IDENTIFIER_UPDATE_COMMON_CONFIG,
        .result = FOLOTOY_RESULT_SUCCESS,
    };

    if (message->input_params.has.volume)
        printf("volume is now %d\n", message->input_params.volume);
    return folotoy_toy_send_command_ack(toy, sn, &ack);
}

const struct folotoy_toy_handlers example_volume_handlers = {
    .update_common_config = on_update_common_config,
};
