/*
 * compiler.h - keeps rare code out of line, so that common code needs fewer registers. When
 * optimizing for size, there are no shortcuts for common cases.
 */
#ifndef MQB_COMPILER_H
#define MQB_COMPILER_H

#if defined(__GNUC__)
#define MQB_RARE __attribute__((noinline))
#else
#define MQB_RARE
#endif

/* For functions worth inlining although they are used more than once. */
#if defined(__GNUC__) && defined(__OPTIMIZE__) && !defined(__OPTIMIZE_SIZE__)
#define MQB_INLINE static inline __attribute__((always_inline))
#else
#define MQB_INLINE static inline
#endif

#if defined(__OPTIMIZE_SIZE__)
#define MQB_SMALL 1
#else
#define MQB_SMALL 0
#endif

#endif
