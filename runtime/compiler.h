/*
 * compiler.h - keeps rare code out of line, so that common code needs fewer registers.
 */
#ifndef MQB_COMPILER_H
#define MQB_COMPILER_H

#include <mqbind/detail/inline.h>

#if defined(__GNUC__)
#define MQB_RARE __attribute__((noinline))
#else
#define MQB_RARE
#endif

#endif
