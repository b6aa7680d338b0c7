#include "client/topic.h"

#include <string.h>

#include "json/utf8.h"

/*@ predicate has_no{L}(char *p, integer len, integer byte) =
      \forall integer i; 0 <= i < len ==> p[i] != byte;
*/

/*@ requires valid_read_string(text);
    assigns \nothing;
    ensures parameter: \result <==> text[0] == '{' && text[1] == '}'; */
static bool is_parameter(const char *text)
{
    return text[0] == '{' && text[1] == '}';
}

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
    if (is_plain(topic))
        return NULL;
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
        return "a topic parameter must not hold the text that ends it in its level";
    if (parameter->multi_level)
        rule = text_rule(value, '\0', "a topic parameter must not hold \"+\", \"#\" or NUL");
    else
        rule = text_rule(value, '/', "a topic parameter must not hold \"/\", \"+\", \"#\" or NUL");
    return rule ? rule : mqb_topic_level_rule(parameter, value);
}

/* ---- Addresses ---- */

static bool starts_with(struct mqb_str text, struct mqb_str start)
{
    return start.len <= text.len && memcmp(text.ptr, start.ptr, start.len) == 0;
}

/*@ requires bytes <= text.len;
    assigns \nothing;
    ensures rest: \result.ptr == text.ptr + bytes && \result.len == text.len - bytes; */
static struct mqb_str cut(struct mqb_str text, size_t bytes)
{
    return (struct mqb_str){text.ptr + bytes, text.len - bytes};
}

/* The literal text of an address up to the next parameter or the end of the level. */
/*@ requires valid_read_string(text) && strlen(text) < SIZE_MAX;
    assigns \nothing;
    ensures place: \result <= strlen(text);
    ensures literal: has_no(text, \result, '/') && has_no(text, \result, '\0');
    ensures end: text[\result] == '\0' || text[\result] == '/' ||
                 (text[\result] == '{' && text[\result + 1] == '}'); */
static size_t literal_length(const char *text)
{
    size_t len = 0;
    /*@ loop invariant len <= strlen(text) && valid_read_string(text + len);
        loop invariant has_no(text, len, '/') && has_no(text, len, '\0');
        loop assigns len;
        loop variant strlen(text) - len; */
    while (text[len] != '\0' && text[len] != '/' && !is_parameter(text + len))
        len++;
    return len;
}

static size_t level_length(struct mqb_str topic)
{
    const char *slash = topic.len == 0 ? NULL : memchr(topic.ptr, '/', topic.len);
    return slash ? (size_t)(slash - topic.ptr) : topic.len;
}

/*
 * The bytes of `topic` that are the value of a parameter followed by `text` in the address: the
 * level without that text, or, if another parameter follows, everything before the text. Too much
 * if the text is not there: it then does not follow.
 */
static size_t value_length(struct mqb_str topic, const char *text)
{
    const struct mqb_str literal = {text, literal_length(text)};
    const struct mqb_str level = {topic.ptr, level_length(topic)};
    if (!is_parameter(text + literal.len))
        return literal.len <= level.len ? level.len - literal.len : level.len;
    for (size_t len = 1; len < level.len; len++) {
        if (starts_with(cut(level, len), literal))
            return len;
    }
    return level.len;
}

/* The value of an unbound parameter at the start of `topic`, followed by `text`. */
static struct mqb_str match_parameter(
    const struct mqb_parameter *parameter,
    struct mqb_str topic,
    const char *text)
{
    if (!parameter->multi_level)
        topic.len = value_length(topic, text);
    return topic;
}

static bool match_bound(struct mqb_str value, struct mqb_str topic, struct mqb_str *level)
{
    *level = (struct mqb_str){topic.ptr, value.len};
    return value.len != 0 && starts_with(topic, value);
}

bool mqb_topic_match(
    const struct mqb_address *address,
    const struct mqb_str *values,
    struct mqb_str topic,
    struct mqb_str levels[MQB_PARAMETERS_MAX])
{
    size_t place = 0;
    for (const char *text = address->text; *text != '\0';) {
        if (is_parameter(text)) {
            const struct mqb_parameter *parameter = address->parameters[place];
            text += 2;
            if (!parameter->bound)
                levels[place] = match_parameter(parameter, topic, text);
            else if (!match_bound(values[place], topic, &levels[place]))
                return false;
            topic = cut(topic, levels[place++].len);
            continue;
        }
        if (topic.len == 0 || *topic.ptr != *text++)
            return false;
        topic = cut(topic, 1);
    }
    return topic.len == 0;
}

bool mqb_topic_fits(
    const struct mqb_address *address,
    const struct mqb_str *values,
    struct mqb_str topic)
{
    struct mqb_str levels[MQB_PARAMETERS_MAX];
    return mqb_topic_match(address, values, topic, levels) &&
           !mqb_topic_levels_rule(address, levels);
}

/* A walk over the pieces of text that an address and its values consist of. */
struct pieces {
    const struct mqb_address *address;
    const struct mqb_str *values;
    const char *text;
    size_t place; /* Of the next parameter. */
    bool is_value; /* The piece is the value of the parameter before that. */
};

static struct pieces pieces_of(const struct mqb_address *address, const struct mqb_str *values)
{
    return (struct pieces){address, values, address->text, 0, false};
}

/* At the start of a level: skip it if one of its parameters may have any value. */
static bool skip_wildcard(struct pieces *pieces, struct mqb_str *piece)
{
    const char *text = pieces->text;
    size_t place = pieces->place;
    *piece = (struct mqb_str){NULL, 0};
    for (; *text != '\0' && *text != '/'; text++) {
        if (!is_parameter(text))
            continue;
        if (pieces->values[place].len == 0)
            *piece = pieces->address->parameters[place]->multi_level ? MQB_STR("#") : MQB_STR("+");
        place++;
    }
    if (!piece->ptr)
        return false;
    pieces->text = text;
    pieces->place = place;
    return true;
}

static bool next_piece(struct pieces *pieces, struct mqb_str *piece)
{
    const char *text = pieces->text;
    pieces->is_value = false;
    if (*text == '\0')
        return false;
    if ((text == pieces->address->text || text[-1] == '/') && skip_wildcard(pieces, piece))
        return true;
    if (is_parameter(text)) {
        *piece = pieces->values[pieces->place++];
        pieces->text += 2;
        pieces->is_value = true;
        return true;
    }
    const size_t len = literal_length(text);
    *piece = (struct mqb_str){text, len + (text[len] == '/')};
    pieces->text += piece->len;
    return true;
}

/*@ requires readable_text(piece) && len + piece.len <= SIZE_MAX;
    requires \valid(buf + (0 .. cap - 1));
    requires \separated(buf + (0 .. cap - 1), piece.ptr + (0 .. piece.len - 1));
    assigns buf[len .. cap - 1];
    ensures length: \result == len + piece.len; */
static size_t append(struct mqb_str piece, char *buf, size_t cap, size_t len)
{
    if (len < cap && piece.len <= cap - len && piece.len != 0)
        memcpy(buf + len, piece.ptr, piece.len);
    return len + piece.len;
}

size_t mqb_topic_write(
    const struct mqb_address *address,
    const struct mqb_str *values,
    char *buf,
    size_t cap)
{
    size_t len = 0;
    struct pieces pieces = pieces_of(address, values);
    struct mqb_str piece;
    while (next_piece(&pieces, &piece))
        len = append(piece, buf, cap, len);
    append((struct mqb_str){"", 1}, buf, cap, len);
    return len;
}

bool mqb_topic_written(
    const struct mqb_address *address,
    const struct mqb_str *values,
    struct mqb_str text)
{
    struct pieces pieces = pieces_of(address, values);
    struct mqb_str piece;
    while (next_piece(&pieces, &piece)) {
        if (!starts_with(text, piece))
            return false;
        text = cut(text, piece.len);
    }
    return text.len == 0;
}

/* The text of a value in `text`: a known multi-level value, or everything that is left. */
static struct mqb_str read_value(
    const struct pieces *pieces,
    struct mqb_str value,
    struct mqb_str text)
{
    if (!pieces->address->parameters[pieces->place - 1]->multi_level)
        return (struct mqb_str){text.ptr, value_length(text, pieces->text)};
    return *pieces->text == '\0' ? text : value;
}

bool mqb_topic_read(
    const struct mqb_address *address,
    const struct mqb_str *values,
    struct mqb_str text,
    struct mqb_str levels[MQB_PARAMETERS_MAX])
{
    struct pieces pieces = pieces_of(address, values);
    struct mqb_str piece;
    while (next_piece(&pieces, &piece)) {
        if (pieces.is_value) {
            piece = read_value(&pieces, piece, text);
            levels[pieces.place - 1] = piece;
        }
        if (!starts_with(text, piece))
            return false;
        text = cut(text, piece.len);
    }
    return text.len == 0;
}

/* ---- Filters ---- */

/* Remove the first level from `rest`; false if it was the last one. */
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

/*@ requires readable_text(level);
    assigns \nothing;
    ensures wildcard: \result <==> level.len == 1 && level.ptr[0] == wildcard; */
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
    /* "a/#" also matches "a". */
    return more_wanted == more_levels || (more_wanted && is_wildcard(filter, '#'));
}
