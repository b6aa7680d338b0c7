/*
 * loopback_ring.h - the queue of the broker in memory.
 */
#ifndef MQB_LOOPBACK_RING_H
#define MQB_LOOPBACK_RING_H

#include <mqbind/loopback.h>

/** Append a copy of the message to the queue of the sender's broker; false if there is no room. */
bool mqb_loopback_put(const struct mqb_loopback_peer *sender, const struct mqb_publish *message);

/** The oldest message, in place. Returns its size in the ring, for mqb_loopback_release(). */
size_t mqb_loopback_look(
    const struct mqb_loopback *broker,
    struct mqb_publish *message,
    const struct mqb_loopback_peer **sender);
/** Remove the oldest message. */
void mqb_loopback_release(struct mqb_loopback *broker, size_t bytes);

#endif
