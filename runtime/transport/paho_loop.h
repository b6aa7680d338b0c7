/*
 * paho_loop.h - one turn of the loop.
 */
#ifndef MQB_PAHO_LOOP_H
#define MQB_PAHO_LOOP_H

#include <mqbind/paho.h>

/** Wait, at most so long, for an event, and handle all that there are. */
void mqb_paho_turn(struct mqb_paho *paho, int timeout_ms);

#endif
