/*
 * A record has a head with lengths, the user properties as an array, all strings with their NUL,
 * and the payload. Pointers are null in a record that is written, and set whenever it is read.
 */
#include "client/record.h"

#include <string.h>

#include "client/topic.h"
#include "json/siphash.h"

#define RECORD_VERSION 1U
/* Packets have at most this many bytes after the first (MQTT 2.2.3). */
#define PAYLOAD_MAX 268435455U

struct record_head {
    uint64_t checksum; /* Of everything behind it, in a record that is sealed. */
    uint32_t version;
    uint32_t payload_len;
    uint32_t expiry_s;
    uint16_t topic_len;
    uint16_t response_topic_len;
    uint16_t correlation_data_len;
    uint16_t content_type_len;
    uint16_t user_count;
    uint8_t qos;
    uint8_t flags;
};

enum {
    FLAG_RETAIN = 1,
    FLAG_DUPLICATE = 2,
    FLAG_IS_TEXT = 4,
};

_Static_assert(sizeof(struct record_head) % MQB_RECORD_ALIGN == 0, "the array is aligned");

static struct mqb_user_property *users_of(void *memory)
{
    return (struct mqb_user_property *)(void *)((char *)memory + sizeof(struct record_head));
}

/* ---- Size ---- */

static bool is_short(struct mqb_str text)
{
    return text.len <= UINT16_MAX;
}

bool mqb_record_fits(const struct mqb_publish *message)
{
    const struct mqb_properties *properties = &message->properties;
    bool fits = message->payload.len <= PAYLOAD_MAX && is_short(message->topic) &&
                is_short(properties->response_topic) && is_short(properties->correlation_data) &&
                is_short(properties->content_type) && properties->user_count <= UINT16_MAX;
    for (size_t i = 0; i < properties->user_count && fits; i++)
        fits = is_short(properties->user[i].name) && is_short(properties->user[i].value);
    return fits;
}

/* Each string has a NUL. */
static size_t user_bytes(const struct mqb_user_property *user, size_t count)
{
    size_t bytes = count * sizeof *user;
    for (size_t i = 0; i < count; i++)
        bytes += user[i].name.len + user[i].value.len + 2U;
    return bytes;
}

static size_t text_bytes(const struct record_head *head)
{
    return (size_t)head->topic_len + head->response_topic_len + head->correlation_data_len +
           head->content_type_len + 4U;
}

size_t mqb_record_bytes(const struct mqb_publish *message)
{
    const struct mqb_properties *properties = &message->properties;
    return sizeof(struct record_head) + user_bytes(properties->user, properties->user_count) +
           message->topic.len + properties->response_topic.len + properties->correlation_data.len +
           properties->content_type.len + 4U + message->payload.len;
}

/* ---- Writing ---- */

static char *lay_text(char *to, struct mqb_str text)
{
    if (text.len != 0)
        memcpy(to, text.ptr, text.len);
    to[text.len] = '\0';
    return to + text.len + 1;
}

/* Returns the end of their strings. */
static char *put_users(void *memory, const struct mqb_properties *properties)
{
    const size_t count = properties->user_count;
    struct mqb_user_property *users = users_of(memory);
    char *to = (char *)(users + count);
    for (size_t i = 0; i < count; i++) {
        const struct mqb_user_property *user = &properties->user[i];
        memset(&users[i], 0, sizeof users[i]);
        users[i].name.len = user->name.len;
        users[i].value.len = user->value.len;
        to = lay_text(lay_text(to, user->name), user->value);
    }
    return to;
}

static uint64_t checksum_of(const char *record, size_t bytes)
{
    const size_t from = sizeof(uint64_t);
    const struct mqb_str rest = {record + from, bytes - from};
    return mqb_fingerprint_string(RECORD_VERSION, MQB_SALT_TEXT, rest);
}

static uint8_t flags_of(const struct mqb_publish *message)
{
    unsigned flags = message->retain ? FLAG_RETAIN : 0U;
    flags |= message->duplicate ? FLAG_DUPLICATE : 0U;
    flags |= message->properties.is_text ? FLAG_IS_TEXT : 0U;
    return (uint8_t)flags;
}

void mqb_record_write(const struct mqb_publish *message, void *memory)
{
    const struct mqb_properties *properties = &message->properties;
    struct record_head *head = memory;
    *head = (struct record_head){
        .version = RECORD_VERSION,
        .payload_len = (uint32_t)message->payload.len,
        .expiry_s = properties->expiry_s,
        .topic_len = (uint16_t)message->topic.len,
        .response_topic_len = (uint16_t)properties->response_topic.len,
        .correlation_data_len = (uint16_t)properties->correlation_data.len,
        .content_type_len = (uint16_t)properties->content_type.len,
        .user_count = (uint16_t)properties->user_count,
        .qos = (uint8_t)message->qos,
        .flags = flags_of(message),
    };
    char *to = lay_text(put_users(memory, properties), message->topic);
    to = lay_text(lay_text(to, properties->response_topic), properties->correlation_data);
    to = lay_text(to, properties->content_type);
    if (message->payload.len != 0)
        memcpy(to, message->payload.ptr, message->payload.len);
}

void mqb_record_seal(void *memory, size_t bytes)
{
    struct record_head *head = memory;
    head->checksum = checksum_of(memory, bytes);
}

/* ---- Reading ---- */

static struct mqb_str take_string(const char **at, size_t len)
{
    const struct mqb_str text = {*at, len};
    *at += len + 1;
    return text;
}

/* Returns the end of their strings. */
static const char *take_users(void *memory, struct mqb_properties *properties, size_t count)
{
    struct mqb_user_property *users = users_of(memory);
    const char *at = (const char *)(users + count);
    for (size_t i = 0; i < count; i++) {
        users[i].name = take_string(&at, users[i].name.len);
        users[i].value = take_string(&at, users[i].value.len);
    }
    properties->user = count != 0 ? users : NULL;
    properties->user_count = count;
    return at;
}

void mqb_record_read(void *memory, struct mqb_publish *message)
{
    const struct record_head *head = memory;
    struct mqb_properties *properties = &message->properties;
    memset(message, 0, sizeof *message);
    const char *at = take_users(memory, properties, head->user_count);
    message->topic = take_string(&at, head->topic_len);
    properties->response_topic = take_string(&at, head->response_topic_len);
    properties->correlation_data = take_string(&at, head->correlation_data_len);
    properties->content_type = take_string(&at, head->content_type_len);
    properties->expiry_s = head->expiry_s;
    properties->is_text = (head->flags & FLAG_IS_TEXT) != 0;
    message->payload = (struct mqb_str){at, head->payload_len};
    message->qos = head->qos;
    message->retain = (head->flags & FLAG_RETAIN) != 0;
    message->duplicate = (head->flags & FLAG_DUPLICATE) != 0;
}

size_t mqb_record_strip(void *memory)
{
    struct record_head *head = memory;
    struct mqb_publish message;
    mqb_record_read(memory, &message);
    char *to = (char *)memory + sizeof *head;
    memmove(to, message.topic.ptr, message.topic.len);
    memset(to + message.topic.len, 0, 4U);
    *head = (struct record_head){.topic_len = head->topic_len, .qos = head->qos};
    return sizeof *head + text_bytes(head);
}

/* Whether the lengths of the user properties and of the rest are those of all bytes. */
static bool has_size(void *memory, size_t bytes)
{
    const struct record_head *head = memory;
    const size_t array_bytes = (size_t)head->user_count * sizeof(struct mqb_user_property);
    if (bytes - sizeof *head < array_bytes)
        return false;
    size_t rest = bytes - sizeof *head - array_bytes;
    const struct mqb_user_property *users = users_of(memory);
    for (size_t i = 0; i < head->user_count; i++) {
        if (!is_short(users[i].name) || !is_short(users[i].value))
            return false;
        const size_t strings = users[i].name.len + users[i].value.len + 2U;
        if (strings > rest)
            return false;
        rest -= strings;
    }
    return rest == text_bytes(head) + head->payload_len;
}

bool mqb_record_is_valid(void *memory, size_t bytes)
{
    const struct record_head *head = memory;
    if (bytes < sizeof *head || head->version != RECORD_VERSION || head->qos > 2 ||
        !has_size(memory, bytes) || head->checksum != checksum_of(memory, bytes))
        return false;
    struct mqb_publish message;
    mqb_record_read(memory, &message);
    return mqb_topic_rule(message.topic) == NULL;
}
