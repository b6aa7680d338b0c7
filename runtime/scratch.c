#include "scratch.h"

_Static_assert(sizeof(bool) == 1, "mqb_flag_is_set() reads one byte");

#ifdef MQB_CHECKED
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void mqb_assert_failed(const char *place)
{
    fputs("mqbind: assertion failed: ", stderr);
    fputs(place, stderr);
    fputs("\n", stderr);
    abort();
}

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define MQB_SANITIZED
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define MQB_SANITIZED
#endif
#ifdef MQB_SANITIZED
#include <sanitizer/asan_interface.h>

#else
#define ASAN_POISON_MEMORY_REGION(memory, bytes) ((void)(memory), (void)(bytes))
#define ASAN_UNPOISON_MEMORY_REGION(memory, bytes) ((void)(memory), (void)(bytes))
#endif

void mqb_memory_fill(void *memory, size_t bytes)
{
    if (bytes != 0)
        memset(memory, MQB_POISON_BYTE, bytes);
}

void mqb_memory_poison(void *memory, size_t bytes)
{
    mqb_memory_unpoison(memory, bytes); /* Nested messages share their memory. */
    mqb_memory_fill(memory, bytes);
    ASAN_POISON_MEMORY_REGION(memory, bytes);
}

void mqb_memory_unpoison(void *memory, size_t bytes)
{
    ASAN_UNPOISON_MEMORY_REGION(memory, bytes);
}
#endif

/*@ assigns \nothing;
    ensures empty: \result.ptr == memory && \result.used == 0 && \result.reserved == 0;
    ensures cap: \result.cap == (memory == \null ? 0 : bytes); */
struct mqb_scratch mqb_scratch_from(void *memory, size_t bytes)
{
    if (memory != NULL)
        mqb_memory_unpoison(memory, bytes);
    return (struct mqb_scratch){.ptr = memory, .cap = memory == NULL ? 0 : bytes};
}

/*@ requires \valid(scratch);
    assigns scratch->used, scratch->reserved;
    ensures empty: scratch->used == 0 && scratch->reserved == 0; */
void mqb_scratch_reset(struct mqb_scratch *scratch)
{
    if (scratch == NULL)
        return;
    scratch->used = 0;
    scratch->reserved = 0;
}

/* Record the need for `bytes` more; true if there is room for them. */
/*@ requires \valid(scratch) && within_memory(scratch);
    assigns scratch->peak;
    ensures room: \result <==> bytes <= free_bytes(scratch);
    ensures peak: \result ==> scratch->used + scratch->reserved + bytes <= scratch->peak; */
static bool claim_scratch(struct mqb_scratch *scratch, size_t bytes)
{
    mqb_scratch_note(scratch, bytes);
    return bytes <= mqb_scratch_free(scratch);
}

void *mqb_scratch_take(struct mqb_scratch *scratch, size_t bytes, size_t align)
{
    const size_t gap = mqb_scratch_gap(scratch, align);
    if (bytes > SIZE_MAX - gap || !claim_scratch(scratch, bytes + gap))
        return NULL;
    char *taken = scratch->ptr + scratch->used + gap;
    scratch->used += bytes + gap;
    MQB_SCRATCH_ASSERT(scratch);
    return taken;
}

void *mqb_scratch_reserve(struct mqb_scratch *scratch, size_t bytes)
{
    if (!claim_scratch(scratch, bytes))
        return NULL;
    scratch->reserved += bytes;
    MQB_SCRATCH_ASSERT(scratch);
    return mqb_scratch_end(scratch);
}
