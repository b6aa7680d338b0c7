/*
 * digits.h - integers as plain text: an optional "-", then digits and nothing else. Zeros may lead.
 */
#ifndef MQB_DIGITS_H
#define MQB_DIGITS_H

#include <mqbind/mqbind.h>

struct mqb_digits {
    bool negative; /**< There is a "-", perhaps before a zero. */
    bool beyond; /**< More than 64 bits; the magnitude is then of no use. */
    uint64_t magnitude;
};

/** False if the text is no such integer. */
bool mqb_digits_parse(struct mqb_str text, struct mqb_digits *digits);

/* False, and *value as it was, if it is beyond the C type. */
bool mqb_digits_int64(const struct mqb_digits *digits, int64_t *value);
bool mqb_digits_uint64(const struct mqb_digits *digits, uint64_t *value);

#endif
