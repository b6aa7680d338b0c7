/* An MQTT broker in memory: a ring of messages and, for each client, a list of filters. */
#include <mqbind/loopback.h>

#include <string.h>

#include <mqbind/detail/memory.h>

#include "client/topic.h"
#include "client/topic_filter.h"
#include "transport/loopback_ring.h"

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
    mqb_loopback_set_memory(broker, memory, bytes);
    return memory || bytes == 0 ? MQB_OK : MQB_ERR_ARGUMENT;
}

static enum mqb_status publish_to_ring(void *context, const struct mqb_publish *message)
{
    const struct mqb_loopback_peer *peer = context;
    if (!peer->broker || mqb_topic_rule(message->topic))
        return MQB_ERR_TRANSPORT;
    return mqb_loopback_put(peer, message) ? MQB_OK : MQB_ERR_TRANSPORT;
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
    struct mqb_publish message;
    const struct mqb_loopback_peer *sender = mqb_loopback_look(broker, &message);
    message.retain = false; /* It comes from its sender, not from what a broker kept. */
    deliver_to_peers(broker, &message, sender);
    mqb_loopback_release(broker);
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
