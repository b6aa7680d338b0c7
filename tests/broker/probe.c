/*
 * probe.c - a client that tests drive. Settings are key=value arguments, commands are lines
 * on standard input, and what happens is a JSON object a line on standard output.
 *
 * It receives probe/in/{what} and publishes probe/out/{what}. What it calls is answered by the next
 * message on probe/in/{what} with the same {what}; many calls at once, on probe/out/ask, by
 * messages on probe/in/answer with the same ids. Some messages it acts upon: see receive(). With
 * mode=run the library's own loop runs, and the one command is the end of input; otherwise
 * console_serve() drives the connection.
 */
#define _POSIX_C_SOURCE 200809L
#include "probe.h"

#include "console.h"

#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

test_connection probe_connection;
struct mqb_client probe_client;
char probe_side[] = "main";

static char send_buffer[PROBE_SEND_BYTES];
static char scratch[1024];
static struct mqb_call calls[200];
static bool own_loop;

static bool edges;
static bool is_quiet;
static const char *last_words;

/* ---- The side ---- */

static const struct mqb_parameter what_parameter = {.name = "what"};
static const struct mqb_parameter *const parameters[] = {&what_parameter};
static const struct mqb_address in_address = {"probe/in/{}", parameters, 1};
const struct mqb_address probe_out_address = {"probe/out/{}", parameters, 1};

enum mqb_status probe_send(struct mqb_str what, struct mqb_str payload, int qos)
{
    struct mqb_outbound outbound;
    mqb_outbound_begin(&outbound, &probe_client, &probe_out_address, &what);
    mqb_writer_bytes(&outbound.writer, payload);
    return mqb_outbound_send(&outbound, qos, false);
}

static void on_close(void *user)
{
    (void)user;
    if (last_words)
        probe_send(MQB_STR("last"), mqb_str_from(last_words), 1);
}

static void sleep_ms(long ms)
{
    const struct timespec time = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&time, NULL);
}

/* What the library must refuse inside a handler. */
static void try_to_loop(void)
{
    const bool stepped = CONNECTION(step)(&probe_connection, 0);
    const enum mqb_status run = CONNECTION(run)(&probe_connection);
    CONNECTION(close)(&probe_connection);
    console_begin("loop");
    printf(", \"stepped\": %s", stepped ? "true" : "false");
    console_text("run", mqb_str_from(mqb_status_text(run)));
    console_end();
}

static bool is(struct mqb_str text, const char *expected)
{
    return mqb_str_equal(text, mqb_str_from(expected));
}

static enum mqb_status receive(struct mqb_binding *binding, struct mqb_inbound *inbound)
{
    const struct mqb_publish *message = inbound->message;
    const struct mqb_str what = inbound->parameters[0];
    const struct mqb_str payload = message->payload;
    if (probe_take_reply(what, payload))
        return MQB_OK;
    if (is(what, "answer"))
        return probe_receive_one_of_many(inbound);
    if (!is_quiet)
        probe_print_message(what, binding->side);
    if (is(what, "echo"))
        return probe_send(what, payload, message->qos);
    if (is(what, "fail"))
        return MQB_ERR_HANDLER;
    if (is(what, "stop"))
        CONNECTION(stop)(&probe_connection);
    if (is(what, "loop"))
        try_to_loop();
    if (is(what, "call"))
        probe_call(MQB_STR("asked"), 200);
    if (is(what, "slow"))
        sleep_ms(atol(payload.ptr));
    return MQB_OK;
}

static bool wanted(const struct mqb_binding *binding)
{
    (void)binding;
    return true;
}

static const uint8_t places[] = {0};
static struct mqb_route route = {
    .address = &in_address,
    .values = places,
    .qos = 1,
    .key = 1,
    .receive = receive,
    .wanted = wanted,
};
static void walk_topic(struct mqb_match *walk, const char *at)
{
    if (!mqb_match_text(walk, &at, "probe/in/", 9))
        return;
    mqb_match_level(walk, &at, 0);
    mqb_match_route(walk, at, 0);
}

static const uint32_t keys[] = {MQB_VALUE_BIT(0)};
const struct mqb_router probe_router = {
    .routes = &route,
    .walk = walk_topic,
    .keys = keys,
    .route_count = 1,
    .value_count = 1,
    .key_count = 1,
};
static char extra_value[70000];
static struct mqb_str main_values[1];
static struct mqb_str extra_values[1];
static struct mqb_binding_link extra_links[1];
struct mqb_binding probe_binding = {
    .client = &probe_client,
    .router = &probe_router,
    .values = main_values,
    .side = probe_side,
};
static struct mqb_binding extra_binding = {
    .client = &probe_client,
    .router = &probe_router,
    .values = extra_values,
    .links = extra_links,
    .side = "extra",
};

/* ---- Commands ---- */

static void publish(int qos, const char *what, const char *text)
{
    probe_print_sent(probe_send(mqb_str_from(what), mqb_str_from(text), qos));
}

static void flood(int qos, const char *what, const char *count)
{
    unsigned long taken = 0;
    const unsigned long all = strtoul(count, NULL, 10);
    for (unsigned long i = 0; i < all; i++) {
        char text[24];
        snprintf(text, sizeof text, "%lu", i);
        taken += probe_send(mqb_str_from(what), mqb_str_from(text), qos) == MQB_OK;
    }
    console_begin("flooded");
    printf(", \"taken\": %lu", taken);
    console_end();
}

static void bind_extra(const char *value)
{
    snprintf(extra_value, sizeof extra_value, "%s", value);
    extra_values[0] = mqb_str_from(extra_value);
    console_status("bound", mqb_binding_add(&extra_binding));
}

static void expire_next(uint32_t seconds)
{
    static struct mqb_properties properties;
    properties.expiry_s = seconds;
    mqb_client_set_properties(&probe_client, &properties);
}

static void cancel(const char *token)
{
    const bool is_withdrawn = mqb_client_cancel(&probe_client, strtoul(token, NULL, 10));
    console_begin("cancelled");
    console_number("withdrawn", is_withdrawn);
    console_end();
}

/* False for "quit". */
static bool obey(char *line)
{
    char *save = NULL;
    const char *command = strtok_r(line, " \n", &save);
    const char *first = strtok_r(NULL, " \n", &save);
    const char *second = strtok_r(NULL, " \n", &save);
    const char *third = strtok_r(NULL, "\n", &save);
    if (!command)
        return true;
    if (strcmp(command, "publish") == 0)
        publish(atoi(first), second, third ? third : "");
    else if (strcmp(command, "publish-retained") == 0)
        probe_publish_retained(first, second);
    else if (strcmp(command, "publish-with") == 0)
        probe_publish_with(first, second, third);
    else if (strcmp(command, "publish-bytes") == 0)
        probe_publish_bytes(atoi(first), second, third);
    else if (strcmp(command, "flood") == 0)
        flood(atoi(first), second, third);
    else if (strcmp(command, "call") == 0)
        probe_call(mqb_str_from(first), (uint32_t)strtoul(second, NULL, 10));
    else if (strcmp(command, "cancel") == 0)
        cancel(first);
    else if (strcmp(command, "expire") == 0)
        expire_next((uint32_t)strtoul(first, NULL, 10));
    else if (strcmp(command, "call-many") == 0)
        probe_call_many(first, second);
    else if (strcmp(command, "bind") == 0)
        bind_extra(first);
    else if (strcmp(command, "unbind") == 0)
        console_status("unbound", mqb_binding_remove(&extra_binding));
    else if (strcmp(command, "bind-fleet") == 0)
        probe_fleet_bind(first);
    else if (strcmp(command, "unbind-fleet") == 0)
        probe_fleet_unbind(first);
    else if (strcmp(command, "sleep") == 0)
        sleep_ms(atol(first));
    else if (strcmp(command, "counters") == 0)
        probe_print_counters("counters");
    else if (strcmp(command, "status") == 0)
        probe_print_connection_now("status");
    else
        probe_own_command(command, first, second);
    return strcmp(command, "quit") != 0;
}

/* ---- The own loop ---- */

static void *wait_for_end_of_input(void *unused)
{
    char bytes[100];
    while (read(STDIN_FILENO, bytes, sizeof bytes) > 0) {
    }
    CONNECTION(stop)(&probe_connection);
    return unused;
}

static void on_signal(int number)
{
    (void)number;
    CONNECTION(stop)(&probe_connection);
}

static void on_wake_signal(int number)
{
    (void)number;
    CONNECTION(wake)(&probe_connection);
}

static void *wake_from_thread(void *unused)
{
    int number = 0;
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGUSR2);
    while (sigwait(&signals, &number) == 0)
        CONNECTION(wake)(&probe_connection);
    return unused;
}

/* SIGUSR1 wakes the loop from a signal handler, SIGUSR2 from another thread. */
static void wake_on_signals(void)
{
    pthread_t thread;
    sigset_t signals;
    struct sigaction action = {.sa_handler = on_wake_signal, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    sigemptyset(&signals);
    sigaddset(&signals, SIGUSR2);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    sigaction(SIGUSR1, &action, NULL);
    pthread_create(&thread, NULL, wake_from_thread, NULL);
    pthread_detach(thread);
}

static enum mqb_status run_loop(void)
{
    pthread_t thread;
    pthread_create(&thread, NULL, wait_for_end_of_input, NULL);
    pthread_detach(thread);
    signal(SIGTERM, on_signal);
    return CONNECTION(run)(&probe_connection);
}

/* ---- Settings ---- */

/* One argument; what is no setting of the connection is one of the probe. */
static bool set_argument(
    char *argument,
    test_connection_settings *settings,
    struct mqb_client_config *config)
{
    char *value = strchr(argument, '=');
    if (!value)
        return false;
    *value++ = '\0';
    if (strcmp(argument, "mode") == 0)
        own_loop = strcmp(value, "run") == 0;
    else if (strcmp(argument, "qos") == 0)
        route.qos = atoi(value);
    else if (strcmp(argument, "group") == 0)
        probe_binding.group = value;
    else if (strcmp(argument, "max_payload_bytes") == 0)
        config->max_payload_bytes = strtoul(value, NULL, 10);
    else if (strcmp(argument, "edges") == 0)
        edges = atoi(value) != 0;
    else if (strcmp(argument, "quiet") == 0)
        is_quiet = atoi(value) != 0;
    else if (strcmp(argument, "deliveries") == 0)
        probe_prints_deliveries = atoi(value) != 0;
    else if (strcmp(argument, "last_words") == 0)
        last_words = value;
    else if (!probe_set_will(argument, value))
        return probe_own_set(settings, argument, value) || probe_set(settings, argument, value);
    return true;
}

int main(int argc, char **argv)
{
    test_connection_settings settings = {
        .client = &probe_client,
        .on_state = probe_on_state,
        .on_close = on_close,
        .on_wake = probe_on_wake,
        .on_subscribed = probe_on_subscribed,
    };
    struct mqb_client_config config = {
        .scratch = scratch,
        .scratch_bytes = sizeof scratch,
        .send_buffer = send_buffer,
        .send_buffer_bytes = sizeof send_buffer,
        .calls = calls,
        .call_count = sizeof calls / sizeof calls[0],
        .on_error = probe_on_error,
        .on_delivery = probe_on_delivery,
        .on_room = probe_on_room,
    };
    probe_own_defaults(&settings);
    for (int i = 1; i < argc; i++) {
        if (!set_argument(argv[i], &settings, &config))
            return 2;
    }
    probe_fleet_configure(&config);
    config.transport = CONNECTION(transport)(&probe_connection);
    mqb_client_init(&probe_client, &config);
    settings.will = probe_capture_will();
    if (CONNECTION(init)(&probe_connection, &settings) != MQB_OK) {
        probe_print_connection_now("init");
        return 1;
    }
    mqb_binding_add(&probe_binding);
    wake_on_signals();
    if (own_loop)
        console_status("run", run_loop());
    else
        console_serve(&probe_connection, edges, obey);
    CONNECTION(close)(&probe_connection);
    CONNECTION(close)(&probe_connection);
    probe_print_counters("closed");
    publish(1, "late", "");
    bind_extra("late");
    try_to_loop();
    return 0;
}
