#include "example.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include <mqbind/mosquitto.h>

/* Enough for the longest message of the examples; the generated headers have exact sizes. */
static char scratch[8192];
static char send_buffer[2048];
static struct mqb_call calls[16]; /* The most calls that can be pending at a time. */

static struct mqb_mosquitto mosquitto;
static struct mqb_capture will;
static char will_memory[256]; /* For its topic and payload. */

struct mqb_client example_client;
enum mqb_status (*example_send_will)(void *user);

static void (*start)(void *);
static void *start_user;

static void on_signal(int number)
{
    (void)number;
    example_stop();
}

static void on_state(void *user, const struct mqb_mosquitto_status *status)
{
    (void)user;
    if (status->reason[0] != '\0')
        printf("%s: %s\n", mqb_mosquitto_state_text(status->state), status->reason);
}

/* Replies to what is sent now will be heard. */
static void on_subscribed(void *user, size_t refused)
{
    (void)user;
    (void)refused;
    printf("subscribed\n");
    if (start)
        start(start_user);
}

static void on_error(void *user, struct mqb_str topic, const struct mqb_error *error)
{
    char text[256];

    (void)user;
    mqb_error_format(error, text, sizeof text);
    printf("refused on %.*s: %s\n", EXAMPLE_TEXT(topic), text);
}

/* MQTT 3.1.1 has no "no local": with it, a side that needs it is not bound. */
static int protocol(void)
{
    const char *text = getenv("EXAMPLE_PROTOCOL");

    return text ? atoi(text) : 5;
}

bool example_open(const char *port, const char *client_id, void (*on_connected)(void *), void *user)
{
    const struct mqb_mosquitto_settings settings = {
        .client = &example_client,
        .host = "127.0.0.1",
        .port = atoi(port),
        .client_id = client_id,
        .protocol = protocol(),
        .allow_abort = true, /* The broker is one's own: Debian 12 has an old libmosquitto. */
        .no_local = protocol() == 5, /* Some protocols use a topic in both directions. */
        .username = getenv("EXAMPLE_USERNAME"),
        .password = getenv("EXAMPLE_PASSWORD"),
        .will = example_send_will ? &will : NULL,
        .on_state = on_state,
        .on_subscribed = on_subscribed,
    };
    const struct mqb_client_config config = {
        .transport = mqb_mosquitto_transport(&mosquitto),
        .scratch = scratch,
        .scratch_bytes = sizeof scratch,
        .send_buffer = send_buffer,
        .send_buffer_bytes = sizeof send_buffer,
        .calls = calls,
        .call_count = sizeof calls / sizeof calls[0],
        .on_error = on_error,
    };

    setvbuf(stdout, NULL, _IOLBF, 0);
    start = on_connected;
    start_user = user;
    const enum mqb_status status = mqb_client_init(&example_client, &config);
    if (status != MQB_OK) {
        printf("cannot start: %s\n", mqb_status_text(status));
        return false;
    }
    if (example_send_will) {
        mqb_client_capture(&example_client, &will, will_memory, sizeof will_memory);
        example_send_will(user);
    }
    if (mqb_mosquitto_init(&mosquitto, &settings) == MQB_OK)
        return true;
    printf("cannot connect: %s\n", mqb_mosquitto_get_status(&mosquitto).reason);
    return false;
}

int example_run(enum mqb_status bound)
{
    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);
    const enum mqb_status status = bound == MQB_OK ? mqb_mosquitto_run(&mosquitto) : bound;
    mqb_mosquitto_close(&mosquitto);
    return status == MQB_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}

void example_stop(void)
{
    mqb_mosquitto_stop(&mosquitto);
}

void example_happened(unsigned what, unsigned count)
{
    static unsigned happened;

    happened |= 1U << what;
    if (happened == (1U << count) - 1)
        example_stop();
}

void example_print(const char *title, const struct mqb_map *map)
{
    for (size_t i = 0; i < map->count; i++) {
        const struct mqb_map_entry *entry = &map->entries[i];
        printf("%s: %.*s is %.*s\n", title, EXAMPLE_TEXT(entry->key), EXAMPLE_TEXT(entry->value));
    }
}

void example_print_bytes(struct mqb_str bytes)
{
    for (size_t i = 0; i < bytes.len; i++)
        printf(" %02x", (unsigned char)bytes.ptr[i]);
    printf("\n");
}
