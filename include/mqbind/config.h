/*
 * config.h - limits of the build. Some can be set with the compiler option -D, to the same value
 * for the library and for your code: mqb_client_init() refuses code that was built with other
 * limits. Limits of the transports are in mosquitto.h and loopback.h.
 */
#ifndef MQBIND_CONFIG_H
#define MQBIND_CONFIG_H

#if defined(MQB_PROFILE_SPEED) && !defined(MQB_PARSER_DIRECT)
#error "MQB_PROFILE_SPEED needs the engine direct: define MQB_PARSER_DIRECT, too"
#endif

#ifndef MQB_DEPTH_MAX
/** Maximum nesting depth of arrays and objects in a payload; 64 at most. Can be set. */
#define MQB_DEPTH_MAX 32
#endif
#ifndef MQB_PATH_BYTES
/** Size of the JSON pointer in an error, with its NUL, in bytes. Can be set. */
#define MQB_PATH_BYTES 96
#endif
#ifndef MQB_EXCERPT_BYTES
/** Size of the refused value in an error, with its NUL, in bytes. Can be set. */
#define MQB_EXCERPT_BYTES 32
#endif
#ifdef MQB_PARSER_DIRECT
/** Most scratch memory that decoding needs for each JSON key and value, in bytes. */
#define MQB_TOKEN_BYTES 8
#else
/** Most scratch memory that decoding needs for each JSON key and value, in bytes. */
#define MQB_TOKEN_BYTES (5 * sizeof(int))
#endif
/** Most bytes that alignment needs: once for the tokens, and once for each array or map. */
#define MQB_SCRATCH_ALIGN 16
/** Scratch memory for each item of an array whose items must be unique, if more than 64; in bytes.
 */
#define MQB_UNIQUE_BYTES 8
#ifndef MQB_CALL_KEY_BYTES
/**
 * Size of the key of a call, in bytes: 10, and the length plus 2 of its id and of each value in its
 * topic. Can be set.
 */
#define MQB_CALL_KEY_BYTES 112
#endif
/** Shortest seed for the ids of calls, in bytes. */
#define MQB_SEED_BYTES 16
/** Maximum number of parameters in a topic address. */
#define MQB_PARAMETERS_MAX 16
#ifndef MQB_CONSTRAINT_STEPS
/**
 * Bounds the time to check rules beyond the C type: this many steps for each byte of the value, and
 * for 2000 bytes more. A step takes about as long as reading one byte. Can be set.
 */
#define MQB_CONSTRAINT_STEPS 500
#endif

#endif
