/* Names of objects that are sent: all of them are compared, in a buffer that just holds the text.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <mqbind/detail/writer.h>

enum { NAMES = 20000, NAME_BYTES = 4, TEXT_BYTES = NAMES * 10 + 100 };

static char names[NAMES][NAME_BYTES];
static struct mqb_map_entry entries[NAMES];
static char text[TEXT_BYTES];
static const size_t counts[] = {2, 16, 17, 64, 65, 256, 257, 258, 300, 1000, 5000, NAMES};

/* The shortest names that there are, and values of one byte: none take less text. */
static void make_entries(void)
{
    for (size_t i = 0; i < NAMES; i++) {
        size_t rest = i;
        size_t len = 0;
        for (; rest != 0; rest = (rest - 1) / 64)
            names[i][len++] = (char)('0' + (rest - 1) % 64);
        for (size_t at = 0; at < len; at++)
            names[i][at] = names[i][at] == '\\' ? '!' : names[i][at];
        entries[i] = (struct mqb_map_entry){{names[i], len}, MQB_JSON("0")};
    }
}

static enum mqb_status write_map(size_t count, char *buf, size_t cap, size_t *len, size_t *offset)
{
    const struct mqb_map map = {entries, count};
    struct mqb_error error = {.offset = 0};
    struct mqb_writer w;
    mqb_writer_init(&w, buf, cap);
    mqb_writer_map(&w, &map);
    const enum mqb_status status = mqb_writer_close(&w, len, &error);
    *offset = error.offset;
    return status;
}

static enum mqb_status write_raw(struct mqb_str json, char *buf, size_t cap, size_t *offset)
{
    struct mqb_error error = {.offset = 0};
    struct mqb_writer w;
    mqb_writer_init(&w, buf, cap);
    mqb_writer_json(&w, (struct mqb_json){json.ptr, json.len});
    const enum mqb_status status = mqb_writer_close(&w, NULL, &error);
    *offset = error.offset;
    return status;
}

/* The text in exactly as much memory as it needs, `shift` bytes off any alignment. */
static void fits_exactly(size_t count, size_t shift)
{
    size_t len;
    size_t offset;
    assert_int_equal(write_map(count, text, sizeof(text), &len, &offset), MQB_OK);
    char *buf = malloc(len + shift);
    assert_int_equal(write_map(count, buf + shift, len, &len, &offset), MQB_OK);
    assert_memory_equal(buf + shift, text, len);
    assert_int_equal(write_raw((struct mqb_str){text, len}, buf + shift, len, &offset), MQB_OK);
    assert_memory_equal(buf + shift, text, len);
    assert_int_equal(write_map(count, buf + shift, len - 1, &len, &offset), MQB_ERR_SPACE);
    free(buf);
}

static void distinct_names_fit_exactly(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
        for (size_t shift = 0; shift < 4; shift++)
            fits_exactly(counts[i], shift);
    }
}

/* The entry `second` gets the name of `first`; it is refused where it stands. */
static void refused_at(size_t count, size_t first, size_t second)
{
    const struct mqb_map_entry kept = entries[second];
    size_t len;
    size_t offset;
    entries[second].key = entries[first].key;
    assert_int_equal(write_map(second, text, sizeof(text), &len, &offset), MQB_OK);
    const size_t start = len; /* with a comma in place of the bracket */
    assert_int_equal(write_map(count, text, sizeof(text), &len, &offset), MQB_ERR_DUPLICATE);
    assert_int_equal(offset, start);
    size_t end = 1;
    text[0] = '{';
    for (size_t i = 0; i < count; i++) {
        text[end++] = i == 0 ? '{' : ',';
        text[end++] = '"';
        memcpy(text + end, entries[i].key.ptr, entries[i].key.len);
        end += entries[i].key.len;
        memcpy(text + end, "\":0", 3);
        end += 3;
    }
    text[end++] = '}';
    const struct mqb_str json = {text + 1, end - 1};
    char *buf = malloc(json.len);
    assert_int_equal(write_raw(json, buf, json.len, &offset), MQB_ERR_DUPLICATE);
    assert_int_equal(offset, start);
    assert_int_equal(write_map(count, buf, json.len, &len, &offset), MQB_ERR_DUPLICATE);
    assert_int_equal(offset, start);
    free(buf);
    entries[second] = kept;
}

static void equal_names_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
        const size_t count = counts[i];
        refused_at(count, 0, count - 1);
        refused_at(count, (count - 1) / 2, count - 1);
        refused_at(count, count / 2 - 1, count / 2);
    }
}

/* Without a buffer there is memory for the names of some. */
static void without_a_buffer_few_are_compared(void **state)
{
    (void)state;
    for (size_t count = 2; count < 400; count += 7) {
        const struct mqb_map map = {entries, count};
        const struct mqb_str kept = entries[count - 1].key;
        struct mqb_writer w;
        entries[count - 1].key = entries[0].key;
        mqb_writer_init(&w, NULL, 0);
        mqb_writer_map(&w, &map);
        assert_int_equal(mqb_writer_verdict(&w, NULL), count <= 64 ? MQB_ERR_DUPLICATE : MQB_OK);
        entries[count - 1].key = kept;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(distinct_names_fit_exactly),
        cmocka_unit_test(equal_names_are_refused),
        cmocka_unit_test(without_a_buffer_few_are_compared),
    };
    make_entries();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
