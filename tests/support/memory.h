/* What memory.c counts, if COUNT_BLOCKS is defined. */
#ifndef MQB_TEST_MEMORY_H
#define MQB_TEST_MEMORY_H

#include <stdint.h>

/** A block for each call, and for each eight bytes. */
extern uint64_t memory_blocks;

#endif
