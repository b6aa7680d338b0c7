/* What becomes of messages after they were sent. */
#include <mqbind/mqbind.h>

#include "client/calls.h"
#include "client/publish.h"
#include "client/report.h"

const char *mqb_outcome_text(enum mqb_outcome outcome)
{
    static const char *const texts[MQB_OUTCOME_COUNT] = {
        [MQB_OUTCOME_SENT] = "sent",       [MQB_OUTCOME_CONFIRMED] = "confirmed",
        [MQB_OUTCOME_REFUSED] = "refused", [MQB_OUTCOME_DROPPED] = "dropped",
        [MQB_OUTCOME_EXPIRED] = "expired", [MQB_OUTCOME_CANCELLED] = "cancelled",
    };
    return (unsigned)outcome < MQB_OUTCOME_COUNT ? texts[outcome] : "unknown";
}

bool mqb_client_cancel(struct mqb_client *client, uint64_t token)
{
    if (!client || token == 0)
        return false;
    const bool withdrawn = mqb_client_withdraw(client, token);
    mqb_calls_end_request(client, token, MQB_ERR_CANCELLED);
    return withdrawn;
}

void mqb_client_report_delivery(struct mqb_client *client, const struct mqb_delivery *delivery)
{
    if (!client || !delivery || (unsigned)delivery->outcome >= MQB_OUTCOME_COUNT)
        return;
    client->counters.outcomes[delivery->outcome]++;
    if (delivery->outcome == MQB_OUTCOME_REFUSED) {
        struct mqb_error error;
        mqb_client_refuse(MQB_ERR_TRANSPORT, delivery->reason, &error);
        mqb_client_report(client, delivery->topic, &error);
    }
    if (client->config.on_delivery)
        client->config.on_delivery(client->config.user, delivery);
    const bool arrived =
        delivery->outcome == MQB_OUTCOME_SENT || delivery->outcome == MQB_OUTCOME_CONFIRMED;
    if (!arrived)
        mqb_calls_end_request(client, delivery->token, MQB_ERR_TRANSPORT);
}

void mqb_client_report_room(struct mqb_client *client)
{
    if (client && client->config.on_room)
        client->config.on_room(client->config.user);
}
