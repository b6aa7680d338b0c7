/*
 * mosquitto_tools.h - time and text, for the files of the libmosquitto transport.
 */
#ifndef MQB_MOSQUITTO_TOOLS_H
#define MQB_MOSQUITTO_TOOLS_H

#include <stddef.h>
#include <stdint.h>

/** Milliseconds of the monotonic clock. */
int64_t mqb_mosquitto_now(void);

/** Copy text into a reason, cut to fit. */
void mqb_mosquitto_copy(char *to, size_t cap, const char *text);

#endif
