/*
 * mosquitto_sending.h - from the outbox to libmosquitto, and back with the outcome.
 */
#ifndef MQB_MOSQUITTO_SENDING_H
#define MQB_MOSQUITTO_SENDING_H

#include <mqbind/mosquitto.h>

/** The functions of struct mqb_transport that send. */
enum mqb_status mqb_mosquitto_publish(void *context, const struct mqb_publish *message);
bool mqb_mosquitto_withdraw(void *context, uint64_t token);
const char *mqb_mosquitto_refusal(void *context, const struct mqb_publish *message);

/** Hand over what waits, as much as may be in flight. */
void mqb_mosquitto_hand_over(struct mqb_mosquitto *m);
/** libmosquitto wrote the message of QoS 0 with this id, or the broker answered. */
void mqb_mosquitto_end_message(struct mqb_mosquitto *m, int id, int code);

#endif
