/*
 * posix_entropy.h - random bytes of the operating system.
 */
#ifndef MQB_POSIX_ENTROPY_H
#define MQB_POSIX_ENTROPY_H

#include <stdbool.h>
#include <stddef.h>

/** Fill the memory with random bytes from the operating system. False if there are none. */
bool mqb_posix_entropy(void *context, void *bytes, size_t count);

#endif
