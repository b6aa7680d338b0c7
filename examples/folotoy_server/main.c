/* A simulated FoloToy server: reloads its roles on request. Usage: folotoy_server PORT */
#include <stdio.h>
#include <stdlib.h>

#include "../common/example.h"
#include "folotoy_server.h"

static enum mqb_status on_load_roles_config(
    struct folotoy_server *server,
    const struct folotoy_load_roles_config *message)
{
    /* The reply has a msgId if the request had one. */
    const struct folotoy_load_roles_config_ack ack = {
        .msg_id = message->msg_id,
        .result = FOLOTOY_RESULT_SUCCESS,
        .has = {.msg_id = message->has.msg_id},
    };

    printf("reloading roles\n");
    return folotoy_server_send_load_roles_config_ack(server, &ack);
}

int main(int argc, char **argv)
{
    static const struct folotoy_server_handlers handlers = {
        .load_roles_config = on_load_roles_config,
    };
    struct folotoy_server server = {.client = &example_client, .handlers = &handlers};

    if (argc != 2 || !example_open(argv[1], "folotoy-server", NULL, NULL))
        return EXIT_FAILURE;
    return example_run(folotoy_server_bind(&server));
}
