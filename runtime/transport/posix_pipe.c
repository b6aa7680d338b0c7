#define _POSIX_C_SOURCE 200809L
#include "transport/posix_pipe.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

bool mqb_posix_open_pipe(int pair[2])
{
    int ends[2];
    if (pipe(ends) != 0)
        return false;
    for (int i = 0; i < 2; i++) {
        fcntl(ends[i], F_SETFL, O_NONBLOCK);
        fcntl(ends[i], F_SETFD, FD_CLOEXEC);
        pair[i] = ends[i] + 1;
    }
    return true;
}

/* A signal handler never finds a descriptor that is closed, and perhaps another file by now. */
void mqb_posix_close_pipe(int pair[2])
{
    for (int i = 0; i < 2; i++) {
        const int end = pair[i];
        pair[i] = 0;
        if (end != 0)
            close(end - 1);
    }
}

/* For signal handlers: errno is that of the interrupted code. */
void mqb_posix_write_byte(const int pair[2])
{
    if (pair[1] == 0)
        return;
    const int error_number = errno;
    const ssize_t written = write(pair[1] - 1, "", 1);
    (void)written; /* A full pipe already has a byte to read. */
    errno = error_number;
}

bool mqb_posix_take_bytes(const int pair[2])
{
    char bytes[16];
    bool any = false;
    while (read(pair[0] - 1, bytes, sizeof bytes) > 0)
        any = true;
    return any;
}
