/*
 * memcpy() and the like in plain loops, for programs whose work is counted. The C library chooses
 * its own by the processor, so counts would differ from one machine to another.
 */
#include "memory.h"

#include <stddef.h>
#include <string.h>

/* Or the compiler would make calls of these functions out of the loops. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("no-tree-loop-distribute-patterns")
#endif

#ifdef COUNT_BLOCKS
uint64_t memory_blocks;
#define COUNT(bytes) (memory_blocks += 1 + (bytes) / 8)
#else
#define COUNT(bytes) ((void)0)
#endif

void *memcpy(void *restrict to, const void *restrict from, size_t len)
{
    char *out = to;
    const char *in = from;

    COUNT(len);
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
    COUNT(len);
    while (len-- > 0)
        out[len] = in[len];
    return to;
}

void *memset(void *at, int byte, size_t len)
{
    unsigned char *out = at;

    COUNT(len);
    for (size_t i = 0; i < len; i++)
        out[i] = (unsigned char)byte;
    return at;
}

int memcmp(const void *one, const void *other, size_t len)
{
    const unsigned char *a = one;
    const unsigned char *b = other;

    for (size_t i = 0; i < len; i++) {
        if (a[i] != b[i]) {
            COUNT(i);
            return a[i] < b[i] ? -1 : 1;
        }
    }
    COUNT(len);
    return 0;
}

void *memchr(const void *at, int byte, size_t len)
{
    const unsigned char *in = at;

    for (size_t i = 0; i < len; i++) {
        if (in[i] == (unsigned char)byte) {
            COUNT(i);
            return (void *)&in[i];
        }
    }
    COUNT(len);
    return NULL;
}
