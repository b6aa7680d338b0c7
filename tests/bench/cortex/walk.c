/* For comparison: jsmn and the naive walk of peers/jsmn_walk.c, with the C library that it needs.
 */
#include "fields.h"
#include "payloads.h"

#define TEXT(literal) ((struct bench_text){literal, sizeof(literal) - 1})

static volatile bool taken;

void _start(void);
void _start(void)
{
    taken = bench_works[0].run(TEXT(UCC));
    taken = bench_works[1].run(TEXT(VOICE));
    taken = bench_works[2].run(TEXT(OTA));
}
