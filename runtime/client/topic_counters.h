/*
 * topic_counters.h - counts each message: for the client, and for its address.
 */
#ifndef MQB_TOPIC_COUNTERS_H
#define MQB_TOPIC_COUNTERS_H

#include <mqbind/detail/side.h>

void mqb_topic_counters_init(struct mqb_client *client);

/** Count a message. `address` is NULL if it belongs to none. */
void mqb_client_count_received(
    struct mqb_client *client,
    const struct mqb_address *address,
    enum mqb_status status,
    size_t bytes);
void mqb_client_count_sent(
    struct mqb_client *client,
    const struct mqb_address *address,
    enum mqb_status status,
    size_t bytes);

#endif
