/* The toy's volume, over a transport of its own. Usage: own_transport PORT SERIAL */
#include <stdio.h>
#include <stdlib.h>

#include "../common/volume.h"
#include "mqtt.h"

static char scratch[8192];
static char send_buffer[2048];
static struct mqtt mqtt;
static struct mqb_client client;

static void on_error(void *user, struct mqb_str topic, const struct mqb_error *error)
{
    char text[256];

    (void)user;
    mqb_error_format(error, text, sizeof text);
    printf("refused on %.*s: %s\n", (int)topic.len, topic.ptr, text);
}

int main(int argc, char **argv)
{
    struct folotoy_toy toy = {.client = &client, .handlers = &example_volume_handlers};
    const struct mqb_client_config config = {
        .transport = mqtt_transport(&mqtt),
        .scratch = scratch,
        .scratch_bytes = sizeof scratch,
        .send_buffer = send_buffer,
        .send_buffer_bytes = sizeof send_buffer,
        .on_error = on_error,
    };

    if (argc != 3)
        return EXIT_FAILURE;
    setvbuf(stdout, NULL, _IOLBF, 0);
    mqtt.client = &client;
    mqtt.client_id = "own-transport";
    mqtt.port = (unsigned short)atoi(argv[1]);
    mqtt_init(&mqtt);
    toy.sn = mqb_str_from(argv[2]);
    if (mqb_client_init(&client, &config) != MQB_OK || folotoy_toy_bind(&toy) != MQB_OK)
        return EXIT_FAILURE;
    for (;;)
        mqtt_step(&mqtt, 1000);
}
