/*
 * distinct.h - fingerprints of items or names that must differ from each other.
 */
#ifndef MQBIND_DETAIL_DISTINCT_H
#define MQBIND_DETAIL_DISTINCT_H

#include <mqbind/mqbind.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Something that should differ from others: a hash of it, and which one it is. */
struct mqb_hashed {
    uint32_t hash;
    uint32_t number;
};

/** Fingerprints of things that should differ, numbered and sorted. */
struct mqb_distinct {
    struct mqb_hashed *items;
    size_t cap;
    size_t count;
    uint32_t low; /**< Lower ones came in an earlier round. */
    bool full; /**< There were more, and the highest were left out. */
};

#ifdef __cplusplus
}
#endif

#endif
