/*
 * Sends with one generated side and receives with another, and says what arrives. What is generated
 * for the test has the sides. Commands, a line each, their values in hexadecimal with tabs between:
 *
 *     bind HUB VALUE...       answers the status
 *     send ADDRESS VALUE...   answers the status, and HUB:ADDRESS:VALUE,... for each arrival
 */
#include "arrivals.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/topic_filter.h"

#define FILTERS 1000
#define LINE (1 << 18)

struct mqb_client leaf_client;
struct mqb_client hub_client;
static struct {
    char *text;
    size_t len;
} filters[FILTERS];
static size_t filter_count;
static unsigned published;

/* ---- What the sides call ---- */

static void print_value(struct mqb_str value)
{
    for (size_t i = 0; i < value.len; i++)
        printf("%02x", (unsigned char)value.ptr[i]);
}

enum mqb_status arrived(size_t hub, size_t address, const struct mqb_str *values, size_t count)
{
    printf("\t%zu:%zu:", hub, address);
    for (size_t i = 0; i < count; i++) {
        if (i != 0)
            putchar(',');
        print_value(values[i]);
    }
    return MQB_OK;
}

int32_t integer_of(struct mqb_str value)
{
    char text[16] = "";
    memcpy(text, value.ptr, value.len < sizeof text ? value.len : sizeof text - 1);
    return (int32_t)strtol(text, NULL, 10);
}

/* ---- A broker between them ---- */

static enum mqb_status subscribe(void *context, const char *filter, int qos)
{
    (void)context;
    if (filter_count == FILTERS || qos < 0 || qos > 2)
        exit(3);
    filters[filter_count].len = strlen(filter);
    filters[filter_count].text = malloc(filters[filter_count].len + 1);
    memcpy(filters[filter_count].text, filter, filters[filter_count].len + 1);
    filter_count++;
    return MQB_OK;
}

static enum mqb_status publish(void *context, const struct mqb_publish *message)
{
    (void)context;
    published++;
    for (size_t i = 0; i < filter_count; i++) {
        const struct mqb_str filter = {filters[i].text, filters[i].len};
        if (mqb_topic_filter_valid(filter) && mqb_topic_filter_matches(filter, message->topic)) {
            mqb_client_receive(&hub_client, message);
            break;
        }
    }
    return MQB_OK;
}

/* ---- Commands ---- */

static size_t read_values(char *text, struct mqb_str values[VALUES_MAX])
{
    size_t count = 0;
    while (*text == '\t') {
        char *const start = ++text;
        size_t len = 0;
        for (; *text != '\t' && *text != '\0'; text += 2) {
            const char digits[] = {text[0], text[1], '\0'};
            start[len++] = (char)strtol(digits, NULL, 16);
        }
        values[count++] = (struct mqb_str){start, len};
    }
    return count;
}

static void obey(char *line)
{
    struct mqb_str values[VALUES_MAX];
    char *rest = strchr(line, '\t') + 1;
    const size_t number = strtoul(rest, &rest, 10);
    if (line[0] == 'b') {
        char *const kept = malloc(strlen(rest) + 1);
        strcpy(kept, rest); /* The side keeps views of its values. */
        read_values(kept, values);
        printf("%d\n", (int)bind_hub(number, values));
        return;
    }
    published = 0;
    read_values(rest, values);
    const enum mqb_status status = send_on(number, values);
    if ((status == MQB_OK) != (published == 1))
        exit(4);
    printf("\t%d\n", (int)status);
}

int main(void)
{
    static char line[LINE];
    static char leaf_buffer[LINE];
    static char hub_buffer[LINE];
    static char scratch[4096];
    const struct mqb_client_config leaf_config = {
        .transport = {.publish = publish},
        .send_buffer = leaf_buffer,
        .send_buffer_bytes = sizeof leaf_buffer,
    };
    const struct mqb_client_config hub_config = {
        .transport = {.subscribe = subscribe},
        .scratch = scratch,
        .scratch_bytes = sizeof scratch,
        .send_buffer = hub_buffer,
        .send_buffer_bytes = sizeof hub_buffer,
    };
    mqb_client_init(&leaf_client, &leaf_config);
    mqb_client_init(&hub_client, &hub_config);
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = '\0';
        obey(line);
    }
    return EXIT_SUCCESS;
}
