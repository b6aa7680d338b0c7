/*
 * worker.c - a worker of ThingsPanel over paho.
 *
 *     broker_worker PORT COUNT [pause]
 *
 * First it sends COUNT responses. It answers each event in the group "workers", and prints "begin
 * ID" and "end ID"; with "pause" it waits for a line between the two. It prints the outcome of each
 * message and ends on SIGTERM, with its counters.
 */
#define _POSIX_C_SOURCE 200809L
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include <mqbind/paho.h>

#include "thingspanel_platform.h"

static struct mqb_paho paho;
static struct mqb_client client;
static bool pauses;
static char scratch[8192];
static char send_buffer[2048];
static uint64_t queue_memory[1U << 17];

static void on_signal(int signal_number)
{
    (void)signal_number;
    mqb_paho_stop(&paho);
}

static enum mqb_status on_event(
    struct thingspanel_platform *platform,
    struct mqb_str id,
    const struct thingspanel_event *event)
{
    const struct thingspanel_response taken = {.message = MQB_STR("success")};
    char line[80];

    (void)event;
    printf("begin %.*s\n", (int)id.len, id.ptr);
    if (pauses && !fgets(line, sizeof line, stdin))
        return MQB_ERR_HANDLER;
    const enum mqb_status status =
        thingspanel_platform_send_event_response(platform, MQB_STR("d"), id, &taken);
    printf("end %.*s\n", (int)id.len, id.ptr);
    return status;
}

static void on_error(void *user, struct mqb_str topic, const struct mqb_error *error)
{
    (void)user;
    printf("refused %.*s: %s\n", (int)topic.len, topic.ptr, error->rule);
}

static void on_delivery(void *user, const struct mqb_delivery *delivery)
{
    (void)user;
    printf(
        "%s %.*s\n", mqb_outcome_text(delivery->outcome), (int)delivery->topic.len,
        delivery->topic.ptr);
}

static void on_paho_state(void *user, const struct mqb_paho_status *status)
{
    (void)user;
    printf("state %d %s\n", (int)status->state, status->reason);
}

static void on_paho_subscribed(void *user, size_t refused)
{
    (void)user;
    (void)refused;
    puts("subscribed");
}

static enum mqb_status start(int port)
{
    const struct mqb_paho_settings settings = {
        .client = &client,
        .client_id = "worker",
        .host = "127.0.0.1",
        .port = port,
        .queue = {.memory = queue_memory, .bytes = sizeof queue_memory},
        .retry_min_ms = 20,
        .retry_max_ms = 100,
        .on_state = on_paho_state,
        .on_subscribed = on_paho_subscribed,
    };

    return mqb_paho_init(&paho, &settings);
}

static void send_first(struct thingspanel_platform *platform, int count)
{
    const struct thingspanel_response taken = {.message = MQB_STR("success")};
    char id[20];

    for (int i = 0; i < count; i++) {
        snprintf(id, sizeof id, "first%d", i);
        thingspanel_platform_send_event_response(platform, MQB_STR("d"), mqb_str_from(id), &taken);
    }
}

static void print_counters(void)
{
    const struct mqb_queue_counters *counters = &paho.counters.messages;

    printf(
        "closed accepted %" PRIu64 " confirmed %" PRIu64 " dropped %" PRIu64 " rejected %" PRIu64
        "\n",
        counters->accepted, counters->confirmed, counters->dropped, counters->rejected);
}

int main(int argc, char **argv)
{
    static const struct thingspanel_platform_handlers handlers = {.event = on_event};
    static struct thingspanel_platform platform = {
        .client = &client, .handlers = &handlers, .group = "workers"};
    const struct sigaction action = {.sa_handler = on_signal};

    if (argc < 3)
        return EXIT_FAILURE;
    setvbuf(stdout, NULL, _IOLBF, 0);
    pauses = argc > 3;
    const struct mqb_client_config config = {
        .transport = mqb_paho_transport(&paho),
        .scratch = scratch,
        .scratch_bytes = sizeof scratch,
        .send_buffer = send_buffer,
        .send_buffer_bytes = sizeof send_buffer,
        .on_error = on_error,
        .on_delivery = on_delivery,
    };
    sigaction(SIGTERM, &action, NULL);
    if (start(atoi(argv[1])) != MQB_OK || mqb_client_init(&client, &config) != MQB_OK ||
        thingspanel_platform_bind(&platform) != MQB_OK)
        return EXIT_FAILURE;
    send_first(&platform, atoi(argv[2]));
    mqb_paho_run(&paho);
    mqb_paho_close(&paho);
    print_counters();
    return EXIT_SUCCESS;
}
