/* What is set for the next message. */
#include "client/next.h"

#include <string.h>

void mqb_client_reset_next(struct mqb_client *client)
{
    client->next_properties = NULL;
    client->next_capture = NULL;
    client->next_expiry_s = 0;
}

void mqb_client_set_properties(struct mqb_client *client, const struct mqb_properties *properties)
{
    if (client)
        client->next_properties = properties;
}

void mqb_client_capture(
    struct mqb_client *client,
    struct mqb_capture *capture,
    void *memory,
    size_t bytes)
{
    if (capture) {
        memset(capture, 0, sizeof *capture);
        capture->memory = memory;
        capture->bytes = memory ? bytes : 0;
    }
    if (client)
        client->next_capture = capture;
}

const struct mqb_publish *mqb_capture_message(const struct mqb_capture *capture)
{
    return capture && capture->taken ? &capture->message : NULL;
}
