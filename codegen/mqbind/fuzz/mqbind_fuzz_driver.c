/*
 * The function called by libFuzzer. An input is a payload, followed by four bytes that determine
 * the message, where the scratch memory ends, and how much of it there is when memory is short.
 *
 * All memory has the exact size needed, so that sanitizers detect accesses outside of it.
 */
#include "mqbind_fuzz.h"

#include <string.h>

#define CONTROL_BYTES 4
#define GUARD_BYTES 64
#define GUARD 0xA5

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most);

/* ---- Memory ---- */

static void *take(size_t bytes)
{
    void *const memory = malloc(bytes + !bytes);
    FUZZ_CHECK(memory != NULL);
    return memory;
}

/* Scratch memory at the end of a block, after bytes that must not be written. */
struct arena {
    unsigned char *block;
    struct mqb_scratch scratch;
};

static struct arena open_arena(size_t bytes, size_t shift)
{
    struct arena arena = {.block = take(GUARD_BYTES + shift + bytes)};
    memset(arena.block, GUARD, GUARD_BYTES + shift);
    arena.scratch = mqb_scratch_from(arena.block + GUARD_BYTES + shift, bytes);
    return arena;
}

static void close_arena(struct arena *arena)
{
    const size_t guard = (size_t)((unsigned char *)arena->scratch.ptr - arena->block);
    for (size_t i = 0; i < guard; i++)
        FUZZ_CHECK(arena->block[i] == GUARD);
    FUZZ_CHECK(arena->scratch.used + arena->scratch.reserved <= arena->scratch.cap);
    free(arena->block);
}

/* Memory with arbitrary content, which MemorySanitizer knows to be uninitialized. */
static void *take_dirty(size_t bytes)
{
    void *const memory = take(bytes);
#if !defined(__has_feature) || !__has_feature(memory_sanitizer)
    memset(memory, GUARD, bytes);
#endif
    return memory;
}

/* ---- One message ---- */

struct input {
    const struct fuzz_message *message;
    struct mqb_str payload;
    size_t shift; /* Misalignment of the start of the scratch memory, in bytes. */
    unsigned part; /* How much of the needed memory there is the second time, of 255. */
};

struct decoded {
    void *value;
    struct arena arena;
    struct mqb_error error;
    enum mqb_status status;
};

static struct decoded decode(
    const struct input *input,
    struct mqb_str payload,
    size_t scratch_bytes)
{
    struct decoded decoded = {
        .value = take_dirty(input->message->size),
        .arena = open_arena(scratch_bytes, input->shift),
    };
    const struct fuzz_message *const message = input->message;
    struct mqb_scratch *const scratch = &decoded.arena.scratch;
    decoded.status =
        message->is_text
            ? mqb_payload_decode_text(
                  message->read, message->text_types, decoded.value, payload, scratch,
                  &decoded.error)
            : mqb_payload_decode(message->read, decoded.value, payload, scratch, &decoded.error);
    FUZZ_CHECK((unsigned)decoded.status < MQB_STATUS_COUNT);
    if (decoded.status != MQB_OK) {
        char line[MQB_PATH_BYTES + MQB_EXCERPT_BYTES + 256];
        FUZZ_CHECK(decoded.error.status == decoded.status);
        FUZZ_CHECK(decoded.error.rule != NULL && decoded.error.offset <= payload.len);
        mqb_error_format(&decoded.error, line, sizeof line);
    }
    return decoded;
}

static void release(struct decoded *decoded)
{
    close_arena(&decoded->arena);
    free(decoded->value);
}

static enum mqb_status encode_into(
    const struct fuzz_message *message,
    const void *value,
    char *buf,
    size_t cap,
    size_t *len)
{
    struct mqb_error error;
    if (message->is_text)
        return mqb_payload_encode_text(
            message->write, message->text_types, value, buf, cap, len, &error);
    return mqb_payload_encode(message->write, value, buf, cap, len, &error);
}

static enum mqb_status validate(const struct fuzz_message *message, const void *value)
{
    struct mqb_error error;
    if (message->is_text)
        return mqb_payload_validate_text(message->write, message->text_types, value, &error);
    return mqb_payload_validate(message->write, value, &error);
}

/* The encoded message, in memory of exactly its length; NULL if it is refused. */
static char *encode(const struct input *input, const void *value, size_t *len)
{
    const struct fuzz_message *const message = input->message;
    enum mqb_status status = encode_into(message, value, NULL, 0, len);
    if (status == MQB_OK && message->is_text && *len == 0)
        return take(0);
    if (status != MQB_ERR_SPACE) {
        FUZZ_CHECK(status != MQB_OK);
        return NULL;
    }
    FUZZ_CHECK(validate(message, value) == MQB_OK);
    const size_t needed = *len;
    char *const text = take(needed);
    if (needed > 1)
        FUZZ_CHECK(encode_into(message, value, text, needed - 1, len) != MQB_OK);
    status = encode_into(message, value, text, needed, len);
    if (status != MQB_OK) {
        free(text);
        return NULL;
    }
    FUZZ_CHECK(*len == needed);
    return text;
}

/* A received message is sent with the same content, and is accepted again. */
static void check_values(
    const struct input *input,
    const struct fuzz_json *received,
    const void *value,
    size_t scratch_bytes)
{
    const struct fuzz_json *sent;
    size_t len;
    size_t again_len;
    char *memory;
    char *const text = encode(input, value, &len);
    if (text == NULL)
        return;
    const struct mqb_str payload = {text, len};
    const enum fuzz_json_verdict verdict =
        fuzz_parse_payload(input->message, payload, 1, &sent, &memory);
    FUZZ_CHECK(verdict != FUZZ_JSON_INVALID);
    if (verdict == FUZZ_JSON_VALID && received != NULL)
        FUZZ_CHECK(fuzz_says_the_same(input->message->shape, received, sent));

    struct decoded again = decode(input, payload, scratch_bytes + 8 * len);
    FUZZ_CHECK(again.status == MQB_OK);
    char *const text_again = encode(input, again.value, &again_len);
    FUZZ_CHECK(text_again != NULL && again_len == len && memcmp(text, text_again, len) == 0);
    free(text_again);
    release(&again);
    free(memory);
    free(text);
}

/* An independent parser agrees about the text. */
static void check_grammar(
    const struct fuzz_message *message,
    enum mqb_status status,
    enum fuzz_json_verdict verdict)
{
    if (message->is_text)
        FUZZ_CHECK(status != MQB_ERR_JSON && (status != MQB_OK || verdict != FUZZ_JSON_INVALID));
    else if (status == MQB_ERR_JSON)
        FUZZ_CHECK(verdict != FUZZ_JSON_VALID);
    else if (status != MQB_ERR_LIMIT && status != MQB_ERR_SPACE)
        FUZZ_CHECK(verdict != FUZZ_JSON_INVALID);
}

/* With less memory a message is decoded to the same value, or refused. */
static void check_short_memory(const struct input *input, const struct decoded *decoded)
{
    const size_t needed = decoded->arena.scratch.peak;
    const size_t bytes = needed * input->part / 255 + input->shift;
    struct decoded other = decode(input, input->payload, bytes);
    if (other.status == MQB_OK) {
        size_t len = 0;
        size_t other_len = 0;
        FUZZ_CHECK(decoded->status == MQB_OK);
        char *const text = encode(input, decoded->value, &len);
        char *const other_text = encode(input, other.value, &other_len);
        FUZZ_CHECK((text == NULL) == (other_text == NULL));
        if (text != NULL)
            FUZZ_CHECK(len == other_len && memcmp(text, other_text, len) == 0);
        free(text);
        free(other_text);
    } else if (decoded->status == MQB_OK) {
        FUZZ_CHECK(other.status == MQB_ERR_SPACE || other.status == MQB_ERR_LIMIT);
    }
    release(&other);
}

static void check(const struct input *input)
{
    const size_t len = input->payload.len;
    /*
     * The memory that is enough according to the header, with unknown members as short as possible.
     */
    const size_t enough = input->message->scratch_bytes(len) + MQB_TOKEN_BYTES * len;
    const struct fuzz_json *received = NULL;
    char *memory;
    const enum fuzz_json_verdict verdict =
        fuzz_parse_payload(input->message, input->payload, 0, &received, &memory);
    struct decoded decoded = decode(input, input->payload, enough);
    FUZZ_CHECK(decoded.status != MQB_ERR_SPACE);
    check_grammar(input->message, decoded.status, verdict);
    if (decoded.status == MQB_OK)
        check_values(input, verdict == FUZZ_JSON_VALID ? received : NULL, decoded.value, enough);
    check_short_memory(input, &decoded);
    release(&decoded);
    free(memory);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < CONTROL_BYTES)
        return 0;
    const uint8_t *const control = data + size - CONTROL_BYTES;
    const size_t number = (control[0] & 63u) * 64u + (control[1] & 63u);
    const size_t len = size - CONTROL_BYTES;
    char *const payload = take(len);
    memcpy(payload, data, len);
    const struct input input = {
        .message = &fuzz_schema.messages[number % fuzz_schema.message_count],
        .payload = {payload, len},
        .shift = control[2] & 15,
        .part = control[3],
    };
    check(&input);
    free(payload);
    return 0;
}

/* ---- Mutations ---- */

static const struct mqb_str pieces[] = {
    MQB_STR("{"),
    MQB_STR("}"),
    MQB_STR("["),
    MQB_STR("]"),
    MQB_STR(","),
    MQB_STR(":"),
    MQB_STR("\""),
    MQB_STR("null"),
    MQB_STR("true"),
    MQB_STR("false"),
    MQB_STR("{}"),
    MQB_STR("[]"),
    MQB_STR("\"\""),
    MQB_STR("0"),
    MQB_STR("-0"),
    MQB_STR("1e2"),
    MQB_STR("1.0"),
    MQB_STR("10e-1"),
    MQB_STR("1e400"),
    MQB_STR("1e-400"),
    MQB_STR("9223372036854775807"),
    MQB_STR("9223372036854775808"),
    MQB_STR("-9223372036854775809"),
    MQB_STR("18446744073709551616"),
    MQB_STR("0.30000000000000004"),
    MQB_STR("\\u0061"),
    MQB_STR("\\n"),
    MQB_STR("\\ud83d\\ude00"),
    MQB_STR("\xC3\xA9"),
    MQB_STR("\xFF"),
    MQB_STR(",\"x\":1"),
    MQB_STR("{\"x\":1,\"y\":[],\"x\":2}"),
    MQB_STR("[[[[[[[["),
    MQB_STR(",\"q\":{\"d\":[{}],\"\\u0064\":2}"),
    MQB_STR("\n\t "),
};

static unsigned roll(unsigned *state, size_t sides)
{
    *state = *state * 1664525u + 1013904223u;
    return sides == 0 ? 0 : (unsigned)((*state >> 8) % sides);
}

static size_t insert(uint8_t *data, size_t len, size_t most, struct mqb_str piece, unsigned *state)
{
    const size_t at = roll(state, len + 1);
    if (piece.len > most - len)
        return len;
    memmove(data + at + piece.len, data + at, len - at);
    memcpy(data + at, piece.ptr, piece.len);
    return len + piece.len;
}

/* Begin with an example of the document. */
static size_t plant(uint8_t *data, size_t most, unsigned *state)
{
    const struct fuzz_seed *const seed = &fuzz_schema.seeds[roll(state, fuzz_schema.seed_count)];
    if (seed->payload.len > most - CONTROL_BYTES)
        return 0;
    memcpy(data, seed->payload.ptr, seed->payload.len);
    uint8_t *const control = data + seed->payload.len;
    control[0] = (uint8_t)(64 + seed->message / 64);
    control[1] = (uint8_t)(64 + seed->message % 64);
    control[2] = (uint8_t)(64 + roll(state, 16));
    control[3] = (uint8_t)roll(state, 256);
    return seed->payload.len + CONTROL_BYTES;
}

static size_t change(uint8_t *data, size_t len, size_t most, unsigned *state)
{
    const size_t words = fuzz_schema.word_count;
    switch (roll(state, 4)) {
    case 0:
        return insert(data, len, most, pieces[roll(state, sizeof pieces / sizeof *pieces)], state);
    case 1:
        if (words != 0)
            return insert(data, len, most, fuzz_schema.words[roll(state, words)], state);
        return LLVMFuzzerMutate(data, len, most);
    default:
        return LLVMFuzzerMutate(data, len, most);
    }
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed)
{
    unsigned state = seed;
    uint8_t control[CONTROL_BYTES];
    if (most < CONTROL_BYTES)
        return LLVMFuzzerMutate(data, size, most);
    if (size < CONTROL_BYTES || (fuzz_schema.seed_count != 0 && roll(&state, 64) == 0)) {
        const size_t planted = fuzz_schema.seed_count != 0 ? plant(data, most, &state) : 0;
        return planted != 0 ? planted : LLVMFuzzerMutate(data, size, most);
    }
    const size_t len = size - CONTROL_BYTES;
    memcpy(control, data + len, CONTROL_BYTES);
    if (roll(&state, 4) == 0)
        control[roll(&state, CONTROL_BYTES)] = (uint8_t)roll(&state, 256);
    const size_t changed = change(data, len, most - CONTROL_BYTES, &state);
    memcpy(data + changed, control, CONTROL_BYTES);
    return changed + CONTROL_BYTES;
}
