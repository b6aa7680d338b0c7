/*
 * duplicate_names.h - finds duplicate members of an object without tokens.
 *
 * The names of open objects are kept at the far end of the scratch memory, which is aligned before
 * the first one, those of the innermost object last: their hashes with the offsets of their quotes,
 * and below them the number of names of the enclosing object. Code that adds names also removes
 * them; mqb_reader_close() releases everything.
 */
#ifndef MQB_DUPLICATE_NAMES_H
#define MQB_DUPLICATE_NAMES_H

#include <mqbind/detail/distinct.h>
#include <mqbind/detail/memory.h>

#include "json/bytes.h"
#include "json/hash.h"
#include <mqbind/detail/contracts.h>

/** The names of the innermost object of the JSON text being read with this memory. */
struct mqb_names {
    struct mqb_str json; /**< What offsets count from, to the end. */
    struct mqb_scratch *scratch;
    size_t count;
    size_t twice; /**< Offset of the first name that repeats another of its object, or SIZE_MAX. */
    bool full; /**< The memory is too small. */
};

/** Continue with an object that has `count` names. */
static inline void mqb_names_begin(
    struct mqb_names *names,
    struct mqb_str json,
    struct mqb_scratch *scratch,
    size_t count)
{
    *names = (struct mqb_names){json, scratch, count, SIZE_MAX, false};
}

/** Compare the names of the innermost object, and remove them. */
void mqb_names_end(struct mqb_names *names);

/** Different names with equal hashes: so many never occur by chance. */
#define MQB_NAMES_PATIENCE 16

/**
 * The offset of the first of the sorted names in `json` that repeats another one, or SIZE_MAX.
 * *patience is the number of different names with equal hashes that may be compared; if it becomes
 * 0, the result is meaningless.
 */
size_t mqb_names_repeated(
    struct mqb_str json,
    const struct mqb_hashed *sorted,
    size_t count,
    size_t *patience);

/** The hash of a name with escapes. */
uint32_t mqb_name_hash_escaped(struct mqb_str raw);

/** The hash of a name without escapes in JSON that ends at `end`. */
static inline uint32_t mqb_name_hash(struct mqb_str name, const char *end)
{
    const char *at = name.ptr;
    size_t left = name.len;
    uint64_t hash = 0;
    uint64_t word = 0;
    for (; left >= 8; at += 8, left -= 8)
        hash = mqb_hash_multiply(hash, mqb_bytes_word(at));
    if (end - at >= 8)
        word = mqb_bytes_word(at) & ((UINT64_C(1) << 8 * left) - 1);
    else
        while (left-- > 0)
            word = word << 8 | (unsigned char)at[left];
    return (uint32_t)(mqb_hash_multiply(hash, word) >> 32);
}

/** There is no room for one more name. Returns false. */
/*@ requires \valid(scratch) && within_memory(scratch);
    assigns scratch->peak;
    ensures refused: !\result; */
bool mqb_names_refuse(struct mqb_scratch *scratch);

/* `place` is aligned. A function of its own because provers do not follow the cast. */
/*@ requires \valid(place + (0 .. sizeof(struct mqb_hashed) - 1));
    assigns place[0 .. sizeof(struct mqb_hashed) - 1]; */
static inline void mqb_name_put(char *place, uint32_t hash, uint32_t offset)
{
    struct mqb_hashed *name = (void *)place;
    name->hash = hash;
    name->number = offset;
}

/** Add a name. False if the memory is full. */
/*@ requires usable(scratch);
    requires apart: \separated(scratch, scratch->ptr + (0 .. scratch->cap - 1));
    assigns scratch->reserved, scratch->peak, scratch->ptr[0 .. scratch->cap - 1];
    ensures within: within_memory(scratch);
    ensures room: \result <==> \old(free_bytes(scratch)) >= sizeof(struct mqb_hashed);
    ensures taken: scratch->reserved ==
                   \old(scratch->reserved) + (\result ? sizeof(struct mqb_hashed) : 0); */
static inline bool mqb_names_push(struct mqb_scratch *scratch, uint32_t hash, size_t offset)
{
    if (mqb_scratch_free(scratch) < sizeof(struct mqb_hashed))
        return mqb_names_refuse(scratch);
    scratch->reserved += sizeof(struct mqb_hashed);
    MQB_SCRATCH_ASSERT(scratch);
    mqb_name_put(mqb_scratch_end(scratch), hash, (uint32_t)offset);
    return true;
}

/** Add a quoted name. False if the memory is full. */
static inline bool mqb_names_add(struct mqb_names *names, struct mqb_str name, bool escapes)
{
    const char *end = names->json.ptr + names->json.len;
    const uint32_t hash = escapes ? mqb_name_hash_escaped(name) : mqb_name_hash(name, end);
    names->count++;
    names->full = !mqb_names_push(names->scratch, hash, (size_t)(name.ptr - names->json.ptr) - 1);
    return !names->full;
}

/* For a nested object, whose names are put on top of the others. */
static inline bool mqb_names_open(struct mqb_names *names)
{
    names->full = !mqb_names_push(names->scratch, 0, names->count);
    names->count = 0;
    return !names->full;
}
void mqb_names_close(struct mqb_names *names);

#endif
