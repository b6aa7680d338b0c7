/*
 * posix_pipe.h - pipes through which other threads and signal handlers reach a loop, for both
 * transports that have one. File descriptors are kept plus 1: in a pair that was zeroed there are
 * none.
 */
#ifndef MQB_POSIX_PIPE_H
#define MQB_POSIX_PIPE_H

#include <stdbool.h>

/** Open a pipe that does not block; false if no file descriptors are left. */
bool mqb_posix_open_pipe(int pair[2]);
void mqb_posix_close_pipe(int pair[2]);

/** For signal handlers, too. Without a pipe it does nothing. */
void mqb_posix_write_byte(const int pair[2]);
/** Whether a byte was written since the last time. */
bool mqb_posix_take_bytes(const int pair[2]);

#endif
