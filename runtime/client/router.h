/*
 * router.h - which routes of a side may match a topic.
 */
#ifndef MQB_ROUTER_H
#define MQB_ROUTER_H

#include <mqbind/detail/side.h>

/**
 * Find the first route from `from` on whose address has the shape of the topic; false if there is
 * none. Of `values` only the fixed ones matter. Common parts of addresses are compared once, and
 * each part takes at most one pass over the topic.
 */
bool mqb_router_find(
    const struct mqb_router *router,
    const struct mqb_str *values,
    struct mqb_str topic,
    size_t from,
    struct mqb_match *walk);

/** Views of the route's parameters, if they do not depend on values of the binding. */
static inline const struct mqb_str *mqb_router_levels(const struct mqb_match *walk)
{
    return walk->held ? walk->levels : walk->aside;
}

#endif
