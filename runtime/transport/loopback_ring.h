/*
 * loopback_ring.h - the queue of the broker in memory.
 */
#ifndef MQB_LOOPBACK_RING_H
#define MQB_LOOPBACK_RING_H

#include <mqbind/loopback.h>

/** Give the broker its memory, of which it uses the part that is aligned. */
void mqb_loopback_set_memory(struct mqb_loopback *broker, void *memory, size_t bytes);

/** Append a copy of the message to the queue of the sender's broker; false if there is no room. */
bool mqb_loopback_put(const struct mqb_loopback_peer *sender, const struct mqb_publish *message);

/** The oldest message, in place, and who sent it. */
const struct mqb_loopback_peer *mqb_loopback_look(
    const struct mqb_loopback *broker,
    struct mqb_publish *message);
/** Remove the oldest message. */
void mqb_loopback_release(struct mqb_loopback *broker);

#endif
