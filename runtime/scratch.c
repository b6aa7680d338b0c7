#include "scratch.h"

struct mqb_scratch mqb_scratch_from(void *memory, size_t bytes)
{
    return (struct mqb_scratch){.ptr = memory, .cap = memory == NULL ? 0 : bytes};
}

void mqb_scratch_reset(struct mqb_scratch *scratch)
{
    scratch->used = 0;
    scratch->reserved = 0;
}

/* Note the need for `bytes` more, and tell if there is room for them. */
static bool claim(struct mqb_scratch *scratch, size_t bytes)
{
    const size_t taken = scratch->used + scratch->reserved;
    const size_t need = bytes > SIZE_MAX - taken ? SIZE_MAX : taken + bytes;
    if (scratch->peak < need)
        scratch->peak = need;
    return need <= scratch->cap;
}

void *mqb_scratch_take(struct mqb_scratch *scratch, size_t bytes, size_t align)
{
    const uintptr_t front = (uintptr_t)scratch->ptr + scratch->used;
    const size_t gap = (align - front % align) % align;
    if (bytes > SIZE_MAX - gap || !claim(scratch, bytes + gap))
        return NULL;
    char *taken = scratch->ptr + scratch->used + gap;
    scratch->used += bytes + gap;
    return taken;
}

void *mqb_scratch_reserve(struct mqb_scratch *scratch, size_t bytes, size_t align)
{
    const uintptr_t end = (uintptr_t)scratch->ptr + (scratch->cap - scratch->reserved);
    const size_t gap = (end - bytes) % align;
    if (bytes > SIZE_MAX - gap || !claim(scratch, bytes + gap))
        return NULL;
    scratch->reserved += bytes + gap;
    return scratch->ptr + (scratch->cap - scratch->reserved);
}
