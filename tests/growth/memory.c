/*
 * memcpy() and the like, counted as a block for each eight bytes: what the C library has takes
 * less, and not the same on every machine.
 */
#include "memory.h"

uint64_t growth_blocks;

static void pass(size_t bytes)
{
    growth_blocks += 1 + bytes / 8;
}

void *memcpy(void *restrict to, const void *restrict from, size_t len)
{
    char *out = to;
    const char *in = from;
    pass(len);
    for (size_t i = 0; i < len; i++)
        out[i] = in[i];
    return to;
}

void *memmove(void *to, const void *from, size_t len)
{
    char *out = to;
    const char *in = from;
    if ((size_t)(out - in) >= len)
        return memcpy(to, from, len);
    pass(len);
    while (len-- > 0)
        out[len] = in[len];
    return to;
}

void *memset(void *at, int byte, size_t len)
{
    unsigned char *out = at;
    pass(len);
    for (size_t i = 0; i < len; i++)
        out[i] = (unsigned char)byte;
    return at;
}

int memcmp(const void *one, const void *other, size_t len)
{
    const unsigned char *a = one;
    const unsigned char *b = other;
    size_t same = 0;
    while (same < len && a[same] == b[same])
        same++;
    pass(same);
    return same == len ? 0 : a[same] < b[same] ? -1 : 1;
}

void *memchr(const void *at, int byte, size_t len)
{
    const unsigned char *in = at;
    size_t passed = 0;
    while (passed < len && in[passed] != (unsigned char)byte)
        passed++;
    pass(passed);
    return passed == len ? NULL : (void *)&in[passed];
}
