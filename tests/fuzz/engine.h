/* One engine of the reader with the messages of a schema, as a shared object that hides the rest.
 */
#ifndef TESTS_FUZZ_ENGINE_H
#define TESTS_FUZZ_ENGINE_H

#include <mqbind/mqbind.h>

/** The result of an engine for a payload. `text` is the decoded message, encoded again. */
struct verdict {
    enum mqb_status decoded;
    enum mqb_status encoded;
    struct mqb_error error;
    size_t used; /**< Of the scratch memory. */
    size_t len;
    char text[1 << 16];
};

struct engine_message {
    const char *name;
    void (*judge)(struct mqb_str json, struct mqb_scratch *scratch, struct verdict *verdict);
};

struct engine {
    const struct engine_message *messages;
    size_t count;
};

extern const struct engine engine_jsmn;
extern const struct engine engine_direct;
extern const struct engine engine_speed;

#endif
