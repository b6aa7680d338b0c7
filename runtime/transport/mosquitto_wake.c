/*
 * Two pipes, since a full one loses nothing only if all its bytes mean the same. File descriptors
 * are kept plus 1: in a connection that was zeroed and not initialized there are none.
 */
#define _POSIX_C_SOURCE 200809L
#include "transport/mosquitto_wake.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static bool open_pipe(int pair[2])
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
static void close_pipe(int pair[2])
{
    for (int i = 0; i < 2; i++) {
        const int end = pair[i];
        pair[i] = 0;
        if (end != 0)
            close(end - 1);
    }
}

bool mqb_mosquitto_open_pipes(struct mqb_mosquitto *m)
{
    return open_pipe(m->wake) && open_pipe(m->stop);
}

void mqb_mosquitto_close_pipes(struct mqb_mosquitto *m)
{
    close_pipe(m->wake);
    close_pipe(m->stop);
}

/* For signal handlers: errno is that of the interrupted code. */
static void write_byte(const int pair[2])
{
    if (pair[1] == 0)
        return;
    const int error_number = errno;
    const ssize_t written = write(pair[1] - 1, "", 1);
    (void)written; /* A full pipe already has a byte to read. */
    errno = error_number;
}

static bool take_bytes(const int pair[2])
{
    char bytes[16];
    bool any = false;
    while (read(pair[0] - 1, bytes, sizeof bytes) > 0)
        any = true;
    return any;
}

void mqb_mosquitto_wake(struct mqb_mosquitto *m)
{
    if (m)
        write_byte(m->wake);
}

void mqb_mosquitto_stop(struct mqb_mosquitto *m)
{
    if (!m)
        return;
    write_byte(m->stop);
    write_byte(m->wake);
}

int mqb_mosquitto_wake_fd(const struct mqb_mosquitto *m)
{
    return m ? m->wake[0] - 1 : -1;
}

bool mqb_mosquitto_take_wake(struct mqb_mosquitto *m)
{
    return take_bytes(m->wake);
}

bool mqb_mosquitto_take_stop(struct mqb_mosquitto *m)
{
    return take_bytes(m->stop);
}
