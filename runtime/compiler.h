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

/* For functions worth inlining although they are used more than once. */
#if defined(__GNUC__) && defined(__OPTIMIZE__) && !MQB_SMALL
#define MQB_INLINE static inline __attribute__((always_inline))
#else
#define MQB_INLINE static inline
#endif

#endif
