/*
 * scratch.h - the caller's memory: decoded data at the front, names or parser tokens at the far
 * end.
 */
#ifndef MQB_SCRATCH_H
#define MQB_SCRATCH_H

#include <mqbind/detail/contracts.h>
#include <mqbind/detail/memory.h>

/**
 * `bytes` (not 0) at the front, aligned; NULL if there is no room. Counted in `peak` in any case.
 */
/*@ requires usable(scratch) && 0 < bytes && 0 < align;
    assigns scratch->used, scratch->peak;
    ensures within: within_memory(scratch);
    ensures refused: \result == \null ==> scratch->used == \old(scratch->used);
    ensures taken: \result != \null ==>
                   (char *)\result == scratch->ptr + (scratch->used - bytes) &&
                   \old(scratch->used) <= scratch->used - bytes < \old(scratch->used) + align;
    ensures peak: \result != \null ==> scratch->used + scratch->reserved <= scratch->peak; */
void *mqb_scratch_take(struct mqb_scratch *scratch, size_t bytes, size_t align);

/**
 * The same at the far end, which is aligned; `bytes` is a multiple of MQB_SCRATCH_UNIT. To give
 * back: restore scratch->reserved.
 */
/*@ requires usable(scratch);
    assigns scratch->reserved, scratch->peak;
    ensures within: within_memory(scratch);
    ensures refused: \result == \null ==> scratch->reserved == \old(scratch->reserved);
    ensures taken: \result != \null ==> scratch->reserved == \old(scratch->reserved) + bytes &&
                   (char *)\result == scratch->ptr + (scratch->cap - scratch->reserved);
    ensures peak: \result != \null ==> scratch->used + scratch->reserved <= scratch->peak; */
void *mqb_scratch_reserve(struct mqb_scratch *scratch, size_t bytes);

/** Bytes from the front to the next aligned address. */
/*@ requires \valid_read(scratch) && 0 < align;
    assigns \nothing;
    ensures gap: \result < align; */
static inline size_t mqb_scratch_gap(const struct mqb_scratch *scratch, size_t align)
{
    const uintptr_t front = (uintptr_t)scratch->ptr + scratch->used;
    return (align - front % align) % align;
}

/** Align the front and return it; NULL if there is no room. */
/*@ requires usable(scratch) && 0 < align;
    assigns scratch->used;
    ensures within: within_memory(scratch);
    ensures refused: \result == \null ==> scratch->used == \old(scratch->used);
    ensures front: \result != \null ==> (char *)\result == scratch->ptr + scratch->used &&
                   0 < free_bytes(scratch); */
static inline void *mqb_scratch_front(struct mqb_scratch *scratch, size_t align)
{
    const size_t gap = mqb_scratch_gap(scratch, align);
    if (gap >= mqb_scratch_free(scratch))
        return NULL;
    scratch->used += gap;
    MQB_SCRATCH_ASSERT(scratch);
    return scratch->ptr + scratch->used;
}

/** Record that the memory in use, and `more`, was needed at the same time. */
/*@ requires \valid(scratch) && within_memory(scratch);
    assigns scratch->peak;
    ensures noted: scratch->peak >= \old(scratch->peak) &&
                   (scratch->used + scratch->reserved + more <= SIZE_MAX ==>
                    scratch->peak >= scratch->used + scratch->reserved + more);
    ensures beyond: scratch->used + scratch->reserved + more > SIZE_MAX ==>
                    scratch->peak == SIZE_MAX; */
static inline void mqb_scratch_note(struct mqb_scratch *scratch, size_t more)
{
    const size_t taken = scratch->used + scratch->reserved;
    const size_t need = more > SIZE_MAX - taken ? SIZE_MAX : taken + more;
    if (scratch->peak < need)
        scratch->peak = need;
}

#endif
