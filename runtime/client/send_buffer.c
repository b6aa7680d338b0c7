#include "client/send_buffer.h"

#include <mqbind/detail/memory.h>
static struct mqb_send_space space_from(char *memory, size_t bytes, size_t used)
{
    if (bytes == used || memory == NULL)
        return (struct mqb_send_space){NULL, 0};
    return (struct mqb_send_space){memory + used, bytes - used};
}

struct mqb_send_space mqb_client_send_space(const struct mqb_client *client)
{
    const struct mqb_client_config *config = &client->config;
    return space_from(config->send_buffer, config->send_buffer_bytes, client->send_used);
}

struct mqb_send_space mqb_outbound_space(const struct mqb_outbound *outbound)
{
    const struct mqb_capture *capture = outbound->capture;
    if (capture)
        return space_from(capture->memory, capture->bytes, capture->used);
    return mqb_client_send_space(outbound->client);
}

void mqb_outbound_keep(const struct mqb_outbound *outbound, size_t bytes)
{
    if (outbound->capture)
        outbound->capture->used += bytes;
    else
        outbound->client->send_used += bytes;
}

bool mqb_client_has_send_buffer(const struct mqb_client *client)
{
    return client->config.send_buffer && client->config.send_buffer_bytes != 0;
}

struct mqb_send_space mqb_client_filter_space(const struct mqb_client *client)
{
    const struct mqb_scratch *scratch = &client->scratch;
    if (mqb_client_has_send_buffer(client))
        return mqb_client_send_space(client);
    const size_t cap = mqb_scratch_free(scratch);
    if (cap == 0)
        return (struct mqb_send_space){NULL, 0};
    mqb_memory_unpoison(scratch->ptr + scratch->used, cap);
    return (struct mqb_send_space){scratch->ptr + scratch->used, cap};
}

/* What is full up to the mark: the send buffer or the scratch memory. */
static size_t *filter_mark(struct mqb_client *client)
{
    return mqb_client_has_send_buffer(client) ? &client->send_used : &client->scratch.used;
}

size_t mqb_client_keep_filter(struct mqb_client *client, size_t bytes)
{
    size_t *used = filter_mark(client);
    const size_t mark = *used;
    *used += bytes;
    return mark;
}

void mqb_client_free_filter(struct mqb_client *client, size_t mark)
{
    *filter_mark(client) = mark;
}
