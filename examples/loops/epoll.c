/* The toy in a loop of epoll that waits for edges. Usage: loop_epoll PORT SERIAL */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>

#include "toy.h"

static struct mqb_mosquitto *mosquitto;

static void on_signal(int number)
{
    (void)number;
    mqb_mosquitto_stop(mosquitto);
}

/* A new connection has a new descriptor; a known one is left alone. */
static void watch(int epoll, int fd, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.fd = fd};

    if (fd >= 0 && epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) != 0 && errno != EEXIST)
        exit(EXIT_FAILURE);
}

int main(int argc, char **argv)
{
    if (argc != 3)
        return EXIT_FAILURE;
    const int epoll = epoll_create1(EPOLL_CLOEXEC);
    mosquitto = toy_open(argv[1], argv[2], NULL);
    signal(SIGTERM, on_signal);
    signal(SIGINT, on_signal);
    while (mqb_mosquitto_step(mosquitto, 0)) {
        struct epoll_event events[8]; /* And those of the application. */
        watch(epoll, mqb_mosquitto_wake_fd(mosquitto), EPOLLIN);
        watch(epoll, mqb_mosquitto_socket(mosquitto), EPOLLIN | EPOLLOUT | (uint32_t)EPOLLET);
        epoll_wait(epoll, events, 8, mqb_mosquitto_due_ms(mosquitto));
    }
    mqb_mosquitto_close(mosquitto);
    return EXIT_SUCCESS;
}
