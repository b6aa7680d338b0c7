/* A lock without a network: a command comes in, the door's state goes out. */
#include <stdio.h>

#include <mqbind/mosquitto.h>

#include "door_lock.h"

static enum mqb_status publish(void *context, const struct mqb_publish *message)
{
    (void)context;
    printf("%s %.*s\n", message->topic.ptr, (int)message->payload.len, message->payload.ptr);
    return MQB_OK;
}

static enum mqb_status subscribe(void *context, const char *filter, int qos)
{
    (void)context;
    (void)filter;
    (void)qos;
    return MQB_OK;
}

static enum mqb_status unsubscribe(void *context, const char *filter)
{
    (void)context;
    (void)filter;
    return MQB_OK;
}

static enum mqb_status unlock(
    struct door_lock *lock,
    struct mqb_str id,
    const struct door_unlock *message)
{
    struct door_state state;

    printf("unlock %.*s for %d s\n", (int)id.len, id.ptr, (int)message->seconds);
    door_state_init(&state);
    state.open = true;
    return door_lock_send_state(lock, id, &state);
}

int main(void)
{
    static char scratch[1024];
    static char send_buffer[1024];
    static const struct door_lock_handlers handlers = {.unlock = unlock};
    const struct mqb_client_config config = {
        .transport.publish = publish,
        .transport.subscribe = subscribe,
        .transport.unsubscribe = unsubscribe,
        .scratch = scratch,
        .scratch_bytes = sizeof scratch,
        .send_buffer = send_buffer,
        .send_buffer_bytes = sizeof send_buffer,
    };
    struct mqb_client client;
    struct door_lock lock = {.client = &client, .handlers = &handlers};
    const struct mqb_publish command = {
        .topic = MQB_STR("door/17/unlock"),
        .payload = MQB_STR("{\"seconds\":5}"),
    };

    if (mqb_client_init(&client, &config) != MQB_OK)
        return 1;
    if (door_lock_bind(&lock) != MQB_OK || mqb_client_receive(&client, &command) != MQB_OK)
        return 1;
    printf("mosquitto transport: %s\n", mqb_mosquitto_state_text(MQB_MOSQUITTO_IDLE));
    return 0;
}
