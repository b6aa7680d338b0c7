/*
 * fleet.c - a worker or a device of ThingsPanel, for run_cluster.py.
 *
 *     fleet worker PORT NAME DELAY_MS [keep]     answers events, in the group "workers"
 *     fleet device PORT NAME COUNT [keep]        reports events until each is answered
 *
 * A worker prints "handled ID" for each event, after its reply; a device "again ID" for each that
 * it sends once more because no reply came, and "done MILLISECONDS" at the end. With
 * "keep", the broker keeps the session.
 */
#define _POSIX_C_SOURCE 200809L
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <mqbind/mosquitto.h>

#include "thingspanel_device.h"
#include "thingspanel_platform.h"

#define WINDOW 30 /* Events of a device that wait for their replies at a time. */
#define REPLY_MS 5000

static struct mqb_mosquitto mosquitto;
static struct mqb_client client;
static struct mqb_call calls[WINDOW];
static char scratch[8192];
static char send_buffer[2048];

static unsigned number; /* The last argument. */
static unsigned begun;
static unsigned done;
static uint64_t start_ms;
static char ids[WINDOW][40];
static struct thingspanel_device device = {.client = &client};

static uint64_t now_ms(void)
{
    const struct mqb_transport *transport = &client.config.transport;

    return transport->now_ms(transport->context);
}

/* ---- Worker ---- */

/* The id of an event is that of its device, a dash and a number. */
static struct mqb_str device_of(struct mqb_str id)
{
    const char *dash = memchr(id.ptr, '-', id.len);

    return (struct mqb_str){id.ptr, dash ? (size_t)(dash - id.ptr) : id.len};
}

static enum mqb_status on_event(
    struct thingspanel_platform *platform,
    struct mqb_str id,
    const struct thingspanel_event *event)
{
    const struct timespec delay = {0, (long)number * 1000000};
    const struct thingspanel_response taken = {.message = MQB_STR("success")};

    (void)event;
    nanosleep(&delay, NULL);
    thingspanel_platform_send_event_response(platform, device_of(id), id, &taken);
    printf("handled %.*s\n", (int)id.len, id.ptr);
    return MQB_OK;
}

/* ---- Device ---- */

static void on_response(
    struct thingspanel_device *side,
    void *user,
    enum mqb_status status,
    const struct thingspanel_response *reply);

static void report(char *id)
{
    const struct thingspanel_event event = {.method = MQB_STR("BatteryLow")};

    thingspanel_device_call_event(&device, mqb_str_from(id), &event, REPLY_MS, on_response, id);
}

static void report_next(char *id)
{
    if (begun == number)
        return;
    snprintf(
        id, sizeof ids[0], "%.*s-%u", (int)device.device_number.len, device.device_number.ptr,
        begun++);
    report(id);
}

static void on_response(
    struct thingspanel_device *side,
    void *user,
    enum mqb_status status,
    const struct thingspanel_response *reply)
{
    char *id = user;

    (void)side;
    (void)reply;
    if (status != MQB_OK) {
        printf("again %s\n", id);
        report(id);
        return;
    }
    done++;
    report_next(id);
    if (done == number) {
        printf("done %" PRIu64 "\n", now_ms() - start_ms);
        mqb_mosquitto_stop(&mosquitto);
    }
}

static void on_subscribed(void *user, size_t refused)
{
    (void)user;
    printf("subscribed %zu\n", refused);
    if (!device.device_number.ptr || begun != 0)
        return;
    start_ms = now_ms();
    for (int i = 0; i < WINDOW; i++)
        report_next(ids[i]);
}

/* ---- Both ---- */

static void on_error(void *user, struct mqb_str topic, const struct mqb_error *error)
{
    (void)user;
    printf("refused %.*s: %s\n", (int)topic.len, topic.ptr, error->rule);
}

static void on_signal(int signal_number)
{
    (void)signal_number;
    mqb_mosquitto_stop(&mosquitto);
}

static enum mqb_status bind(bool worker, const char *name)
{
    static const struct thingspanel_platform_handlers worker_handlers = {.event = on_event};
    static const struct thingspanel_device_handlers device_handlers = {.command = NULL};
    static struct thingspanel_platform platform = {
        .client = &client, .handlers = &worker_handlers, .group = "workers"};

    if (worker)
        return thingspanel_platform_bind(&platform);
    device.handlers = &device_handlers;
    device.device_number = mqb_str_from(name);
    return thingspanel_device_bind(&device);
}

int main(int argc, char **argv)
{
    if (argc < 5)
        return EXIT_FAILURE;
    const bool worker = strcmp(argv[1], "worker") == 0;
    const struct mqb_mosquitto_settings settings = {
        .client = &client,
        .host = "127.0.0.1",
        .port = atoi(argv[2]),
        .protocol = 5,
        .allow_abort = true, /* The brokers are one's own. */
        .client_id = argv[3],
        .keep_session = argc == 6,
        .retry_min_ms = 100,
        .retry_max_ms = 500,
        .on_subscribed = on_subscribed,
    };
    const struct mqb_client_config config = {
        .transport = mqb_mosquitto_transport(&mosquitto),
        .scratch = scratch,
        .scratch_bytes = sizeof scratch,
        .send_buffer = send_buffer,
        .send_buffer_bytes = sizeof send_buffer,
        .calls = worker ? NULL : calls,
        .call_count = worker ? 0 : WINDOW,
        .on_error = on_error,
    };

    setvbuf(stdout, NULL, _IOLBF, 0);
    signal(SIGTERM, on_signal);
    number = (unsigned)atoi(argv[4]);
    if (mqb_client_init(&client, &config) != MQB_OK ||
        mqb_mosquitto_init(&mosquitto, &settings) != MQB_OK || bind(worker, argv[3]) != MQB_OK)
        return EXIT_FAILURE;
    mqb_mosquitto_run(&mosquitto);
    mqb_mosquitto_close(&mosquitto);
    return EXIT_SUCCESS;
}
