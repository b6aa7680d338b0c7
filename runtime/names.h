/*
 * names.h - members of one object that have the same name, found without tokens.
 *
 * The names of open objects stand at the far end of the scratch memory, those of the innermost
 * one last. Whoever adds them takes them away; mqb_reader_close() gives all of it back.
 */
#ifndef MQB_NAMES_H
#define MQB_NAMES_H

#include <mqbind/mqbind.h>

/** A name; or, below the names of an object, the count of the object around it. */
struct mqb_name {
    uint32_t offset; /**< Of the opening quote. */
    uint32_t length; /**< Twice that, and 1 if there are escapes. */
};

/** While names are added nothing else takes scratch memory. */
struct mqb_names {
    const char *json; /**< What offsets count from. */
    struct mqb_scratch *scratch;
    struct mqb_name *top; /**< The last one; all others stand behind it. */
    struct mqb_name *limit; /**< No name can be below. */
    size_t count; /**< Names of the innermost object. */
    size_t twice; /**< Offset of the first name that repeats one of its object, or SIZE_MAX. */
    bool full; /**< The memory is too small. */
};

/** Go on with an object that has `count` names. */
void mqb_names_begin(
    struct mqb_names *names,
    const char *json,
    struct mqb_scratch *scratch,
    size_t count);

/** Keep what was added. */
void mqb_names_keep(struct mqb_names *names);

/** Compare the names of the innermost object, and take them away. */
void mqb_names_end(struct mqb_names *names);

static inline bool mqb_names_push(struct mqb_names *names, uint32_t offset, uint32_t length)
{
    if (names->top == names->limit) {
        names->full = true;
        return false;
    }
    names->top--;
    names->top->offset = offset;
    names->top->length = length;
    return true;
}

/** Add the name that begins with the quote at `quote`; `len` is without quotes. False if full. */
static inline bool mqb_names_add(
    struct mqb_names *names,
    const char *quote,
    size_t len,
    bool escapes)
{
    names->count++;
    return mqb_names_push(names, (uint32_t)(quote - names->json), (uint32_t)len << 1 | escapes);
}

/* An object within an object: its names come on top of the others. */
static inline bool mqb_names_open(struct mqb_names *names)
{
    const size_t count = names->count;
    names->count = 0;
    return mqb_names_push(names, (uint32_t)count, 0);
}
void mqb_names_close(struct mqb_names *names);

#endif
