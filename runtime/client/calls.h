/*
 * calls.h - requests that wait for their replies.
 */
#ifndef MQB_CALLS_H
#define MQB_CALLS_H

#include <mqbind/binding.h>

/**
 * Empty the table of calls, and seed their ids. MQB_ERR_VALUE if the seed is too short, or if calls
 * are possible without any source of ids.
 */
enum mqb_status mqb_calls_init(struct mqb_client *client);

/**
 * End the calls of a side being unbound with MQB_ERR_TRANSPORT, in the order in which they began.
 */
void mqb_calls_cancel(struct mqb_client *client, struct mqb_binding *binding);

/** End the call whose request has this token, if there is one. */
void mqb_calls_end_request(struct mqb_client *client, uint64_t token, enum mqb_status status);

#endif
