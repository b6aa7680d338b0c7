/* Automata written by hand; tests/codegen holds compiled ones against the same runtime. */
#include "exactly.h"
#include "payload/constraint/pattern.h"

#include <mqbind/detail/values.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* ^[0-9]{2}$ with the classes other, digit. */
static const struct mqb_byte_range digit_ranges[] = {{'0', '9', 1}, {':', 0xFF, 0}};
static const uint16_t two_digits_next[] = {1, 2, 1, 1, 1, 3, 1, 1};
static const uint8_t two_digits_accepting[] = {1U << 3};
static const struct mqb_pattern two_digits = {
    digit_ranges, two_digits_next, two_digits_accepting, 2, 1, 0, NULL};

static bool found(const struct mqb_pattern *pattern, const char *text)
{
    return mqb_pattern_matches(pattern, exactly(text, strlen(text)));
}

static void whole_text_decides(void **state)
{
    (void)state;
    assert_true(found(&two_digits, "00"));
    assert_true(found(&two_digits, "97"));
    assert_false(found(&two_digits, ""));
    assert_false(found(&two_digits, "9"));
    assert_false(found(&two_digits, "977"));
    assert_false(found(&two_digits, "a7"));
    assert_false(found(&two_digits, "9\xC3\xA9"));
}

/* Only the bytes up to the dead state are looked at. */
static void dead_state_ends_the_search(void **state)
{
    const struct mqb_str unreadable = {"x", SIZE_MAX};

    (void)state;
    assert_false(mqb_pattern_matches(&two_digits, unreadable));
}

static void empty_text_and_nul(void **state)
{
    (void)state;
    assert_false(mqb_pattern_matches(&two_digits, (struct mqb_str){NULL, 0}));
    assert_false(mqb_pattern_matches(&two_digits, MQB_STR("9\0")));
    assert_false(mqb_pattern_matches(&two_digits, MQB_STR("97\0")));
}

/* A search for a byte above 0x7F that never dies: once found, the rest does not matter. */
static void bytes_are_unsigned_and_dead_may_be_absent(void **state)
{
    static const struct mqb_byte_range ranges[] = {{0xC3, 0xC3, 1}, {0xC4, 0xFF, 0}};
    static const uint16_t next[] = {0, 1, 1, 1};
    static const uint8_t accepting[] = {1U << 1};
    const struct mqb_pattern search = {ranges, next, accepting, 2, UINT16_MAX, 0, NULL};

    (void)state;
    assert_true(found(&search, "\xC3"));
    assert_true(found(&search, "caf\xC3\xA9s"));
    assert_false(found(&search, "cafes"));
    assert_false(found(&search, ""));
}

/* Ten states in a row: more than one byte of accepting bits. */
static void accepting_bits_beyond_the_first_byte(void **state)
{
    static const struct mqb_byte_range ranges[] = {{0, 0xFF, 0}};
    static const uint16_t next[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 9};
    static const uint8_t accepting[] = {1U << 7, 1U << 1};
    const struct mqb_pattern lengths = {ranges, next, accepting, 1, UINT16_MAX, 0, NULL};
    const char *text = "xxxxxxxxxxxx";

    (void)state;
    for (size_t len = 0; len <= 12; len++) {
        bool wanted = len == 7 || len >= 9;

        assert_int_equal(mqb_pattern_matches(&lengths, exactly(text, len)), wanted);
    }
}

/* Each byte is found in the range, or in the gap, that has it, whatever the byte before. */
static void every_byte_has_its_class(void **state)
{
    static const struct mqb_byte_range ranges[] = {
        {0, 0, 1}, {'0', '9', 2}, {':', 'z', 3}, {0x80, 0xBF, 2}, {0xFF, 0xFF, 1}};
    static const uint8_t accepting[] = {1U << 2};
    uint16_t next[16];
    const struct mqb_pattern last = {ranges, next, accepting, 4, UINT16_MAX, 0, NULL};

    (void)state;
    for (size_t i = 0; i < 16; i++)
        next[i] = (uint16_t)(i % 4);
    for (unsigned before = 0; before <= UINT8_MAX; before++) {
        for (unsigned byte = 0; byte <= UINT8_MAX; byte++) {
            const char text[] = {(char)before, (char)byte};
            const bool wanted = (byte >= '0' && byte <= '9') || (byte >= 0x80 && byte <= 0xBF);

            assert_int_equal(mqb_pattern_matches(&last, exactly(text, 2)), wanted);
        }
    }
}

/* ^[0-9]{2,4}x$: state 3 counts and has three rows. */
static void digits_are_counted(void **state)
{
    static const struct mqb_byte_range ranges[] = {{'0', '9', 1}, {'x', 'x', 2}, {'y', 0xFF, 0}};
    static const uint16_t next[] = {
        1, 3 | MQB_PATTERN_FIRST,
        1, /* nothing yet */
        1, 1,
        1, /* dead */
        1, 1,
        1, /* x */
        1, 3 | MQB_PATTERN_MORE,
        1, /* fewer than 2 */
        1, 3 | MQB_PATTERN_MORE,
        2, /* 2 or 3 */
        1, 1,
        2, /* 4 */
    };
    static const uint8_t accepting[] = {1U << 2};
    static const struct mqb_pattern_counter counters[] = {{2, 4}};
    static const struct mqb_pattern digits = {ranges, next, accepting, 3, 1, 3, counters};

    (void)state;
    for (size_t count = 0; count <= 6; count++) {
        char text[8] = "000000";
        struct mqb_pattern_state piecewise = {0, 0};

        text[count] = 'x';
        assert_int_equal(
            mqb_pattern_matches(&digits, exactly(text, count + 1)), count >= 2 && count <= 4);
        assert_false(mqb_pattern_matches(&digits, exactly(text, count)));
        for (size_t i = 0; i <= count; i++)
            mqb_pattern_feed(&digits, &piecewise, exactly(text + i, 1));
        assert_int_equal(mqb_pattern_accepts(&digits, &piecewise), count >= 2 && count <= 4);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_text_decides),
        cmocka_unit_test(dead_state_ends_the_search),
        cmocka_unit_test(digits_are_counted),
        cmocka_unit_test(empty_text_and_nul),
        cmocka_unit_test(bytes_are_unsigned_and_dead_may_be_absent),
        cmocka_unit_test(accepting_bits_beyond_the_first_byte),
        cmocka_unit_test(every_byte_has_its_class),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
