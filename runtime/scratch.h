/*
 * scratch.h - the caller's memory: decoded data at the front, parser tokens at the far end.
 */
#ifndef MQB_SCRATCH_H
#define MQB_SCRATCH_H

#include <mqbind/mqbind.h>

/** `bytes` (not 0) at the front, aligned; NULL if there is no room. Counted in `peak` anyhow. */
void *mqb_scratch_take(struct mqb_scratch *scratch, size_t bytes, size_t align);

/** The same at the far end. To give back: restore scratch->reserved. */
void *mqb_scratch_reserve(struct mqb_scratch *scratch, size_t bytes, size_t align);

#endif
