/* A copy of some text in a block of exactly its size, so that sanitizers see reads beyond it.
 */
#ifndef TESTS_EXACTLY_H
#define TESTS_EXACTLY_H

#include <mqbind/mqbind.h>

#include <stdlib.h>
#include <string.h>

/** The copy lives until the next call. */
static inline struct mqb_str exactly(const char *text, size_t len)
{
    static char *copy;

    free(copy);
    copy = (char *)malloc(len == 0 ? 1 : len);
    if (copy == NULL)
        abort();
    memcpy(copy, text, len);
    return (struct mqb_str){copy, len};
}

#endif
