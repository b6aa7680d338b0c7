/*
 * paho_state.h - states of a connection through paho.
 */
#ifndef MQB_PAHO_STATE_H
#define MQB_PAHO_STATE_H

#include <mqbind/paho.h>

void mqb_paho_enter(struct mqb_paho *paho, enum mqb_paho_state state, const char *reason);
bool mqb_paho_is_online(const struct mqb_paho *paho);
/** Whether a retry is due at `due_ms`. */
bool mqb_paho_will_retry(const struct mqb_paho *paho);

/** An attempt failed; the code is paho's, or the broker's if it is positive. */
void mqb_paho_failed(struct mqb_paho *paho, int code, const char *text);
/** The connection that was accepted has ended; `code` is the broker's reason of MQTT 5, or 0. */
void mqb_paho_lost(struct mqb_paho *paho, int code, const char *reason);
/** It was closed from this side, for good. */
void mqb_paho_ended(struct mqb_paho *paho);
/** End the connection from this side, and make it again. */
void mqb_paho_break(struct mqb_paho *paho, const char *reason);

#endif
