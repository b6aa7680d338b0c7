/* A libFuzzer target for the messages of a schema: declarations shared by its files. */
#ifndef MQBIND_FUZZ_H
#define MQBIND_FUZZ_H

#include <stdio.h>
#include <stdlib.h>

#include <mqbind/codec.h>

/** Report a broken guarantee, and end the program as a finding. */
#define FUZZ_CHECK(condition)                                                                      \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, __LINE__, #condition);                \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

/* ---- JSON, read by a parser that shares no code with the runtime ---- */

enum fuzz_json_type {
    FUZZ_JSON_NULL,
    FUZZ_JSON_FALSE,
    FUZZ_JSON_TRUE,
    FUZZ_JSON_NUMBER,
    FUZZ_JSON_STRING,
    FUZZ_JSON_ARRAY,
    FUZZ_JSON_OBJECT,
};

/** A value in JSON text; the members of an object are pairs of a name and a value. */
struct fuzz_json {
    enum fuzz_json_type type;
    struct mqb_str text; /**< From its first byte to its last; a string without its quotes. */
    size_t count; /**< Items or members. */
    const struct fuzz_json *first; /**< The first item, or the first member's name. */
    const struct fuzz_json *next; /**< The next value in its container. */
};

enum fuzz_json_verdict {
    FUZZ_JSON_VALID,
    FUZZ_JSON_INVALID,
    FUZZ_JSON_TOO_LARGE, /**< More values, or deeper nesting, than this parser supports. */
};

/** Parse JSON text. *root is valid until the next call with the same `place`: 0 or 1. */
enum fuzz_json_verdict fuzz_json_parse(
    struct mqb_str text,
    unsigned place,
    const struct fuzz_json **root);

/** True if both strings represent the same characters. */
bool fuzz_json_same_string(struct mqb_str a, struct mqb_str b);

/** True if both numbers are the same decimal. */
bool fuzz_json_same_decimal(struct mqb_str a, struct mqb_str b);

/** Longest integer that fuzz_json_integer() writes, with its sign and its NUL. */
#define FUZZ_INTEGER_BYTES 48

/** False if the number is not integral. Else its value in plain digits; "" if it is too long. */
bool fuzz_json_integer(struct mqb_str number, char text[FUZZ_INTEGER_BYTES]);

/** True if both numbers are the same double. */
bool fuzz_json_same_double(struct mqb_str a, struct mqb_str b);

/** True if both values are the same; members in any order. */
bool fuzz_json_same(const struct fuzz_json *a, const struct fuzz_json *b);

/** The value of the member with this name, or NULL. */
const struct fuzz_json *fuzz_json_member(const struct fuzz_json *object, struct mqb_str name);

/* ---- The messages of a schema ---- */

enum fuzz_kind {
    FUZZ_EXACT, /**< Sent as the same JSON value. */
    FUZZ_INTEGER, /**< The same integer, as a number or in a string. */
    FUZZ_DOUBLE, /**< The same double. */
    FUZZ_CHOICE, /**< One of several spellings; `parts` are their JSON. */
    FUZZ_LIST, /**< An array; the only part is its item. */
    FUZZ_MAP, /**< An object with arbitrary names; the only part is a value. */
    FUZZ_NULLABLE, /**< null, or the only part. */
    FUZZ_STRUCT, /**< The parts are its members; others are skipped. */
    FUZZ_BESIDE, /**< The same, but the last part is the value of the others. */
    FUZZ_SOME_BESIDE, /**< The same, but of some of the others; the rest are skipped. */
    FUZZ_UNION, /**< One of the parts. */
};

/** A part of a shape: `text` is a member's name or a spelling. */
struct fuzz_part {
    struct mqb_str text;
    size_t shape; /**< Its index among the shapes, or the number of the spelled value. */
};

struct fuzz_shape {
    enum fuzz_kind kind;
    const struct fuzz_part *parts;
    size_t count;
};

struct fuzz_message {
    struct mqb_str name;
    size_t size; /**< Size of its struct, in bytes. */
    size_t shape;
    size_t (*scratch_bytes)(size_t payload_bytes);
    mqb_payload_read *read;
    mqb_payload_write *write;
    bool is_text;
    unsigned text_types; /**< Bits of the JSON types besides strings that text may spell. */
};

struct fuzz_seed {
    size_t message;
    struct mqb_str payload;
};

/** Generated from the schema. */
struct fuzz_schema {
    const struct fuzz_message *messages;
    size_t message_count;
    const struct fuzz_shape *shapes;
    const struct fuzz_seed *seeds;
    size_t seed_count;
    const struct mqb_str *words; /**< Names and spellings, which mutations insert. */
    size_t word_count;
};

extern const struct fuzz_schema fuzz_schema;

/** What a payload says. The value of text is in *memory, which the caller frees. */
enum fuzz_json_verdict fuzz_parse_payload(
    const struct fuzz_message *message,
    struct mqb_str payload,
    unsigned place,
    const struct fuzz_json **root,
    char **memory);

/** True if `sent` has the same content as `received`, as far as the schema defines it. */
bool fuzz_says_the_same(
    size_t shape,
    const struct fuzz_json *received,
    const struct fuzz_json *sent);

#endif
