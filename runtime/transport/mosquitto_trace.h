/*
 * mosquitto_trace.h - packets as they come and go, for those who look for a fault.
 */
#ifndef MQB_MOSQUITTO_TRACE_H
#define MQB_MOSQUITTO_TRACE_H

#include <mqbind/mosquitto.h>

/** libmosquitto logged something: pass it to on_packet if it is about a packet. */
void mqb_mosquitto_trace(struct mqb_mosquitto *m, int level, const char *text);

#endif
