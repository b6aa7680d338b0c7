/* Writing into buffers of every size, and what it takes: choices, a pattern. */
#ifndef MQB_TEST_WRITING_H
#define MQB_TEST_WRITING_H

#include "exactly.h"
#include "json_texts.h"

#include <mqbind/detail/writer.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct mqb_choice spellings[] = {
    {TEXT("MD5"), 0},
    {TEXT("md5"), 0},
    {TEXT("say \"hi\""), 1},
};
static const struct mqb_choices choices = {
    .items = spellings,
    .count = COUNT(spellings),
    .rule = "must be MD5 or a greeting",
    .escaped = true};

/* The strings "1" to "9". */
static const struct mqb_byte_range digit_ranges[] = {{'1', '9', 1}, {':', 0xFF, 0}};
static const uint16_t digit_next[] = {2, 1, 2, 2, 2, 2};
static const uint8_t digit_accepting[] = {2};
static const struct mqb_pattern digit = {digit_ranges, digit_next, digit_accepting, 2, 2, 0, NULL};

typedef void write_text(struct mqb_writer *w);

/* Write into a buffer of `cap` bytes, of which none beyond is touched. */
static inline enum mqb_status write_into(
    write_text *write,
    size_t cap,
    char *out,
    size_t *len,
    struct mqb_error *error)
{
    struct mqb_writer w;
    char *buf = malloc(cap == 0 ? 1 : cap);
    assert_non_null(buf);
    mqb_writer_init(&w, cap == 0 ? NULL : buf, cap);
    write(&w);
    const enum mqb_status status = mqb_writer_close(&w, len, error);
    if (status == MQB_OK)
        memcpy(out, buf, *len);
    free(buf);
    return status;
}

#endif
