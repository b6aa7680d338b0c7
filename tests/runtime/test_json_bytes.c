/* Bytes of JSON, among them what `make prove` takes as given: classes, and words of eight. */
#include "json/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

static bool is_one_of(int byte, const char *set)
{
    return byte != '\0' && byte < 0x80 && strchr(set, byte) != NULL;
}

static void each_byte_has_its_classes(void **state)
{
    (void)state;
    for (int byte = 0; byte < 256; byte++) {
        const bool plain = byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\';

        assert_int_equal(mqb_byte_is((char)byte, MQB_PLAIN), plain);
        assert_int_equal(mqb_byte_is((char)byte, MQB_BLANK), is_one_of(byte, " \t\r\n"));
        assert_int_equal(mqb_byte_is((char)byte, MQB_DIGIT), is_one_of(byte, "0123456789"));
        assert_int_equal(
            mqb_byte_is((char)byte, MQB_HEX), is_one_of(byte, "0123456789abcdefABCDEF"));
        assert_int_equal(mqb_byte_is((char)byte, MQB_BREAK), is_one_of(byte, " \t\r\n\",:[]{}"));
    }
}

static void the_first_byte_is_the_lowest(void **state)
{
    (void)state;
    assert_true(mqb_bytes_word("\x01\x23\x45\x67\x89\xAB\xCD\xEF") == 0xEFCDAB8967452301);
    for (unsigned place = 0; place < 8; place++) {
        for (uint64_t byte = 1; byte < 256; byte++) {
            const uint64_t word = byte << 8 * place;
            char bytes[8] = {0};

            bytes[place] = (char)byte;
            assert_true(mqb_bytes_word(bytes) == word);
            assert_int_equal(mqb_bytes_first(word), place);
            assert_int_equal(mqb_bytes_first(word | (UINT64_C(1) << 63)), place);
        }
    }
}

/* One byte that is not plain, with any byte behind it. */
static void the_first_special_byte_is_found(void **state)
{
    char bytes[8];

    (void)state;
    for (unsigned place = 0; place < 8; place++) {
        for (unsigned both = 0; both < 0x10000; both++) {
            memset(bytes, 'x', sizeof bytes);
            bytes[place] = (char)both;
            if (place < 7)
                bytes[place + 1] = (char)(both >> 8);
            const char *end = bytes + sizeof bytes;
            const char *wanted = bytes;
            while (wanted != end && mqb_byte_is(*wanted, MQB_PLAIN))
                wanted++;
            const uint64_t special = mqb_bytes_special(bytes);
            if (wanted == end ? special != 0 : bytes + mqb_bytes_first(special) != wanted)
                fail_msg("place %u of %04X", place, both);
        }
    }
}

/* One byte that is not a space, with any byte behind it. */
static void spaces_end_at_the_first_other_byte(void **state)
{
    char bytes[8];

    (void)state;
    for (unsigned place = 0; place < 8; place++) {
        for (unsigned both = 0; both < 0x10000; both++) {
            memset(bytes, ' ', sizeof bytes);
            bytes[place] = (char)both;
            if (place < 7)
                bytes[place + 1] = (char)(both >> 8);
            const char *end = bytes + sizeof bytes;
            const char *wanted = bytes;
            while (wanted != end && *wanted == ' ')
                wanted++;
            if (mqb_bytes_spaces(bytes, end) != wanted)
                fail_msg("place %u of %04X", place, both);
        }
    }
}

/* Also when only one byte differs, and when bytes around them do. */
static void equal_bytes_are_the_same(void **state)
{
    (void)state;
    for (size_t len = 0; len <= 40; len++) {
        char a[48];
        char b[48];
        memset(a, 'a', sizeof(a));
        memset(b, 'b', sizeof(b));
        memset(b, 'a', len);
        assert_true(mqb_bytes_same(a, b, len));
        for (size_t at = 0; at < len; at++) {
            b[at] = 'c';
            assert_false(mqb_bytes_same(a, b, len));
            b[at] = 'a';
        }
    }
}

static void strings_of_other_lengths_differ(void **state)
{
    (void)state;
    assert_true(mqb_bytes_equal(MQB_STR("same"), MQB_STR("same")));
    assert_false(mqb_bytes_equal(MQB_STR("same"), MQB_STR("sam")));
    assert_true(mqb_bytes_equal((struct mqb_str){NULL, 0}, MQB_STR("")));
}

/* All texts of four bytes that are blanks of any kind, or not. */
static void whitespace_ends_at_the_first_other_byte(void **state)
{
    static const char kinds[] = " \t\r\nx\v";
    const size_t base = sizeof(kinds) - 1;
    (void)state;
    for (size_t number = 0; number < base * base * base * base; number++) {
        char text[4];
        size_t wanted = 0;
        for (size_t i = 0, rest = number; i < sizeof(text); i++, rest /= base)
            text[i] = kinds[rest % base];
        while (wanted < sizeof(text) && is_one_of(text[wanted], " \t\r\n"))
            wanted++;
        const char *end = text + sizeof(text);
        const char *next = text;
        assert_ptr_equal(mqb_bytes_blanks(text, end), text + wanted);
        assert_ptr_equal(mqb_bytes_next(text, end), text + wanted);
        assert_ptr_equal(mqb_bytes_line(text, end), text + wanted);
        assert_true(mqb_bytes_indent(text, end) <= text + wanted);
        assert_int_equal(
            mqb_byte_next(&next, end), wanted == sizeof(text) ? -1 : (int)text[wanted]);
        assert_ptr_equal(next, text + wanted);
    }
}

static void the_first_byte_says_the_type(void **state)
{
    (void)state;
    for (int byte = 0; byte < 256; byte++) {
        const enum mqb_json_type wanted = byte == '"'             ? MQB_JSON_STRING
                                          : byte == '{'           ? MQB_JSON_OBJECT
                                          : byte == '['           ? MQB_JSON_ARRAY
                                          : byte == 'n'           ? MQB_JSON_NULL
                                          : is_one_of(byte, "tf") ? MQB_JSON_BOOLEAN
                                                                  : MQB_JSON_NUMBER;
        assert_int_equal(mqb_byte_type((char)byte), wanted);
    }
}

static void literals_are_whole(void **state)
{
    static const char *const literals[] = {"true", "false", "null"};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        const size_t len = strlen(literals[i]);
        char text[8] = "________";
        memcpy(text, literals[i], len);
        assert_ptr_equal(mqb_bytes_literal(text, text + sizeof(text)), text + len);
        assert_ptr_equal(mqb_bytes_literal(text, text + len), text + len);
        assert_null(mqb_bytes_literal(text, text + len - 1));
        for (size_t at = 0; at < len; at++) {
            text[at] ^= 1;
            assert_null(mqb_bytes_literal(text, text + sizeof(text)));
            text[at] ^= 1;
        }
    }
}

static void digits_continue_a_number(void **state)
{
    const char text[] = "00123456789012345678x";
    uint64_t value = 9;
    (void)state;
    assert_ptr_equal(mqb_bytes_number(text, text + 5, &value), text + 5);
    assert_true(value == 900123);
    value = 0;
    assert_ptr_equal(mqb_bytes_number(text + 2, text + 21, &value), text + 20);
    assert_true(value == 123456789012345678);
    assert_ptr_equal(mqb_bytes_number(text + 20, text + 21, &value), text + 20);
    assert_true(value == 123456789012345678);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_byte_has_its_classes),
        cmocka_unit_test(the_first_byte_is_the_lowest),
        cmocka_unit_test(the_first_special_byte_is_found),
        cmocka_unit_test(spaces_end_at_the_first_other_byte),
        cmocka_unit_test(equal_bytes_are_the_same),
        cmocka_unit_test(strings_of_other_lengths_differ),
        cmocka_unit_test(whitespace_ends_at_the_first_other_byte),
        cmocka_unit_test(the_first_byte_says_the_type),
        cmocka_unit_test(literals_are_whole),
        cmocka_unit_test(digits_continue_a_number),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
