#include "topic.h"

#include <string.h>

#include "utf8.h"

static bool is_parameter(const char *text)
{
    return text[0] == '{' && text[1] == '}';
}

/* One scan for all that MQTT forbids in a topic, and for a separator (NUL: none more). */
static const char *text_rule(struct mqb_str text, char separator, const char *rule)
{
    size_t at = 0;
    while (at < text.len) {
        char byte = text.ptr[at];
        if (byte == '+' || byte == '#' || byte == '\0' || byte == separator)
            return rule;
        size_t bytes = mqb_utf8_sequence(text.ptr + at, text.len - at);
        if (bytes == 0)
            return "a topic must be valid UTF-8";
        at += bytes;
    }
    return NULL;
}

const char *mqb_topic_rule(struct mqb_str topic)
{
    if (topic.len == 0)
        return "a topic must not be empty";
    if (topic.len > MQB_TOPIC_MAX)
        return "a topic must have at most 65535 bytes";
    return text_rule(topic, '\0', "a topic must not hold \"+\", \"#\" or NUL");
}

const char *mqb_topic_level_rule(const struct mqb_parameter *parameter, struct mqb_str level)
{
    if (level.len == 0)
        return "a topic parameter must not be empty";
    if (parameter->max_length != 0 && mqb_utf8_length(level) > parameter->max_length)
        return parameter->rule;
    if (parameter->pattern && !mqb_pattern_matches(parameter->pattern, level))
        return parameter->rule;
    return NULL;
}

const char *mqb_topic_value_rule(const struct mqb_parameter *parameter, struct mqb_str value)
{
    const char *rule =
        text_rule(value, '/', "a topic parameter must not hold \"/\", \"+\", \"#\" or NUL");
    return rule ? rule : mqb_topic_level_rule(parameter, value);
}

bool mqb_topic_match(
    const struct mqb_address *address,
    struct mqb_str topic,
    struct mqb_str levels[MQB_PARAMETERS_MAX])
{
    const char *text = address->text;
    size_t at = 0;
    while (*text != '\0') {
        if (is_parameter(text)) {
            size_t start = at;
            while (at < topic.len && topic.ptr[at] != '/')
                at++;
            *levels++ = (struct mqb_str){topic.ptr + start, at - start};
            text += 2;
            continue;
        }
        if (at == topic.len || topic.ptr[at] != *text)
            return false;
        at++;
        text++;
    }
    return at == topic.len;
}

static size_t append(struct mqb_str piece, char *buf, size_t cap, size_t len)
{
    if (len < cap && piece.len <= cap - len && piece.len != 0)
        memcpy(buf + len, piece.ptr, piece.len);
    return len + piece.len;
}

size_t mqb_topic_write(
    const struct mqb_address *address,
    const struct mqb_str *levels,
    char *buf,
    size_t cap)
{
    size_t len = 0;
    const char *text = address->text;
    while (*text != '\0') {
        if (is_parameter(text)) {
            len = append(*levels++, buf, cap, len);
            text += 2;
            continue;
        }
        const char *start = text;
        while (*text != '\0' && !is_parameter(text))
            text++;
        len = append((struct mqb_str){start, (size_t)(text - start)}, buf, cap, len);
    }
    append((struct mqb_str){"", 1}, buf, cap, len);
    return len;
}

/* ---- Filters ---- */

/* Cut the first level off `rest`; false when it was the last one. */
static bool next_level(struct mqb_str *rest, struct mqb_str *level)
{
    const char *slash = rest->len == 0 ? NULL : memchr(rest->ptr, '/', rest->len);
    if (!slash) {
        *level = *rest;
        return false;
    }
    level->ptr = rest->ptr;
    level->len = (size_t)(slash - rest->ptr);
    rest->ptr += level->len + 1;
    rest->len -= level->len + 1;
    return true;
}

static bool is_wildcard(struct mqb_str level, char wildcard)
{
    return level.len == 1 && level.ptr[0] == wildcard;
}

static bool has_wildcard(struct mqb_str level)
{
    return memchr(level.ptr, '+', level.len) || memchr(level.ptr, '#', level.len);
}

const char *mqb_topic_group_rule(struct mqb_str group)
{
    return text_rule(group, '/', "a group must not hold \"/\", \"+\", \"#\" or NUL");
}

bool mqb_topic_split_group(struct mqb_str *filter, struct mqb_str *group)
{
    struct mqb_str rest = *filter;
    struct mqb_str level;
    if (!next_level(&rest, &level) || !mqb_str_equal(level, MQB_STR("$share")))
        return false;
    if (!next_level(&rest, group))
        return false;
    *filter = rest;
    return true;
}

bool mqb_topic_filter_valid(struct mqb_str filter)
{
    if (filter.len == 0 || filter.len > MQB_TOPIC_MAX || memchr(filter.ptr, '\0', filter.len))
        return false;
    if (!mqb_utf8_valid(filter))
        return false;
    struct mqb_str level;
    bool more;
    do {
        more = next_level(&filter, &level);
        bool whole = is_wildcard(level, '+') || (is_wildcard(level, '#') && !more);
        if (level.len != 0 && has_wildcard(level) && !whole)
            return false;
    } while (more);
    return true;
}

bool mqb_topic_filter_matches(struct mqb_str filter, struct mqb_str topic)
{
    /* A leading wildcard does not reach the broker's own topics (MQTT 4.7.2). */
    if (topic.len != 0 && topic.ptr[0] == '$' && filter.ptr[0] != '$')
        return false;
    struct mqb_str wanted;
    struct mqb_str level;
    bool more_wanted;
    bool more_levels;
    do {
        more_wanted = next_level(&filter, &wanted);
        if (is_wildcard(wanted, '#'))
            return true;
        more_levels = next_level(&topic, &level);
        if (!is_wildcard(wanted, '+') && !mqb_str_equal(wanted, level))
            return false;
    } while (more_wanted && more_levels);
    /* "a/#" takes "a" as well. */
    return more_wanted == more_levels || (more_wanted && is_wildcard(filter, '#'));
}
