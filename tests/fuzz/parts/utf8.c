/* UTF-8, against the table of RFC 3629 written out. */
#include "json/utf8.h"
#include "target.h"

/* The forms of RFC 3629, section 4: the bounds of the first and the second byte, and the length. */
static const struct form {
    unsigned char first_low, first_high, second_low, second_high, len;
} forms[] = {
    {0x00, 0x7F, 0x00, 0x00, 1}, {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3},
    {0xE1, 0xEC, 0x80, 0xBF, 3}, {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3},
    {0xF0, 0xF0, 0x90, 0xBF, 4}, {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4},
};

static bool is_form(const struct form *form, const unsigned char *at, size_t left)
{
    if (left < form->len || at[0] < form->first_low || at[0] > form->first_high)
        return false;
    if (form->len > 1 && (at[1] < form->second_low || at[1] > form->second_high))
        return false;
    for (size_t i = 2; i < form->len; i++) {
        if (at[i] < 0x80 || at[i] > 0xBF)
            return false;
    }
    return true;
}

static size_t sequence(const unsigned char *at, size_t left)
{
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if (is_form(&forms[i], at, left))
            return forms[i].len;
    }
    return 0;
}

/* The end of what is not ASCII and valid, from `at` on. */
static const char *pass(const char *at, const char *end)
{
    while (at != end && (unsigned char)*at > 0x7F) {
        const size_t len = sequence((const unsigned char *)at, (size_t)(end - at));
        if (len == 0)
            break;
        at += len;
    }
    return at;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *const block = take_block(data, size);
    const char *const end = block + size;
    bool valid = true;
    size_t next = 0;
    for (size_t at = 0; at < size; at++) {
        const size_t len = sequence((const unsigned char *)block + at, size - at);
        FUZZ_CHECK(mqb_utf8_sequence(block + at, size - at) == len);
        FUZZ_CHECK(mqb_utf8_pass(block + at, end) == pass(block + at, end));
        if (at == next) {
            valid = valid && len != 0;
            next += len != 0 ? len : 1;
        }
    }
    FUZZ_CHECK(mqb_utf8_valid((struct mqb_str){block, size}) == valid);
    free(block);
    return 0;
}
