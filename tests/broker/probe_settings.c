/* Settings of the connection that all transports have, by their names. */
#define _POSIX_C_SOURCE 200809L
#include "probe.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define AT(member) offsetof(test_connection_settings, member)

static const struct probe_field common[] = {
    {"host", 's', AT(host)},
    {"port", 'i', AT(port)},
    {"client_id", 's', AT(client_id)},
    {"keepalive_s", 'i', AT(keepalive_s)},
    {"username", 's', AT(username)},
    {"password", 's', AT(password)},
    {"queue_bytes", 'z', AT(queue.bytes)},
    {"when_full", 'i', AT(queue.when_full)},
    {"queue_qos_0", 'b', AT(queue.queue_qos_0)},
    {"in_flight_max", 'i', AT(queue.in_flight_max)},
    {"in_flight_bytes", 'z', AT(queue.in_flight_bytes)},
    {"reply_bytes", 'z', AT(queue.reply_bytes)},
    {"close_timeout_ms", 'i', AT(close_timeout_ms)},
    {"retry_min_ms", 'i', AT(retry_min_ms)},
    {"retry_max_ms", 'i', AT(retry_max_ms)},
    {"retry_refused_ms", 'i', AT(retry_refused_ms)},
    {"ack_timeout_ms", 'i', AT(ack_timeout_ms)},
};

static void set_value(void *place, char type, const char *value)
{
    if (type == 's')
        *(const char **)place = value;
    else if (type == 'i')
        *(int *)place = atoi(value);
    else if (type == 'u')
        *(uint32_t *)place = (uint32_t)strtoul(value, NULL, 10);
    else if (type == 'z')
        *(size_t *)place = strtoul(value, NULL, 10);
    else
        *(bool *)place = atoi(value) != 0;
}

bool probe_set_field(
    test_connection_settings *settings,
    const struct probe_field *fields,
    size_t count,
    const char *key,
    const char *value)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(fields[i].key, key) == 0) {
            set_value((char *)settings + fields[i].offset, fields[i].type, value);
            return true;
        }
    }
    return false;
}

bool probe_set(test_connection_settings *settings, const char *key, char *value)
{
    if (!probe_set_field(settings, common, sizeof common / sizeof common[0], key, value))
        return false;
    if (settings->queue.bytes != 0 && !settings->queue.memory)
        settings->queue.memory = malloc(settings->queue.bytes);
    return true;
}
