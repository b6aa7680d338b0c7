/*
 * utf8.h - what is UTF-8 (RFC 3629) and what is not.
 */
#ifndef MQB_UTF8_H
#define MQB_UTF8_H

#include <mqbind/mqbind.h>

/**
 * Bytes of the valid sequence at `ptr`: 1 to 4; 0 if it is cut short by `len`, overlong, a
 * surrogate, beyond U+10FFFF, or no sequence at all.
 */
size_t mqb_utf8_sequence(const char *ptr, size_t len);

/** The end of the valid sequences from `at` on that are not ASCII. */
const char *mqb_utf8_pass(const char *at, const char *end);

/** True if the whole text is valid UTF-8. */
bool mqb_utf8_valid(struct mqb_str text);

#endif
