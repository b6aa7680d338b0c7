#include "payload/json_pointer.h"

#include <string.h>

#include "json/skip.h"
#include "json/text.h"
#include "payload/error.h"

/*
 * p->path has a segment "/name" or "/index" for each open container that has reached a member or
 * item. A segment is removed by searching for its "/", which names cannot contain ("~1"). That
 * requires the "/" to be present: the last byte of the buffer is reserved for it. The segment of
 * level p->cut is the first that did not fit; deeper ones are not stored.
 */
enum {
    IN_VALUE, /* Anywhere outside strings, except where a name is expected. */
    BEFORE_NAME,
    IN_NAME,
    IN_NAME_ESCAPE,
    IN_NAME_CODE,
    IN_STRING,
    IN_STRING_ESCAPE,
};

void mqb_pointer_init(struct mqb_pointer *p)
{
    p->length = 0;
    p->arrays = 0;
    p->depth = 0;
    p->cut = 0;
    p->code = 0;
    p->state = IN_VALUE;
    p->last = 0;
}

/* ---- Segments ---- */

static void add_byte(struct mqb_pointer *p, char byte)
{
    if (p->cut != 0)
        return;
    if (p->length == sizeof(p->path) - 1) {
        p->cut = p->depth;
        return;
    }
    p->path[p->length++] = byte;
}

static void begin_segment(struct mqb_pointer *p)
{
    if (p->cut != 0)
        return;
    p->path[p->length++] = '/';
    if (p->length == sizeof(p->path))
        p->cut = p->depth;
}

static void drop_segment(struct mqb_pointer *p)
{
    if (p->cut != 0 && p->depth > p->cut)
        return;
    p->cut = 0;
    while (p->length != 0 && p->path[--p->length] != '/')
        continue;
}

/* Member names: "~" and "/" are escaped. */
static void add_name_byte(struct mqb_pointer *p, char byte)
{
    if (byte != '~' && byte != '/') {
        add_byte(p, byte);
        return;
    }
    add_byte(p, '~');
    add_byte(p, byte == '~' ? '0' : '1');
}

/* Increment the index at the end of the path, as text. */
static void next_index(struct mqb_pointer *p)
{
    size_t at = p->length;
    if (p->cut != 0 || at == 0)
        return;
    while (at > 1 && p->path[at - 1] == '9')
        p->path[--at] = '0';
    if (p->path[at - 1] != '/') {
        p->path[at - 1]++;
        return;
    }
    p->path[at] = '1';
    add_byte(p, '0');
}

/* ---- Structure ---- */

static bool in_array(const struct mqb_pointer *p)
{
    return (p->arrays & 1) != 0;
}

static void open_container(struct mqb_pointer *p, bool array)
{
    p->depth++;
    p->arrays = p->arrays << 1 | array;
    p->state = array ? IN_VALUE : BEFORE_NAME;
    if (!array)
        return;
    begin_segment(p);
    add_byte(p, '0');
}

/* An empty object has no segment to remove. */
static void close_container(struct mqb_pointer *p)
{
    if (p->depth == 0)
        return;
    if (p->state != BEFORE_NAME)
        drop_segment(p);
    p->depth--;
    p->arrays >>= 1;
    p->state = IN_VALUE;
}

static void feed_comma(struct mqb_pointer *p)
{
    if (p->depth == 0 || p->state == BEFORE_NAME)
        return;
    if (in_array(p)) {
        next_index(p);
        return;
    }
    drop_segment(p);
    p->state = BEFORE_NAME;
}

static void feed_structure(struct mqb_pointer *p, char byte)
{
    switch (byte) {
    case '{':
    case '[':
        open_container(p, byte == '[');
        break;
    case '}':
    case ']':
        close_container(p);
        break;
    case ',':
        feed_comma(p);
        break;
    case '"':
        if (p->state == BEFORE_NAME)
            begin_segment(p);
        p->state = p->state == BEFORE_NAME ? IN_NAME : IN_STRING;
        break;
    default:
        break;
    }
}

/* ---- Names ---- */

static void add_code_point(struct mqb_pointer *p, uint32_t code)
{
    char bytes[4];
    const size_t count = mqb_json_utf8(code, bytes);
    for (size_t i = 0; i < count; i++)
        add_name_byte(p, bytes[i]);
}

/* The lower half of p->code collects four digits; a high surrogate is kept in the upper half. */
static void feed_code(struct mqb_pointer *p, char byte)
{
    p->code = (p->code & 0xFFFF0000) | ((p->code << 4 | mqb_json_hex(byte)) & 0xFFFF);
    if (++p->digits < 4)
        return;
    const uint32_t high = p->code >> 16;
    const uint32_t unit = p->code & 0xFFFF;
    p->state = IN_NAME;
    if (high == 0 && unit >= 0xD800 && unit <= 0xDBFF) {
        p->code <<= 16;
        return;
    }
    add_code_point(p, high == 0 ? unit : 0x10000 + ((high & 0x3FF) << 10 | (unit & 0x3FF)));
    p->code = 0;
}

static void feed_name_escape(struct mqb_pointer *p, char byte)
{
    const char sequence[2] = {'\\', byte};
    char text[2];
    p->state = IN_NAME;
    if (byte == 'u') {
        p->state = IN_NAME_CODE;
        p->digits = 0;
        return;
    }
    if (mqb_json_text_copy((struct mqb_str){sequence, 2}, text) == 1)
        add_name_byte(p, text[0]);
}

static void feed_name(struct mqb_pointer *p, char byte)
{
    if (byte == '"')
        p->state = IN_VALUE;
    else if (byte == '\\')
        p->state = IN_NAME_ESCAPE;
    else
        add_name_byte(p, byte);
}

static void feed_string(struct mqb_pointer *p, char byte)
{
    if (byte == '"')
        p->state = IN_VALUE;
    else if (byte == '\\')
        p->state = IN_STRING_ESCAPE;
}

void mqb_pointer_feed(struct mqb_pointer *p, struct mqb_str text)
{
    if (text.len != 0)
        p->last = text.ptr[text.len - 1];
    for (size_t i = 0; i < text.len; i++) {
        const char byte = text.ptr[i];
        switch (p->state) {
        case IN_NAME:
            feed_name(p, byte);
            break;
        case IN_NAME_ESCAPE:
            feed_name_escape(p, byte);
            break;
        case IN_NAME_CODE:
            feed_code(p, byte);
            break;
        case IN_STRING:
            feed_string(p, byte);
            break;
        case IN_STRING_ESCAPE:
            p->state = IN_STRING;
            break;
        default:
            feed_structure(p, byte);
            break;
        }
    }
}

void mqb_pointer_reopen(struct mqb_pointer *p)
{
    p->depth++;
    p->arrays <<= 1;
    begin_segment(p);
}

void mqb_pointer_enter(struct mqb_pointer *p, struct mqb_str name)
{
    p->depth++;
    begin_segment(p);
    for (size_t i = 0; i < name.len; i++)
        add_name_byte(p, name.ptr[i]);
}

/* ---- Results ---- */

void mqb_pointer_path(const struct mqb_pointer *p, char path[MQB_PATH_BYTES])
{
    struct mqb_pointer whole = *p;
    if (p->state == IN_NAME || p->state == IN_NAME_ESCAPE || p->state == IN_NAME_CODE)
        drop_segment(&whole);
    const struct mqb_str text = {whole.path, whole.length};
    mqb_error_print(path, MQB_PATH_BYTES, text, whole.cut != 0, '?');
}

void mqb_pointer_find(
    struct mqb_str text,
    size_t offset,
    struct mqb_str name,
    char path[MQB_PATH_BYTES])
{
    struct mqb_pointer p;
    mqb_pointer_init(&p);
    mqb_pointer_feed(&p, (struct mqb_str){text.ptr, offset});
    if (p.state == BEFORE_NAME && offset < text.len && text.ptr[offset] == '"') {
        const size_t end = mqb_json_value_end(text, offset);
        mqb_pointer_feed(&p, (struct mqb_str){text.ptr + offset, end - offset});
    }
    if (name.ptr != NULL)
        mqb_pointer_enter(&p, name);
    mqb_pointer_path(&p, path);
}
