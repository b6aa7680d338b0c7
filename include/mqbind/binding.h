/*
 * binding.h - what ties a side to its client. Generated side headers include it.
 *
 * Applications bind a side with its generated functions; those call the functions here.
 */
#ifndef MQBIND_BINDING_H
#define MQBIND_BINDING_H

#include <mqbind/mqbind.h>

#ifdef __cplusplus
extern "C" {
#endif

struct mqb_router;

/** Ties a binding to others with the same values. Private. */
struct mqb_binding_link {
    struct mqb_binding_link *next;
    struct mqb_binding_link **at; /**< What points to it. */
    struct mqb_binding *binding;
    uint32_t hash;
};

/**
 * Handlers of one side, added to a client. Generated code embeds it in the side's struct, right
 * behind its links and values: what a message needs of one among many is then close together.
 */
struct mqb_binding {
    void *side; /**< The generated struct of the side. */
    const struct mqb_router *router;
    /**
     * Values that topics must have to reach this binding; an empty one takes any. They stay as they
     * are while it is bound.
     */
    const struct mqb_str *values;
    /** Private: the number of the one that its sort began with. */
    uint64_t sort;
    struct mqb_client *client;
    struct mqb_binding_link *links; /**< One for each of the router's keys. */
    /**
     * Share the messages of each filter with all that bind with this group, at the same broker:
     * each message reaches one of them. NULL: the groups of the routes. "": no sharing.
     */
    const char *group;
    /* Private, like all that follows. Of one sort are bindings with the same sets of values. */
    const struct mqb_binding *bound; /**< Itself while it is bound. */
    struct mqb_binding *next; /**< Of the same sort. */
    struct mqb_binding *previous; /**< NULL if it is the first of its sort. */
    struct mqb_binding *next_sort; /**< The first of the next sort, if this is a first one. */
    uint64_t number; /**< From 1 on in the order in which they were bound. */
    uint32_t given; /**< Which values are not empty. */
    struct mqb_call *calls; /**< Those that wait, the newest first. */
};

/** Private: the same for code that is built in this way. */
enum mqb_status mqb_binding_add_as(const struct mqb_build *build, struct mqb_binding *binding);
/**
 * Add a binding to its client and subscribe to the topics it wants. Refused: MQB_ERR_BUILD if
 * the library has other limits than the code that calls; MQB_ERR_DUPLICATE if
 * it is bound already; MQB_ERR_TOPIC or MQB_ERR_SPACE if a filter cannot be made of its values and
 * its group or does not fit the send buffer. A failure of the transport is returned, and the
 * binding stays: mqb_client_subscribe_all() tries again. Handlers may bind; the message at hand
 * does not reach the new binding.
 */
static inline enum mqb_status mqb_binding_add(struct mqb_binding *binding)
{
    const struct mqb_build build = mqb_build_current();
    return mqb_binding_add_as(&build, binding);
}
/** True if it is bound: its fields must then not be set again. One never bound is all zero. */
bool mqb_binding_is_active(const struct mqb_binding *binding);
/**
 * Take it out again and unsubscribe from what no other binding wants. MQB_ERR_NO_ROUTE if it is
 * not bound; MQB_ERR_HANDLER from inside a handler or on_error of its client, which may be about
 * to use it: nothing changes then. The calls of its side end, with MQB_ERR_TRANSPORT.
 */
enum mqb_status mqb_binding_remove(struct mqb_binding *binding);

#ifdef __cplusplus
}
#endif

#endif
