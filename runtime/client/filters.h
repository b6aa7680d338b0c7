/*
 * filters.h - the topic filters of a client, and which of them wait for the transport.
 */
#ifndef MQB_FILTERS_H
#define MQB_FILTERS_H

#include <mqbind/detail/side.h>

/** Write the filter of a route, with its NUL, into the free part of the send buffer. */
enum mqb_status mqb_filter_make(
    const struct mqb_binding *binding,
    const struct mqb_route *route,
    struct mqb_str *filter,
    struct mqb_error *error);

/** The filter cannot be written: report the address instead. Returns the status of the error. */
enum mqb_status mqb_filter_refuse(
    const struct mqb_binding *binding,
    const struct mqb_route *route,
    const struct mqb_error *error);

/** The highest QoS that any binding wants the filter with; -1 if none wants it. */
int mqb_filter_qos(const struct mqb_client *client, struct mqb_str filter);

/** Begin a round over all bindings. */
void mqb_filters_begin(struct mqb_client *client);

/** The filters of a binding that was added wait, after those of the round. */
void mqb_filters_add(struct mqb_client *client, struct mqb_binding *binding);

/** Those of a binding do not wait any more; after its removal from the client. */
void mqb_filters_remove(struct mqb_client *client, struct mqb_binding *binding);

/** mqb_client_peek_filter() that keeps the first failure of filters that cannot be written. */
bool mqb_filters_peek(struct mqb_client *client, struct mqb_filter *filter, enum mqb_status *first);

#endif
