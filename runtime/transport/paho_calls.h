/*
 * paho_calls.h - calls of paho.
 */
#ifndef MQB_PAHO_CALLS_H
#define MQB_PAHO_CALLS_H

#include <mqbind/paho.h>

/** Do what `paho->command` describes. Returns paho's code. */
int mqb_paho_call(struct mqb_paho *paho);

#endif
