/*
 * Payloads in scratch memory of every size and every end, with guards on both sides.
 *
 * Each line on stdin is the name of a message, a payload, and what encode must make of it, both in
 * hexadecimal. On stdout: how many decodes there were, and how many of them succeeded.
 */
#include <mqbind/mqbind.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "messages.h"

#define GUARD 256
#define ENDS 16
#define BEYOND 24 /* Sizes above the first that is enough. */
#define MOST 16384

static _Alignas(ENDS) unsigned char block[GUARD + MOST + ENDS + GUARD];
static unsigned long decodes;
static unsigned long successes;

static void die(const char *name, const char *why, size_t end, size_t size)
{
    printf("%s: %s; %zu bytes of scratch, end at %zu\n", name, why, size, end);
    exit(1);
}

/* The status of decoding with `size` bytes that end at `end`, modulo 16. */
static enum mqb_status try_size(
    const struct message *message,
    struct mqb_str json,
    struct mqb_str expected,
    size_t end,
    size_t size)
{
    static unsigned char fresh[GUARD];
    static char text[MOST];
    unsigned char *const last = block + GUARD + MOST + end;
    unsigned char *const first = last - size;
    struct mqb_scratch scratch = mqb_scratch_from(first, size);
    size_t len = 0;
    memset(fresh, 0xA5, GUARD);
    memset(first - GUARD, 0xA5, GUARD + size + GUARD);
    const enum mqb_status status = message->recode(json, &scratch, text, sizeof text, &len);
    decodes++;
    if (memcmp(first - GUARD, fresh, GUARD) != 0 || memcmp(last, fresh, GUARD) != 0)
        die(message->name, "wrote outside of the scratch memory", end, size);
    if (status != MQB_OK && status != MQB_ERR_SPACE)
        die(message->name, mqb_status_text(status), end, size);
    if ((status == MQB_OK) != (scratch.peak <= size))
        die(message->name, "the peak is not what is needed", end, size);
    if (status != MQB_OK)
        return status;
    successes++;
    if (!mqb_str_equal((struct mqb_str){text, len}, expected))
        die(message->name, "a value is not what was sent", end, size);
    return status;
}

static void try_sizes(
    const struct message *message,
    struct mqb_str json,
    struct mqb_str expected,
    size_t end)
{
    size_t beyond = 0;
    for (size_t size = 0; beyond < BEYOND; size++) {
        if (size > MOST)
            die(message->name, "no size is enough", end, size);
        const enum mqb_status status = try_size(message, json, expected, end, size);
        if (status != MQB_OK && beyond != 0)
            die(message->name, "more memory is less", end, size);
        beyond += status == MQB_OK;
    }
}

static struct mqb_str unhex(const char *hex)
{
    const size_t len = strcspn(hex, " \n") / 2;
    char *bytes = malloc(len + 1);
    for (size_t i = 0; i < len; i++) {
        const char digits[] = {hex[2 * i], hex[2 * i + 1], '\0'};
        bytes[i] = (char)strtol(digits, NULL, 16);
    }
    return (struct mqb_str){bytes, len};
}

int main(void)
{
    static char line[1 << 16];
    while (fgets(line, sizeof line, stdin)) {
        char *payload = strchr(line, ' ');
        char *expected = strchr(payload + 1, ' ');
        const struct mqb_str json = unhex(payload + 1);
        const struct mqb_str text = unhex(expected + 1);
        *payload = '\0';
        for (size_t i = 0; i < MESSAGES; i++) {
            for (size_t end = 0; end < ENDS && strcmp(messages[i].name, line) == 0; end++)
                try_sizes(&messages[i], json, text, end);
        }
        free((char *)json.ptr);
        free((char *)text.ptr);
    }
    printf("%lu %lu\n", decodes, successes);
    return 0;
}
