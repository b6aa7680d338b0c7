/* The toy in a loop of libuv. Usage: loop_libuv PORT SERIAL */
#define _DEFAULT_SOURCE
#include <signal.h>
#include <stdlib.h>
#include <uv.h>

#include "toy.h"

static struct mqb_mosquitto *mosquitto;
static uv_loop_t *loop;
static uv_poll_t *sockets[2]; /* Of the connection, and the wake-up. */
static uv_timer_t timer;
static uv_prepare_t prepare;
static uv_check_t check;
static uv_signal_t terminated;

static void free_handle(uv_handle_t *handle)
{
    free(handle);
}

static void on_event(uv_poll_t *handle, int status, int events)
{
    (void)handle;
    (void)status;
    (void)events; /* on_check() follows. */
}

static void on_timer(uv_timer_t *handle)
{
    (void)handle;
}

/* A new handle each time: the descriptor may belong to another connection than before. */
static void watch(uv_poll_t **place, int fd, int events)
{
    if (*place)
        uv_close((uv_handle_t *)*place, free_handle);
    *place = NULL;
    if (fd < 0 || events == 0)
        return;
    *place = malloc(sizeof **place);
    if (!*place || uv_poll_init(loop, *place, fd) != 0 ||
        uv_poll_start(*place, events, on_event) != 0)
        exit(EXIT_FAILURE);
}

static void on_prepare(uv_prepare_t *handle)
{
    const int fd = mqb_mosquitto_socket(mosquitto);
    const int reads = mqb_mosquitto_want_read(mosquitto) ? UV_READABLE : 0;
    const int writes = mqb_mosquitto_want_write(mosquitto) ? UV_WRITABLE : 0;

    (void)handle;
    watch(&sockets[0], fd, reads | writes);
    watch(&sockets[1], mqb_mosquitto_wake_fd(mosquitto), UV_READABLE);
    uv_timer_start(&timer, on_timer, (uint64_t)mqb_mosquitto_due_ms(mosquitto), 0);
}

static void on_check(uv_check_t *handle)
{
    (void)handle;
    if (!mqb_mosquitto_step(mosquitto, 0))
        uv_stop(loop);
}

static void on_terminated(uv_signal_t *handle, int number)
{
    (void)handle;
    (void)number;
    mqb_mosquitto_stop(mosquitto);
}

static void close_handle(uv_handle_t *handle, void *unused)
{
    const bool is_socket =
        handle == (uv_handle_t *)sockets[0] || handle == (uv_handle_t *)sockets[1];

    (void)unused;
    if (!uv_is_closing(handle))
        uv_close(handle, is_socket ? free_handle : NULL);
}

int main(int argc, char **argv)
{
    if (argc != 3)
        return EXIT_FAILURE;
    loop = uv_default_loop();
    mosquitto = toy_open(argv[1], argv[2], NULL);
    uv_timer_init(loop, &timer);
    uv_prepare_init(loop, &prepare);
    uv_prepare_start(&prepare, on_prepare);
    uv_check_init(loop, &check);
    uv_check_start(&check, on_check);
    uv_signal_init(loop, &terminated);
    uv_signal_start(&terminated, on_terminated, SIGTERM);
    uv_run(loop, UV_RUN_DEFAULT);
    mqb_mosquitto_close(mosquitto);
    uv_walk(loop, close_handle, NULL);
    uv_run(loop, UV_RUN_DEFAULT);
    return uv_loop_close(loop) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
