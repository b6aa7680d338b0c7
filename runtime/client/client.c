/* A client from its start: settings that are checked, tables that are empty. */
#include <mqbind/mqbind.h>

#include <string.h>

#include "client/bindings.h"
#include "client/build.h"
#include "client/calls.h"

static bool lacks_memory(const struct mqb_client_config *config)
{
    return (!config->scratch && config->scratch_bytes != 0) ||
           (!config->send_buffer && config->send_buffer_bytes != 0) ||
           (!config->calls && config->call_count != 0) ||
           (!config->seed && config->seed_bytes != 0) ||
           (!config->buckets && config->bucket_count != 0);
}

enum mqb_status mqb_client_init_as(
    const struct mqb_build *build,
    struct mqb_client *client,
    const struct mqb_client_config *config)
{
    if (mqb_build_check(build) != MQB_OK)
        return MQB_ERR_BUILD;
    if (!client)
        return MQB_ERR_ARGUMENT;
    memset(client, 0, sizeof *client);
    if (!config || lacks_memory(config))
        return MQB_ERR_ARGUMENT;
    client->config = *config;
    client->scratch = mqb_scratch_from(config->scratch, config->scratch_bytes);
    mqb_bindings_init(client);
    return mqb_calls_init(client);
}
