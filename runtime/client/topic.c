#include "client/topic.h"

#include <string.h>

#include "json/utf8.h"

/* True for eight bytes of a topic that need no closer look: ASCII, without these two and NUL. */
static inline bool all_plain(const char *ptr, char separator)
{
    const uint64_t each = UINT64_C(0x0101010101010101);
    uint64_t word;
    memcpy(&word, ptr, sizeof(word));
    const uint64_t wildcard = (word | each * ('+' ^ '#')) ^ each * ('+' | '#');
    const uint64_t other = word ^ each * (unsigned char)separator;
    const uint64_t low = (word - each) | (wildcard - each) | (other - each);
    return ((word | low) & each * 0x80) == 0;
}

/* Checks the last eight bytes together with some of the previous ones. */
static inline bool is_plain(struct mqb_str text)
{
    if (text.len < 8)
        return false;
    for (size_t at = 0; at < text.len - 8; at += 8) {
        if (!all_plain(text.ptr + at, '\0'))
            return false;
    }
    return all_plain(text.ptr + text.len - 8, '\0');
}

static inline bool is_forbidden(char byte, char separator)
{
    return byte == '+' || byte == '#' || byte == '\0' || byte == separator;
}

/* One scan for everything that MQTT forbids in a topic, and for a separator (NUL: no other). */
static const char *text_rule(struct mqb_str text, char separator, const char *rule)
{
    size_t at = 0;
    while (at < text.len) {
        if (text.len - at >= 8 && all_plain(text.ptr + at, separator)) {
            at += 8;
            continue;
        }
        /* The last eight bytes, some of which were checked before. */
        if (text.len >= 8 && text.len - at < 8 && all_plain(text.ptr + text.len - 8, separator))
            return NULL;
        if (is_forbidden(text.ptr[at], separator))
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
    if (is_plain(topic))
        return NULL;
    return text_rule(topic, '\0', "a topic must not contain \"+\", \"#\" or NUL");
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

const char *mqb_topic_levels_rule(const struct mqb_address *address, const struct mqb_str *levels)
{
    for (size_t i = 0; i < address->parameter_count; i++) {
        const struct mqb_parameter *parameter = address->parameters[i];
        const char *rule = NULL;
        if (levels[i].len == 0 || parameter->rule)
            rule = mqb_topic_level_rule(parameter, levels[i]);
        if (rule)
            return rule;
    }
    return NULL;
}

/*
 * Such a topic belongs to the broker: no wildcard matches it, and "$share" is not part of a filter.
 */
const char *mqb_topic_start_rule(const struct mqb_address *address, const char *text)
{
    if (text[0] == '$' && address->text[0] != '$')
        return "a topic parameter must not start a topic with \"$\"";
    return NULL;
}

/* True if the parameter would end inside the value, where `end` begins and continues after it. */
static bool ends_inside(struct mqb_str value, struct mqb_str end)
{
    for (size_t at = 1; at < value.len; at++) {
        const size_t left = value.len - at;
        const size_t inside = left < end.len ? left : end.len;
        if (memcmp(value.ptr + at, end.ptr, inside) == 0 &&
            memcmp(end.ptr + inside, end.ptr, end.len - inside) == 0)
            return true;
    }
    return false;
}

const char *mqb_topic_value_rule(const struct mqb_parameter *parameter, struct mqb_str value)
{
    const char *rule;
    if (parameter->end && ends_inside(value, mqb_str_from(parameter->end)))
        return "a topic parameter must not contain the text that ends it in its level";
    if (parameter->multi_level)
        rule = text_rule(value, '\0', "a topic parameter must not contain \"+\", \"#\" or NUL");
    else
        rule =
            text_rule(value, '/', "a topic parameter must not contain \"/\", \"+\", \"#\" or NUL");
    return rule ? rule : mqb_topic_level_rule(parameter, value);
}

const char *mqb_topic_group_rule(struct mqb_str group)
{
    return text_rule(group, '/', "a group must not contain \"/\", \"+\", \"#\" or NUL");
}
