/*
 * What decode, validate and encode of payloads cost: in basic blocks, which this program counts
 * itself when it is compiled for that, or in instructions, which callgrind counts.
 *
 * A line of input is the name of a message, a label, and a file with its payload. Memory is what
 * the headers say, and the text that is encoded fits exactly.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <valgrind/callgrind.h>

#include "memory.h"
#include "messages.h"

/* The compiler calls it at the start of each basic block. */
void __sanitizer_cov_trace_pc(void);
void __sanitizer_cov_trace_pc(void)
{
    memory_blocks++;
}

static void *take(size_t bytes)
{
    void *memory = malloc(bytes == 0 ? 1 : bytes);
    if (memory == NULL)
        exit(3);
    return memory;
}

static struct mqb_str load(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0)
        exit(3);
    const size_t len = (size_t)ftell(file);
    char *text = take(len);
    rewind(file);
    if (fread(text, 1, len, file) != len)
        exit(3);
    fclose(file);
    return (struct mqb_str){text, len};
}

static const char *current;

static void begin(void)
{
    memory_blocks = 0;
    CALLGRIND_ZERO_STATS;
}

static void end(const char *work, enum mqb_status status, size_t bytes)
{
    char label[200];
    const uint64_t count = memory_blocks;
    snprintf(label, sizeof(label), "%s:%s", current, work);
    CALLGRIND_DUMP_STATS_AT(label);
    printf("%s %s %d %llu %zu\n", current, work, (int)status, (unsigned long long)count, bytes);
}

static void measure(const struct growth_message *message, struct mqb_str json)
{
    const size_t bytes = message->scratch_bytes(json.len);
    struct mqb_scratch scratch = mqb_scratch_from(take(bytes), bytes);
    void *value = take(message->size);
    size_t len = 0;
    begin();
    enum mqb_status status = message->decode(value, json, &scratch, NULL);
    end("decode", status, json.len);
    if (status == MQB_OK) {
        message->encode(value, NULL, 0, &len, NULL);
        begin();
        status = message->validate(value, NULL);
        end("validate", status, len);
        char *text = take(len);
        begin();
        status = message->encode(value, text, len, &len, NULL);
        end("encode", status, len);
        free(text);
    }
    free(value);
    free(scratch.ptr);
}

int main(void)
{
    char name[100];
    char label[100];
    char path[1000];
    while (scanf("%99s %99s %999s", name, label, path) == 3) {
        const struct growth_message *message = growth_messages;
        while (message->name != NULL && strcmp(message->name, name) != 0)
            message++;
        if (message->name == NULL)
            return 2;
        const struct mqb_str json = load(path);
        current = label;
        measure(message, json);
        free((char *)json.ptr);
    }
    return 0;
}
