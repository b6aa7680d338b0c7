/*
 * decimal_to_double.h - any decimal number as a double, by integer arithmetic of bounded size.
 *
 * json/number.c handles the everyday numbers itself and leaves the others to this.
 */
#ifndef MQB_DECIMAL_TO_DOUBLE_H
#define MQB_DECIMAL_TO_DOUBLE_H

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

/** True if the number is an integer from 2^53 on, and the magnitude of the double with these bits.
 */
bool mqb_exact_is_integer(const struct mqb_decimal *decimal, uint64_t bits);

/** Bits of the double nearest to the magnitude, ties to even; those of infinity if beyond. */
uint64_t mqb_exact_read(const struct mqb_decimal *decimal);

#endif
