#include "transport/mosquitto_text.h"

#include <string.h>

void mqb_mosquitto_copy(char *to, size_t cap, const char *text)
{
    size_t len = strlen(text);
    if (len >= cap)
        len = cap - 1;
    memmove(to, text, len);
    to[len] = '\0';
}
