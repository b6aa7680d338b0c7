#include "metrics.h"

#include <inttypes.h>
#include <stdio.h>

static void print_head(FILE *out, const char *name, const char *type, const char *help)
{
    fprintf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

/* The labels of an address; others may follow. */
static void print_labels(FILE *out, const struct mqb_topic_counters *topic)
{
    char address[256];

    mqb_topic_counters_address(topic, address, sizeof address);
    fprintf(out, "{direction=\"%s\",address=\"", topic->sent ? "sent" : "received");
    for (const char *at = address; *at != '\0'; at++) {
        if (*at == '"' || *at == '\\')
            putc('\\', out);
        putc(*at, out);
    }
    putc('"', out);
}

static void print_topics(FILE *out, const struct mqb_topic_counters *topics, size_t count)
{
    print_head(out, "mqbind_messages_total", "counter", "Messages by address and status.");
    for (size_t i = 0; i < count; i++) {
        for (size_t status = 0; status < MQB_STATUS_COUNT; status++) {
            if (topics[i].by_status[status] == 0)
                continue;
            fprintf(out, "mqbind_messages_total");
            print_labels(out, &topics[i]);
            fprintf(out, ",status=\"%s\"}", mqb_status_text((enum mqb_status)status));
            fprintf(out, " %" PRIu64 "\n", topics[i].by_status[status]);
        }
    }
    print_head(out, "mqbind_payload_bytes_total", "counter", "Payload bytes of valid messages.");
    for (size_t i = 0; i < count; i++) {
        if (topics[i].bytes == 0)
            continue;
        fprintf(out, "mqbind_payload_bytes_total");
        print_labels(out, &topics[i]);
        fprintf(out, "} %" PRIu64 "\n", topics[i].bytes);
    }
}

static void print_connection(FILE *out, const struct mqb_mosquitto *mosquitto)
{
    const struct mqb_mosquitto_status status = mqb_mosquitto_get_status(mosquitto);

    print_head(out, "mqbind_connected", "gauge", "1 while the broker accepts the client.");
    fprintf(out, "mqbind_connected %d\n", status.state == MQB_MOSQUITTO_CONNECTED);
    print_head(out, "mqbind_pending", "gauge", "Publishes that are not confirmed.");
    fprintf(out, "mqbind_pending %zu\n", status.pending);
    print_head(out, "mqbind_connects_total", "counter", "Connections that the broker accepted.");
    fprintf(out, "mqbind_connects_total %" PRIu64 "\n", mosquitto->counters.connects);
}

bool metrics_write(
    const char *file,
    const struct mqb_topic_counters *topics,
    size_t topic_count,
    const struct mqb_mosquitto *mosquitto)
{
    char draft[1024];
    const int len = snprintf(draft, sizeof draft, "%s.new", file);
    FILE *out = len > 0 && (size_t)len < sizeof draft ? fopen(draft, "w") : NULL;

    if (!out)
        return false;
    print_topics(out, topics, topic_count);
    print_connection(out, mosquitto);
    const bool written = !ferror(out);
    return fclose(out) == 0 && written && rename(draft, file) == 0;
}
