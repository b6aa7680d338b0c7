/*
 * publish.h - messages that are passed to the transport, and taken back.
 */
#ifndef MQB_PUBLISH_H
#define MQB_PUBLISH_H

#include <mqbind/mqbind.h>

/** Pass a message to the transport, with a token of its own. */
enum mqb_status mqb_client_publish(struct mqb_client *client, struct mqb_publish *message);

/** Why the transport has just refused a message, in words. */
const char *mqb_client_publish_rule(
    const struct mqb_client *client,
    const struct mqb_publish *message);

/** Take a message back; false if it may have been sent. */
bool mqb_client_withdraw(struct mqb_client *client, uint64_t token);

#endif
