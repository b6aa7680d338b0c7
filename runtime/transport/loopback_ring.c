/* A ring of messages that are never split: `wrap` is the end of the last one before the wrap. */
#include "transport/loopback_ring.h"

#include <string.h>

#include <mqbind/detail/memory.h>

/*
 * Precedes each queued message. Copied in and out, because the memory is unaligned. User properties
 * follow, aligned, then their strings, then those below in this order.
 */
struct record {
    const struct mqb_loopback_peer *sender;
    size_t payload_len;
    uint32_t expiry_s;
    uint16_t topic_len;
    uint16_t response_topic_len;
    uint16_t correlation_data_len;
    uint16_t content_type_len;
    uint16_t user_count;
    uint8_t flags; /* QoS, and the two below. */
};

enum {
    QOS = 3,
    DUPLICATE = 4,
    IS_TEXT = 8,
};

#define USER_BYTES sizeof(struct mqb_user_property)
#define USER_ALIGN _Alignof(struct mqb_user_property)

/* ---- Room ---- */

/* Room for `bytes` bytes in one piece, or NULL. */
static char *claim_ring(struct mqb_loopback *broker, size_t bytes)
{
    if (broker->queued == 0)
        broker->head = broker->tail = broker->wrap = 0;
    bool wrapped = broker->wrap != 0;
    size_t end = wrapped ? broker->head : broker->bytes;
    if (bytes > end - broker->tail) {
        if (wrapped || bytes > broker->head)
            return NULL;
        broker->wrap = broker->tail;
        broker->tail = 0;
    }
    char *room = broker->memory + broker->tail;
    mqb_memory_unpoison(room, bytes);
    broker->tail += bytes;
    return room;
}

void mqb_loopback_release(struct mqb_loopback *broker, size_t bytes)
{
    mqb_memory_poison(broker->memory + broker->head, bytes);
    broker->queued--;
    broker->head += bytes;
    if (broker->wrap != 0 && broker->head == broker->wrap)
        broker->head = broker->wrap = 0;
}

/* ---- Records ---- */

static bool fits_packet(const struct mqb_publish *message)
{
    const struct mqb_properties *properties = &message->properties;
    bool fits = message->topic.len <= UINT16_MAX && properties->response_topic.len <= UINT16_MAX &&
                properties->correlation_data.len <= UINT16_MAX &&
                properties->content_type.len <= UINT16_MAX && properties->user_count <= UINT16_MAX;
    for (size_t i = 0; i < properties->user_count && fits; i++)
        fits = properties->user[i].name.len <= UINT16_MAX &&
               properties->user[i].value.len <= UINT16_MAX;
    return fits;
}

static struct record describe(
    const struct mqb_loopback_peer *sender,
    const struct mqb_publish *message)
{
    const struct mqb_properties *properties = &message->properties;
    unsigned flags = (unsigned)message->qos & QOS;
    if (message->duplicate)
        flags |= DUPLICATE;
    if (properties->is_text)
        flags |= IS_TEXT;
    return (struct record){
        .sender = sender,
        .payload_len = message->payload.len,
        .expiry_s = properties->expiry_s,
        .topic_len = (uint16_t)message->topic.len,
        .response_topic_len = (uint16_t)properties->response_topic.len,
        .correlation_data_len = (uint16_t)properties->correlation_data.len,
        .content_type_len = (uint16_t)properties->content_type.len,
        .user_count = (uint16_t)properties->user_count,
        .flags = (uint8_t)flags,
    };
}

/* Bytes of the record and its strings. The payload is no longer than the ring. */
static size_t record_size(const struct record *record, const struct mqb_user_property *user)
{
    size_t bytes = sizeof *record + record->topic_len + record->payload_len +
                   record->response_topic_len + record->correlation_data_len +
                   record->content_type_len;
    if (record->user_count != 0)
        bytes += record->user_count * USER_BYTES + USER_ALIGN - 1;
    for (size_t i = 0; i < record->user_count; i++)
        bytes += user[i].name.len + user[i].value.len;
    return bytes;
}

/* The user properties of the record at `room`. */
static char *users_at(char *room)
{
    char *at = room + sizeof(struct record);
    return at + (USER_ALIGN - (uintptr_t)at % USER_ALIGN) % USER_ALIGN;
}

static char *put_part(char *to, struct mqb_str part)
{
    if (part.len != 0)
        memcpy(to, part.ptr, part.len);
    return to + part.len;
}

/* Returns the end of their strings. */
static char *put_users(char *room, const struct mqb_properties *properties)
{
    char *users = users_at(room);
    char *at = users + properties->user_count * USER_BYTES;
    for (size_t i = 0; i < properties->user_count; i++) {
        const struct mqb_user_property *user = &properties->user[i];
        const struct mqb_user_property copy = {
            .name = {at, user->name.len},
            .value = {at + user->name.len, user->value.len},
        };
        memcpy(users + i * USER_BYTES, &copy, sizeof copy);
        at = put_part(put_part(at, user->name), user->value);
    }
    return at;
}

bool mqb_loopback_put(const struct mqb_loopback_peer *sender, const struct mqb_publish *message)
{
    struct mqb_loopback *broker = sender->broker;
    const struct mqb_properties *properties = &message->properties;
    if (message->payload.len > broker->bytes || !fits_packet(message))
        return false;
    const struct record record = describe(sender, message);
    char *room = claim_ring(broker, record_size(&record, properties->user));
    if (!room)
        return false;
    memcpy(room, &record, sizeof record);
    char *at = room + sizeof record;
    if (record.user_count != 0)
        at = put_users(room, properties);
    at = put_part(put_part(at, message->topic), message->payload);
    at = put_part(put_part(at, properties->response_topic), properties->correlation_data);
    put_part(at, properties->content_type);
    broker->queued++;
    return true;
}

static struct mqb_str take_part(const char **at, size_t len)
{
    const struct mqb_str part = {*at, len};
    *at += len;
    return part;
}

size_t mqb_loopback_look(
    const struct mqb_loopback *broker,
    struct mqb_publish *message,
    const struct mqb_loopback_peer **sender)
{
    char *room = broker->memory + broker->head;
    const char *at = room + sizeof(struct record);
    const struct mqb_user_property *user = NULL;
    struct record record;
    memcpy(&record, room, sizeof record);
    if (record.user_count != 0) {
        user = (const struct mqb_user_property *)(const void *)users_at(room);
        const struct mqb_str last = user[record.user_count - 1].value;
        at = last.ptr + last.len;
    }
    *sender = record.sender;
    memset(message, 0, sizeof *message);
    message->qos = (int)(record.flags & QOS);
    message->duplicate = (record.flags & DUPLICATE) != 0;
    message->topic = take_part(&at, record.topic_len);
    message->payload = take_part(&at, record.payload_len);
    message->properties.response_topic = take_part(&at, record.response_topic_len);
    message->properties.correlation_data = take_part(&at, record.correlation_data_len);
    message->properties.content_type = take_part(&at, record.content_type_len);
    message->properties.user = user;
    message->properties.user_count = record.user_count;
    message->properties.expiry_s = record.expiry_s;
    message->properties.is_text = (record.flags & IS_TEXT) != 0;
    return record_size(&record, user);
}
