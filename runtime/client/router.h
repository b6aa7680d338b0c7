/*
 * router.h - which routes of a side a topic may take.
 */
#ifndef MQB_ROUTER_H
#define MQB_ROUTER_H

#include <mqbind/generated.h>

/**
 * Find the first route from `from` on whose address has the shape of the topic; false if there is
 * none. Of `values` only the fixed ones matter. What addresses have in common is looked at once,
 * and each piece of them is at most one pass over the topic.
 */
bool mqb_router_find(
    const struct mqb_router *router,
    const struct mqb_str *values,
    struct mqb_str topic,
    size_t from,
    struct mqb_topic_walk *walk);

/** Views of the parameters of the route, where they do not depend on values of the binding. */
static inline const struct mqb_str *mqb_router_levels(const struct mqb_topic_walk *walk)
{
    return walk->held ? walk->levels : walk->aside;
}

#endif
