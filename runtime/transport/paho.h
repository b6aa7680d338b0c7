/*
 * paho.h - the state of a connection through paho.
 */
#ifndef MQB_PAHO_H
#define MQB_PAHO_H

#include <mqbind/paho.h>

bool mqb_paho_is_online(const struct mqb_paho *paho);

#endif
