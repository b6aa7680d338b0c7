/* Events of the probe: what it prints without having been asked. */
#include "console.h"
#include "probe.h"

bool probe_prints_deliveries;

void probe_print_connection_now(const char *event)
{
    const test_connection_status status = CONNECTION(get_status)(&probe_connection);
    console_connection(event, &status);
}

void probe_on_state(void *user, const test_connection_status *status)
{
    (void)user;
    probe_own_state(status);
    console_connection("state", status);
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
