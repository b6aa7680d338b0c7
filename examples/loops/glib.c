/* The toy in GLib's main loop, as a source of its own. Usage: loop_glib PORT SERIAL */
#include <glib-unix.h>
#include <glib.h>
#include <signal.h>
#include <stdlib.h>

#include "toy.h"

static struct mqb_mosquitto *mosquitto;
static GMainLoop *loop;
static GPollFD descriptors[2]; /* Of the connection, and the wake-up. */

/* A new connection has a new descriptor. */
static gboolean prepare(GSource *source, gint *timeout_ms)
{
    const int fd = mqb_mosquitto_socket(mosquitto);

    if (descriptors[0].fd != fd && descriptors[0].fd >= 0)
        g_source_remove_poll(source, &descriptors[0]);
    if (descriptors[0].fd != fd && fd >= 0) {
        descriptors[0].fd = fd;
        g_source_add_poll(source, &descriptors[0]);
    }
    descriptors[0].fd = fd;
    descriptors[0].events = 0;
    if (mqb_mosquitto_want_read(mosquitto))
        descriptors[0].events |= G_IO_IN;
    if (mqb_mosquitto_want_write(mosquitto))
        descriptors[0].events |= G_IO_OUT;
    *timeout_ms = mqb_mosquitto_due_ms(mosquitto);
    return *timeout_ms == 0;
}

static gboolean check(GSource *source)
{
    (void)source;
    return descriptors[0].revents != 0 || descriptors[1].revents != 0 ||
           mqb_mosquitto_due_ms(mosquitto) == 0;
}

static gboolean dispatch(GSource *source, GSourceFunc unused, gpointer data)
{
    (void)source;
    (void)unused;
    (void)data;
    if (!mqb_mosquitto_step(mosquitto, 0))
        g_main_loop_quit(loop);
    return G_SOURCE_CONTINUE;
}

static gboolean on_terminated(gpointer data)
{
    (void)data;
    mqb_mosquitto_stop(mosquitto);
    return G_SOURCE_CONTINUE;
}

int main(int argc, char **argv)
{
    static GSourceFuncs functions = {.prepare = prepare, .check = check, .dispatch = dispatch};

    if (argc != 3)
        return EXIT_FAILURE;
    loop = g_main_loop_new(NULL, FALSE);
    mosquitto = toy_open(argv[1], argv[2], NULL);
    GSource *source = g_source_new(&functions, sizeof *source);
    descriptors[0].fd = -1;
    descriptors[1] = (GPollFD){.fd = mqb_mosquitto_wake_fd(mosquitto), .events = G_IO_IN};
    g_source_add_poll(source, &descriptors[1]);
    g_source_attach(source, NULL);
    g_unix_signal_add(SIGTERM, on_terminated, NULL);
    g_main_loop_run(loop);
    mqb_mosquitto_close(mosquitto);
    g_source_destroy(source);
    g_source_unref(source);
    g_main_loop_unref(loop);
    return EXIT_SUCCESS;
}
