#include "client/report.h"

#include "payload/error.h"

enum mqb_status mqb_client_status(enum mqb_status status)
{
    return (unsigned)status < MQB_STATUS_COUNT ? status : MQB_ERR_HANDLER;
}

enum mqb_status mqb_client_refuse(enum mqb_status status, const char *rule, struct mqb_error *error)
{
    mqb_error_set(error, status, rule != NULL ? rule : mqb_status_text(status), MQB_NO_OFFSET);
    return status;
}

void mqb_client_report(
    struct mqb_client *client,
    struct mqb_str topic,
    const struct mqb_error *error)
{
    if (!client->config.on_error || client->reporting)
        return;
    client->reporting = true;
    client->config.on_error(client->config.user, topic, error);
    client->reporting = false;
}
