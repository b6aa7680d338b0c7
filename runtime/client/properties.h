/*
 * properties.h - properties of MQTT 5 of a message that is sent.
 */
#ifndef MQB_PROPERTIES_H
#define MQB_PROPERTIES_H

#include <mqbind/detail/side.h>

/** Report that nothing is sent, with the reason. */
void mqb_client_refuse_outbound(
    struct mqb_outbound *outbound,
    enum mqb_status status,
    const char *rule);

/** Bytes of the send buffer after the topic that the response topic takes. */
size_t mqb_client_response_bytes(const struct mqb_outbound *outbound);

/**
 * Add to the properties of a message what the application set for it, in copies behind its payload.
 */
enum mqb_status mqb_client_add_properties(
    const struct mqb_outbound *outbound,
    struct mqb_properties *properties,
    struct mqb_error *error);

/** True if there are no properties, or the transport supports them. */
bool mqb_client_carries(const struct mqb_client *client, const struct mqb_properties *properties);

#endif
