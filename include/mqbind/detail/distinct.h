/*
 * distinct.h - fingerprints of items or names that must be distinct.
 */
#ifndef MQBIND_DETAIL_DISTINCT_H
#define MQBIND_DETAIL_DISTINCT_H

#include <mqbind/mqbind.h>

#ifdef __cplusplus
extern "C" {
#endif

/** One of several things that must be distinct: its hash and its index. */
struct mqb_hashed {
    uint32_t hash;
    uint32_t number;
};

/** Two sorted things with the same hash: their places. All zero before the first pair. */
struct mqb_hashed_pair {
    size_t later;
    size_t earlier;
};

/** Fingerprints, with indexes, in sorted order. */
struct mqb_distinct {
    struct mqb_hashed *items;
    size_t cap;
    size_t count;
    uint32_t low; /**< Lower ones were in an earlier round. */
    bool full; /**< There were more; the highest were omitted. */
};

#ifdef __cplusplus
}
#endif

#endif
