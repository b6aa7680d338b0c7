#include "client/send_buffer.h"

#include <mqbind/detail/memory.h>

struct mqb_send_space mqb_client_send_space(const struct mqb_client *client)
{
    size_t cap = client->config.send_buffer_bytes - client->send_used;
    if (cap == 0 || !client->config.send_buffer)
        return (struct mqb_send_space){NULL, 0};
    return (struct mqb_send_space){(char *)client->config.send_buffer + client->send_used, cap};
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
