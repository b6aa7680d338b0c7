/*
 * paho_sending.h - messages on their way to paho.
 */
#ifndef MQB_PAHO_SENDING_H
#define MQB_PAHO_SENDING_H

#include <mqbind/paho.h>

/** Give the command that sends the next message, if one may be sent. */
bool mqb_paho_send_next(struct mqb_paho *paho);
/** The command that sends is done. */
void mqb_paho_send_done(struct mqb_paho *paho);
/** The message with this token is acknowledged if the value is 0; paho gave it up otherwise. */
void mqb_paho_send_answered(struct mqb_paho *paho, uint32_t id, int value);

/* For the transport. */
enum mqb_status mqb_paho_publish(void *context, const struct mqb_publish *message);
const char *mqb_paho_refusal(void *context, const struct mqb_publish *message);
bool mqb_paho_withdraw(void *context, uint64_t token);

#endif
