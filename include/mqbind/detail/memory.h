/*
 * memory.h - memory of the application: how much scratch memory is free, what a checked build
 * asserts about it, and flags that may have any value.
 *
 * A build with MQB_CHECKED (CMake: MQBIND_CHECKED), for debugging, stops the program if the runtime
 * violates one of its own assertions, and overwrites memory that is no longer valid when a handler
 * returns. It needs fputs() and abort().
 */
#ifndef MQBIND_DETAIL_MEMORY_H
#define MQBIND_DETAIL_MEMORY_H

#include <mqbind/mqbind.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Assertions ---- */

#ifdef MQB_CHECKED
/** Print the place to stderr, and abort. */
void mqb_assert_failed(const char *place);
#define MQB_PLACE_TEXT(line) #line
#define MQB_PLACE(line) __FILE__ ":" MQB_PLACE_TEXT(line)
#define MQB_ASSERT(holds) ((holds) ? (void)0 : mqb_assert_failed(MQB_PLACE(__LINE__) ": " #holds))
#else
#define MQB_ASSERT(holds) ((void)0)
#endif

/* ---- Memory that is no longer valid ---- */

#ifdef MQB_CHECKED
/** What fills memory that is no longer valid. */
#define MQB_POISON_BYTE 0xDD
/** Overwrite the bytes, which reveals pointers that were kept for too long. */
void mqb_memory_fill(void *memory, size_t bytes);
/** Overwrite them, and let AddressSanitizer report every access until they are valid again. */
void mqb_memory_poison(void *memory, size_t bytes);
void mqb_memory_unpoison(void *memory, size_t bytes);
#else
#define mqb_memory_fill(memory, bytes) ((void)(memory), (void)(bytes))
#define mqb_memory_poison(memory, bytes) ((void)(memory), (void)(bytes))
#define mqb_memory_unpoison(memory, bytes) ((void)(memory), (void)(bytes))
#endif

/* ---- Flags ---- */

/**
 * A bool of a struct that an application filled. It may have any value, if the struct was never
 * initialized or was copied from elsewhere. Compilers assume 0 or 1, so it is read as a byte.
 */
static inline bool mqb_flag_is_set(const bool *flag)
{
    return *(const unsigned char *)flag != 0;
}

/* ---- Scratch memory ---- */

/** What is allocated at the end is aligned to this many bytes and a multiple of it long. */
#define MQB_SCRATCH_UNIT sizeof(uint32_t)

/*@ // No more is taken than there is.
  predicate within_memory{L}(struct mqb_scratch *s) = s->used + s->reserved <= s->cap;
  predicate usable{L}(struct mqb_scratch *s) =
      \valid(s) && within_memory(s) && \valid(s->ptr + (0 .. s->cap - 1));
  // The bytes between the front and the end, whatever has been allocated.
  logic integer free_bytes{L}(struct mqb_scratch *s) =
      s->used + s->reserved <= s->cap ? s->cap - s->used - s->reserved : 0;
*/

/** Free bytes between the front and the end. Never more than there are. */
/*@ requires \valid_read(scratch);
    assigns \nothing;
    ensures free: \result == free_bytes(scratch); */
static inline size_t mqb_scratch_free(const struct mqb_scratch *scratch)
{
    const size_t left = scratch->cap - scratch->used;
    return scratch->used > scratch->cap || scratch->reserved > left ? 0 : left - scratch->reserved;
}

/** True for NULL, and for NULL with a size; memory of no bytes is valid. */
static inline bool mqb_scratch_is_invalid(const struct mqb_scratch *scratch)
{
    return scratch == NULL || (scratch->ptr == NULL && scratch->cap != 0);
}

/** Assert, after each allocation, that no more is allocated than there is. */
#define MQB_SCRATCH_ASSERT(scratch)                                                                \
    MQB_ASSERT(                                                                                    \
        (scratch)->used <= (scratch)->cap &&                                                       \
        (scratch)->reserved <= (scratch)->cap - (scratch)->used)

/** The start of the memory allocated at the end. */
/*@ requires \valid_read(scratch) && within_memory(scratch);
    assigns \nothing;
    ensures end: \result == scratch->ptr + (scratch->cap - scratch->reserved); */
static inline char *mqb_scratch_end(const struct mqb_scratch *scratch)
{
    return scratch->ptr + (scratch->cap - scratch->reserved);
}

/**
 * Align the end once, before anything is allocated there: nothing there needs a gap then. If there
 * is less memory than that needs, none is left.
 */
/*@ requires \valid(scratch) && within_memory(scratch);
    assigns scratch->reserved;
    ensures within: within_memory(scratch);
    ensures gap: \old(scratch->reserved) <= scratch->reserved <
                 \old(scratch->reserved) + MQB_SCRATCH_UNIT; */
static inline void mqb_scratch_align_end(struct mqb_scratch *scratch)
{
    const uintptr_t end = (uintptr_t)scratch->ptr + (scratch->cap - scratch->reserved);
    const size_t gap = (size_t)(end % MQB_SCRATCH_UNIT);
    if (gap != 0) {
        const size_t most = mqb_scratch_free(scratch);
        scratch->reserved += gap < most ? gap : most;
    }
}

#ifdef __cplusplus
}
#endif

#endif
