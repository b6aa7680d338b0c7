#include "transport/announced.h"

#include <string.h>

/* Reasons of MQTT 5 (2.4), the first of those that are failures, and a code of 3.1.1 (3.2.2.3). */
enum reason {
    FIRST_FAILURE = 0x80,
    UNSUPPORTED_PROTOCOL_VERSION = 0x84,
    CLIENT_ID_NOT_VALID = 0x85,
    BAD_USER_NAME_OR_PASSWORD = 0x86,
    NOT_AUTHORIZED = 0x87,
    BANNED = 0x8a,
    BAD_AUTHENTICATION_METHOD = 0x8c,
    TOPIC_NAME_INVALID = 0x90,
    PACKET_TOO_LARGE = 0x95,
    RETAIN_NOT_SUPPORTED = 0x9a,
    QOS_NOT_SUPPORTED = 0x9b,
    OLD_SERVER_UNAVAILABLE = 3,
};

/* MQTT 3.1.1, as a protocol level. */
#define VERSION_3_1_1 4

/* ---- Limits ---- */

static bool exceeds_packet(const struct mqb_broker_limits *limits, size_t bytes)
{
    return limits->packet_max != 0 && bytes > limits->packet_max;
}

static bool is_group_filter(struct mqb_str filter)
{
    const struct mqb_str share = MQB_STR("$share/");
    return filter.len > share.len && memcmp(filter.ptr, share.ptr, share.len) == 0;
}

static bool is_wildcard_filter(struct mqb_str filter)
{
    if (filter.len == 0)
        return false;
    return memchr(filter.ptr, '+', filter.len) != NULL ||
           memchr(filter.ptr, '#', filter.len) != NULL;
}

const char *mqb_announced_filter_rule(const struct mqb_broker_limits *limits, struct mqb_str filter)
{
    if (exceeds_packet(limits, MQB_SUBSCRIBE_OVERHEAD + MQB_FILTER_OVERHEAD + filter.len))
        return "the filter is longer than the broker's largest packet";
    if (limits->no_groups && is_group_filter(filter))
        return "the broker has no shared subscriptions";
    if (limits->no_wildcards && is_wildcard_filter(filter))
        return "the broker has no wildcards in subscriptions";
    return NULL;
}

/* At most. Each has an identifier, and lengths of two bytes before strings. */
static size_t property_bytes(const struct mqb_properties *properties)
{
    const size_t texts = 3U * 3U;
    const size_t numbers = 5U + 2U;
    size_t bytes = texts + numbers + properties->response_topic.len +
                   properties->correlation_data.len + properties->content_type.len;
    for (size_t i = 0; i < properties->user_count; i++)
        bytes += 5U + properties->user[i].name.len + properties->user[i].value.len;
    return bytes;
}

/* At most the size of the PUBLISH packet. */
static size_t packet_bytes(const struct mqb_publish *message)
{
    const size_t heads = 5U + 2U + 2U + 4U; /* Lengths of packet, topic, properties; packet id. */
    return heads + message->topic.len + message->payload.len + property_bytes(&message->properties);
}

static const struct mqb_announced_limit no_retain = {
    RETAIN_NOT_SUPPORTED, "the broker has no retained messages"};
static const struct mqb_announced_limit qos_max[] = {
    {QOS_NOT_SUPPORTED, "the broker's maximum QoS is 0"},
    {QOS_NOT_SUPPORTED, "the broker's maximum QoS is 1"},
};
static const struct mqb_announced_limit packet_max = {
    PACKET_TOO_LARGE, "beyond the broker's maximum packet size"};

const struct mqb_announced_limit *mqb_announced_limit_of(
    const struct mqb_broker_limits *limits,
    const struct mqb_publish *message)
{
    if (message->retain && limits->no_retain)
        return &no_retain;
    if (limits->qos_above != 0 && message->qos >= limits->qos_above)
        return &qos_max[limits->qos_above == 1 ? 0 : 1];
    return exceeds_packet(limits, packet_bytes(message)) ? &packet_max : NULL;
}

/* ---- Refusals ---- */

/* Brokers without MQTT 5 refuse it with a code of 3.1.1. */
bool mqb_announced_is_old_code(int protocol, int code)
{
    return protocol == VERSION_3_1_1 || (code > 0 && code < FIRST_FAILURE);
}

bool mqb_announced_is_refusal(int protocol, int code)
{
    if (mqb_announced_is_old_code(protocol, code))
        return code > 0 && code != OLD_SERVER_UNAVAILABLE;
    switch (code) {
    case UNSUPPORTED_PROTOCOL_VERSION:
    case CLIENT_ID_NOT_VALID:
    case BAD_USER_NAME_OR_PASSWORD:
    case NOT_AUTHORIZED:
    case BANNED:
    case BAD_AUTHENTICATION_METHOD:
    case TOPIC_NAME_INVALID:
    case PACKET_TOO_LARGE:
    case RETAIN_NOT_SUPPORTED:
    case QOS_NOT_SUPPORTED:
        return true;
    default:
        return false;
    }
}
