/*
 * big_integer.h - natural numbers of many words, the least significant first.
 */
#ifndef MQB_BIG_INTEGER_H
#define MQB_BIG_INTEGER_H

#include <stddef.h>
#include <stdint.h>

/** Multiply by `factor`, then add `addend`. Returns the carry, which would be one more word. */
uint32_t mqb_words_multiply(uint32_t *words, size_t count, uint32_t factor, uint32_t addend);

/** Bits up to the highest that is set; 0 for zero. */
int mqb_bit_length(uint64_t value);

#endif
