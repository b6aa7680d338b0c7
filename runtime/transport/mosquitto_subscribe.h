/*
 * mosquitto_subscribe.h - subscriptions, many in one packet.
 */
#ifndef MQB_MOSQUITTO_SUBSCRIBE_H
#define MQB_MOSQUITTO_SUBSCRIBE_H

#include <mqbind/mosquitto.h>

struct mosquitto;

/** Functions of the transport. */
enum mqb_status mqb_mosquitto_subscribe_many(void *context);
enum mqb_status mqb_mosquitto_unsubscribe(void *context, const char *filter);

/** The broker accepted the client: subscribe to everything. */
void mqb_mosquitto_subscribe_all(struct mqb_mosquitto *m);

/** The broker answered a SUBSCRIBE. */
void mqb_mosquitto_on_subscribe(
    struct mosquitto *mosq,
    void *context,
    int mid,
    int count,
    const int *codes);

/** Whether there are filters that have not been sent. */
bool mqb_mosquitto_has_filters(const struct mqb_mosquitto *m);

/** How many filters were refused since the connection was made, by the broker or before. */
size_t mqb_mosquitto_filters_refused(const struct mqb_mosquitto *m);

/** The number of the oldest SUBSCRIBE that is not answered; 0 if there is none. */
uint64_t mqb_mosquitto_oldest_subscribe(const struct mqb_mosquitto *m);

/** The connection is lost: nothing is subscribed to any more. */
void mqb_mosquitto_forget_subscribes(struct mqb_mosquitto *m);

#endif
