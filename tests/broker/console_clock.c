/* What is measured by the console, and by `make soak` printed; no test depends on it. */
#define _POSIX_C_SOURCE 200809L
#include "console.h"

#include <time.h>

uint64_t console_now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000U + (uint64_t)now.tv_nsec / 1000U;
}
