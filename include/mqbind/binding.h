/*
 * binding.h - connects a side to its client; included by the generated headers of sides.
 *
 * Applications bind a side with its generated functions, which call the functions here.
 */
#ifndef MQBIND_BINDING_H
#define MQBIND_BINDING_H

#include <mqbind/mqbind.h>

#ifdef __cplusplus
extern "C" {
#endif

struct mqb_router;

/** Links a binding to others in a hash table. All of it is private. */
struct mqb_binding_link {
    /** @privatesection */
    struct mqb_binding_link *next;
    struct mqb_binding_link **at; /**< What points to it. */
    struct mqb_binding *binding;
    uint32_t hash;
};

/**
 * The handlers of one side, as part of a client. Generated code embeds it in the struct of the side
 * after its links and values, so that everything needed to select one of many is close together.
 */
struct mqb_binding {
    void *side; /**< The generated struct of the side. */
    const struct mqb_router *router; /**< The generated routes of the side. */
    /**
     * Values that topics must have to match this binding; an empty one matches any. They must not
     * change while it is active.
     */
    const struct mqb_str *values;
    uint64_t sort; /**< The number of the binding with which its group began. Private. */
    struct mqb_client *client; /**< The client; must outlive the binding. */
    struct mqb_binding_link *links; /**< One for each of the router's keys. */
    /**
     * Shared subscription: of all clients that subscribe with this group at the same broker, each
     * message reaches one. NULL: the groups of the routes. "": none.
     */
    const char *group;
    /** @privatesection */
    const struct mqb_binding *bound; /**< Points to itself while active. */
    struct mqb_binding *next; /**< The next one in its group: those with the same values given. */
    struct mqb_binding *previous; /**< NULL for the first of its group. */
    struct mqb_binding *next_sort; /**< The first of the next group, if this is a first one. */
    uint64_t number; /**< Sequence number from 1. */
    uint32_t given; /**< A bit for each value that is not empty. */
    struct mqb_call *calls; /**< Pending calls, the newest first. */
    struct mqb_binding *next_added; /**< The next one whose filters wait. */
    struct mqb_binding **added_at; /**< What points to it in that list; NULL if it is not there. */
};

/** mqb_binding_add() for code with this build. Private. */
enum mqb_status mqb_binding_add_as(const struct mqb_build *build, struct mqb_binding *binding);

/**
 * Add a binding to its client and subscribe to its topics.
 *
 * MQB_ERR_BUILD: the library was built with other limits than the caller. MQB_ERR_DUPLICATE: it is
 * active already. MQB_ERR_TOPIC or MQB_ERR_SPACE: its values and group do not form a valid filter,
 * or one that fits the send buffer (without one: the scratch memory); or the side would receive
 * what it sends. In these cases nothing was added. MQB_ERR_TRANSPORT: it was added, but not
 * subscribed; mqb_client_subscribe_all() tries again. Handlers may add bindings, which do not
 * receive the current message.
 */
static inline enum mqb_status mqb_binding_add(struct mqb_binding *binding)
{
    const struct mqb_build build = mqb_build_current();
    return mqb_binding_add_as(&build, binding);
}

/** True while the binding is part of a client. It must have been zeroed before its first use. */
bool mqb_binding_is_active(const struct mqb_binding *binding);

/**
 * Remove a binding from its client, and unsubscribe from topics that no other binding needs.
 * Pending calls of its side end with MQB_ERR_TRANSPORT.
 *
 * MQB_ERR_NO_ROUTE: it is not active. MQB_ERR_HANDLER: called from a handler or from on_error of
 * its client, which may be about to use it; nothing was changed.
 */
enum mqb_status mqb_binding_remove(struct mqb_binding *binding);

#ifdef __cplusplus
}
#endif

#endif
