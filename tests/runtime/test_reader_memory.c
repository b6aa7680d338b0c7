/* The reader's scratch memory: of every size, given back, cleared and aligned. */
#include "reader_message.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const char hungry[] = "{\"s\":\"a\\nb\",\"a\":[1,2],\"m\":{\"k\\u0031\":1,\"k2\":[]},\"z\":"
                             "\"\\ud83d\\ude00\",\"t\":\"\\u0031\",\"x\":{\"\\u0061\":{}}}";

/* Any size of scratch memory is either enough or refused, and nothing is left behind. */
static void scratch_memory_of_every_size(void **state)
{
    struct mqb_scratch scratch = mqb_scratch_from(memory, sizeof(memory));
    struct message m;
    size_t refused = 0;
    (void)state;
    assert_int_equal(decode_into(&m, MQB_STR("{}"), &scratch, NULL), MQB_OK);
    assert_int_equal(scratch.used, 0);
    assert_int_equal(scratch.peak / 20, TOKEN_BYTES / 20);
    const struct mqb_str text = exactly(hungry, sizeof(hungry) - 1);
    for (size_t size = 0;; size++) {
        char *block = malloc(size + 1);
        struct mqb_error error = {.rule = ""};
        assert_non_null(block);
        scratch = mqb_scratch_from(block + 1, size); /* not aligned */
        const enum mqb_status status = decode_into(&m, text, &scratch, &error);
        assert_int_equal(scratch.reserved, 0);
        if (status == MQB_OK) {
            assert_true(scratch.peak <= size);
            assert_true(scratch.used <= scratch.peak);
            assert_text(m.s, "a\nb");
            assert_text(m.m.entries[0].key, "k1");
            free(block);
            break;
        }
        assert_int_equal(status, MQB_ERR_SPACE);
        assert_string_equal(error.rule, "needs more scratch memory");
        assert_string_equal(error.value, "");
        assert_int_equal(scratch.used, 0);
        assert_true(scratch.peak > size);
        refused++;
        free(block);
    }
    assert_true(refused > 20 * TOKEN_BYTES + 80);
}

static void scratch_memory_is_given_back(void **state)
{
    struct mqb_scratch scratch = mqb_scratch_from(memory, sizeof(memory));
    struct message m;
    (void)state;
    assert_int_equal(decode_into(&m, MQB_STR("{\"s\":\"\\n\"}"), &scratch, NULL), MQB_OK);
    const size_t used = scratch.used;
    assert_int_equal(used, 1);
    assert_int_equal(
        decode_into(&m, MQB_STR("{\"s\":\"\\n\\n\",\"i\":\"\"}"), &scratch, NULL), MQB_ERR_TYPE);
    assert_int_equal(scratch.used, used);
    mqb_scratch_reset(&scratch);
    assert_int_equal(scratch.used, 0);
    assert_true(scratch.peak > 0);
    assert_int_equal(mqb_scratch_from(NULL, 5).cap, 0);
}

static void memory_is_cleared_and_aligned(void **state)
{
    struct mqb_scratch scratch = mqb_scratch_from(memory + 1, sizeof(memory) - 1);
    struct mqb_reader r;
    struct mqb_list list;
    (void)state;
    memset(memory, 0xAA, sizeof(memory));
    mqb_reader_open(&r, MQB_STR("[\"\\n\",1]"), &scratch);
    mqb_reader_array(&r, &list, 0, SIZE_MAX);
    assert_true(mqb_reader_next_item(&r, &list));
    mqb_reader_string(&r);
    double *items = mqb_reader_take(&r, 3, sizeof(*items));
    assert_non_null(items);
    assert_int_equal((uintptr_t)items % sizeof(double), 0);
    assert_true(items[0] == 0 && items[1] == 0 && items[2] == 0);
    assert_null(mqb_reader_take(&r, 0, 8));
    assert_true(mqb_reader_ok(&r));
    assert_null(mqb_reader_take(&r, SIZE_MAX / 4, 8));
    assert_int_equal(mqb_reader_close(&r, NULL), MQB_ERR_SPACE);
    mqb_reader_open(&r, MQB_STR("[\"\\n\",1]"), &scratch);
    assert_null(mqb_reader_take(&r, SIZE_MAX, 1));
    assert_int_equal(mqb_reader_close(&r, NULL), MQB_ERR_SPACE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scratch_memory_of_every_size),
        cmocka_unit_test(scratch_memory_is_given_back),
        cmocka_unit_test(memory_is_cleared_and_aligned),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
