/* What the program counts itself. */
#ifndef GROWTH_MEMORY_H
#define GROWTH_MEMORY_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

extern uint64_t growth_blocks;

#endif
