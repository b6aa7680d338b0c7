/*
 * double_to_decimal.h - any double as the shortest decimal, by integer arithmetic of bounded size.
 *
 * json/number_writer.c handles the everyday numbers itself and leaves the others to this.
 */
#ifndef MQB_DOUBLE_TO_DECIMAL_H
#define MQB_DOUBLE_TO_DECIMAL_H

#include <stdint.h>

/**
 * The fewest digits that read back to the positive finite double with these bits, and the
 * nearest to it among those: *digits * 10^*exponent. *digits has at most 17 digits and does not
 * end in 0.
 */
void mqb_exact_shortest(uint64_t bits, uint64_t *digits, int *exponent);

#endif
