/*
 * client.h - what the parts of the client share.
 */
#ifndef MQB_CLIENT_H
#define MQB_CLIENT_H

#include <mqbind/detail/side.h>

/** The free bytes of the send buffer; `ptr` is NULL if there are none. */
struct mqb_send_space {
    char *ptr;
    size_t cap;
};

struct mqb_send_space mqb_client_send_space(const struct mqb_client *client);

/** The values that a binding requires of the parameters of a route, in the order of the address. */
void mqb_client_values(
    const struct mqb_binding *binding,
    const struct mqb_route *route,
    struct mqb_str values[MQB_PARAMETERS_MAX]);

/** MQB_ERR_BUILD if the calling code was built differently. */
enum mqb_status mqb_build_check(const struct mqb_build *build);

/** Convert any number returned by a function of the application or the transport to a status. */
enum mqb_status mqb_client_status(enum mqb_status status);

/** Fill an error that is not about a place in a payload. */
enum mqb_status mqb_client_refuse(
    enum mqb_status status,
    const char *rule,
    struct mqb_error *error);

/** Report that nothing is sent, with the reason. */
void mqb_client_refuse_outbound(
    struct mqb_outbound *outbound,
    enum mqb_status status,
    const char *rule);

/** Bytes of the send buffer after the topic that the response topic takes. */
size_t mqb_client_response_bytes(const struct mqb_outbound *outbound);

/** True if there are no properties, or the transport supports them. */
bool mqb_client_carries(const struct mqb_client *client, const struct mqb_properties *properties);

/** Report to on_error, unless on_error caused this. */
void mqb_client_report(
    struct mqb_client *client,
    struct mqb_str topic,
    const struct mqb_error *error);

/**
 * Empty the table of calls, and seed their ids. MQB_ERR_VALUE if the seed is too short, or if calls
 * are possible without any source of ids.
 */
enum mqb_status mqb_calls_init(struct mqb_client *client);

/**
 * End the calls of a side being unbound with MQB_ERR_TRANSPORT, in the order in which they began.
 */
void mqb_calls_cancel(struct mqb_client *client, struct mqb_binding *binding);

#endif
