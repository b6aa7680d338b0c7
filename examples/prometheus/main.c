/* The toy's volume, with metrics for Prometheus. Usage: prometheus PORT SERIAL FILE */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "../common/volume.h"
#include "metrics.h"

#define TOPICS 16 /* More than the toy has addresses. */

static char scratch[8192];
static char send_buffer[2048];
static struct mqb_topic_counters topics[TOPICS];
static struct mqb_mosquitto mosquitto;
static struct mqb_client client;

static void on_signal(int number)
{
    (void)number;
    mqb_mosquitto_stop(&mosquitto);
}

/* Write the metrics once a second, and at the end. */
static bool serve(const char *file)
{
    time_t written = 0;
    bool is_fine = true;

    while (is_fine && mqb_mosquitto_step(&mosquitto, 1000)) {
        if (time(NULL) == written)
            continue;
        written = time(NULL);
        is_fine = metrics_write(file, topics, TOPICS, &mosquitto);
    }
    mqb_mosquitto_close(&mosquitto);
    return metrics_write(file, topics, TOPICS, &mosquitto) && is_fine;
}

int main(int argc, char **argv)
{
    struct folotoy_toy toy = {.client = &client, .handlers = &example_volume_handlers};
    const struct mqb_client_config config = {
        .transport = mqb_mosquitto_transport(&mosquitto),
        .scratch = scratch,
        .scratch_bytes = sizeof scratch,
        .send_buffer = send_buffer,
        .send_buffer_bytes = sizeof send_buffer,
        .topics = topics,
        .topic_count = TOPICS,
    };

    if (argc != 4)
        return EXIT_FAILURE;
    const struct mqb_mosquitto_settings settings = {
        .client = &client, .host = "127.0.0.1", .port = atoi(argv[1])};
    toy.sn = mqb_str_from(argv[2]);
    if (mqb_client_init(&client, &config) != MQB_OK ||
        mqb_mosquitto_init(&mosquitto, &settings) != MQB_OK || folotoy_toy_bind(&toy) != MQB_OK)
        return EXIT_FAILURE;
    signal(SIGTERM, on_signal);
    signal(SIGINT, on_signal);
    return serve(argv[3]) ? EXIT_SUCCESS : EXIT_FAILURE;
}
