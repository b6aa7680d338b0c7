/*
 * router.h - the tree of a side's topics: which routes a topic may take.
 */
#ifndef MQB_ROUTER_H
#define MQB_ROUTER_H

#include <mqbind/generated.h>

/** A route whose address has the shape of a topic. */
struct mqb_match {
    size_t route;
    bool more; /**< Routes behind it have that shape too. */
    /** Views of the parameters, where they do not depend on values of the binding. */
    struct mqb_str levels[MQB_PARAMETERS_MAX];
};

/**
 * Find the first route from `from` on whose address has the shape of the topic; false if there is
 * none. Of `values` only the fixed ones matter. Each node of the tree is visited at most once, and
 * each is at most one pass over the topic.
 */
bool mqb_router_find(
    const struct mqb_router *router,
    const struct mqb_str *values,
    struct mqb_str topic,
    size_t from,
    struct mqb_match *match);

#endif
