/*
 * token_names.h - names of objects, as lists of tokens.
 */
#ifndef MQB_TOKEN_NAMES_H
#define MQB_TOKEN_NAMES_H

#include "payload/jsmn/token.h"

/** The token after a value. */
size_t mqb_token_after(const struct mqb_reader *r, size_t value);

/**
 * The same for a container, which is checked completely: no object in it, at any depth, may have a
 * duplicate member.
 */
size_t mqb_token_after_distinct(struct mqb_reader *r, size_t container);

/** The first name in the payload that repeats an earlier one, or 0. Sorts the list. */
size_t mqb_name_twice(const struct mqb_reader *r, size_t head);

#endif
