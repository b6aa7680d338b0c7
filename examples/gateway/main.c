/*
 * A gateway that loses no reading, whatever happens to it. Usage: gateway PORT NUMBER FOLDER
 *
 * Each line of standard input is a reading, which is sent as telemetry of the device NUMBER. A line
 * "stored READING" says that it will arrive.
 */
#define _POSIX_C_SOURCE 200809L
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <mqbind/mosquitto.h>

#include "store.h"
#include "thingspanel_device.h"

static char scratch[4096];
static char send_buffer[4096];
static char memory[1 << 16];
static struct mqb_mosquitto mosquitto;
static struct mqb_client client;
static const struct thingspanel_device_handlers handlers; /* It only sends. */
static struct thingspanel_device device = {.client = &client, .handlers = &handlers};
static struct store store;
static bool has_room = true;

static void on_error(void *user, struct mqb_str topic, const struct mqb_error *error)
{
    char text[256];

    (void)user;
    mqb_error_format(error, text, sizeof text);
    printf("refused on %.*s: %s\n", (int)topic.len, topic.ptr, text);
}

static void on_room(void *user)
{
    (void)user;
    has_room = true;
}

static void on_signal(int number)
{
    (void)number;
    mqb_mosquitto_stop(&mosquitto);
}

/* False if there is no room: it must be sent again. */
static bool send_reading(const char *reading)
{
    const struct mqb_map_entry entry = {MQB_STR("reading"), {reading, strlen(reading)}};
    const enum mqb_status status =
        thingspanel_device_send_telemetry(&device, &(struct mqb_map){&entry, 1});

    if (status == MQB_OK)
        printf("stored %s\n", reading);
    has_room = status != MQB_ERR_TRANSPORT;
    return has_room;
}

/* False at the end of the input. A reading for which there is no room stays in the buffer. */
static bool read_input(void)
{
    static char line[100];
    static size_t len;

    while (has_room) {
        char *end = memchr(line, '\n', len);
        if (!end) {
            const ssize_t got = read(STDIN_FILENO, line + len, sizeof line - len);
            len += got > 0 ? (size_t)got : 0;
            return got > 0;
        }
        *end = '\0';
        if (!send_reading(line)) {
            *end = '\n';
            break;
        }
        len -= (size_t)(end + 1 - line);
        memmove(line, end + 1, len);
    }
    return true;
}

static void serve(void)
{
    bool is_resent = false;
    bool is_open = true;

    while (mqb_mosquitto_step(&mosquitto, 0) && is_open) {
        is_resent = is_resent || store_resend(&store, &client);
        struct pollfd polls[3] = {
            {.fd = is_resent && has_room ? STDIN_FILENO : -1, .events = POLLIN},
            {.fd = mqb_mosquitto_wake_fd(&mosquitto), .events = POLLIN},
            {.fd = mqb_mosquitto_socket(&mosquitto)},
        };
        if (mqb_mosquitto_want_read(&mosquitto))
            polls[2].events |= POLLIN;
        if (mqb_mosquitto_want_write(&mosquitto))
            polls[2].events |= POLLOUT;
        poll(polls, 3, mqb_mosquitto_due_ms(&mosquitto));
        if (polls[0].revents != 0)
            is_open = read_input();
    }
    mqb_mosquitto_close(&mosquitto);
}

int main(int argc, char **argv)
{
    const struct mqb_client_config config = {
        .transport = mqb_mosquitto_transport(&mosquitto),
        .scratch = scratch,
        .scratch_bytes = sizeof scratch,
        .send_buffer = send_buffer,
        .send_buffer_bytes = sizeof send_buffer,
        .on_error = on_error,
        .on_room = on_room,
    };

    if (argc != 4 || !store_open(&store, argv[3]))
        return EXIT_FAILURE;
    const struct mqb_mosquitto_settings settings = {
        .client = &client,
        .host = "127.0.0.1",
        .port = atoi(argv[1]),
        .queue =
            {
                .memory = memory,
                .bytes = sizeof memory,
                .keep = store_keep,
                .forget = store_forget,
                .user = &store,
            },
    };
    device.device_number = mqb_str_from(argv[2]);
    if (mqb_client_init(&client, &config) != MQB_OK ||
        mqb_mosquitto_init(&mosquitto, &settings) != MQB_OK ||
        thingspanel_device_bind(&device) != MQB_OK)
        return EXIT_FAILURE;
    setvbuf(stdout, NULL, _IOLBF, 0);
    signal(SIGTERM, on_signal);
    signal(SIGINT, on_signal);
    serve();
    return EXIT_SUCCESS;
}
