/* Two pipes, since a full one loses nothing only if all its bytes mean the same. */
#include "transport/mosquitto_wake.h"

#include "transport/posix_pipe.h"

bool mqb_mosquitto_open_pipes(struct mqb_mosquitto *m)
{
    return mqb_posix_open_pipe(m->wake) && mqb_posix_open_pipe(m->stop);
}

void mqb_mosquitto_close_pipes(struct mqb_mosquitto *m)
{
    mqb_posix_close_pipe(m->wake);
    mqb_posix_close_pipe(m->stop);
}

void mqb_mosquitto_wake(struct mqb_mosquitto *m)
{
    if (m)
        mqb_posix_write_byte(m->wake);
}

void mqb_mosquitto_stop(struct mqb_mosquitto *m)
{
    if (!m)
        return;
    mqb_posix_write_byte(m->stop);
    mqb_posix_write_byte(m->wake);
}

int mqb_mosquitto_wake_fd(const struct mqb_mosquitto *m)
{
    return m ? m->wake[0] - 1 : -1;
}

bool mqb_mosquitto_take_wake(struct mqb_mosquitto *m)
{
    return mqb_posix_take_bytes(m->wake);
}

bool mqb_mosquitto_take_stop(struct mqb_mosquitto *m)
{
    return mqb_posix_take_bytes(m->stop);
}
