/*
 * text.h - the raw text between the quotes of a JSON string, and the string that it represents.
 *
 * `raw` is checked JSON without the quotes. Other bytes are safe, but give meaningless results.
 */
#ifndef MQB_TEXT_H
#define MQB_TEXT_H

#include <mqbind/mqbind.h>

/** True if the raw string has an escape sequence. */
bool mqb_json_text_escaped(struct mqb_str raw);

/** Bytes of the string without escapes; never more than the raw string has. */
size_t mqb_json_text_length(struct mqb_str raw);

/** Its number of code points. */
size_t mqb_json_text_points(struct mqb_str raw);

/** Write the string into `out`, and return its length. */
size_t mqb_json_text_copy(struct mqb_str raw, char *out);

/** Compare the strings that two raw strings represent: below, at or above zero. */
int mqb_json_text_compare(struct mqb_str raw, struct mqb_str other);

/** True if the raw string represents `text`. */
bool mqb_json_text_equal(struct mqb_str raw, struct mqb_str text);

/** An iterator over the bytes of the string, starting with {.raw = raw}. */
struct mqb_json_cursor {
    struct mqb_str raw;
    size_t at;
    char bytes[4]; /**< The bytes of one escape. */
    size_t next;
    size_t count;
};

/** The next byte, or -1 at the end. */
int mqb_json_cursor_next(struct mqb_json_cursor *c);

/** Longest escape sequence of one byte: \u001f. */
#define MQB_JSON_ESCAPE_BYTES 6

/** Write the escape of an ASCII byte that must be escaped; 0 for any other. */
size_t mqb_json_escape(char byte, char out[MQB_JSON_ESCAPE_BYTES]);

/** Value of a hexadecimal digit. */
unsigned mqb_json_hex(char digit);

/** Write a code point as UTF-8 and return its length. */
size_t mqb_json_utf8(uint32_t code, char out[4]);

#endif
