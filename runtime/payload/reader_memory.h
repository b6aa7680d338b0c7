/*
 * reader_memory.h - strings that need memory, because of their escapes.
 */
#ifndef MQB_READER_MEMORY_H
#define MQB_READER_MEMORY_H

#include <mqbind/detail/reader.h>

/**
 * The string that a raw string represents: a view of the payload, or a copy if there are escapes.
 */
struct mqb_str mqb_reader_unescape(struct mqb_reader *r, struct mqb_str raw);

/** A payload that is one string without quotes, as JSON. */
struct mqb_json mqb_reader_quoted(struct mqb_reader *r);

#endif
