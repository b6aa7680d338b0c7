/* Texts of errors, in a buffer of every size: printable, ended by a NUL, "..." where they are cut.
 */
#include "json/utf8.h"
#include "payload/error.h"
#include "payload/json_pointer.h"
#include "target.h"

static void check_printable(const char *text)
{
    FUZZ_CHECK(mqb_utf8_valid(mqb_str_from(text)));
    for (; *text != '\0'; text++)
        FUZZ_CHECK((unsigned char)*text >= 0x20 && *text != 0x7F);
}

static bool is_cut(const char *text)
{
    const size_t len = strlen(text);
    return len >= 3 && strcmp(text + len - 3, "...") == 0;
}

/* Whatever fits is the beginning of the whole line. */
static void check_line(const struct mqb_error *error)
{
    char whole[2048];
    const size_t len = mqb_error_format(error, whole, sizeof whole);
    FUZZ_CHECK(len < sizeof whole && strlen(whole) == len);
    for (size_t cap = 0; cap <= len + 1; cap++) {
        char *const buf = malloc(cap + !cap);
        FUZZ_CHECK(buf != NULL);
        FUZZ_CHECK(mqb_error_format(error, buf, cap) == len);
        if (cap != 0) {
            FUZZ_CHECK(memchr(buf, 0, cap) != NULL);
            FUZZ_CHECK(strncmp(buf, whole, strlen(buf)) == 0 || is_cut(buf));
        }
        free(buf);
    }
}

static void check_print(struct mqb_str text, bool cut)
{
    char whole[4096];
    mqb_error_print(whole, sizeof whole, text, false, '?');
    const size_t len = strlen(whole);
    for (size_t cap = 4; cap <= len + 5; cap++) {
        char *const buf = malloc(cap);
        FUZZ_CHECK(buf != NULL);
        mqb_error_print(buf, cap, text, cut, '?');
        FUZZ_CHECK(memchr(buf, 0, cap) != NULL);
        check_printable(buf);
        if (cut || len >= cap)
            FUZZ_CHECK(is_cut(buf));
        else
            FUZZ_CHECK(strcmp(buf, whole) == 0);
        free(buf);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const rules[] = {"must be 0 to 100", "", "is not a known member"};
    struct bytes bytes = {data, size < 160 ? size : 160};
    struct mqb_error error;
    const unsigned kind = take_byte(&bytes);
    const unsigned place = take_byte(&bytes);
    const struct mqb_str name = take_text(&bytes, take_byte(&bytes) % 128);
    const struct mqb_str text = take_rest(&bytes);
    const size_t offset = text.len == 0 ? 0 : place * text.len / 255;

    mqb_error_set(
        &error, (enum mqb_status)(kind % (MQB_STATUS_COUNT + 3)), rules[kind % 3], offset);
    mqb_error_show(
        &error, (struct mqb_str){text.ptr + offset, text.len - offset}, (kind & 32) != 0);
    mqb_pointer_find(text, offset, (kind & 64) != 0 ? name : (struct mqb_str){NULL, 0}, error.path);
    check_printable(error.path);
    check_printable(error.value);
    check_line(&error);
    check_print(text, (kind & 128) != 0);
    give_back(text);
    give_back(name);
    return 0;
}
