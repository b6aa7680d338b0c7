/*
 * decimal.h - decimal to double and back by integer arithmetic of bounded size.
 *
 * json/number.c handles common numbers itself and uses these two for the others.
 */
#ifndef MQB_DECIMAL_H
#define MQB_DECIMAL_H

#include <mqbind/mqbind.h>

/** A number token, cut to its significant digits; its magnitude is digits * 10^exponent. */
struct mqb_decimal {
    const char *first; /**< The first nonzero digit; there may be a point among the digits. */
    size_t count; /**< Digits up to the last that is not zero; 0 for the value zero. */
    int64_t exponent; /**< Saturates beyond 10^17 and below -10^17. */
    struct mqb_str power; /**< As written after the "e": "+05"; may be empty. */
    int64_t shift; /**< What to add to `power` for the exponent. */
    bool negative;
};

/** Bits of the double nearest to the magnitude, ties to even; those of infinity if beyond. */
uint64_t mqb_exact_read(const struct mqb_decimal *decimal);

/**
 * The fewest digits that read back to the positive finite double with these bits, and the
 * nearest to it among those: *digits * 10^*exponent. *digits has at most 17 digits and does not
 * end in 0.
 */
void mqb_exact_shortest(uint64_t bits, uint64_t *digits, int *exponent);

#endif
