/*
 * names.h - members of one object that have the same name, found without tokens.
 *
 * The names of open objects stand at the far end of the scratch memory, those of the innermost
 * one last. Whoever adds them takes them away; mqb_reader_close() gives all of it back.
 */
#ifndef MQB_NAMES_H
#define MQB_NAMES_H

#include <mqbind/mqbind.h>

struct mqb_names {
    const char *json; /**< What offsets count from. */
    struct mqb_scratch *scratch;
    size_t count; /**< Names of the innermost object. */
    size_t twice; /**< Offset of the first name that repeats one of its object, or SIZE_MAX. */
    bool full; /**< The memory is too small. */
};

/** Add the name that begins with the quote at `quote`; `len` is without quotes. False if full. */
bool mqb_names_add(struct mqb_names *names, const char *quote, size_t len, bool escapes);

/** Compare the names of the innermost object, and take them away. */
void mqb_names_end(struct mqb_names *names);

/* An object within an object: its names come on top of the others. */
bool mqb_names_open(struct mqb_names *names);
void mqb_names_close(struct mqb_names *names);

#endif
