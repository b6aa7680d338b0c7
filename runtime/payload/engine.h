/*
 * engine.h - what an engine of the reader has for the other files, besides the functions of
 * payload.h. It knows where the values are. The one in payload/jsmn or the one in payload/direct
 * is built.
 */
#ifndef MQB_ENGINE_H
#define MQB_ENGINE_H

#include <mqbind/detail/reader.h>

/**
 * The text of the next value, consumed; of a string without its quotes. It must have
 * the type, a scalar one, else `rule` is broken. ptr is NULL after an error.
 */
struct mqb_str mqb_reader_scalar_text(
    struct mqb_reader *r,
    enum mqb_json_type type,
    const char *rule);

/** The text of the value read since `mark`, without whitespace around it. */
struct mqb_str mqb_reader_span(const struct mqb_reader *r, size_t mark);

#ifdef MQB_PARSER_DIRECT
/** Before something else reserves memory: give the growing list all that it will need. */
void mqb_direct_settle(struct mqb_reader *r);
#endif

#endif
