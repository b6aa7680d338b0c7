/* A client from its start: settings that are checked, tables that are empty. */
#include <mqbind/mqbind.h>

#include <string.h>

#include "client/bindings.h"
#include "client/build.h"
#include "client/calls.h"
#include "client/topic_counters.h"

static bool lacks(const void *memory, size_t size)
{
    return !memory && size != 0;
}

static bool lacks_memory(const struct mqb_client_config *config)
{
    return lacks(config->scratch, config->scratch_bytes) ||
           lacks(config->send_buffer, config->send_buffer_bytes) ||
           lacks(config->calls, config->call_count) || lacks(config->seed, config->seed_bytes) ||
           lacks(config->buckets, config->bucket_count) ||
           lacks(config->topics, config->topic_count) || config->topic_count == 1;
}

const struct mqb_publish *mqb_client_message(const struct mqb_client *client)
{
    return client ? client->message : NULL;
}

/* ---- The start ---- */

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
    mqb_topic_counters_init(client);
    mqb_bindings_init(client);
    return mqb_calls_init(client);
}
