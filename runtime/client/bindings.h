/*
 * bindings.h - the bindings of a client, and which of them a topic may be for.
 *
 * Bindings are sorted by their router and by which values they have; those of a sort stand in a
 * list, and by their values in the application's buckets.
 */
#ifndef MQB_BINDINGS_H
#define MQB_BINDINGS_H

#include <mqbind/generated.h>

void mqb_bindings_init(struct mqb_client *client);

/** Walks that go on do not come to a binding that is added, or pass it by its number. */
void mqb_bindings_add(struct mqb_client *client, struct mqb_binding *binding);
void mqb_bindings_remove(struct mqb_client *client, struct mqb_binding *binding);

/** The one after `binding`, or the first if that is NULL. */
struct mqb_binding *mqb_bindings_next(
    const struct mqb_client *client,
    const struct mqb_binding *binding);

/** A walk over bindings of one sort that may have the values which a route's levels tell. */
struct mqb_candidates {
    bool hashed; /**< They are in one of the buckets; else they are all of the sort. */
    uint32_t hash;
    uint64_t sort;
    const struct mqb_binding_link *link;
    struct mqb_binding *binding;
};

/** The first one, or NULL. `levels` are those of mqb_router_find() or of mqb_topic_read(). */
struct mqb_binding *mqb_candidates_first(
    struct mqb_candidates *candidates,
    const struct mqb_client *client,
    struct mqb_binding *sort,
    const struct mqb_route *route,
    const struct mqb_str *levels);
struct mqb_binding *mqb_candidates_next(struct mqb_candidates *candidates);

#endif
