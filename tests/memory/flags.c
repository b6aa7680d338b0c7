/*
 * Every flag of a message with every byte in it: what encode and validate make of them.
 *
 * Each line is a status and, in hexadecimal, what was written. Nothing may be written around it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flags_all.h"
#include "flags_bare.h"
#include "flags_lamp.h"

#define GUARD 512
#define MOST 512

static char block[GUARD + MOST + GUARD];

static void die(const char *why)
{
    fprintf(stderr, "%s\n", why);
    abort();
}

static void check_guards(size_t cap)
{
    for (size_t i = 0; i < sizeof block; i++) {
        if ((i < GUARD || i >= GUARD + cap) && block[i] != 0x5A)
            die("written outside of the buffer");
    }
}

typedef enum mqb_status encoder(
    const void *message,
    char *buf,
    size_t cap,
    size_t *len,
    struct mqb_error *error);

static enum mqb_status encode_all(
    const void *message,
    char *buf,
    size_t cap,
    size_t *len,
    struct mqb_error *error)
{
    const enum mqb_status checked = flags_all_validate(message, NULL);
    const enum mqb_status status = flags_all_encode(message, buf, cap, len, error);
    if (status == MQB_OK && checked != MQB_OK)
        die("validate refuses what encode writes");
    return status;
}

static enum mqb_status encode_bare(
    const void *message,
    char *buf,
    size_t cap,
    size_t *len,
    struct mqb_error *error)
{
    return flags_bare_encode(message, buf, cap, len, error);
}

static enum mqb_status encode_lamp(
    const void *message,
    char *buf,
    size_t cap,
    size_t *len,
    struct mqb_error *error)
{
    return flags_lamp_encode(message, buf, cap, len, error);
}

/* Into much room, none, and exactly as much as the text takes. */
static void tell(encoder *encode, const void *message)
{
    struct mqb_error error;
    size_t len = 0;
    memset(block, 0x5A, sizeof block);
    const enum mqb_status status = encode(message, block + GUARD, MOST, &len, &error);
    check_guards(MOST);
    if (status == MQB_OK && len > MOST)
        die("a length beyond the buffer");
    printf("%d ", (int)status);
    for (size_t i = 0; status == MQB_OK && i < len; i++)
        printf("%02x", (unsigned char)block[GUARD + i]);
    putchar('\n');
    const size_t caps[] = {0, status == MQB_OK ? len : MOST, len / 2};
    for (size_t i = 0; i < 3; i++) {
        size_t again = 0;
        memset(block, 0x5A, sizeof block);
        encode(message, block + GUARD, caps[i], &again, &error);
        check_guards(caps[i]);
    }
}

/* One byte of the message at a time, and all bytes of the field together. */
static void fill(encoder *encode, void *message, void *field, size_t size)
{
    unsigned char kept[64];
    memcpy(kept, field, size);
    for (unsigned byte = 0; byte < 256; byte++) {
        memset(field, (int)byte, size);
        tell(encode, message);
        memcpy(field, kept, size);
        for (size_t i = 0; i < size; i++) {
            memset((char *)field + i, (int)byte, 1);
            tell(encode, message);
            memcpy(field, kept, size);
        }
    }
}

#define FILL(field) fill(encode_all, &message, &(field), sizeof(field))

static void fill_all(struct flags_all message)
{
    FILL(message.on);
    FILL(message.mode);
    FILL(message.level);
    FILL(message.hush);
    FILL(message.is_null);
    FILL(message.pick.kind);
    FILL(message.pick.as.boolean_);
    FILL(message.told.kind);
    FILL(message.told.as.object.off);
    FILL(message.id.is_string);
    FILL(message.late);
    FILL(message.later);
    FILL(message.checked);
    FILL(message.has);
}

int main(void)
{
    bool items[] = {true, false};
    struct flags_all_named_entry entries[] = {{MQB_STR("a"), true}};
    struct flags_all message;
    struct flags_bare bare;
    bool lamp = true;

    memset(&message, 0, sizeof message);
    flags_all_init(&message);
    message.mode = FLAGS_ALL_MODE_SLOW;
    message.level = FLAGS_ALL_LEVEL_5;
    message.pick.kind = FLAGS_ALL_PICK_BOOLEAN;
    message.told.kind = FLAGS_ALL_TOLD_OBJECT;
    message.id.integer = 7;
    message.each.items = items;
    message.each.count = 2;
    message.named.entries = entries;
    message.named.count = 1;
    message.later = FLAGS_ALL_LATER_NOON;
    message.checked = true;
    message.has.later = true;
    message.has.checked = true;
    fill_all(message);
    fill(encode_all, &message, items, sizeof items);
    fill(encode_all, &message, &entries[0].value, 1);
    message.has.late = true;
    message.has.empty = true;
    fill_all(message);
    memset(&bare, 0, sizeof bare);
    fill(encode_bare, &bare, &bare.is_null, sizeof bare.is_null);
    fill(encode_bare, &bare, &bare.value, sizeof bare.value);
    fill(encode_lamp, &lamp, &lamp, sizeof lamp);
    return 0;
}
