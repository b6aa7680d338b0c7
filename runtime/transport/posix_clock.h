/*
 * posix_clock.h - the monotonic clock of POSIX.
 */
#ifndef MQB_POSIX_CLOCK_H
#define MQB_POSIX_CLOCK_H

#include <stdint.h>

/** Milliseconds of the monotonic clock. */
int64_t mqb_posix_now(void);

#endif
