/*
 * address.h - addresses with the values of their parameters, and the topics and filters that they
 * make.
 */
#ifndef MQB_ADDRESS_H
#define MQB_ADDRESS_H

#include <mqbind/detail/side.h>

/**
 * True if the topic has the shape of the address; *levels are then views of its parameters. Only
 * the `values` of `bound` parameters are used; the topic must contain them.
 */
bool mqb_topic_match(
    const struct mqb_address *address,
    const struct mqb_str *values,
    struct mqb_str topic,
    struct mqb_str levels[MQB_PARAMETERS_MAX]);

/** True if it has the shape, and the address allows the parameters. */
bool mqb_topic_fits(
    const struct mqb_address *address,
    const struct mqb_str *values,
    struct mqb_str topic);

/* `values` below has an entry for each parameter of the address; an empty one means any value. */

/**
 * Insert the values into the address and append a NUL. A level with an empty one becomes "+", or
 * "#" if it spans several. Returns the length without NUL, even if it does not fit; the content of
 * `buf` is then unspecified.
 */
size_t mqb_topic_write(
    const struct mqb_address *address,
    const struct mqb_str *values,
    char *buf,
    size_t cap);

/** True if `text` is what mqb_topic_write() writes for the address and the values. */
bool mqb_topic_written(
    const struct mqb_address *address,
    const struct mqb_str *values,
    struct mqb_str text);

/**
 * True if mqb_topic_write() could write `text` for the address and values that are empty where
 * these are; *levels are then the required values of the others. A value that spans levels and does
 * not end the address must be in `values`.
 */
bool mqb_topic_read(
    const struct mqb_address *address,
    const struct mqb_str *values,
    struct mqb_str text,
    struct mqb_str levels[MQB_PARAMETERS_MAX]);

/** True if some topic matches both `filter` and what mqb_topic_write() writes. */
bool mqb_topic_meets(
    const struct mqb_address *address,
    const struct mqb_str *values,
    struct mqb_str filter);

#endif
