/* Unique items in a buffer that just holds the text: each is compared before it is written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <mqbind/detail/writer.h>

enum { ITEMS = 20000 };

static const struct mqb_constraint unique = {
    .kind = MQB_CONSTRAINT_UNIQUE,
    .rule = "must have unique items",
};
static int64_t items[ITEMS];
static char text[ITEMS * 40];
static const size_t counts[] = {0, 1, 2, 64, 65, 66, 100, 257, 1000, 5000, ITEMS};

/* Numbers, lists, and objects with a growing string. */
static void write_item(struct mqb_writer *w, int64_t item)
{
    static const char filling[] = "a text to be written in part, if it is long enough for that";
    if (item % 3 == 0) {
        mqb_writer_int(w, item, -1, INT64_MAX, "must be at least -1");
    } else if (item % 3 == 1) {
        mqb_writer_array(w);
        mqb_writer_item(w);
        mqb_writer_int(w, item, -1, INT64_MAX, "must be at least -1");
        mqb_writer_array_end(w);
    } else {
        mqb_writer_first_name(w, MQB_STR("{\"n\":"));
        mqb_writer_int(w, item, -1, INT64_MAX, "must be at least -1");
        mqb_writer_next_name(w, MQB_STR(",\"t\":"));
        mqb_writer_string(w, (struct mqb_str){filling, (size_t)item % sizeof(filling)});
        mqb_writer_object_end(w);
    }
}

/* As generated code does it. */
static void write_list(struct mqb_writer *w, size_t count)
{
    const size_t mark = mqb_writer_mark(w);
    struct mqb_drafts drafts;

    mqb_writer_drafts(w, &drafts, count);
    while (mqb_writer_next_draft(w, &drafts))
        write_item(w, items[drafts.item]);
    mqb_writer_array(w);
    for (size_t i = 0; i < count && mqb_writer_ok(w); i++) {
        mqb_writer_item(w);
        write_item(w, items[i]);
    }
    mqb_writer_array_end(w);
    mqb_writer_constrain(w, mark, &unique);
}

/* The list as a member, behind another. */
static enum mqb_status write_message(
    size_t count,
    char *buf,
    size_t cap,
    size_t *len,
    struct mqb_error *error)
{
    struct mqb_writer w;
    mqb_writer_init(&w, buf, cap);
    mqb_writer_first_name(&w, MQB_STR("{\"first\":1,\"list\":"));
    write_list(&w, count);
    mqb_writer_object_end(&w);
    return mqb_writer_close(&w, len, error);
}

static enum mqb_status write_exactly(size_t count, size_t shift, struct mqb_error *error)
{
    size_t len;
    size_t again;
    assert_int_equal(write_message(count, NULL, 0, &len, NULL), MQB_ERR_SPACE);
    char *buf = malloc(len + shift);
    const enum mqb_status status = write_message(count, buf + shift, len, &again, error);
    if (status == MQB_OK) {
        assert_int_equal(again, len);
        memcpy(text, buf + shift, len);
        text[len] = '\0';
        assert_int_equal(write_message(count, buf + shift, len - 1, &again, NULL), MQB_ERR_SPACE);
        assert_int_equal(again, len);
    }
    free(buf);
    return status;
}

static void count_up(void)
{
    for (size_t i = 0; i < ITEMS; i++)
        items[i] = (int64_t)i;
}

static void distinct_items_fit_exactly(void **state)
{
    static char roomy[sizeof(text)];
    size_t len;
    (void)state;
    count_up();
    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
        for (size_t shift = 0; shift < 4; shift++)
            assert_int_equal(write_exactly(counts[i], shift, NULL), MQB_OK);
        assert_int_equal(write_message(counts[i], roomy, sizeof(roomy), &len, NULL), MQB_OK);
        roomy[len] = '\0';
        assert_string_equal(roomy, text);
    }
}

static void equal_items_are_refused(void **state)
{
    struct mqb_error error;
    (void)state;
    for (size_t i = 2; i < sizeof(counts) / sizeof(counts[0]); i++) {
        for (size_t first = 0; first < counts[i] - 1; first += 1 + counts[i] / 3) {
            count_up();
            items[counts[i] - 1] = items[first];
            assert_int_equal(write_exactly(counts[i], first % 4, &error), MQB_ERR_VALUE);
            assert_string_equal(error.path, "/list");
            assert_string_equal(error.rule, unique.rule);
            assert_int_equal(error.offset, strlen("{\"first\":1,\"list\":"));
        }
    }
}

static void what_is_wrong_in_an_item_is_reported_as_ever(void **state)
{
    struct mqb_error error;
    size_t len;
    (void)state;
    count_up();
    items[900] = -3;
    assert_int_equal(write_message(1000, text, sizeof(text), &len, &error), MQB_ERR_VALUE);
    assert_string_equal(error.path, "/list/900");
    assert_string_equal(error.value, "-3");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(distinct_items_fit_exactly),
        cmocka_unit_test(equal_items_are_refused),
        cmocka_unit_test(what_is_wrong_in_an_item_is_reported_as_ever),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
