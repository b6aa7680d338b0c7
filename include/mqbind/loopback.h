/*
 * loopback.h - an MQTT broker in the memory of one program, for tests and examples.
 *
 * Clients join it. What they publish is copied into the broker's memory, and mqb_loopback_run()
 * delivers it to every joined client that has a matching subscription: once to each client, at the
 * lower of the two QoS. Those who share a subscription, "$share/group/filter", take turns. Nothing
 * is lost in silence: a message that does not fit the memory is refused with MQB_ERR_TRANSPORT.
 *
 *     static char memory[4096];
 *     struct mqb_loopback broker;
 *     struct mqb_loopback_peer toy_peer;
 *     mqb_loopback_init(&broker, memory, sizeof memory);
 *     toy_config.transport = mqb_loopback_join(&broker, &toy_peer, &toy_client);
 *
 * What it lacks: retained messages, sessions that outlive a peer, a clock, and entropy: for calls,
 * the application tells the time with mqb_client_tick(), and gives a seed. The broker and its
 * clients belong to one thread.
 */
#ifndef MQBIND_LOOPBACK_H
#define MQBIND_LOOPBACK_H

#include <mqbind/mqbind.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifndef MQB_LOOPBACK_FILTER_BYTES
/** Memory for the filters of one peer: each takes its length and 2 bytes. */
#define MQB_LOOPBACK_FILTER_BYTES 1024
#endif

/** Most messages that one mqb_loopback_run() takes: clients may answer each other for ever. */
#define MQB_LOOPBACK_RUN_MAX 1000

struct mqb_loopback_peer;

/** The broker. Storage is the caller's and must outlive the clients. `queued` may be read. */
struct mqb_loopback {
    size_t queued; /**< Messages that wait for mqb_loopback_run(). */
    struct mqb_loopback_peer *peers; /**< Private, like all that follows. */
    char *memory;
    size_t bytes;
    size_t head;
    size_t tail;
    size_t wrap;
    bool running;
};

/** A client's place at the broker. Storage is the caller's; all of it is private. */
struct mqb_loopback_peer {
    struct mqb_loopback_peer *next;
    struct mqb_loopback *broker;
    struct mqb_client *client;
    size_t filter_bytes;
    char filters[MQB_LOOPBACK_FILTER_BYTES];
};

/** Private: the same for code to which a peer has this size. */
enum mqb_status mqb_loopback_init_as(
    size_t peer_size,
    struct mqb_loopback *broker,
    void *memory,
    size_t bytes);

/**
 * Prepare a broker that queues messages in `bytes` bytes at `memory`. MQB_ERR_BUILD if the library
 * was built with another MQB_LOOPBACK_FILTER_BYTES, MQB_ERR_ARGUMENT if a pointer is NULL.
 */
static inline enum mqb_status mqb_loopback_init(
    struct mqb_loopback *broker,
    void *memory,
    size_t bytes)
{
    return mqb_loopback_init_as(sizeof(struct mqb_loopback_peer), broker, memory, bytes);
}

/**
 * Join a client, which may still be uninitialised: its config needs the transport. If a pointer is
 * NULL, the transport is one that carries nothing.
 */
struct mqb_transport mqb_loopback_join(
    struct mqb_loopback *broker,
    struct mqb_loopback_peer *peer,
    struct mqb_client *client);

/**
 * Take a client out, with its subscriptions, as if its connection had broken; what it then sends is
 * refused, and its calls end with MQB_ERR_TRANSPORT. False from inside a handler, where nothing
 * happens. NULL is nobody, and out already. To come back: mqb_loopback_join() and
 * mqb_client_subscribe_all().
 */
bool mqb_loopback_leave(struct mqb_loopback_peer *peer);

/**
 * Deliver what is queued, and what handlers publish meanwhile, in order. Returns the number of
 * messages taken from the queue; stops at MQB_LOOPBACK_RUN_MAX, and call again for the rest. From
 * inside a handler it does nothing: the call under way delivers.
 */
size_t mqb_loopback_run(struct mqb_loopback *broker);

#ifdef __cplusplus
}
#endif

#endif
