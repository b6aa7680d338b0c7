/*
 * mosquitto_session.h - CONNECT, and what it asks for: how long a session is kept, how many
 * messages may come at once.
 */
#ifndef MQB_MOSQUITTO_SESSION_H
#define MQB_MOSQUITTO_SESSION_H

#include <mqbind/mosquitto.h>

/** The rule that the completed settings of the session break, or NULL. */
const char *mqb_mosquitto_session_rule(const struct mqb_mosquitto_settings *s);

/** Start to connect to the host of the settings. Returns a code of libmosquitto. */
int mqb_mosquitto_connect(struct mqb_mosquitto *m);

#endif
