#define _POSIX_C_SOURCE 200809L
#include "transport/mosquitto_tools.h"

#include <string.h>
#include <time.h>

int64_t mqb_mosquitto_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void mqb_mosquitto_copy(char *to, size_t cap, const char *text)
{
    size_t len = strlen(text);
    if (len >= cap)
        len = cap - 1;
    memmove(to, text, len);
    to[len] = '\0';
}
