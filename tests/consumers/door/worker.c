/* Opens a connection of the transport over paho and closes it; also valid C++. */
#include <stdio.h>

#include <mqbind/paho.h>

int main(void)
{
    static struct mqb_paho paho;
    static struct mqb_client client;
    static struct mqb_paho_settings settings;
    enum mqb_paho_state state;

    settings.client = &client;
    settings.client_id = "door";
    if (mqb_paho_init(&paho, &settings) != MQB_OK)
        return 1;
    state = mqb_paho_get_status(&paho).state;
    mqb_paho_close(&paho);
    printf("paho transport: %s\n", state == MQB_PAHO_IDLE ? "idle" : "not idle");
    return 0;
}
