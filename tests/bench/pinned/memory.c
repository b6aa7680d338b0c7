/*
 * memcpy() and the like in plain loops. The C library chooses its own by the processor, so counts
 * would differ from one machine to the other.
 */
#include <stddef.h>
#include <string.h>

/* Or the compiler would make calls of these functions out of the loops. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("no-tree-loop-distribute-patterns")
#endif

void *memcpy(void *restrict to, const void *restrict from, size_t len)
{
    char *out = to;
    const char *in = from;

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
    while (len-- > 0)
        out[len] = in[len];
    return to;
}

void *memset(void *at, int byte, size_t len)
{
    unsigned char *out = at;

    for (size_t i = 0; i < len; i++)
        out[i] = (unsigned char)byte;
    return at;
}

int memcmp(const void *one, const void *other, size_t len)
{
    const unsigned char *a = one;
    const unsigned char *b = other;

    for (size_t i = 0; i < len; i++) {
        if (a[i] != b[i])
            return a[i] < b[i] ? -1 : 1;
    }
    return 0;
}

void *memchr(const void *at, int byte, size_t len)
{
    const unsigned char *in = at;

    for (size_t i = 0; i < len; i++) {
        if (in[i] == (unsigned char)byte)
            return (void *)&in[i];
    }
    return NULL;
}
