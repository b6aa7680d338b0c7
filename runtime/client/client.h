/*
 * client.h - what the parts of the client share.
 */
#ifndef MQB_CLIENT_H
#define MQB_CLIENT_H

#include <mqbind/generated.h>

/** Bytes of the send buffer that nothing holds; `ptr` is NULL when there are none. */
struct mqb_send_space {
    char *ptr;
    size_t cap;
};

struct mqb_send_space mqb_client_send_space(const struct mqb_client *client);

/** What a binding asks of the parameters of a route, in the order of the address. */
void mqb_client_values(
    const struct mqb_binding *binding,
    const struct mqb_route *route,
    struct mqb_str values[MQB_PARAMETERS_MAX]);

/** MQB_ERR_BUILD if the code that calls is built in another way. */
enum mqb_status mqb_check_build(const struct mqb_build *build);

/** Any number that an application's or a transport's function returned, as a status. */
enum mqb_status mqb_client_status(enum mqb_status status);

/** Fill an error that has no place in a payload. */
enum mqb_status mqb_client_refuse(
    enum mqb_status status,
    const char *rule,
    struct mqb_error *error);

/** Nothing is sent, for the reason that is given. */
void mqb_client_refuse_outbound(
    struct mqb_outbound *outbound,
    enum mqb_status status,
    const char *rule);

/** Bytes of the send buffer behind the topic that the response topic takes. */
size_t mqb_client_response_bytes(const struct mqb_outbound *outbound);

/** True if there are none, or the transport carries properties. */
bool mqb_client_carries(const struct mqb_client *client, const struct mqb_properties *properties);

/** Tell on_error, unless it is on_error that caused this. */
void mqb_client_report(
    struct mqb_client *client,
    struct mqb_str topic,
    const struct mqb_error *error);

/**
 * Make the table of calls empty, and seed their ids. MQB_ERR_VALUE if the seed is too short, or
 * calls can wait and nothing makes ids.
 */
enum mqb_status mqb_calls_init(struct mqb_client *client);

/** End the calls of a side that is unbound with MQB_ERR_TRANSPORT, in the order of their begin. */
void mqb_calls_cancel(struct mqb_client *client, struct mqb_binding *binding);

#endif
