/*
 * numbers.c - sends numbers in order, or receives them and says what is wrong with their order.
 *
 *     numbers send PORT QOS COUNT
 *     numbers receive PORT QOS COUNT
 *
 * Both have a session that the broker keeps. The receiver prints "lost FIRST LAST" for numbers that
 * were passed over and "again NUMBER" for one that came before; each prints "at NUMBER" now and
 * then, and "done" at the end, when all numbers are confirmed or the last one has arrived.
 */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mqbind/detail/side.h>
#include <mqbind/mosquitto.h>

#define QUEUE_BYTES (1 << 20)
#define PROGRESS 500
#define WINDOW 100 /* Messages in flight. */

static struct mqb_mosquitto mosquitto;
static struct mqb_client client;
static unsigned long next; /* The number that is sent or expected next. */
static unsigned long confirmed;
static unsigned long count;
static int qos;

static const struct mqb_address address = {"soak/numbers", NULL, 0};

static void finish(void)
{
    printf("done %lu\n", next);
    mqb_mosquitto_stop(&mosquitto);
}

static void progress(unsigned long number)
{
    if (number % PROGRESS == 0)
        printf("at %lu\n", number);
}

/* ---- Sending ---- */

static void send_what_fits(void)
{
    while (next < count) {
        struct mqb_outbound outbound;
        mqb_outbound_begin(&outbound, &client, &address, NULL);
        char text[24];
        const int len = snprintf(text, sizeof text, "%lu", next);
        mqb_writer_bytes(&outbound.writer, (struct mqb_str){text, (size_t)len});
        if (mqb_outbound_send(&outbound, qos, false) != MQB_OK)
            return;
        next++;
    }
}

static void on_room(void *user)
{
    (void)user;
    send_what_fits();
}

static void on_delivery(void *user, const struct mqb_delivery *delivery)
{
    (void)user;
    if (delivery->outcome != MQB_OUTCOME_CONFIRMED) {
        printf("outcome %d\n", (int)delivery->outcome);
        return;
    }
    progress(++confirmed);
    if (confirmed == count)
        finish();
}

/* ---- Receiving ---- */

static enum mqb_status receive(struct mqb_binding *binding, struct mqb_inbound *inbound)
{
    char text[24] = "";
    const struct mqb_str payload = inbound->message->payload;
    (void)binding;
    memcpy(text, payload.ptr, payload.len < sizeof text ? payload.len : sizeof text - 1);
    const unsigned long number = strtoul(text, NULL, 10);
    if (number < next) {
        printf("again %lu\n", number);
        return MQB_OK;
    }
    if (number > next)
        printf("lost %lu %lu\n", next, number - 1);
    next = number + 1;
    progress(next);
    if (next == count)
        finish();
    return MQB_OK;
}

static bool wanted(const struct mqb_binding *binding)
{
    (void)binding;
    return true;
}

static struct mqb_route route = {.address = &address, .receive = receive, .wanted = wanted};

static void walk_topic(struct mqb_match *walk, const char *at)
{
    if (mqb_match_text(walk, &at, "soak/numbers", 12))
        mqb_match_route(walk, at, 0);
}

static const struct mqb_router router = {.routes = &route, .walk = walk_topic, .route_count = 1};
static struct mqb_binding binding = {.client = &client, .router = &router, .side = "receiver"};

/* ---- Both ---- */

static void on_subscribed(void *user, size_t refused)
{
    (void)user;
    printf("subscribed %zu\n", refused);
}

static void on_signal(int number)
{
    (void)number;
    mqb_mosquitto_stop(&mosquitto);
}

int main(int argc, char **argv)
{
    static char scratch[1024];
    static char send_buffer[256];
    static char memory[QUEUE_BYTES];
    if (argc != 5)
        return EXIT_FAILURE;
    const bool sends = strcmp(argv[1], "send") == 0;
    const struct mqb_mosquitto_settings settings = {
        .client = &client,
        .host = "127.0.0.1",
        .port = atoi(argv[2]),
        .client_id = argv[1],
        .keep_session = true,
        .retry_min_ms = 20,
        .retry_max_ms = 100,
        .queue = {.memory = memory, .bytes = sizeof memory, .in_flight_max = WINDOW},
        .on_subscribed = on_subscribed,
    };
    const struct mqb_client_config config = {
        .transport = mqb_mosquitto_transport(&mosquitto),
        .scratch = scratch,
        .scratch_bytes = sizeof scratch,
        .send_buffer = send_buffer,
        .send_buffer_bytes = sizeof send_buffer,
        .on_room = on_room,
        .on_delivery = on_delivery,
    };
    setvbuf(stdout, NULL, _IOLBF, 0);
    signal(SIGTERM, on_signal);
    qos = atoi(argv[3]);
    count = strtoul(argv[4], NULL, 10);
    route.qos = qos;
    if (mqb_client_init(&client, &config) != MQB_OK ||
        mqb_mosquitto_init(&mosquitto, &settings) != MQB_OK)
        return EXIT_FAILURE;
    if (sends)
        send_what_fits();
    else if (mqb_binding_add(&binding) != MQB_OK)
        return EXIT_FAILURE;
    mqb_mosquitto_run(&mosquitto);
    mqb_mosquitto_close(&mosquitto);
    return EXIT_SUCCESS;
}
