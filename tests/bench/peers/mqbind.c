/* Ours: decode and encode of each message that messages.h lists, with one engine of the reader. */
#include "harness.h"
#include "messages.h"

static char memory[48 * 1000 * 1000];
static char output[2 * BENCH_TEXT_MAX];

#define MESSAGE(name, type)                                                                        \
    static type name##_message;                                                                    \
    static bool decode_##name(struct bench_text text)                                              \
    {                                                                                              \
        struct mqb_scratch scratch = mqb_scratch_from(memory, sizeof memory);                      \
        return name##_decode(                                                                      \
                   &name##_message, (struct mqb_str){text.ptr, text.len}, &scratch, NULL) ==       \
               MQB_OK;                                                                             \
    }                                                                                              \
    static bool encode_##name(struct bench_text text)                                              \
    {                                                                                              \
        size_t len;                                                                                \
        (void)text;                                                                                \
        return name##_encode(&name##_message, output, sizeof output, &len, NULL) == MQB_OK;        \
    }
MESSAGES
#undef MESSAGE

#define MESSAGE(name, type)                                                                        \
    {"decode:" #name, NULL, decode_##name}, {"encode:" #name, decode_##name, encode_##name},

const struct bench_work bench_works[] = {MESSAGES{NULL, NULL, NULL}};
