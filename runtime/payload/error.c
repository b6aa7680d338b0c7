#include "payload/error.h"

#include <string.h>

#include "json/bytes.h"
#include "json/number_writer.h"
#include "json/skip.h"
#include "json/utf8.h"

_Static_assert(MQB_PATH_BYTES >= 8 && MQB_EXCERPT_BYTES >= 8, "no room for an error");

const char mqb_rule_nul[] = "must not contain NUL when stored as a C string";

const char *mqb_status_text(enum mqb_status status)
{
    static const char *const texts[MQB_STATUS_COUNT] = {
        [MQB_OK] = "ok",
        [MQB_ERR_NO_ROUTE] = "no binding accepts this topic",
        [MQB_ERR_NO_HANDLER] = "no handler for this message",
        [MQB_ERR_TOPIC] = "topic not allowed",
        [MQB_ERR_JSON] = "not JSON",
        [MQB_ERR_TYPE] = "wrong type",
        [MQB_ERR_MISSING] = "member missing",
        [MQB_ERR_DUPLICATE] = "given twice",
        [MQB_ERR_VALUE] = "value not allowed",
        [MQB_ERR_PRECISION] = "not exact as a double",
        [MQB_ERR_LIMIT] = "beyond a limit",
        [MQB_ERR_SPACE] = "not enough memory",
        [MQB_ERR_TRANSPORT] = "transport failed",
        [MQB_ERR_HANDLER] = "refused by the handler",
        [MQB_ERR_TIMEOUT] = "no reply in time",
        [MQB_ERR_NO_CALL] = "a reply that no call waits for",
        [MQB_ERR_CANCELLED] = "cancelled",
        [MQB_ERR_ARGUMENT] = "a pointer is NULL",
        [MQB_ERR_BUILD] = "the library was built with different limits",
    };
    return (unsigned)status < MQB_STATUS_COUNT ? texts[status] : "unknown status";
}

struct mqb_str mqb_str_from(const char *text)
{
    size_t len = 0;
    while (text != NULL && text[len] != '\0')
        len++;
    return (struct mqb_str){text, len};
}

bool mqb_str_equal(struct mqb_str a, struct mqb_str b)
{
    return mqb_bytes_equal(a, b);
}

void mqb_error_set(struct mqb_error *error, enum mqb_status status, const char *rule, size_t offset)
{
    error->status = status;
    error->offset = offset;
    error->rule = rule;
    error->path[0] = '\0';
    error->value[0] = '\0';
}

/* Bytes used for an excerpt: more than can be shown, as two bytes may become one. */
#define LOOK_BYTES (2 * MQB_EXCERPT_BYTES)

/* As much of the text as is looked at; *cut is set if that is not all. */
static struct mqb_str excerpt_of(struct mqb_str text, bool *cut)
{
    if (text.len > LOOK_BYTES) {
        text.len = LOOK_BYTES;
        *cut = true;
    }
    return text;
}

void mqb_error_show(struct mqb_error *error, struct mqb_str text, bool cut)
{
    if (text.len == 0)
        return;
    const size_t start = mqb_json_blanks(text, 0);
    text = excerpt_of((struct mqb_str){text.ptr + start, text.len - start}, &cut);
    const size_t end = mqb_json_value_end(text, 0);
    cut = cut && end == text.len;
    text.len = end;
    mqb_error_print(error->value, sizeof(error->value), text, cut, ' ');
}

void mqb_error_show_text(struct mqb_error *error, struct mqb_str text, bool cut)
{
    text = excerpt_of(text, &cut);
    mqb_error_print(error->value, sizeof(error->value), text, cut, ' ');
}

/* ---- Printable text ---- */

/* Bytes of the character at the start of `text`, and what to print for it if not itself. */
static size_t next_character(struct mqb_str text, char blank, char *instead)
{
    const size_t sequence = mqb_utf8_sequence(text.ptr, text.len);
    const unsigned char byte = (unsigned char)text.ptr[0];
    *instead = '\0';
    if (byte != ' ' && mqb_byte_is(text.ptr[0], MQB_BLANK))
        *instead = blank;
    else if (sequence == 0 || byte < 0x20 || byte == 0x7F)
        *instead = '?';
    else if (byte == 0xC2 && (unsigned char)text.ptr[1] < 0xA0) /* U+0080 to U+009F */
        *instead = '?';
    return sequence == 0 ? 1 : sequence;
}

/* An incomplete character. */
static bool is_part(struct mqb_str text)
{
    const unsigned char byte = (unsigned char)text.ptr[0];
    const size_t whole = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1;
    return text.len < whole;
}

void mqb_error_print(char *out, size_t cap, struct mqb_str text, bool cut, char blank)
{
    static const char dots[] = "...";
    size_t len = 0;
    size_t room = 0; /* The longest prefix that leaves room for the dots. */
    while (text.len != 0 && !(cut && is_part(text))) {
        char instead;
        const size_t count = next_character(text, blank, &instead);
        const size_t bytes = instead != '\0' ? 1 : count;
        if (len + bytes >= cap)
            break;
        memcpy(out + len, instead != '\0' ? &instead : text.ptr, bytes);
        len += bytes;
        if (len + sizeof(dots) <= cap)
            room = len;
        text = (struct mqb_str){text.ptr + count, text.len - count};
    }
    out[len] = '\0';
    if (cut || text.len != 0)
        memcpy(out + room, dots, sizeof(dots));
}

/* ---- One line ---- */

/* Append text to a buffer; past its end, only count. */
struct line {
    char *buf;
    size_t cap;
    size_t len;
};

static void append_shown(struct line *line, const char *ptr, size_t len)
{
    if (line->len < line->cap) {
        const size_t room = line->cap - line->len;
        memcpy(line->buf + line->len, ptr, len < room ? len : room);
    }
    line->len += len;
}

static void add(struct line *line, const char *text)
{
    const struct mqb_str str = mqb_str_from(text);
    if (str.len != 0)
        append_shown(line, str.ptr, str.len);
}

/*
 * If the text does not fit, the last byte and the character that it truncates are replaced by NUL.
 */
static void end_line(const struct line *line)
{
    if (line->cap == 0)
        return;
    size_t end = line->len;
    if (end >= line->cap) {
        end = line->cap - 1;
        while (end > 0 && ((unsigned char)line->buf[end] & 0xC0) == 0x80)
            end--;
    }
    line->buf[end] = '\0';
}

static bool has_offset(const struct mqb_error *error)
{
    const bool is_of_payload = error->status >= MQB_ERR_JSON && error->status <= MQB_ERR_SPACE;
    return is_of_payload && error->offset != MQB_NO_OFFSET;
}

size_t mqb_error_format(const struct mqb_error *error, char *buf, size_t cap)
{
    struct line line = {.buf = buf, .cap = buf == NULL ? 0 : cap};
    char number[MQB_NUMBER_BYTES];
    if (error == NULL) {
        end_line(&line);
        return 0;
    }
    if (error->path[0] != '\0') {
        add(&line, error->path);
        add(&line, ": ");
    }
    if (error->value[0] != '\0') {
        add(&line, "is ");
        add(&line, error->value);
        add(&line, ", ");
    }
    if (error->status == MQB_ERR_PRECISION)
        add(&line, "as a double ");
    add(&line, error->rule);
    if (has_offset(error)) {
        add(&line, " (byte ");
        append_shown(&line, number, mqb_number_write_uint64(error->offset, number));
        add(&line, ")");
    }
    end_line(&line);
    return line.len;
}
