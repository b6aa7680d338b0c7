/*
 * loopback.h - an MQTT broker in the memory of one program, for tests and examples.
 *
 * Clients join it. What they publish is copied into the broker's memory, and mqb_loopback_run()
 * delivers it to every client with a matching subscription: once to each, with the lower of the two
 * QoS. Clients with a shared subscription, "$share/group/filter", take turns. Nothing is dropped
 * silently: a message that does not fit into the memory is refused with MQB_ERR_TRANSPORT.
 *
 *     static char memory[4096];
 *     struct mqb_loopback broker;
 *     struct mqb_loopback_peer toy_peer;
 *     mqb_loopback_init(&broker, memory, sizeof memory);
 *     toy_config.transport = mqb_loopback_join(&broker, &toy_peer, &toy_client);
 *
 * Set `no_local` of the broker for protocols that use a topic in both directions.
 *
 * It has no retained messages, no sessions that outlive a peer, no clock and no entropy: for calls,
 * the application calls mqb_client_tick() and gives the client a seed. The broker and its clients
 * belong to one thread.
 */
#ifndef MQBIND_LOOPBACK_H
#define MQBIND_LOOPBACK_H

#include <mqbind/mqbind.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifndef MQB_LOOPBACK_FILTER_BYTES
/** Memory for the filters of one peer, in bytes: the length of each, plus 2. Can be set. */
#define MQB_LOOPBACK_FILTER_BYTES 1024
#endif

/** Most messages of one mqb_loopback_run(), since clients may answer each other forever. */
#define MQB_LOOPBACK_RUN_MAX 1000

struct mqb_loopback_peer;

/** The broker. Its memory belongs to the caller and must outlive the clients. */
struct mqb_loopback {
    size_t queued; /**< Messages that wait for mqb_loopback_run(). May be read. */
    /**
     * Clients do not receive what they sent themselves, like "no local" of MQTT 5; for protocols
     * that use a topic in both directions. May be set after mqb_loopback_init(). [false]
     */
    bool no_local;
    /** @privatesection */
    struct mqb_loopback_peer *peers;
    char *memory;
    size_t bytes;
    size_t head;
    size_t tail;
    size_t wrap;
    bool running;
};

/** A client's place at the broker. Its memory belongs to the caller; all of it is private. */
struct mqb_loopback_peer {
    /** @privatesection */
    struct mqb_loopback_peer *next;
    struct mqb_loopback *broker;
    struct mqb_client *client;
    size_t filter_bytes;
    char filters[MQB_LOOPBACK_FILTER_BYTES];
};

/** mqb_loopback_init() for code in which a peer has this size. Private. */
enum mqb_status mqb_loopback_init_as(
    size_t peer_size,
    struct mqb_loopback *broker,
    void *memory,
    size_t bytes);

/**
 * Initialize a broker that queues messages in `bytes` bytes at `memory`. MQB_ERR_BUILD: the library
 * was built with another MQB_LOOPBACK_FILTER_BYTES. MQB_ERR_ARGUMENT: a pointer is NULL.
 */
static inline enum mqb_status mqb_loopback_init(
    struct mqb_loopback *broker,
    void *memory,
    size_t bytes)
{
    return mqb_loopback_init_as(sizeof(struct mqb_loopback_peer), broker, memory, bytes);
}

/**
 * Let a client join, and return the transport for its config; the client may be initialized after
 * this. If a pointer is NULL, the transport has no functions.
 */
struct mqb_transport mqb_loopback_join(
    struct mqb_loopback *broker,
    struct mqb_loopback_peer *peer,
    struct mqb_client *client);

/**
 * Remove a client with its subscriptions, as if its connection had broken: what it sends after this
 * is refused, and its calls end with MQB_ERR_TRANSPORT. False if called from a handler, when
 * nothing happens. A peer that is NULL or has left is ignored. To come back, call
 * mqb_loopback_join() and mqb_client_subscribe_all().
 */
bool mqb_loopback_leave(struct mqb_loopback_peer *peer);

/**
 * Deliver all queued messages in order, and those that handlers publish meanwhile. Returns the
 * number of messages taken from the queue. It stops after MQB_LOOPBACK_RUN_MAX messages: call it
 * again for the rest. Does nothing if called from a handler: the call in progress delivers.
 */
size_t mqb_loopback_run(struct mqb_loopback *broker);

#ifdef __cplusplus
}
#endif

#endif
