#include "client/topic_counters.h"

#include <string.h>

#include "json/hash.h"

enum {
    OTHER_RECEIVED = 0,
    OTHER_SENT = 1,
    FIRST_USED = 2,
};

void mqb_topic_counters_init(struct mqb_client *client)
{
    const struct mqb_client_config *config = &client->config;
    if (config->topic_count == 0)
        return;
    memset(config->topics, 0, config->topic_count * sizeof *config->topics);
    config->topics[OTHER_SENT].sent = true;
    client->topics_used = FIRST_USED;
}

/* The first entry of its bucket, plus 1. Addresses are constants of the program. */
static size_t *topic_bucket(
    const struct mqb_client_config *config,
    const struct mqb_address *address,
    bool sent)
{
    const uint64_t hash = mqb_hash_word(sent ? 1U : 0U, (uintptr_t)address);
    return &config->topics[(size_t)(hash >> 16) % config->topic_count].bucket;
}

static struct mqb_topic_counters *find_topic(
    struct mqb_client *client,
    const struct mqb_address *address,
    bool sent)
{
    struct mqb_topic_counters *topics = client->config.topics;
    struct mqb_topic_counters *other = &topics[sent ? OTHER_SENT : OTHER_RECEIVED];
    if (!address)
        return other;
    size_t *bucket = topic_bucket(&client->config, address, sent);
    for (size_t at = *bucket; at != 0; at = topics[at - 1].next) {
        if (topics[at - 1].address == address && topics[at - 1].sent == sent)
            return &topics[at - 1];
    }
    if (client->topics_used == client->config.topic_count)
        return other;
    struct mqb_topic_counters *topic = &topics[client->topics_used];
    topic->address = address;
    topic->sent = sent;
    topic->next = *bucket;
    client->topics_used++;
    *bucket = client->topics_used;
    return topic;
}

static void count_by_topic(
    struct mqb_client *client,
    const struct mqb_address *address,
    bool sent,
    enum mqb_status status,
    size_t bytes)
{
    struct mqb_topic_counters *topic = find_topic(client, address, sent);
    topic->by_status[status]++;
    if (status == MQB_OK)
        topic->bytes += bytes;
}

void mqb_client_count_received(
    struct mqb_client *client,
    const struct mqb_address *address,
    enum mqb_status status,
    size_t bytes)
{
    client->counters.received++;
    client->counters.received_by_status[status]++;
    if (client->config.topic_count != 0)
        count_by_topic(client, address, false, status, bytes);
}

void mqb_client_count_sent(
    struct mqb_client *client,
    const struct mqb_address *address,
    enum mqb_status status,
    size_t bytes)
{
    client->counters.sent++;
    client->counters.sent_by_status[status]++;
    if (client->config.topic_count != 0)
        count_by_topic(client, address, true, status, bytes);
}

/* ---- The address as text ---- */

struct text {
    char *buf;
    size_t cap;
    size_t len;
};

static void append(struct text *text, const char *part, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (text->len < text->cap)
            text->buf[text->len] = part[i];
        text->len++;
    }
}

size_t mqb_topic_counters_address(const struct mqb_topic_counters *topic, char *buf, size_t cap)
{
    const struct mqb_address *address = topic ? topic->address : NULL;
    struct text text = {buf, buf ? cap : 0, 0};
    size_t parameter = 0;
    for (const char *at = address ? address->text : ""; *at != '\0'; at++) {
        append(&text, at, 1);
        if (*at == '{' && parameter < address->parameter_count) {
            const struct mqb_str name = mqb_str_from(address->parameters[parameter]->name);
            append(&text, name.ptr, name.len);
            parameter++;
        }
    }
    if (text.cap != 0)
        text.buf[text.len < text.cap ? text.len : text.cap - 1] = '\0';
    return text.len;
}
