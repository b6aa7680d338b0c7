#include "client/send_buffer.h"

struct mqb_send_space mqb_client_send_space(const struct mqb_client *client)
{
    size_t cap = client->config.send_buffer_bytes - client->send_used;
    if (cap == 0 || !client->config.send_buffer)
        return (struct mqb_send_space){NULL, 0};
    return (struct mqb_send_space){(char *)client->config.send_buffer + client->send_used, cap};
}
