/*
 * filters.h - the topic filters of a client, and which of them wait for the transport.
 */
#ifndef MQB_FILTERS_H
#define MQB_FILTERS_H

#include <mqbind/detail/side.h>

/** Begin a round over all bindings. */
void mqb_filters_begin(struct mqb_client *client);

/** The filters of a binding that was added wait, after those of the round. */
void mqb_filters_add(struct mqb_client *client, struct mqb_binding *binding);

/** Those of a binding do not wait any more; after its removal from the client. */
void mqb_filters_remove(struct mqb_client *client, struct mqb_binding *binding);

/** mqb_client_peek_filter() that keeps the first failure of filters that cannot be written. */
bool mqb_filters_peek(struct mqb_client *client, struct mqb_filter *filter, enum mqb_status *first);

#endif
