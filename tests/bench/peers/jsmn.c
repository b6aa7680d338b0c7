/* jsmn: its tokens alone. It has one caller here, so the compiler puts it there. */
#include "harness.h"

#define JSMN_STATIC
#define JSMN_STRICT
#define JSMN_PARENT_LINKS
#include <jsmn.h>

static jsmntok_t tokens[BENCH_TEXT_MAX];

static bool tokenize(struct bench_text text)
{
    jsmn_parser parser;

    jsmn_init(&parser);
    return jsmn_parse(&parser, text.ptr, text.len, tokens, BENCH_TEXT_MAX) > 0;
}

const struct bench_work bench_works[] = {
    {"tokens", NULL, tokenize},
    {NULL, NULL, NULL},
};
