#define _POSIX_C_SOURCE 200809L
/*
 * Packets, from what libmosquitto logs about each: its only way to tell of those that it sends on
 * its own, such as acknowledgements and repeated messages. It logs no payload and no password.
 */
#include "transport/mosquitto_trace.h"

#include <string.h>

#include <mosquitto.h>

/* What follows the text if the line begins with it, or NULL. */
static const char *text_after(const char *line, const char *text, size_t len)
{
    return strncmp(line, text, len) == 0 ? line + len : NULL;
}

/* "Client ID sending PUBLISH ...", where an ID that is not set is random, without spaces. */
static const char *skip_client_id(const struct mqb_mosquitto *m, const char *line)
{
    const char *id = text_after(line, "Client ", 7);
    if (!id)
        return NULL;
    const size_t len = m->settings.client_id ? strlen(m->settings.client_id) : strcspn(id, " ");
    return strnlen(id, len + 1) > len && id[len] == ' ' ? id + len + 1 : NULL;
}

/* The last place of the text, or the end of the line if that is cut. */
static const char *find_last_text(const char *line, const char *text)
{
    const char *last = line + strlen(line);
    for (const char *at = strstr(line, text); at; at = strstr(at + 1, text))
        last = at;
    return last;
}

static void read_publish(struct mqb_mosquitto_packet *packet, const char *rest)
{
    const char *topic = strchr(rest, '\'');
    if (!topic)
        return;
    const char *end = find_last_text(topic + 1, "', ... (");
    packet->topic = (struct mqb_str){topic + 1, (size_t)(end - topic - 1)};
    if (*end == '\0')
        return;
    for (const char *digit = end + 8; *digit >= '0' && *digit <= '9'; digit++)
        packet->bytes = packet->bytes * 10U + (size_t)(*digit - '0');
}

static void read_filter(struct mqb_mosquitto_packet *packet, const char *rest, const char *behind)
{
    const char *filter = strstr(rest, "Topic: ");
    if (filter)
        packet->topic =
            (struct mqb_str){filter + 7, (size_t)(find_last_text(filter + 7, behind) - filter - 7)};
}

static void report_packet(struct mqb_mosquitto *m, bool sent, const char *type)
{
    struct mqb_mosquitto_packet packet;
    memset(&packet, 0, sizeof packet);
    packet.sent = sent;
    packet.type = (struct mqb_str){type, strcspn(type, " ")};
    const char *rest = type + packet.type.len;
    if (mqb_str_equal(packet.type, MQB_STR("PUBLISH")))
        read_publish(&packet, rest);
    else if (mqb_str_equal(packet.type, MQB_STR("SUBSCRIBE")))
        read_filter(&packet, rest, ", QoS: ");
    else if (mqb_str_equal(packet.type, MQB_STR("UNSUBSCRIBE")))
        read_filter(&packet, rest, ")");
    m->settings.on_packet(m->settings.user, &packet);
}

void mqb_mosquitto_trace(struct mqb_mosquitto *m, int level, const char *text)
{
    if (!m->settings.on_packet || level != MOSQ_LOG_DEBUG)
        return;
    const char *line = skip_client_id(m, text);
    const char *sent = line ? text_after(line, "sending ", 8) : NULL;
    const char *received =
        line ? text_after(line, "received ", 9) : text_after(text, "Received ", 9);
    if (sent)
        report_packet(m, true, sent);
    else if (received)
        report_packet(m, false, received);
}
