/*
 * mosquitto_text.h - text, for the files of the libmosquitto transport.
 */
#ifndef MQB_MOSQUITTO_TEXT_H
#define MQB_MOSQUITTO_TEXT_H

#include <stddef.h>

/** Copy text into a reason, cut to fit. */
void mqb_mosquitto_copy(char *to, size_t cap, const char *text);

#endif
