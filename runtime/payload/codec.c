/* Decode, validate and encode a whole payload of any message. */
#include <mqbind/codec.h>
#include <mqbind/detail/reader.h>
#include <mqbind/detail/writer.h>

#include <string.h>

#include "payload/error.h"
#include "payload/writer.h"

static enum mqb_status refuse_argument(struct mqb_error *error)
{
    if (error != NULL)
        mqb_error_set(error, MQB_ERR_ARGUMENT, mqb_status_text(MQB_ERR_ARGUMENT), MQB_NO_OFFSET);
    return MQB_ERR_ARGUMENT;
}

static bool is_missing(
    const void *message,
    struct mqb_str payload,
    const struct mqb_scratch *scratch)
{
    return message == NULL || mqb_scratch_is_invalid(scratch) ||
           (payload.ptr == NULL && payload.len != 0);
}

enum mqb_status mqb_payload_decode(
    mqb_payload_read *read,
    void *message,
    struct mqb_str json,
    struct mqb_scratch *scratch,
    struct mqb_error *error)
{
    struct mqb_reader r;

    if (is_missing(message, json, scratch))
        return refuse_argument(error);
    mqb_reader_open(&r, json, scratch);
    read(&r, message);
    return mqb_reader_close(&r, error);
}

enum mqb_status mqb_payload_decode_text(
    mqb_payload_read *read,
    unsigned types,
    void *message,
    struct mqb_str text,
    struct mqb_scratch *scratch,
    struct mqb_error *error)
{
    struct mqb_reader r;

    if (is_missing(message, text, scratch))
        return refuse_argument(error);
    mqb_reader_open_text(&r, types, text, scratch);
    read(&r, message);
    return mqb_reader_close(&r, error);
}

bool mqb_reader_close_raw(struct mqb_reader *r, struct mqb_error *error)
{
    const bool known = r->status != MQB_ERR_SPACE;
    mqb_reader_close(r, known ? NULL : error);
    return known;
}

enum mqb_status mqb_payload_validate(
    mqb_payload_write *write,
    const void *message,
    struct mqb_error *error)
{
    struct mqb_writer w;

    if (message == NULL)
        return refuse_argument(error);
    mqb_writer_begin(&w, NULL, 0);
    write(&w, message);
    return mqb_writer_verdict(&w, error);
}

enum mqb_status mqb_payload_encode(
    mqb_payload_write *write,
    const void *message,
    char *buf,
    size_t cap,
    size_t *len,
    struct mqb_error *error)
{
    struct mqb_writer w;

    if (message == NULL || (buf == NULL && cap != 0))
        return refuse_argument(error);
    mqb_writer_begin(&w, buf, cap);
    write(&w, message);
    return mqb_writer_close(&w, len, error);
}

enum mqb_status mqb_payload_validate_text(
    mqb_payload_write *write,
    unsigned types,
    const void *message,
    struct mqb_error *error)
{
    struct mqb_writer w;

    if (message == NULL)
        return refuse_argument(error);
    mqb_writer_begin(&w, NULL, 0);
    mqb_writer_as_text(&w, types);
    write(&w, message);
    return mqb_writer_verdict(&w, error);
}

enum mqb_status mqb_payload_encode_text(
    mqb_payload_write *write,
    unsigned types,
    const void *message,
    char *buf,
    size_t cap,
    size_t *len,
    struct mqb_error *error)
{
    struct mqb_writer w;

    if (message == NULL || (buf == NULL && cap != 0))
        return refuse_argument(error);
    mqb_writer_begin(&w, buf, cap);
    mqb_writer_as_text(&w, types);
    write(&w, message);
    return mqb_writer_close(&w, len, error);
}

bool mqb_str_copy(char *data, size_t size, size_t *len, struct mqb_str value)
{
    if (value.len >= size || (value.len != 0 && memchr(value.ptr, '\0', value.len) != NULL))
        return false;
    if (value.len != 0)
        memcpy(data, value.ptr, value.len);
    data[value.len] = '\0';
    *len = value.len;
    return true;
}
