/*
 * UTF-8, exhaustively: every code point, and every sequence of up to three bytes; of four, which
 * takes some seconds, if MQBIND_LONG is set.
 */
#include "exactly.h"
#include "json/utf8.h"

#include <mqbind/detail/values.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* The bytes of a code point, surrogates included; their number. */
static size_t encode(uint32_t code_point, unsigned char bytes[4])
{
    size_t more = code_point < 0x80 ? 0 : code_point < 0x800 ? 1 : code_point < 0x10000 ? 2 : 3;
    static const unsigned char marks[] = {0, 0xC0, 0xE0, 0xF0};

    bytes[0] = (unsigned char)(marks[more] | code_point >> 6 * more);
    for (size_t i = 1; i <= more; i++)
        bytes[i] = (unsigned char)(0x80 | (code_point >> 6 * (more - i) & 0x3F));
    return more + 1;
}

/* The length of the sequence at the start: one that encoding what it stands for gives again. */
static size_t decode(const unsigned char *bytes, size_t len)
{
    for (size_t count = 1; count <= 4 && count <= len; count++) {
        uint32_t code_point = bytes[0];
        unsigned char again[4];

        if (count > 1)
            code_point &= 0x7FU >> count;
        for (size_t i = 1; i < count; i++)
            code_point = code_point << 6 | (bytes[i] & 0x3F);
        if (code_point > 0x10FFFF || (code_point >= 0xD800 && code_point <= 0xDFFF))
            continue;
        if (encode(code_point, again) == count && memcmp(again, bytes, count) == 0)
            return count;
    }
    return 0;
}

static bool decodes(const unsigned char *bytes, size_t len)
{
    size_t at = 0;

    while (at < len) {
        size_t count = decode(bytes + at, len - at);

        if (count == 0)
            return false;
        at += count;
    }
    return true;
}

static void check(const unsigned char *bytes, size_t len)
{
    struct mqb_str text = exactly((const char *)bytes, len);

    if (mqb_utf8_sequence(text.ptr, text.len) != decode(bytes, len))
        fail_msg("sequence %02X %02X %02X of %zu", bytes[0], bytes[1], bytes[2], len);
    if (mqb_utf8_valid(text) != decodes(bytes, len))
        fail_msg("text %02X %02X %02X of %zu", bytes[0], bytes[1], bytes[2], len);
}

static void every_code_point_is_one_sequence(void **state)
{
    (void)state;
    for (uint32_t code_point = 0; code_point <= 0x10FFFF; code_point++) {
        bool surrogate = code_point >= 0xD800 && code_point <= 0xDFFF;
        unsigned char bytes[4];
        size_t len = encode(code_point, bytes);
        struct mqb_str text = exactly((const char *)bytes, len);

        assert_int_equal(mqb_utf8_sequence(text.ptr, len), surrogate ? 0 : len);
        assert_int_equal(mqb_utf8_valid(text), !surrogate);
        assert_int_equal(mqb_utf8_length(text), 1);
        for (size_t cut = 1; cut < len; cut++)
            assert_int_equal(mqb_utf8_sequence(text.ptr, cut), 0);
    }
}

static void every_short_text_has_its_verdict(void **state)
{
    (void)state;
    for (uint32_t all = 0; all < UINT32_C(1) << 24; all++) {
        unsigned char bytes[3] = {
            (unsigned char)(all >> 16), (unsigned char)(all >> 8), (unsigned char)all};

        check(bytes, 3);
        if (bytes[2] == 0)
            check(bytes, 2);
        if (bytes[2] == 0 && bytes[1] == 0)
            check(bytes, 1);
    }
}

static void every_four_byte_form_has_its_verdict(void **state)
{
    static const unsigned char last[] = {0x00, 0x7F, 0x80, 0xBF, 0xC0, 0xFF};

    (void)state;
    for (uint32_t all = 0; all < UINT32_C(1) << 20; all++) {
        unsigned char bytes[4] = {
            (unsigned char)(0xF0 | all >> 16), (unsigned char)(all >> 8), (unsigned char)all, 0};

        for (size_t i = 0; i < sizeof last; i++) {
            bytes[3] = last[i];
            check(bytes, 4);
        }
    }
}

/* A flaw behind or within text that is checked in whole words. */
static void flaws_are_found_anywhere(void **state)
{
    (void)state;
    for (size_t len = 1; len <= 40; len++) {
        char bytes[40];

        memset(bytes, 'x', len);
        assert_true(mqb_utf8_valid(exactly(bytes, len)));
        assert_int_equal(mqb_utf8_length(exactly(bytes, len)), len);
        for (size_t at = 0; at < len; at++) {
            bytes[at] = (char)0x80;
            assert_false(mqb_utf8_valid(exactly(bytes, len)));
            bytes[at] = (char)0xC3;
            assert_false(mqb_utf8_valid(exactly(bytes, len)));
            if (at + 1 < len) {
                bytes[at + 1] = (char)0xA9;
                assert_true(mqb_utf8_valid(exactly(bytes, len)));
                assert_int_equal(mqb_utf8_length(exactly(bytes, len)), len - 1);
                bytes[at + 1] = 'x';
            }
            bytes[at] = 'x';
        }
    }
}

static void empty_and_nul(void **state)
{
    (void)state;
    assert_int_equal(mqb_utf8_sequence(NULL, 0), 0);
    assert_true(mqb_utf8_valid((struct mqb_str){NULL, 0}));
    assert_int_equal(mqb_utf8_length((struct mqb_str){NULL, 0}), 0);
    assert_int_equal(mqb_utf8_sequence("\0x", 2), 1);
    assert_true(mqb_utf8_valid(MQB_STR("a\0b")));
    assert_int_equal(mqb_utf8_length(MQB_STR("a\0\xE4\xB8\xAD\xF0\x9F\x98\x80")), 4);
}

/* Three bytes have a short way of their own. */
static void passing_three_bytes_is_passing_sequences(void **state)
{
    (void)state;
    for (unsigned code = 0x800000; code <= 0xFFFFFF; code++) {
        const char text[3] = {(char)(code >> 16), (char)(code >> 8), (char)code};
        size_t wanted = 0;
        while (wanted < sizeof text && (unsigned char)text[wanted] >= 0x80) {
            const size_t step = mqb_utf8_sequence(text + wanted, sizeof text - wanted);
            if (step == 0)
                break;
            wanted += step;
        }
        if (mqb_utf8_pass(text, text + sizeof text) != text + wanted)
            fail_msg("%06x is not passed to byte %zu", code, wanted);
    }
}

/* The syntax of RFC 3629, chapter 4: the allowed bytes at each place. */
static const struct {
    size_t count;
    struct {
        unsigned char least;
        unsigned char most;
    } bytes[4];
} syntax[] = {
    {1, {{0x00, 0x7F}}},
    {2, {{0xC2, 0xDF}, {0x80, 0xBF}}},
    {3, {{0xE0, 0xE0}, {0xA0, 0xBF}, {0x80, 0xBF}}},
    {3, {{0xE1, 0xEC}, {0x80, 0xBF}, {0x80, 0xBF}}},
    {3, {{0xED, 0xED}, {0x80, 0x9F}, {0x80, 0xBF}}},
    {3, {{0xEE, 0xEF}, {0x80, 0xBF}, {0x80, 0xBF}}},
    {4, {{0xF0, 0xF0}, {0x90, 0xBF}, {0x80, 0xBF}, {0x80, 0xBF}}},
    {4, {{0xF1, 0xF3}, {0x80, 0xBF}, {0x80, 0xBF}, {0x80, 0xBF}}},
    {4, {{0xF4, 0xF4}, {0x80, 0x8F}, {0x80, 0xBF}, {0x80, 0xBF}}},
};
#define FORMS (sizeof syntax / sizeof syntax[0])
#define ALL_FORMS ((1U << FORMS) - 1)

/* A bit for each form: those that may have a byte at a place, and those of so many bytes. */
static unsigned allowed[4][256];
static unsigned of_length[5];

static void prepare_forms(void)
{
    for (size_t i = 0; i < FORMS; i++) {
        of_length[syntax[i].count] |= 1U << i;
        for (size_t place = 0; place < syntax[i].count; place++) {
            for (unsigned byte = syntax[i].bytes[place].least; byte <= syntax[i].bytes[place].most;
                 byte++)
                allowed[place][byte] |= 1U << i;
        }
    }
}

/* What begins with `place` bytes that some forms allow, or that have a sequence already. */
static uint64_t check_from(char bytes[4], size_t place, unsigned forms, size_t sequence)
{
    uint64_t checked = 0;

    for (unsigned byte = 0; byte < 256; byte++) {
        const unsigned left = allowed[place][byte] & forms;
        const size_t own = (left & of_length[place + 1]) != 0 ? place + 1 : 0;
        const size_t wanted = sequence != 0 ? sequence : own;

        bytes[place] = (char)byte;
        if (mqb_utf8_sequence(bytes, place + 1) != wanted)
            fail_msg("place %zu of %02X %02X", place, bytes[0] & 0xFF, bytes[1] & 0xFF);
        checked++;
        if (place + 1 < 4)
            checked += check_from(bytes, place + 1, left, wanted);
    }
    return checked;
}

static void every_sequence_is_that_of_the_standard(void **state)
{
    const uint64_t all = (UINT64_C(1) << 32) + (1 << 24) + (1 << 16) + (1 << 8);
    char bytes[4];

    (void)state;
    prepare_forms();
    assert_true(check_from(bytes, 0, ALL_FORMS, 0) == all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(passing_three_bytes_is_passing_sequences),
        cmocka_unit_test(every_code_point_is_one_sequence),
        cmocka_unit_test(every_short_text_has_its_verdict),
        cmocka_unit_test(every_four_byte_form_has_its_verdict),
        cmocka_unit_test(flaws_are_found_anywhere),
        cmocka_unit_test(empty_and_nul),
    };
    const struct CMUnitTest more[] = {
        cmocka_unit_test(every_sequence_is_that_of_the_standard),
    };

    if (getenv("MQBIND_LONG") != NULL)
        return cmocka_run_group_tests(more, NULL, NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
