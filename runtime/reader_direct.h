/*
 * reader_direct.h - the engine without tokens, among its files.
 *
 * Only what is consumed is checked, and all of it is: what is accepted is strict JSON. After an
 * error, mqb_reader_close() asks json.c about the whole text: broken JSON comes before all else.
 */
#ifndef MQB_READER_DIRECT_H
#define MQB_READER_DIRECT_H

#include "reader.h"

#include "names.h"

/**
 * The start of the next value, which becomes the value read last; NULL after an error, past the
 * last value, and with an error if there is none.
 */
const char *mqb_direct_value(struct mqb_reader *r);

/** The text is no JSON; where and why is found out when the reader is closed. */
void mqb_direct_break(struct mqb_reader *r);

/** Go on at `at`, or break if that is NULL. */
void mqb_direct_move(struct mqb_reader *r, const char *at);

/** Consume a member's name and its colon. The value read last is the name then. */
struct mqb_str mqb_direct_name(struct mqb_reader *r);

/** The JSON type that a value with this first byte has; of no value any. */
enum mqb_json_type mqb_direct_type(char first);

#endif
