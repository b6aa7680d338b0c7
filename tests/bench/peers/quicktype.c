/*
 * quicktype's C over cJSON, made from the schemas: it parses, fills structs on the heap and checks
 * nothing. messages.h lists what it made.
 */
#include "harness.h"

#include "quicktype_messages.h"
#include <quicktype_all.h>

#define MESSAGE(name)                                                                              \
    static struct name *name##_kept;                                                               \
    static bool parse_##name(struct bench_text text)                                               \
    {                                                                                              \
        struct name *message = cJSON_Parse##name(text.ptr);                                        \
        if (!message)                                                                              \
            return false;                                                                          \
        cJSON_Delete##name(message);                                                               \
        return true;                                                                               \
    }                                                                                              \
    static bool keep_##name(struct bench_text text)                                                \
    {                                                                                              \
        name##_kept = cJSON_Parse##name(text.ptr);                                                 \
        return name##_kept != NULL;                                                                \
    }                                                                                              \
    static bool print_##name(struct bench_text text)                                               \
    {                                                                                              \
        char *printed = cJSON_Print##name(name##_kept);                                            \
        (void)text;                                                                                \
        cJSON_free(printed);                                                                       \
        return printed != NULL;                                                                    \
    }
MESSAGES
#undef MESSAGE

#define MESSAGE(name)                                                                              \
    {"decode:" #name, NULL, parse_##name}, {"encode:" #name, keep_##name, print_##name},

const struct bench_work bench_works[] = {MESSAGES{NULL, NULL, NULL}};
