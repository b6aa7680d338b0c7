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

/** Let the front be aligned, and return where it is; NULL if there is no room. */
static inline void *mqb_scratch_front(struct mqb_scratch *scratch, size_t align)
{
    const uintptr_t front = (uintptr_t)scratch->ptr + scratch->used;
    const size_t gap = (align - front % align) % align;
    if (gap >= scratch->cap - scratch->used - scratch->reserved)
        return NULL;
    scratch->used += gap;
    return scratch->ptr + scratch->used;
}

/** What is taken now, and `more`, was needed at once. */
static inline void mqb_scratch_note(struct mqb_scratch *scratch, size_t more)
{
    const size_t need = scratch->used + scratch->reserved + more;
    if (scratch->peak < need)
        scratch->peak = need;
}

#endif
