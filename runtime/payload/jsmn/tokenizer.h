/*
 * tokenizer.h - the tokens of a payload.
 */
#ifndef MQB_TOKENIZER_H
#define MQB_TOKENIZER_H

#include <mqbind/detail/reader.h>

/**
 * Find the tokens of the payload, and reserve memory for them. Afterwards the text is valid JSON if
 * each string, number and literal in it is.
 */
void mqb_tokens_find(struct mqb_reader *r);

#endif
