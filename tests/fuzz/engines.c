/*
 * Feed both engines of the reader, and the profile `speed`, the same bytes and compare the results.
 *
 *     engines SEED ROUNDS <corpus
 *
 * A line of the corpus is the name of a message and a payload in hexadecimal. Each round changes
 * one of them at random.
 */
#include "engine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define LONGEST 4096

/* ---- Comparing ---- */

static struct verdict verdicts[2];

/* The others are compared with the first one. */
static const struct {
    const char *name;
    const struct engine *engine;
} others[] = {{"direct", &engine_direct}, {"speed", &engine_speed}};

/* Exactly as much memory as there are bytes, so that sanitizers see what is read past them. */
static void judge(
    const struct engine *engine,
    size_t message,
    struct mqb_str json,
    size_t scratch_bytes,
    struct verdict *verdict)
{
    char *payload = malloc(json.len + !json.len);
    char *memory = malloc(scratch_bytes + !scratch_bytes);
    struct mqb_scratch scratch = mqb_scratch_from(memory, scratch_bytes);

    if (payload == NULL || memory == NULL)
        abort();
    memcpy(payload, json.ptr, json.len);
    memset(&verdict->error, 0, sizeof verdict->error);
    verdict->error.rule = "";
    verdict->len = 0;
    engine->messages[message].judge((struct mqb_str){payload, json.len}, &scratch, verdict);
    verdict->used = scratch.used;
    free(memory);
    free(payload);
}

static int differ(const struct verdict *a, const struct verdict *b)
{
    return a->decoded != b->decoded || a->encoded != b->encoded || a->used != b->used ||
           a->error.offset != b->error.offset || strcmp(a->error.rule, b->error.rule) != 0 ||
           strcmp(a->error.path, b->error.path) != 0 ||
           strcmp(a->error.value, b->error.value) != 0 || a->len != b->len ||
           memcmp(a->text, b->text, a->len) != 0;
}

static void tell(const char *engine, const struct verdict *verdict)
{
    char line[256];
    mqb_error_format(&verdict->error, line, sizeof line);
    printf(
        "%-6s %s, %s; %s; %zu bytes of scratch; %.*s\n", engine, mqb_status_text(verdict->decoded),
        mqb_status_text(verdict->encoded), line, verdict->used, (int)verdict->len, verdict->text);
}

static void compare(size_t message, struct mqb_str json)
{
    const size_t enough = 256 + 64 * json.len;

    judge(&engine_jsmn, message, json, enough, &verdicts[0]);
    for (size_t i = 0; i < COUNT(others); i++) {
        judge(others[i].engine, message, json, enough, &verdicts[1]);
        if (differ(&verdicts[0], &verdicts[1])) {
            printf("%s %.*s\n", engine_jsmn.messages[message].name, (int)json.len, json.ptr);
            tell("jsmn", &verdicts[0]);
            tell(others[i].name, &verdicts[1]);
            fflush(stdout);
            abort();
        }
        /* Too little memory may be reported at another place; it must do no harm. */
        judge(others[i].engine, message, json, json.len % 97, &verdicts[1]);
    }
}

/* ---- The corpus ---- */

struct entry {
    size_t message;
    size_t len;
    char *text;
};

static struct entry corpus[4096];
static size_t corpus_count;

static size_t find_message(const char *name)
{
    for (size_t i = 0; i < engine_jsmn.count; i++) {
        if (strcmp(engine_jsmn.messages[i].name, name) == 0)
            return i;
    }
    fprintf(stderr, "no message %s\n", name);
    exit(2);
}

static void read_corpus(void)
{
    static char line[1 << 16];

    while (corpus_count < COUNT(corpus) && fgets(line, sizeof line, stdin)) {
        struct entry *entry = &corpus[corpus_count++];
        char *hex = strchr(line, ' ');

        *hex++ = '\0';
        entry->message = find_message(line);
        entry->len = strcspn(hex, "\n") / 2;
        entry->text = malloc(entry->len + 1);
        for (size_t i = 0; i < entry->len; i++) {
            char digits[] = {hex[2 * i], hex[2 * i + 1], 0};
            entry->text[i] = (char)strtol(digits, NULL, 16);
        }
    }
}

/* ---- Changes ---- */

static uint64_t state;

static size_t roll(size_t sides)
{
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return sides == 0 ? 0 : (size_t)(state >> 33) % sides;
}

static char text[LONGEST];
static size_t text_len;

/* Put bytes in place of some that are there. */
static void replace(size_t at, size_t old, const char *bytes, size_t len)
{
    char copy[LONGEST];
    if (text_len - old + len > LONGEST)
        return;
    memcpy(copy, bytes, len);
    memmove(text + at + len, text + at + old, text_len - at - old);
    memcpy(text + at, copy, len);
    text_len += len - old;
}

static const char *const pieces[] = {
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    " ",
    "\n\t ",
    "null",
    "true",
    "false",
    "0",
    "-0",
    "-1",
    "00",
    "1e2",
    "1.0",
    "2.50",
    "10e-1",
    "1e400",
    "1e-400",
    "9223372036854775807",
    "\"\"",
    "-",
    ".",
    "e",
    "\\u0061",
    "9223372036854775808",
    "\\n",
    "\\/",
    "\\ud",
    "\\ud83d",
    "\\ude00",
    "-9223372036854775809",
    "{}",
    "[]",
    ",\"x\":1",
    "\xC3\xA9",
    "\xFF",
    "18446744073709551616",
    "\x01",
    "é",
    "/",
    "[[[[[[[[",
    "\"a\":",
    "999999999999999999",
    "{\"x\":1,\"y\":[],\"x\":2}",
    ",\"q\":{\"d\":[{}],\"\\u0064\":2}",
};

/* From one comma or bracket to another: often a whole member or item. */
static size_t next_break(size_t at)
{
    while (at < text_len && strchr(",{}[]", text[at]) == NULL)
        at++;
    return at;
}

static void change(void)
{
    const size_t at = roll(text_len + 1);
    const size_t left = text_len - at;
    const size_t other = roll(text_len + 1);
    const char *piece = pieces[roll(COUNT(pieces))];

    switch (roll(9)) {
    case 0:
        if (left != 0)
            text[at] = (char)roll(256);
        return;
    case 1:
        replace(at, 0, piece, strlen(piece));
        return;
    case 2:
        replace(at, roll(left < 6 ? left + 1 : 6), "", 0);
        return;
    case 3:
        replace(at, roll(left < 4 ? left + 1 : 4), piece, strlen(piece));
        return;
    case 4: {
        const size_t from = next_break(other);
        const size_t to = next_break(from + 1 < text_len ? from + 1 : from);
        replace(next_break(at), 0, text + from, to - from);
        return;
    }
    case 5: {
        const size_t from = next_break(at);
        replace(from, next_break(from + 1 < text_len ? from + 1 : from) - from, "", 0);
        return;
    }
    case 6: {
        const struct entry *entry = &corpus[roll(corpus_count)];
        const size_t from = roll(entry->len + 1);
        replace(at, 0, entry->text + from, roll(entry->len - from + 1) % 60);
        return;
    }
    case 7:
        replace(at, left, "", 0);
        return;
    default:
        for (size_t i = at; i < text_len; i++) {
            if (text[i] >= '0' && text[i] <= '9') {
                replace(i, 1, piece, strlen(piece));
                return;
            }
        }
        return;
    }
}

int main(int argc, char **argv)
{
    size_t counts[MQB_STATUS_COUNT] = {0};
    if (argc != 3)
        return 2;
    state = strtoull(argv[1], NULL, 10);
    read_corpus();
    for (size_t round = strtoull(argv[2], NULL, 10); round > 0; round--) {
        const struct entry *entry = &corpus[roll(corpus_count)];
        text_len = entry->len < LONGEST ? entry->len : LONGEST;
        memcpy(text, entry->text, text_len);
        for (size_t changes = roll(5); changes > 0; changes--)
            change();
        compare(entry->message, (struct mqb_str){text, text_len});
        counts[verdicts[0].decoded]++;
    }
    for (size_t i = 0; i < MQB_STATUS_COUNT; i++) {
        if (counts[i] != 0)
            printf("%zu %s\n", counts[i], mqb_status_text((enum mqb_status)i));
    }
    return 0;
}
