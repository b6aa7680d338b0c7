/*
 * scratch.h - the caller's memory: decoded data at the front, names or parser tokens at the far
 * end.
 */
#ifndef MQB_SCRATCH_H
#define MQB_SCRATCH_H

#include <mqbind/memory.h>

/** `bytes` (not 0) at the front, aligned; NULL if there is no room. Counted in `peak` anyhow. */
void *mqb_scratch_take(struct mqb_scratch *scratch, size_t bytes, size_t align);

/**
 * The same at the far end, which is aligned; `bytes` is a multiple of MQB_SCRATCH_UNIT. To give
 * back: restore scratch->reserved.
 */
void *mqb_scratch_reserve(struct mqb_scratch *scratch, size_t bytes);

/** Bytes from the front to where memory is aligned. */
static inline size_t mqb_scratch_gap(const struct mqb_scratch *scratch, size_t align)
{
    const uintptr_t front = (uintptr_t)scratch->ptr + scratch->used;
    return (align - front % align) % align;
}

/** Let the front be aligned, and return where it is; NULL if there is no room. */
static inline void *mqb_scratch_front(struct mqb_scratch *scratch, size_t align)
{
    const size_t gap = mqb_scratch_gap(scratch, align);
    if (gap >= mqb_scratch_free(scratch))
        return NULL;
    scratch->used += gap;
    MQB_SCRATCH_ASSERT(scratch);
    return scratch->ptr + scratch->used;
}

/** What is taken now, and `more`, was needed at once. */
static inline void mqb_scratch_note(struct mqb_scratch *scratch, size_t more)
{
    const size_t taken = scratch->used + scratch->reserved;
    const size_t need = more > SIZE_MAX - taken ? SIZE_MAX : taken + more;
    if (scratch->peak < need)
        scratch->peak = need;
}

#endif
