/*
 * punctuation.h - checks of the text between tokens.
 */
#ifndef MQB_PUNCTUATION_H
#define MQB_PUNCTUATION_H

#include <mqbind/detail/reader.h>

/** True if each gap between tokens contains what is required there: a comma, a colon, brackets. */
bool mqb_token_gaps_hold(const struct mqb_reader *r);

#endif
