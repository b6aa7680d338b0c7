/*
 * paho_reason.h - the broker's reasons in words.
 */
#ifndef MQB_PAHO_REASON_H
#define MQB_PAHO_REASON_H

/** A reason of MQTT 5. A static string, never NULL. */
const char *mqb_paho_reason_text(int code);
/** A code of CONNACK. A static string, never NULL. */
const char *mqb_paho_refusal_text(int protocol, int code);

#endif
