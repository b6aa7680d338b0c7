/*
 * mosquitto_queue.h - publishes that libmosquitto holds.
 */
#ifndef MQB_MOSQUITTO_QUEUE_H
#define MQB_MOSQUITTO_QUEUE_H

#include <mqbind/mosquitto.h>

/** A slot for a message that is published, or NULL if there is no room for it. */
struct mqb_mosquitto_publish *mqb_mosquitto_queue_put(
    struct mqb_mosquitto *m,
    const struct mqb_publish *message);
/** The slot of the publish with this packet id, or NULL. */
struct mqb_mosquitto_publish *mqb_mosquitto_queue_find(struct mqb_mosquitto *m, int mid);
void mqb_mosquitto_queue_free(struct mqb_mosquitto *m, struct mqb_mosquitto_publish *slot);

/** Forget what a new connection does not continue: publishes of QoS 0. */
void mqb_mosquitto_forget_volatile(struct mqb_mosquitto *m);

#endif
