/* A copy of a text that ends exactly where the text does, so that sanitizers see reads beyond it.
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
