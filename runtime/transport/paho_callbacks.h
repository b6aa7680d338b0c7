/*
 * paho_callbacks.h - what paho calls, in its threads. MQTT 5 has callbacks of its own.
 */
#ifndef MQB_PAHO_CALLBACKS_H
#define MQB_PAHO_CALLBACKS_H

#include <MQTTAsync.h>

#include <mqbind/paho.h>

/** Set those of a handle. Returns paho's code. */
int mqb_paho_listen(struct mqb_paho *paho);

/* Those of one operation. */
void mqb_paho_expect_connect(const struct mqb_paho *paho, MQTTAsync_connectOptions *options);
void mqb_paho_expect_disconnect(const struct mqb_paho *paho, MQTTAsync_disconnectOptions *options);
void mqb_paho_expect_subscribe(const struct mqb_paho *paho, MQTTAsync_responseOptions *options);
void mqb_paho_expect_send(const struct mqb_paho *paho, MQTTAsync_responseOptions *options);

#endif
