/*
 * values.h - checks of the text in a token.
 */
#ifndef MQB_VALUES_H
#define MQB_VALUES_H

#include "payload/jsmn/token.h"

/** The text is not valid JSON; closing the reader determines where and why. */
void mqb_token_break(struct mqb_reader *r);

/**
 * True if the content of a string, number or literal is valid JSON; otherwise reports an error.
 * Sets r->escapes.
 */
bool mqb_token_check(struct mqb_reader *r, const jsmntok_t *token);

#endif
