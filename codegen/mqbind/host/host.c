/*
 * host.c - passes each message to the sides of the roles in its arguments, and prints the outcome.
 *
 * In:  a line with four lengths, then topic, payload, response topic and correlation data; repeated
 *      until the input ends.
 * Out: two lines for each: `ok "MESSAGE"` or `refused "STATUS"`, and the answer as JSON.
 */
#define _POSIX_C_SOURCE 200809L
#include "host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mqbind/mqbind.h>

#define SEND_BUFFER_BYTES (1 << 17)
#define SCRATCH_BYTES_MIN (1 << 16)
#define SCRATCH_BYTES_MAX (1 << 30)

/* The outcome of the current message. Only the first handler reports. */
static struct {
    FILE *text;
    bool told;
    struct mqb_str message;
    bool has_parameter;
    bool has_property;
    struct mqb_error error;
} outcome;

static struct mqb_client client;

static void *allocate(void *memory, size_t bytes)
{
    void *found = realloc(memory, bytes ? bytes : 1);
    if (!found) {
        fprintf(stderr, "no memory for %zu bytes\n", bytes);
        exit(EXIT_FAILURE);
    }
    return found;
}

/* ---- JSON ---- */

static void print_string(FILE *to, struct mqb_str text)
{
    const size_t cap = 6 * text.len + 2;
    char *buf = allocate(NULL, cap);
    const struct mqb_json json = mqb_json_from_string(text, buf, cap);
    fwrite(json.ptr, 1, json.len, to);
    free(buf);
}

/* JSON text on one line: line breaks in it can only be whitespace between tokens. */
static void print_json(FILE *to, struct mqb_str json)
{
    for (size_t i = 0; i < json.len; i++)
        putc(json.ptr[i] == '\n' || json.ptr[i] == '\r' ? ' ' : json.ptr[i], to);
}

static void print_error(FILE *to, const struct mqb_error *error, const char *status)
{
    fprintf(to, "\"status\": \"%s\", \"path\": ", status);
    print_string(to, mqb_str_from(error->path));
    fputs(", \"rule\": ", to);
    print_string(to, mqb_str_from(error->rule));
    if (error->offset == MQB_NO_OFFSET)
        fputs(", \"offset\": null}", to);
    else
        fprintf(to, ", \"offset\": %zu}", error->offset);
}

/* The names of the statuses; users rely on them. */
static const char *status_word(enum mqb_status status)
{
    switch (status) {
    case MQB_OK:
        return "ok";
    case MQB_ERR_NO_ROUTE:
        return "no_route";
    case MQB_ERR_NO_HANDLER:
        return "no_handler";
    case MQB_ERR_TOPIC:
        return "topic";
    case MQB_ERR_JSON:
        return "json";
    case MQB_ERR_TYPE:
        return "type";
    case MQB_ERR_MISSING:
        return "missing";
    case MQB_ERR_DUPLICATE:
        return "duplicate";
    case MQB_ERR_VALUE:
        return "value";
    case MQB_ERR_PRECISION:
        return "precision";
    case MQB_ERR_LIMIT:
        return "limit";
    case MQB_ERR_SPACE:
        return "space";
    case MQB_ERR_TRANSPORT:
        return "transport";
    case MQB_ERR_HANDLER:
        return "handler";
    case MQB_ERR_TIMEOUT:
        return "timeout";
    case MQB_ERR_NO_CALL:
        return "no_call";
    case MQB_ERR_CANCELLED:
        return "cancelled";
    case MQB_ERR_ARGUMENT:
        return "argument";
    case MQB_ERR_BUILD:
        return "build";
    }
    return "unknown";
}

/* ---- What handlers report ---- */

bool host_begin(struct mqb_str message)
{
    if (outcome.told)
        return false;
    outcome.told = true;
    outcome.message = message;
    outcome.has_parameter = false;
    outcome.has_property = false;
    fputs("{\"ok\": true, \"message\": ", outcome.text);
    print_string(outcome.text, message);
    fputs(", \"parameters\": {", outcome.text);
    return true;
}

static void begin_parameter(struct mqb_str name)
{
    if (outcome.has_parameter)
        fputs(", ", outcome.text);
    outcome.has_parameter = true;
    print_string(outcome.text, name);
    fputs(": ", outcome.text);
}

void host_text(struct mqb_str name, struct mqb_str value)
{
    begin_parameter(name);
    print_string(outcome.text, value);
}

void host_int(struct mqb_str name, int64_t value)
{
    begin_parameter(name);
    fprintf(outcome.text, "%lld", (long long)value);
}

void host_uint(struct mqb_str name, uint64_t value)
{
    begin_parameter(name);
    fprintf(outcome.text, "%llu", (unsigned long long)value);
}

static void print_hex(struct mqb_str bytes)
{
    for (size_t i = 0; i < bytes.len; i++)
        fprintf(outcome.text, "%02x", (unsigned char)bytes.ptr[i]);
}

/* Anything that is not text is printed in hexadecimal, under another name. */
void host_property(const char *name, struct mqb_str value)
{
    const size_t cap = 6 * value.len + 2;
    char *buf = allocate(NULL, cap);
    const struct mqb_json json = mqb_json_from_string(value, buf, cap);
    fprintf(outcome.text, "%s\"%s", outcome.has_property ? ", " : "}, \"properties\": {", name);
    outcome.has_property = true;
    if (json.len != 0) {
        fputs("\": ", outcome.text);
        fwrite(json.ptr, 1, json.len, outcome.text);
    } else {
        fputs("-hex\": \"", outcome.text);
        print_hex(value);
        fputs("\"", outcome.text);
    }
    free(buf);
}

enum mqb_status host_json(const void *message, mqb_payload_write *write)
{
    struct mqb_error error;
    size_t len = 0;
    char *buf = NULL;
    enum mqb_status status = mqb_payload_encode(write, message, NULL, 0, &len, &error);
    for (size_t cap = 0; status == MQB_ERR_SPACE && len > cap;) {
        cap = len;
        buf = allocate(buf, cap);
        status = mqb_payload_encode(write, message, buf, cap, &len, &error);
    }
    if (status == MQB_OK) {
        fputs("}, \"value\": ", outcome.text);
        print_json(outcome.text, (struct mqb_str){buf, len});
        fputs("}", outcome.text);
    } else {
        fputs("}, \"unsendable\": {", outcome.text);
        print_error(outcome.text, &error, status_word(status));
        fputs("}", outcome.text);
    }
    free(buf);
    return MQB_OK;
}

enum mqb_status host_bytes(struct mqb_str payload)
{
    fputs("}, \"payload_hex\": \"", outcome.text);
    print_hex(payload);
    fputs("\"}", outcome.text);
    return MQB_OK;
}

enum mqb_status host_deleted(void)
{
    fputs("}, \"deleted\": true}", outcome.text);
    return MQB_OK;
}

static void on_error(void *user, struct mqb_str topic, const struct mqb_error *error)
{
    (void)user;
    (void)topic;
    outcome.error = *error;
}

/* ---- One message ---- */

/* Twice the scratch memory, because unknown members may need more than the schema says. */
static bool grow_scratch(void)
{
    const size_t bytes = 2 * client.scratch.cap;
    if (bytes > SCRATCH_BYTES_MAX)
        return false;
    client.scratch = mqb_scratch_from(allocate(client.scratch.ptr, bytes), bytes);
    return true;
}

static enum mqb_status receive(const struct mqb_publish *message)
{
    enum mqb_status status;
    do
        status = mqb_client_receive(&client, message);
    while (status == MQB_ERR_SPACE && grow_scratch());
    return status;
}

static void answer(const struct mqb_publish *message)
{
    char *text = NULL;
    size_t len = 0;
    outcome.told = false;
    outcome.text = open_memstream(&text, &len);
    if (!outcome.text)
        exit(EXIT_FAILURE);
    const enum mqb_status status = receive(message);
    fclose(outcome.text);
    if (status == MQB_OK) {
        fputs("ok ", stdout);
        print_string(stdout, outcome.message);
        printf("\n%s\n", text);
    } else {
        printf("refused \"%s\"\n{\"ok\": false, ", status_word(status));
        print_error(stdout, &outcome.error, status_word(status));
        putchar('\n');
    }
    fflush(stdout);
    free(text);
}

/* Exactly as much memory as there are bytes, so that sanitizers detect reads past them. */
static char *read_bytes(size_t len)
{
    char *bytes = allocate(NULL, len);
    if (fread(bytes, 1, len, stdin) != len)
        exit(EXIT_FAILURE);
    return bytes;
}

static void serve(void)
{
    char line[100];
    while (fgets(line, sizeof line, stdin)) {
        char *rest = line;
        struct mqb_str parts[4];
        char *bytes[4];
        for (size_t i = 0; i < 4; i++)
            parts[i].len = strtoul(rest, &rest, 10);
        for (size_t i = 0; i < 4; i++)
            parts[i].ptr = bytes[i] = read_bytes(parts[i].len);
        const struct mqb_publish message = {
            .topic = parts[0],
            .payload = parts[1],
            .properties = {.response_topic = parts[2], .correlation_data = parts[3]},
        };
        answer(&message);
        for (size_t i = 0; i < 4; i++)
            free(bytes[i]);
    }
}

/* ---- Start ---- */

/* NAME=VALUE on the command line; anything without "=" is a role. */
static char **arguments;

struct mqb_str host_parameter(const char *name)
{
    const size_t len = strlen(name);
    for (char **each = arguments; *each != NULL; each++) {
        if (strncmp(*each, name, len) == 0 && (*each)[len] == '=')
            return mqb_str_from(*each + len + 1);
    }
    return (struct mqb_str){NULL, 0};
}

static const struct host_side *find_side(const char *role)
{
    for (size_t i = 0; i < host_side_count; i++) {
        if (strcmp(host_sides[i].role, role) == 0)
            return &host_sides[i];
    }
    fprintf(stderr, "no role %s\n", role);
    exit(EXIT_FAILURE);
}

int main(int argc, char **argv)
{
    static char send_buffer[SEND_BUFFER_BYTES];
    const struct mqb_client_config config = {
        .scratch = allocate(NULL, SCRATCH_BYTES_MIN),
        .scratch_bytes = SCRATCH_BYTES_MIN,
        .send_buffer = send_buffer,
        .send_buffer_bytes = sizeof send_buffer,
        .on_error = on_error,
    };
    if (mqb_client_init(&client, &config) != MQB_OK) {
        fputs("the host program and the runtime were built with different limits\n", stderr);
        return EXIT_FAILURE;
    }
    arguments = argv + 1;
    for (int i = 1; i < argc; i++) {
        if (strchr(argv[i], '=') != NULL)
            continue;
        const struct host_side *side = find_side(argv[i]);
        const enum mqb_status status = side->bind ? side->bind(&client) : MQB_OK;
        if (status != MQB_OK) {
            fprintf(stderr, "%s: %s\n", side->role, mqb_status_text(status));
            return EXIT_FAILURE;
        }
    }
    serve();
    return EXIT_SUCCESS;
}
