/* Payloads that are long, deep or wide: time stays linear, and verdicts are right. */
#include "reader_message.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void large_payloads(void **state)
{
    const size_t size = 10000000;
    const size_t scratch_size = 1000000;
    char *text = malloc(size);
    char *space = malloc(scratch_size);
    struct mqb_scratch scratch = mqb_scratch_from(space, scratch_size);
    struct message m;
    struct mqb_error error;
    (void)state;
    assert_non_null(text);
    assert_non_null(space);
    const struct mqb_str all = {text, size};
    memset(text, 'a', size);
    memcpy(text, "{\"s\":\"", 6);
    memcpy(text + size - 2, "\"}", 2);
    assert_int_equal(decode_into(&m, all, &scratch, &error), MQB_OK);
    assert_int_equal(m.s.len, size - 8);
    text[7] = '\\';
    text[8] = 'n';
    assert_int_equal(decode_into(&m, all, &scratch, &error), MQB_ERR_SPACE);
    assert_string_equal(error.path, "/s");
    memset(text, '[', size);
    assert_int_equal(decode_into(&m, all, &scratch, &error), MQB_ERR_LIMIT);
    memset(text, ' ', size);
    assert_int_equal(decode_into(&m, all, &scratch, &error), MQB_ERR_JSON);
    for (size_t i = 0; i + 1 < size; i += 2)
        memcpy(text + i, "1,", 2);
    text[0] = '[';
    text[1] = ' ';
    text[size - 1] = '}';
    assert_int_equal(decode_into(&m, all, &scratch, &error), MQB_ERR_JSON);
    assert_int_equal(error.offset, size - 1);
    text[size - 1] = ']';
    assert_int_equal(
        decode_into(&m, all, &scratch, &error), TOKEN_BYTES == 0 ? MQB_ERR_TYPE : MQB_ERR_SPACE);
    assert_true(scratch.peak > scratch_size);
    assert_int_equal(decode_into(&m, MQB_STR("{\"i\":1}"), &scratch, &error), MQB_OK);
    free(space);
    free(text);
}

static struct mqb_str repeated(char *text, size_t size, const char *first, const char *second)
{
    const size_t half = size / 2;
    for (size_t i = 0; i < half; i++)
        text[i] = first[i % strlen(first)];
    for (size_t i = half; i < 2 * half; i++)
        text[i] = second[i % strlen(second)];
    return (struct mqb_str){text, 2 * half};
}

/* Text that is deep, and text that is deep for jsmn alone, is refused in linear time. */
static void depth_costs_nothing(void **state)
{
    const size_t size = 1000000;
    char *text = malloc(size);
    char *space = malloc(20 * size);
    struct mqb_scratch scratch = mqb_scratch_from(space, 20 * size);
    struct message m;
    struct mqb_error error;
    (void)state;
    assert_non_null(text);
    assert_non_null(space);
    assert_int_equal(
        decode_into(&m, repeated(text, size, "[", "]"), &scratch, &error), MQB_ERR_LIMIT);
    assert_int_equal(error.offset, MQB_DEPTH_MAX);
    const struct mqb_str chain = repeated(text, size, "[1:1:", "[]");
    assert_int_equal(decode_into(&m, chain, &scratch, &error), MQB_ERR_JSON);
    assert_int_equal(error.offset, 2);
    text[0] = '1';
    assert_int_equal(decode_into(&m, chain, &scratch, &error), MQB_ERR_JSON);
    assert_int_equal(error.offset, 2);
    free(space);
    free(text);
}

/* More tokens than jsmn finds at once, nested where it stops. */
static void many_tokens(void **state)
{
    static const char item[] = "[[{\"a\":[[{\"b\":[[{\"c\":[[[true,1.5e3,\"\"]]]}]]}]]}]],";
    const size_t count = 1000;
    const size_t size = count * (sizeof(item) - 1) + 10;
    char *text = malloc(size);
    char *space = malloc(20 * size);
    struct mqb_scratch scratch = mqb_scratch_from(space, 20 * size);
    struct message m;
    struct mqb_error error;
    (void)state;
    assert_non_null(text);
    assert_non_null(space);
    memcpy(text, "{\"x\":", 5);
    text[5] = '[';
    for (size_t i = 0; i < count; i++)
        memcpy(text + 6 + i * (sizeof(item) - 1), item, sizeof(item) - 1);
    text[size - 4] = ' ';
    memcpy(text + size - 3, "0]}", 3);
    assert_int_equal(decode_into(&m, (struct mqb_str){text, size}, &scratch, &error), MQB_OK);
    for (size_t at = 300; at < size; at += 997) {
        const char byte = text[at];
        if (memchr("abc", byte, 3) != NULL)
            continue;
        text[at] = ';';
        assert_int_equal(
            decode_into(&m, (struct mqb_str){text, size}, &scratch, &error), MQB_ERR_JSON);
        text[at] = byte;
    }
    free(space);
    free(text);
}

static void a_million_digits(void **state)
{
    const size_t size = 1000006;
    char *text = malloc(size);
    struct message m;
    struct mqb_error error;
    (void)state;
    assert_non_null(text);
    memset(text, '9', size);
    memcpy(text, "{\"n\":", 5);
    text[size - 1] = '}';
    assert_int_equal(decode(&m, (struct mqb_str){text, size}, &error), MQB_ERR_LIMIT);
    assert_string_equal(error.value, "9999999999999999999999999999...");
    text[2] = 'd';
    assert_int_equal(decode(&m, (struct mqb_str){text, size}, &error), MQB_ERR_LIMIT);
    text[2] = 'i';
    text[6] = '.';
    assert_int_equal(decode(&m, (struct mqb_str){text, size}, &error), MQB_ERR_TYPE);
    text[2] = 'd';
    assert_int_equal(decode(&m, (struct mqb_str){text, size}, &error), MQB_OK);
    assert_true(m.d == 10);
    text[2] = 'x';
    assert_int_equal(decode(&m, (struct mqb_str){text, size}, &error), MQB_OK);
    free(text);
}

/* Names in the worst orders; `last` is the number in the last name. */
static size_t write_members(char *text, size_t count, size_t (*order)(size_t), size_t last)
{
    size_t len = (size_t)sprintf(text, "{\"x\":{");
    for (size_t i = 0; i < count; i++)
        len += (size_t)sprintf(
            text + len, "%s\"name%05zu\":%zu", i == 0 ? "" : ",", order(i + 1 == count ? last : i),
            i);
    return len + (size_t)sprintf(text + len, "}}");
}

static size_t upwards(size_t i)
{
    return i;
}

static size_t downwards(size_t i)
{
    return 99999 - i;
}

static size_t shuffled(size_t i)
{
    return i * 7919 % 99991;
}

static void many_members(void **state)
{
    static size_t (*const orders[])(size_t) = {upwards, downwards, shuffled};
    const size_t count = 10000;
    const size_t scratch_size = 21 * 2 * count;
    char *text = malloc(24 * count);
    char *space = malloc(scratch_size);
    struct mqb_scratch scratch = mqb_scratch_from(space, scratch_size);
    struct message m;
    struct mqb_error error;
    (void)state;
    assert_non_null(text);
    assert_non_null(space);
    for (size_t i = 0; i < COUNT(orders); i++) {
        size_t len = write_members(text, count, orders[i], count - 1);
        assert_int_equal(decode_into(&m, (struct mqb_str){text, len}, &scratch, NULL), MQB_OK);
        len = write_members(text, count, orders[i], 123);
        assert_int_equal(
            decode_into(&m, (struct mqb_str){text, len}, &scratch, &error), MQB_ERR_DUPLICATE);
        assert_int_equal(error.path[2], '/');
        assert_int_equal(atoi(error.path + 7), (int)orders[i](123));
        /* The same at the level of the known members. */
        assert_int_equal(
            decode_into(&m, (struct mqb_str){text + 5, len - 6}, &scratch, &error),
            MQB_ERR_DUPLICATE);
        assert_true(error.offset > len - 40);
    }
    free(space);
    free(text);
}

/* Any number of members, any two of which may be the same one. */
static void duplicates_are_found_anywhere(void **state)
{
    (void)state;
    for (size_t count = 2; count <= 9; count++) {
        for (size_t second = 1; second < count; second++) {
            for (size_t first = 0; first < second; first++) {
                char text[128];
                size_t len = (size_t)sprintf(text, "{\"j\":{");
                size_t offset = 0;
                struct message m;
                struct mqb_error error;
                for (size_t i = 0; i < count; i++) {
                    if (i > 0)
                        text[len++] = ',';
                    if (i == second)
                        offset = len;
                    len += (size_t)sprintf(
                        text + len, "\"%zu\":0", (i == second ? first : i) * 5 % 11);
                }
                len += (size_t)sprintf(text + len, "}}");
                assert_int_equal(decode(&m, exactly(text, len), &error), MQB_ERR_DUPLICATE);
                assert_int_equal(error.offset, offset);
            }
        }
    }
}

/* A schema of many members, given in any order. */
static void schemas_may_be_wide(void **state)
{
    enum { WIDE = 100 };
    static char text[24 * WIDE];
    static char name_text[WIDE][8];
    static char space[21 * (2 * WIDE + 1)];
    struct mqb_str wide_names[WIDE];
    uint32_t required[MQB_SEEN_WORDS(WIDE)] = {0, 0, 0, 1U << 3};
    (void)state;
    for (size_t i = 0; i < WIDE; i++)
        wide_names[i] = (struct mqb_str){name_text[i], (size_t)sprintf(name_text[i], "w%zu", i)};
    const struct mqb_members wide = {
        .names = wide_names, .count = WIDE, .required = required, .closed = true};
    for (size_t step = 1; step < WIDE; step += 2) {
        struct mqb_scratch scratch = mqb_scratch_from(space, sizeof(space));
        struct mqb_reader r;
        struct mqb_object object;
        struct mqb_error error;
        uint32_t seen[MQB_SEEN_WORDS(WIDE)] = {0};
        size_t len = 0;
        size_t found = 0;
        if (step % 5 == 0)
            continue;
        for (size_t i = 0; i + 1 < WIDE; i++) {
            const size_t member = (i + 1) * step % WIDE;
            len += (size_t)sprintf(text + len, "%c\"w%zu\":%zu", i ? ',' : '{', member, member);
        }
        text[len++] = '}';
        mqb_reader_open(&r, exactly(text, len), &scratch);
        mqb_reader_object(&r, &object, &wide, seen);
        while (mqb_reader_next_member(&r, &object)) {
            assert_true(object.member < WIDE);
            assert_int_equal(mqb_reader_uint(&r, 0, WIDE, "x"), object.member);
            found++;
        }
        assert_int_equal(found, WIDE - 1);
        assert_false(mqb_reader_has_seen(&object, 0));
        assert_int_equal(mqb_reader_close(&r, &error), MQB_OK);
        mqb_reader_open(&r, MQB_STR("{\"w1\":0,\"w98\":0}"), &scratch);
        memset(seen, 0, sizeof(seen));
        mqb_reader_object(&r, &object, &wide, seen);
        while (mqb_reader_next_member(&r, &object))
            mqb_reader_skip(&r);
        assert_int_equal(mqb_reader_close(&r, &error), MQB_ERR_MISSING);
        assert_string_equal(error.path, "/w99");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(large_payloads),      cmocka_unit_test(depth_costs_nothing),
        cmocka_unit_test(many_tokens),         cmocka_unit_test(a_million_digits),
        cmocka_unit_test(many_members),        cmocka_unit_test(duplicates_are_found_anywhere),
        cmocka_unit_test(schemas_may_be_wide),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
