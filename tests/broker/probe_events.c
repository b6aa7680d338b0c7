/* Events of the probe: what it prints without having been asked. */
#include "console.h"
#include "probe.h"

bool probe_prints_deliveries;
const char *probe_token;

void probe_print_connection_now(const char *event)
{
    const struct mqb_mosquitto_status status = mqb_mosquitto_get_status(&probe_mosquitto);
    console_connection(event, &status);
}

void probe_on_state(void *user, const struct mqb_mosquitto_status *status)
{
    (void)user;
    if (probe_token && status->state == MQB_MOSQUITTO_CONNECTING)
        mqb_mosquitto_set_credentials(&probe_mosquitto, "toy", probe_token);
    console_connection("state", status);
}

void probe_on_groups(void *user, enum mqb_mosquitto_groups groups)
{
    static const char *const names[] = {"unknown", "served", "absent"};
    (void)user;
    console_begin("groups");
    console_text("groups", mqb_str_from(names[groups]));
    console_end();
}

void probe_on_error(void *user, struct mqb_str topic, const struct mqb_error *error)
{
    (void)user;
    console_error(topic, error);
}

void probe_on_delivery(void *user, const struct mqb_delivery *delivery)
{
    (void)user;
    if (!probe_prints_deliveries)
        return;
    console_begin("delivery");
    console_number("token", delivery->token);
    console_text("outcome", mqb_str_from(mqb_outcome_text(delivery->outcome)));
    console_text("topic", delivery->topic);
    console_number("code", delivery->reason_code);
    console_text("reason", mqb_str_from(delivery->reason));
    console_end();
}

void probe_on_room(void *user)
{
    (void)user;
    console_begin("room");
    console_end();
}

void probe_on_wake(void *user)
{
    (void)user;
    console_begin("woken");
    console_end();
}

void probe_on_subscribed(void *user, size_t refused)
{
    (void)user;
    console_begin("subscribed");
    console_number("refused", refused);
    console_end();
}

void probe_on_packet(void *user, const struct mqb_mosquitto_packet *packet)
{
    (void)user;
    console_begin("packet");
    console_number("sent", packet->sent);
    console_text("type", packet->type);
    console_text("topic", packet->topic);
    console_number("bytes", packet->bytes);
    console_end();
}
