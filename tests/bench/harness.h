/*
 * harness.h - works that are repeated, counted and timed.
 *
 * Each program of the benchmark is this harness with the works of one peer.
 */
#ifndef TESTS_BENCH_HARNESS_H
#define TESTS_BENCH_HARNESS_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Zero bytes behind each text: a NUL for those that need one, and what simdjson reads past it. */
#define BENCH_PADDING 64

/** Longest text. */
#define BENCH_TEXT_MAX (1100 * 1000)

struct bench_text {
    const char *ptr;
    size_t len;
};

/** One piece of work on a payload. False: it refuses the payload. */
struct bench_work {
    const char *name;
    bool (*prepare)(struct bench_text text); /**< Once, before it is repeated. May be NULL. */
    bool (*run)(struct bench_text text);
};

/** The works of the program. The last one has no name. */
extern const struct bench_work bench_works[];

#ifdef __cplusplus
}
#endif

#endif
