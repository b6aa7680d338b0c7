/*
 * config.h - limits of the build. Those with an #ifndef can be set with -D, to the same value for
 * the library and for your code; a client refuses code that was built with other limits. The
 * transports have limits of their own, in mosquitto.h and loopback.h.
 */
#ifndef MQBIND_CONFIG_H
#define MQBIND_CONFIG_H

#ifndef MQB_DEPTH_MAX
/** Deepest nesting of arrays and objects in a payload. At most 64. */
#define MQB_DEPTH_MAX 32
#endif
#ifndef MQB_PATH_BYTES
/** Longest JSON pointer that an error can hold, with its NUL; a longer one ends in "...". */
#define MQB_PATH_BYTES 96
#endif
#ifndef MQB_EXCERPT_BYTES
/** Longest piece of a refused value that an error can hold, with its NUL. */
#define MQB_EXCERPT_BYTES 32
#endif
/** Scratch memory that decoding takes for each JSON key and value while it reads, at most. */
#ifdef MQB_PARSER_DIRECT
#define MQB_TOKEN_BYTES 8
#else
#define MQB_TOKEN_BYTES (5 * sizeof(int))
#endif
/** Most bytes that aligning costs: once for the tokens, once for each array or map. */
#define MQB_SCRATCH_ALIGN 16
/** Scratch memory for each item, while more than 64 of an array are checked to be unique. */
#define MQB_UNIQUE_BYTES 8
#ifndef MQB_CALL_KEY_BYTES
/** Longest key of a call: 10 bytes, and each value in its topic, and its id, with 2 bytes more. */
#define MQB_CALL_KEY_BYTES 112
#endif
/** Shortest seed that makes ids of calls. */
#define MQB_SEED_BYTES 16
/** Most parameters in one topic address. */
#define MQB_PARAMETERS_MAX 16
#ifndef MQB_CONSTRAINT_STEPS
/**
 * How long checking may take: so many steps for each byte of the text, and for 2000 bytes more. A
 * step is about the time to pass one byte.
 */
#define MQB_CONSTRAINT_STEPS 500
#endif

#endif
