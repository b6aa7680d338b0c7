/* The will of the probe: captured from a message like those of generated code. */
#include "probe.h"

#include <stdlib.h>
#include <string.h>

static struct {
    const char *topic;
    const char *payload;
    const char *content_type;
    int qos;
    bool retain;
} will;

bool probe_set_will(const char *key, const char *value)
{
    if (strcmp(key, "will_topic") == 0)
        will.topic = value;
    else if (strcmp(key, "will") == 0)
        will.payload = value;
    else if (strcmp(key, "will_type") == 0)
        will.content_type = value;
    else if (strcmp(key, "will_qos") == 0)
        will.qos = atoi(value);
    else if (strcmp(key, "will_retain") == 0)
        will.retain = atoi(value) != 0;
    else
        return false;
    return true;
}

const struct mqb_capture *probe_capture_will(void)
{
    static struct mqb_capture capture;
    static char memory[66000];
    const struct mqb_address address = {will.topic, NULL, 0};
    const struct mqb_properties properties = {.content_type = mqb_str_from(will.content_type)};
    struct mqb_outbound outbound;
    if (!will.topic)
        return NULL;
    mqb_client_set_properties(&probe_client, &properties);
    mqb_client_capture(&probe_client, &capture, memory, sizeof memory);
    mqb_outbound_begin(&outbound, &probe_client, &address, NULL);
    mqb_writer_bytes(&outbound.writer, mqb_str_from(will.payload));
    mqb_outbound_send(&outbound, will.qos, will.retain);
    return &capture;
}
