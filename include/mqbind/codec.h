/*
 * codec.h - decodes, validates and encodes the payload of any message. The header of each message
 * has typed functions for it; they call these.
 */
#ifndef MQBIND_CODEC_H
#define MQBIND_CODEC_H

#include <mqbind/mqbind.h>

#ifdef __cplusplus
extern "C" {
#endif

struct mqb_reader;
struct mqb_writer;

/** Read the next value of a payload into the struct of a message. Generated for each message. */
typedef void mqb_payload_read(struct mqb_reader *r, void *message);
/** Validate the struct of a message and write it. Generated for each message. */
typedef void mqb_payload_write(struct mqb_writer *w, const void *message);

/**
 * Parse and validate `json`. Strings and arrays of *message point into `json` and `scratch`: they
 * are valid while both are. After an error *message is unspecified.
 *
 * These functions return MQB_OK, or the first error, which they also report in *error unless it is
 * NULL. MQB_ERR_ARGUMENT: the message, the scratch memory or bytes with a length are NULL.
 */
enum mqb_status mqb_payload_decode(
    mqb_payload_read *read,
    void *message,
    struct mqb_str json,
    struct mqb_scratch *scratch,
    struct mqb_error *error);

/**
 * Check every rule that encoding checks, apart from those that need a buffer: what the schema
 * demands of the JSON text as a whole (multiples, distinct items, members that depend on others),
 * and that all names are distinct in an object of more than 64.
 */
enum mqb_status mqb_payload_validate(
    mqb_payload_write *write,
    const void *message,
    struct mqb_error *error);

/**
 * Validate, and write compact JSON in schema order, without a NUL. *len is the length in bytes;
 * with MQB_ERR_SPACE it is the length that `cap` must have, and `buf` is not usable. `len` may be
 * NULL, and `buf` where `cap` is 0.
 */
enum mqb_status mqb_payload_encode(
    mqb_payload_write *write,
    const void *message,
    char *buf,
    size_t cap,
    size_t *len,
    struct mqb_error *error);

/*
 * Payloads that are text. A text is read as the JSON value that it spells, possibly between blanks,
 * if that has one of `types`: bits of JSON types other than strings. Any other text is a string as
 * it stands, without quotes and escapes, and must be valid UTF-8.
 */

/** Like mqb_payload_decode(), for text. */
enum mqb_status mqb_payload_decode_text(
    mqb_payload_read *read,
    unsigned types,
    void *message,
    struct mqb_str text,
    struct mqb_scratch *scratch,
    struct mqb_error *error);

/** Like mqb_payload_validate(), for text. */
enum mqb_status mqb_payload_validate_text(
    mqb_payload_write *write,
    unsigned types,
    const void *message,
    struct mqb_error *error);

/** Like mqb_payload_encode(), for text. */
enum mqb_status mqb_payload_encode_text(
    mqb_payload_write *write,
    unsigned types,
    const void *message,
    char *buf,
    size_t cap,
    size_t *len,
    struct mqb_error *error);

/**
 * Copy `value` and a NUL to `data`, which has `size` bytes, and its length to *len. False, and
 * nothing is changed, if it does not fit or contains NUL.
 */
bool mqb_str_copy(char *data, size_t size, size_t *len, struct mqb_str value);

#ifdef __cplusplus
}
#endif

#endif
