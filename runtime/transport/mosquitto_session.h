/*
 * mosquitto_session.h - CONNECT, and what it asks for: the session, the will.
 */
#ifndef MQB_MOSQUITTO_SESSION_H
#define MQB_MOSQUITTO_SESSION_H

#include <mqbind/mosquitto.h>

/** The rule that the completed settings of the session break, or NULL. */
const char *mqb_mosquitto_session_rule(const struct mqb_mosquitto_settings *s);

/** Pass the will to libmosquitto. Returns the rule that it breaks, or NULL. */
const char *mqb_mosquitto_apply_will(const struct mqb_mosquitto *m);

/** Start to connect to the next address. Returns a code of libmosquitto. */
int mqb_mosquitto_connect(struct mqb_mosquitto *m);

/** The address had its time: true if it accepted the connection, which then waits for the broker.
 */
bool mqb_mosquitto_is_reached(struct mqb_mosquitto *m);

#endif
