#include "client/address.h"

#include <string.h>

#include "client/topic.h"
#include <mqbind/detail/contracts.h>

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
static size_t append_piece(struct mqb_str piece, char *buf, size_t cap, size_t len)
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
        len = append_piece(piece, buf, cap, len);
    append_piece((struct mqb_str){"", 1}, buf, cap, len);
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

/* The bytes that mqb_topic_write() writes. */
struct written {
    struct pieces pieces;
    struct mqb_str piece;
};

/* The next byte; NUL at the end. */
static char next_byte(struct written *written)
{
    while (written->piece.len == 0) {
        if (!next_piece(&written->pieces, &written->piece))
            return '\0';
    }
    const char byte = *written->piece.ptr;
    written->piece = cut(written->piece, 1);
    return byte;
}

static char skip_level(struct written *written, char byte)
{
    while (byte != '/' && byte != '\0')
        byte = next_byte(written);
    return byte;
}

static bool is_either(char one, char other, char wildcard)
{
    return one == wildcard || other == wildcard;
}

bool mqb_topic_meets(
    const struct mqb_address *address,
    const struct mqb_str *values,
    struct mqb_str filter)
{
    struct written written = {pieces_of(address, values), {NULL, 0}};
    char byte = next_byte(&written);
    while (byte != '\0' && filter.len != 0) {
        if (is_either(byte, *filter.ptr, '#'))
            return true;
        if (is_either(byte, *filter.ptr, '+')) {
            byte = skip_level(&written, byte);
            filter = cut(filter, level_length(filter));
            continue;
        }
        if (byte != *filter.ptr)
            return false;
        byte = next_byte(&written);
        filter = cut(filter, 1);
    }
    return byte == '\0' && filter.len == 0;
}
