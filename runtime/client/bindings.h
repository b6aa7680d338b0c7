/*
 * bindings.h - the bindings of a client, and which of them may match a topic.
 *
 * Bindings are grouped into sorts by their router and by which values they have. Those of a sort
 * are linked in a list and, by their values, in the application's buckets.
 */
#ifndef MQB_BINDINGS_H
#define MQB_BINDINGS_H

#include <mqbind/detail/side.h>

void mqb_bindings_init(struct mqb_client *client);

/** Walks in progress either do not reach an added binding, or skip it by its number. */
void mqb_bindings_add(struct mqb_client *client, struct mqb_binding *binding);
void mqb_bindings_remove(struct mqb_client *client, struct mqb_binding *binding);

/** The values that a binding requires of the parameters of a route, in the order of the address. */
void mqb_binding_values(
    const struct mqb_binding *binding,
    const struct mqb_route *route,
    struct mqb_str values[MQB_PARAMETERS_MAX]);

/** A walk over the bindings of one sort that may have the values given by a route's levels. */
struct mqb_candidates {
    bool hashed; /**< The candidates are in one bucket; otherwise they are the whole sort. */
    uint32_t hash;
    uint64_t sort;
    const struct mqb_binding_link *link;
    struct mqb_binding *binding;
};

/** The first binding, or NULL. `levels` come from mqb_router_find() or mqb_topic_read(). */
struct mqb_binding *mqb_candidates_first(
    struct mqb_candidates *candidates,
    const struct mqb_client *client,
    struct mqb_binding *sort,
    const struct mqb_route *route,
    const struct mqb_str *levels);
struct mqb_binding *mqb_candidates_next(struct mqb_candidates *candidates);

#endif
