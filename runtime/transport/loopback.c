/* An MQTT broker in memory: a ring of messages and, for each client, a list of filters. */
#include <mqbind/loopback.h>

#include <string.h>

#include <mqbind/detail/memory.h>

#include "client/topic.h"
#include "client/topic_filter.h"

/* Precedes each queued message. Copied in and out, because the memory is unaligned. */
struct record {
    const struct mqb_loopback_peer *sender;
    size_t payload_len;
    uint16_t topic_len;
    uint16_t response_topic_len;
    uint16_t correlation_data_len;
    uint8_t qos;
};

enum mqb_status mqb_loopback_init_as(
    size_t peer_size,
    struct mqb_loopback *broker,
    void *memory,
    size_t bytes)
{
    if (peer_size != sizeof(struct mqb_loopback_peer))
        return MQB_ERR_BUILD;
    if (!broker)
        return MQB_ERR_ARGUMENT;
    memset(broker, 0, sizeof *broker);
    broker->memory = memory;
    broker->bytes = memory ? bytes : 0;
    mqb_memory_unpoison(broker->memory, broker->bytes);
    return memory || bytes == 0 ? MQB_OK : MQB_ERR_ARGUMENT;
}

/*
 * ---- The ring. Records are never split: `wrap` is the end of the last one before the wrap. ----
 */

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

static void release_ring(struct mqb_loopback *broker, size_t bytes)
{
    broker->head += bytes;
    if (broker->wrap != 0 && broker->head == broker->wrap)
        broker->head = broker->wrap = 0;
}

static size_t record_bytes(const struct record *record)
{
    return sizeof *record + record->topic_len + record->payload_len + record->response_topic_len +
           record->correlation_data_len;
}

static bool may_carry(const struct mqb_loopback *broker, const struct mqb_publish *message)
{
    return broker && !mqb_topic_rule(message->topic) && message->payload.len <= broker->bytes &&
           message->properties.response_topic.len <= MQB_TOPIC_MAX &&
           message->properties.correlation_data.len <= UINT16_MAX;
}

static char *put(char *to, struct mqb_str part)
{
    if (part.len != 0)
        memcpy(to, part.ptr, part.len);
    return to + part.len;
}

static enum mqb_status publish_to_ring(void *context, const struct mqb_publish *message)
{
    const struct mqb_loopback_peer *peer = context;
    const struct mqb_properties *properties = &message->properties;
    struct mqb_loopback *broker = peer->broker;
    if (!may_carry(broker, message))
        return MQB_ERR_TRANSPORT;
    const struct record record = {
        .sender = peer,
        .payload_len = message->payload.len,
        .topic_len = (uint16_t)message->topic.len,
        .response_topic_len = (uint16_t)properties->response_topic.len,
        .correlation_data_len = (uint16_t)properties->correlation_data.len,
        .qos = (uint8_t)message->qos,
    };
    char *room = claim_ring(broker, record_bytes(&record));
    if (!room)
        return MQB_ERR_TRANSPORT;
    memcpy(room, &record, sizeof record);
    room = put(room + sizeof record, message->topic);
    room = put(room, message->payload);
    room = put(room, properties->response_topic);
    put(room, properties->correlation_data);
    broker->queued++;
    return MQB_OK;
}

static bool loopback_carries_properties(void *context)
{
    (void)context;
    return true;
}

static enum mqb_own_messages loopback_own_messages(void *context)
{
    const struct mqb_loopback_peer *peer = context;
    const bool left_out = peer->broker && mqb_flag_is_set(&peer->broker->no_local);
    return left_out ? MQB_OWN_LEFT_OUT : MQB_OWN_RETURNED;
}

/* ---- Filters: for each a byte of QoS and the marks of a shared one, the text, and NUL ---- */

enum {
    QOS_BITS = 3,
    SERVED = 4, /* Has had its turn: other members of the group come first. */
    SETTLED = 8, /* It is settled who gets the current message. */
};

static bool is_shared(struct mqb_str filter)
{
    return filter.len >= 7 && memcmp(filter.ptr, "$share/", 7) == 0;
}

static bool is_filter(struct mqb_str filter)
{
    struct mqb_str group;
    if (!is_shared(filter))
        return mqb_topic_filter_valid(filter);
    bool split = mqb_topic_split_group(&filter, &group);
    return split && group.len != 0 && !mqb_topic_group_rule(group) &&
           mqb_topic_filter_valid(filter);
}

static char *find_filter(struct mqb_loopback_peer *peer, struct mqb_str filter)
{
    for (size_t at = 0; at < peer->filter_bytes;) {
        struct mqb_str found = mqb_str_from(peer->filters + at + 1);
        if (mqb_str_equal(found, filter))
            return peer->filters + at;
        at += found.len + 2;
    }
    return NULL;
}

static enum mqb_status subscribe_peer(void *context, const char *text, int qos)
{
    struct mqb_loopback_peer *peer = context;
    struct mqb_str filter = mqb_str_from(text);
    if (!peer->broker || !is_filter(filter))
        return MQB_ERR_TRANSPORT;
    char *found = find_filter(peer, filter);
    if (found) {
        *found = (char)((*found & ~QOS_BITS) | qos);
        return MQB_OK;
    }
    if (filter.len + 2 > sizeof peer->filters - peer->filter_bytes)
        return MQB_ERR_TRANSPORT;
    char *end = peer->filters + peer->filter_bytes;
    *end = (char)(qos | SETTLED);
    memcpy(end + 1, text, filter.len + 1);
    peer->filter_bytes += filter.len + 2;
    return MQB_OK;
}

static enum mqb_status unsubscribe_peer(void *context, const char *text)
{
    struct mqb_loopback_peer *peer = context;
    struct mqb_str filter = mqb_str_from(text);
    char *found = find_filter(peer, filter);
    if (!found)
        return MQB_ERR_TRANSPORT;
    size_t behind = (size_t)(found - peer->filters) + filter.len + 2;
    memmove(found, peer->filters + behind, peer->filter_bytes - behind);
    peer->filter_bytes -= filter.len + 2;
    return MQB_OK;
}

/* The highest QoS of the peer's own subscriptions to the topic, or -1. */
static int subscribed_qos(const struct mqb_loopback_peer *peer, struct mqb_str topic)
{
    int highest = -1;
    for (size_t at = 0; at < peer->filter_bytes;) {
        struct mqb_str filter = mqb_str_from(peer->filters + at + 1);
        int qos = peer->filters[at] & QOS_BITS;
        if (qos > highest && !is_shared(filter) && mqb_topic_filter_matches(filter, topic))
            highest = qos;
        at += filter.len + 2;
    }
    return highest;
}

/* ---- Peers ---- */

struct mqb_transport mqb_loopback_join(
    struct mqb_loopback *broker,
    struct mqb_loopback_peer *peer,
    struct mqb_client *client)
{
    if (!broker || !peer || !client)
        return (struct mqb_transport){.context = NULL};
    struct mqb_loopback_peer **link = &broker->peers;
    while (*link && *link != peer)
        link = &(*link)->next;
    if (!*link) {
        *link = peer;
        peer->next = NULL;
    }
    peer->broker = broker;
    peer->client = client;
    peer->filter_bytes = 0;
    return (struct mqb_transport){
        .context = peer,
        .publish = publish_to_ring,
        .subscribe = subscribe_peer,
        .unsubscribe = unsubscribe_peer,
        .carries_properties = loopback_carries_properties,
        .own_messages = loopback_own_messages,
    };
}

bool mqb_loopback_leave(struct mqb_loopback_peer *peer)
{
    struct mqb_loopback *broker = peer ? peer->broker : NULL;
    if (!broker)
        return true;
    if (broker->running)
        return false;
    struct mqb_loopback_peer **link = &broker->peers;
    while (*link != peer)
        link = &(*link)->next;
    *link = peer->next;
    peer->broker = NULL;
    peer->filter_bytes = 0;
    mqb_client_cancel_calls(peer->client);
    return true;
}

static void hand_to_client(struct mqb_client *client, const struct mqb_publish *message, int qos)
{
    struct mqb_publish copy = *message;
    if (qos < copy.qos)
        copy.qos = qos;
    mqb_client_receive(client, &copy);
}

static void unsettle(struct mqb_loopback_peer *peer)
{
    for (size_t at = 0; at < peer->filter_bytes;) {
        peer->filters[at] = (char)(peer->filters[at] & ~SETTLED);
        at += mqb_str_from(peer->filters + at + 1).len + 2;
    }
}

/* A shared filter of the peer that matches and is not settled, or none: its ptr is NULL. */
static struct mqb_str find_shared(const struct mqb_loopback_peer *peer, struct mqb_str topic)
{
    for (size_t at = 0; at < peer->filter_bytes;) {
        struct mqb_str text = mqb_str_from(peer->filters + at + 1);
        struct mqb_str filter = text;
        struct mqb_str group;
        bool open = (peer->filters[at] & SETTLED) == 0;
        bool shared = mqb_topic_split_group(&filter, &group);
        if (open && shared && mqb_topic_filter_matches(filter, topic))
            return text;
        at += text.len + 2;
    }
    return (struct mqb_str){NULL, 0};
}

/* Settle the filter, and find the first member of the group that has not had its turn. */
static struct mqb_loopback_peer *find_turn(struct mqb_loopback_peer *first, struct mqb_str filter)
{
    struct mqb_loopback_peer *turn = NULL;
    for (struct mqb_loopback_peer *peer = first; peer; peer = peer->next) {
        char *found = find_filter(peer, filter);
        if (!found)
            continue;
        *found = (char)(*found | SETTLED);
        if (!turn && (*found & SERVED) == 0)
            turn = peer;
    }
    return turn;
}

/* All have had their turn: start over with the first one that has the filter. */
static void start_over(struct mqb_loopback_peer *first, struct mqb_str filter)
{
    for (struct mqb_loopback_peer *peer = first; peer; peer = peer->next) {
        char *found = find_filter(peer, filter);
        if (found)
            *found = (char)(*found & ~SERVED);
    }
}

/* Handlers may subscribe and unsubscribe: the search starts over for each shared filter. */
static void deliver_shared(struct mqb_loopback *broker, const struct mqb_publish *message)
{
    struct mqb_loopback_peer *peer = broker->peers;
    while (peer) {
        struct mqb_str filter = find_shared(peer, message->topic);
        if (!filter.ptr) {
            peer = peer->next;
            continue;
        }
        struct mqb_loopback_peer *turn = find_turn(peer, filter);
        if (!turn) {
            start_over(peer, filter);
            turn = peer;
        }
        char *found = find_filter(turn, filter);
        *found = (char)(*found | SERVED);
        hand_to_client(turn->client, message, *found & QOS_BITS);
    }
}

static void deliver_to_peers(
    struct mqb_loopback *broker,
    const struct mqb_publish *message,
    const struct mqb_loopback_peer *sender)
{
    const struct mqb_loopback_peer *left_out = mqb_flag_is_set(&broker->no_local) ? sender : NULL;
    for (struct mqb_loopback_peer *peer = broker->peers; peer; peer = peer->next)
        unsettle(peer);
    for (struct mqb_loopback_peer *peer = broker->peers; peer; peer = peer->next) {
        int qos = subscribed_qos(peer, message->topic);
        if (qos >= 0 && peer != left_out)
            hand_to_client(peer->client, message, qos);
    }
    deliver_shared(broker, message);
}

/* The message stays in place while handlers run: they only append messages. */
static void take_one(struct mqb_loopback *broker)
{
    struct record record;
    const char *from = broker->memory + broker->head;
    memcpy(&record, from, sizeof record);
    const char *topic = from + sizeof record;
    const char *payload = topic + record.topic_len;
    const char *response_topic = payload + record.payload_len;
    const char *correlation_data = response_topic + record.response_topic_len;
    const struct mqb_publish message = {
        .topic = {topic, record.topic_len},
        .payload = {payload, record.payload_len},
        .qos = record.qos,
        .properties.response_topic = {response_topic, record.response_topic_len},
        .properties.correlation_data = {correlation_data, record.correlation_data_len},
    };
    deliver_to_peers(broker, &message, record.sender);
    mqb_memory_poison(broker->memory + broker->head, record_bytes(&record));
    broker->queued--;
    release_ring(broker, record_bytes(&record));
}

size_t mqb_loopback_run(struct mqb_loopback *broker)
{
    size_t taken = 0;
    if (!broker || broker->running)
        return 0;
    broker->running = true;
    while (broker->queued != 0 && taken < MQB_LOOPBACK_RUN_MAX) {
        take_one(broker);
        taken++;
    }
    broker->running = false;
    return taken;
}
