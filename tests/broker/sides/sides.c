/*
 * sides.c - drives one side of a protocol: role=NAME port=N and other settings as arguments.
 *
 * Commands are fields with tabs between them; payloads are in hexadecimal:
 *     send MESSAGE VALUE... PAYLOAD
 *     call MESSAGE TIMEOUT_MS TAG VALUE... PAYLOAD
 *     answer MESSAGE WITH PAYLOAD    from inside the handler; values of one name are one, and a
 *                                    response topic is the first value
 *     bind | unbind | counters | quit
 */
#define _DEFAULT_SOURCE
#include "sides.h"
#include "console.h"

#include <mqbind/mqbind.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CALLS 4
#define BUFFER_BYTES (1 << 16)
/* In a topic, and two properties. */
#define VALUES_MAX (MQB_PARAMETERS_MAX + 2)

static struct mqb_mosquitto mosquitto;
static struct mqb_client client;
static const struct side_role *role;

/* ---- Settings ---- */

static char **settings;

const char *side_setting_text(const char *key)
{
    const size_t len = strlen(key);
    for (char **each = settings; *each; each++) {
        if (strncmp(*each, key, len) == 0 && (*each)[len] == '=')
            return *each + len + 1;
    }
    return NULL;
}

struct mqb_str side_setting(const char *key)
{
    return mqb_str_from(side_setting_text(key));
}

static int setting_number(const char *key, int fallback)
{
    const char *text = side_setting_text(key);
    return text ? atoi(text) : fallback;
}

/* True if `name` is one of the names in `list`, which has commas between them. */
static bool is_in(const char *list, const char *name)
{
    const size_t len = strlen(name);
    for (const char *at = list; at; at = strchr(at, ',')) {
        at += *at == ',';
        if (strncmp(at, name, len) == 0 && (at[len] == ',' || at[len] == '\0'))
            return true;
    }
    return false;
}

bool side_handles(const char *message)
{
    const char *list = side_setting_text("handlers");
    return !list || is_in(list, message);
}

/* ---- Values ---- */

struct mqb_scratch *side_scratch(void)
{
    static char memory[BUFFER_BYTES];
    static struct mqb_scratch scratch;
    scratch = mqb_scratch_from(memory, sizeof memory);
    return &scratch;
}

int64_t side_integer(struct mqb_str text)
{
    return strtoll(text.ptr, NULL, 10);
}

/* For one value a message: no address of ours has two integers. */
struct side_value side_integer_value(const char *name, int64_t integer)
{
    static char text[MQB_NUMBER_BYTES];
    const struct mqb_json json = mqb_json_from_int64(integer, text);
    return (struct side_value){name, {json.ptr, json.len}};
}

enum mqb_status side_encode_bytes(
    const void *message,
    char *buf,
    size_t cap,
    size_t *len,
    struct mqb_error *error)
{
    const struct mqb_str *bytes = message;
    (void)cap;
    (void)error;
    *len = bytes->len;
    if (bytes->len > 0)
        memcpy(buf, bytes->ptr, bytes->len);
    return MQB_OK;
}

/* The value as our encoder prints it, or why it is not one that may be sent. */
static void print_value(const void *value, side_encode *encode)
{
    static char text[BUFFER_BYTES];
    struct mqb_error error;
    size_t len = 0;
    if (encode(value, text, sizeof text, &len, &error) != MQB_OK)
        console_text("unsendable", mqb_str_from(error.rule));
    else if (encode == side_encode_bytes)
        console_hex("hex", (struct mqb_str){text, len});
    else
        console_json("value", (struct mqb_str){text, len});
}

/* ---- Answers from inside a handler ---- */

static struct {
    char message[64];
    const struct side_action *action;
    char payload[BUFFER_BYTES];
    size_t len;
} answer;

static void answer_at_once(const struct side_value *values, size_t value_count)
{
    struct mqb_str filled[VALUES_MAX] = {{NULL, 0}};
    for (size_t k = 0; k < value_count; k++) {
        if (strcmp(values[k].name, "response-topic") == 0)
            filled[0] = values[k].text;
        for (size_t i = 0; i < answer.action->value_count; i++) {
            if (strcmp(values[k].name, answer.action->values[i]) == 0)
                filled[i] = values[k].text;
        }
    }
    const struct mqb_str payload = {answer.payload, answer.len};
    console_status("answered", answer.action->send(filled, payload));
}

/* ---- Events ---- */

enum mqb_status side_received(
    const char *message,
    const struct side_value *values,
    size_t value_count,
    const void *value,
    side_encode *encode)
{
    console_begin("message");
    console_text("message", mqb_str_from(message));
    for (size_t i = 0; i < value_count; i++)
        console_text(values[i].name, values[i].text);
    if (value)
        print_value(value, encode);
    console_end();
    if (answer.action && strcmp(answer.message, message) == 0)
        answer_at_once(values, value_count);
    return MQB_OK;
}

void side_replied(
    const char *message,
    void *tag,
    enum mqb_status status,
    const void *reply,
    side_encode *encode)
{
    console_begin("reply");
    console_text("message", mqb_str_from(message));
    console_number("tag", (uintptr_t)tag);
    console_text("status", mqb_str_from(mqb_status_text(status)));
    if (reply)
        print_value(reply, encode);
    console_end();
}

static void on_state(void *user, const struct mqb_mosquitto_status *status)
{
    (void)user;
    console_connection("state", status);
}

static void on_error(void *user, struct mqb_str topic, const struct mqb_error *error)
{
    (void)user;
    console_error(topic, error);
}

static uint64_t received_sum(void)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < MQB_STATUS_COUNT; i++)
        sum += client.counters.received_by_status[i];
    return sum;
}

static void print_counters(const char *event)
{
    const struct mqb_mosquitto_counters *c = &mosquitto.counters;
    const struct mqb_mosquitto_status status = mqb_mosquitto_get_status(&mosquitto);
    console_begin(event);
    console_number("connects", c->connects);
    console_number("disconnects", c->disconnects);
    console_number("connected", status.state == MQB_MOSQUITTO_CONNECTED);
    console_number("publishes", c->messages.accepted);
    console_number("sent", c->messages.sent);
    console_number("confirmed", c->messages.confirmed);
    console_number("publishes_refused", c->messages.refused);
    console_number("dropped", c->messages.dropped);
    console_number("expired", c->messages.expired);
    console_number("cancelled", c->messages.cancelled);
    console_number("rejected", c->messages.rejected);
    console_number("pending", status.pending);
    console_number("subscribes", c->subscribes);
    console_number("granted", c->granted);
    console_number("subscribes_refused", c->subscribes_refused);
    console_number("subscribes_lost", c->subscribes_lost);
    console_number("received", client.counters.received);
    console_number("received_sum", received_sum());
    console_number("received_ok", client.counters.received_by_status[MQB_OK]);
    console_number("calls", client.counters.calls);
    console_number("calls_replied", client.counters.calls_replied);
    console_number("calls_timed_out", client.counters.calls_timed_out);
    console_number("calls_lost", client.counters.calls_lost);
    console_number("calls_cancelled", client.counters.calls_cancelled);
    console_end();
}

/* ---- Commands ---- */

static char *next_field(char **line)
{
    return strsep(line, "\t");
}

static const struct side_action *find_action(const char *name)
{
    for (size_t i = 0; i < role->action_count; i++) {
        if (strcmp(role->actions[i].name, name) == 0)
            return &role->actions[i];
    }
    fprintf(stderr, "%s sends no %s\n", role->name, name);
    exit(2);
}

static size_t read_hex(const char *hex, char *bytes)
{
    const size_t len = strlen(hex) / 2;
    for (size_t i = 0; i < len; i++) {
        const char digits[] = {hex[2 * i], hex[2 * i + 1], '\0'};
        bytes[i] = (char)strtoul(digits, NULL, 16);
    }
    return len;
}

struct message {
    struct mqb_str values[VALUES_MAX];
    struct mqb_str payload;
};

/* The rest of a line: so many values, then the payload. */
static struct message read_message(char *line, size_t value_count)
{
    static char payload[BUFFER_BYTES];
    struct message message = {.payload = {payload, 0}};
    for (size_t i = 0; i < value_count; i++)
        message.values[i] = mqb_str_from(next_field(&line));
    message.payload.len = read_hex(line, payload);
    return message;
}

static void send_message(char *line)
{
    const struct side_action *action = find_action(next_field(&line));
    const struct message message = read_message(line, action->value_count);
    console_status("sent", action->send(message.values, message.payload));
}

static void call(char *line)
{
    const struct side_action *action = find_action(next_field(&line));
    const uint32_t timeout_ms = (uint32_t)strtoul(next_field(&line), NULL, 10);
    void *tag = (void *)strtoul(next_field(&line), NULL, 10);
    const struct message message = read_message(line, action->call_value_count);
    console_status("called", action->call(message.values, message.payload, timeout_ms, tag));
}

static void prepare_answer(char *line)
{
    snprintf(answer.message, sizeof answer.message, "%s", next_field(&line));
    answer.action = find_action(next_field(&line));
    answer.len = read_hex(line, answer.payload);
    console_status("prepared", MQB_OK);
}

/* False for "quit". */
static bool obey(char *line)
{
    const char *command = next_field(&line);
    if (strcmp(command, "send") == 0)
        send_message(line);
    else if (strcmp(command, "call") == 0)
        call(line);
    else if (strcmp(command, "answer") == 0)
        prepare_answer(line);
    else if (strcmp(command, "bind") == 0)
        console_status("bound", role->bind(&client));
    else if (strcmp(command, "unbind") == 0)
        console_status("unbound", role->unbind());
    else if (strcmp(command, "counters") == 0)
        print_counters("counters");
    return strcmp(command, "quit") != 0;
}

/* ---- Start ---- */

static const struct side_role *find_role(const char *name)
{
    for (size_t i = 0; i < side_role_count; i++) {
        if (strcmp(side_roles[i].name, name) == 0)
            return &side_roles[i];
    }
    fprintf(stderr, "no role %s\n", name);
    exit(2);
}

static bool open_client(void)
{
    static char scratch[BUFFER_BYTES];
    static char send_buffer[BUFFER_BYTES];
    static struct mqb_call calls[CALLS];
    const struct mqb_mosquitto_settings connection = {
        .client = &client,
        .host = "127.0.0.1",
        .port = setting_number("port", 1883),
        .client_id = side_setting_text("client_id"),
        .protocol = setting_number("protocol", 4),
        .allow_abort = true, /* The brokers of these tests send no malformed packets. */
        .no_local = setting_number("no_local", 0) != 0,
        .directions_apart = setting_number("directions_apart", 0) != 0,
        .retry_min_ms = setting_number("retry_min_ms", 20),
        .retry_max_ms = setting_number("retry_max_ms", 100),
        .on_state = on_state,
    };
    const struct mqb_client_config config = {
        .transport = mqb_mosquitto_transport(&mosquitto),
        .scratch = scratch,
        .scratch_bytes = sizeof scratch,
        .send_buffer = send_buffer,
        .send_buffer_bytes = sizeof send_buffer,
        .calls = calls,
        .call_count = (size_t)setting_number("calls", CALLS),
        .on_error = on_error,
    };
    if (mqb_mosquitto_init(&mosquitto, &connection) != MQB_OK)
        return false;
    mqb_client_init(&client, &config);
    return true;
}

int main(int argc, char **argv)
{
    (void)argc;
    settings = argv + 1;
    role = find_role(side_setting_text("role"));
    if (!open_client())
        return 1;
    console_status("bound", role->bind(&client));
    console_serve(&mosquitto, false, obey);
    mqb_mosquitto_close(&mosquitto);
    print_counters("closed");
    return 0;
}
