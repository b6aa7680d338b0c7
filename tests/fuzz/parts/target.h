/* What the fuzz targets of the runtime's parts share. */
#ifndef TESTS_FUZZ_TARGET_H
#define TESTS_FUZZ_TARGET_H

#include <stdlib.h>
#include <string.h>

#include <mqbind/mqbind.h>

#include "mqbind_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Bytes of an input that are not used yet. */
struct bytes {
    const uint8_t *at;
    size_t left;
};

/* The next byte, or 0. */
static inline unsigned take_byte(struct bytes *bytes)
{
    if (bytes->left == 0)
        return 0;
    bytes->left--;
    return *bytes->at++;
}

/* Memory that begins and ends where a block does, so that sanitizers see who leaves it. */
static inline char *take_block(const void *from, size_t len)
{
    char *const block = malloc(len + !len);
    FUZZ_CHECK(block != NULL);
    if (len != 0)
        memcpy(block, from, len);
    return block;
}

/* The next `len` bytes, or what is left, as a block of their own. */
static inline struct mqb_str take_text(struct bytes *bytes, size_t len)
{
    const size_t taken = len < bytes->left ? len : bytes->left;
    char *const block = take_block(bytes->at, taken);
    bytes->at += taken;
    bytes->left -= taken;
    return (struct mqb_str){block, taken};
}

static inline struct mqb_str take_rest(struct bytes *bytes)
{
    return take_text(bytes, bytes->left);
}

static inline void give_back(struct mqb_str text)
{
    free((void *)(uintptr_t)text.ptr);
}

#endif
