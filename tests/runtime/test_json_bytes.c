/* What `make prove` takes as given: classes of bytes, and eight of them as one number. */
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_byte_has_its_classes),
        cmocka_unit_test(the_first_byte_is_the_lowest),
        cmocka_unit_test(the_first_special_byte_is_found),
        cmocka_unit_test(spaces_end_at_the_first_other_byte),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
