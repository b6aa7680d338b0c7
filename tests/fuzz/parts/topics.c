/*
 * Topics and filters, against the rules of MQTT, chapter 4.7, on levels that are split first; and
 * addresses that are written and read again. The input is a filter, a NUL, and the rest.
 */
#include "client/address.h"
#include "client/topic.h"
#include "client/topic_filter.h"
#include "json/utf8.h"
#include "target.h"

#define LEVELS 512

static size_t split(struct mqb_str text, struct mqb_str levels[LEVELS])
{
    size_t count = 0;
    size_t start = 0;
    for (size_t at = 0; at <= text.len && count < LEVELS; at++) {
        if (at != text.len && text.ptr[at] != '/')
            continue;
        levels[count++] = (struct mqb_str){text.ptr + start, at - start};
        start = at + 1;
    }
    return count;
}

static bool is(struct mqb_str level, const char *text)
{
    return level.len == strlen(text) && memcmp(level.ptr, text, level.len) == 0;
}

static bool holds_any(struct mqb_str text, const char *bytes)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\0' || strchr(bytes, text.ptr[i]) != NULL)
            return true;
    }
    return false;
}

static bool is_filter(struct mqb_str text)
{
    struct mqb_str levels[LEVELS];
    const size_t count = split(text, levels);
    if (text.len == 0 || !mqb_utf8_valid(text) || holds_any(text, ""))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (holds_any(levels[i], "+#") && !is(levels[i], "+") &&
            !(is(levels[i], "#") && i + 1 == count))
            return false;
    }
    return true;
}

static bool matches(struct mqb_str filter, struct mqb_str topic)
{
    struct mqb_str wanted[LEVELS];
    struct mqb_str levels[LEVELS];
    const size_t wanted_count = split(filter, wanted);
    const size_t count = split(topic, levels);
    if (topic.ptr[0] == '$' && (is(wanted[0], "+") || is(wanted[0], "#")))
        return false;
    for (size_t i = 0; i < wanted_count; i++) {
        if (is(wanted[i], "#"))
            return i <= count;
        if (i >= count || (!is(wanted[i], "+") && !mqb_str_equal(wanted[i], levels[i])))
            return false;
    }
    return wanted_count == count;
}

/* An address with these parameters, written and read again. */
static void check_address(struct mqb_str text, struct mqb_str value)
{
    static const struct mqb_parameter p = {.name = "p"};
    static const struct mqb_parameter q = {.name = "q"};
    static const struct mqb_parameter *const parameters[] = {&p, &q};
    char *const copy = malloc(text.len + 5);
    FUZZ_CHECK(copy != NULL);
    memcpy(copy, "{}", 2);
    memcpy(copy + 2, text.ptr, text.len);
    memcpy(copy + 2 + text.len, "{}", 3);
    const struct mqb_address address = {copy, parameters, 2};
    const struct mqb_str values[] = {value, MQB_STR("v")};
    const size_t len = mqb_topic_write(&address, values, NULL, 0);
    FUZZ_CHECK(len == value.len + text.len + 1);
    char *const topic = malloc(len + 1);
    FUZZ_CHECK(topic != NULL);
    FUZZ_CHECK(mqb_topic_write(&address, values, topic, len + 1) == len && topic[len] == '\0');
    FUZZ_CHECK(mqb_topic_written(&address, values, (struct mqb_str){topic, len}));

    const struct mqb_str none[] = {{NULL, 0}, {NULL, 0}};
    struct mqb_str levels[MQB_PARAMETERS_MAX];
    if (mqb_topic_match(&address, none, (struct mqb_str){topic, len}, levels)) {
        FUZZ_CHECK(levels[0].len + levels[1].len + text.len == len);
        FUZZ_CHECK(mqb_topic_written(&address, levels, (struct mqb_str){topic, len}));
    }
    free(topic);
    free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes bytes = {data, size < 500 ? size : 500};
    const void *const end = bytes.left != 0 ? memchr(bytes.at, 0, bytes.left) : NULL;
    const size_t len = end != NULL ? (size_t)((const uint8_t *)end - bytes.at) : bytes.left;
    const struct mqb_str filter = take_text(&bytes, len);
    take_byte(&bytes);
    const struct mqb_str topic = take_rest(&bytes);

    const bool valid = is_filter(filter);
    FUZZ_CHECK(mqb_topic_filter_valid(filter) == valid);
    const bool is_topic = topic.len != 0 && mqb_utf8_valid(topic) && !holds_any(topic, "+#");
    FUZZ_CHECK((mqb_topic_rule(topic) == NULL) == is_topic);
    if (valid && is_topic)
        FUZZ_CHECK(mqb_topic_filter_matches(filter, topic) == matches(filter, topic));

    struct mqb_str rest = filter;
    struct mqb_str group;
    struct mqb_str levels[LEVELS];
    const bool shared = split(filter, levels) > 2 && is(levels[0], "$share");
    FUZZ_CHECK(mqb_topic_split_group(&rest, &group) == shared);
    if (shared)
        FUZZ_CHECK(mqb_str_equal(group, levels[1]) && rest.ptr == levels[2].ptr);

    if (filter.len != 0 && topic.len != 0 && !holds_any(filter, "{}"))
        check_address(filter, topic);
    give_back(topic);
    give_back(filter);
    return 0;
}
