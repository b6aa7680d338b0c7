/*
 * inline.h - how functions of internal headers are compiled.
 */
#ifndef MQBIND_DETAIL_INLINE_H
#define MQBIND_DETAIL_INLINE_H

/** 1 when optimizing for size: then there are no shortcuts for common cases. */
#if defined(__OPTIMIZE_SIZE__)
#define MQB_SMALL 1
#else
#define MQB_SMALL 0
#endif

/** For functions worth inlining although they are used more than once. */
#if defined(__GNUC__) && defined(__OPTIMIZE__) && !MQB_SMALL
#define MQB_INLINE static inline __attribute__((always_inline))
#else
#define MQB_INLINE static inline
#endif

/**
 * Inline. In code of the direct engine that is optimized for size, inline or called, as the
 * compiler likes: another file has the functions then. Such a function calls no static one.
 */
#if defined(MQB_PARSER_DIRECT) && MQB_SMALL
#define MQB_SHARED inline
#else
#define MQB_SHARED static inline
#endif

/** The same, always inline unless optimizing for size. */
#if defined(__GNUC__) && defined(__OPTIMIZE__) && !MQB_SMALL
#define MQB_SHARED_ALWAYS MQB_SHARED __attribute__((always_inline))
#else
#define MQB_SHARED_ALWAYS MQB_SHARED
#endif

#endif
