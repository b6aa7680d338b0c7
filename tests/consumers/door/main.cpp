// A C++ program that reads one command: right, then out of range.
#include <cstdio>

#include <mqbind/loopback.h>
#include <mqbind/mosquitto.h>

#include "door_lock.h"

static void read(struct mqb_str json)
{
    static char memory[256];
    struct mqb_scratch scratch = mqb_scratch_from(memory, sizeof memory);
    struct mqb_error error;
    struct door_unlock message;
    char text[128];

    if (door_unlock_decode(&message, json, &scratch, &error) == MQB_OK) {
        std::printf("%d s\n", message.seconds);
        return;
    }
    mqb_error_format(&error, text, sizeof text);
    std::puts(text);
}

int main()
{
    read(MQB_STR("{\"seconds\":5}"));
    read(MQB_STR("{\"seconds\":61}"));
    return 0;
}
