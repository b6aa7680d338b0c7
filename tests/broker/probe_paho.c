/* What only the probe over paho has. */
#define _POSIX_C_SOURCE 200809L
#include "console.h"
#include "probe.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Each needs a name: the broker keeps its session. */
void probe_own_defaults(test_connection_settings *settings)
{
    static char client_id[24];
    snprintf(client_id, sizeof client_id, "probe-%ld", (long)getpid());
    settings->client_id = client_id;
}

#define AT(member) offsetof(test_connection_settings, member)

static const struct probe_field fields[] = {
    {"protocol", 'i', AT(protocol)},
    {"no_local", 'b', AT(no_local)},
    {"directions_apart", 'b', AT(directions_apart)},
    {"session_expiry_s", 'u', AT(session_expiry_s)},
    {"receive_max", 'i', AT(receive_max)},
    {"tls", 'b', AT(tls)},
    {"ca_file", 's', AT(ca_file)},
    {"ca_path", 's', AT(ca_path)},
    {"certificate_file", 's', AT(certificate_file)},
    {"key_file", 's', AT(key_file)},
    {"key_password", 's', AT(key_password)},
    {"insecure", 'b', AT(insecure)},
    {"will_delay_s", 'u', AT(will_delay_s)},
};

/* The session is kept anyway. */
bool probe_own_set(test_connection_settings *settings, const char *key, char *value)
{
    if (strcmp(key, "keep_session") == 0)
        return atoi(value) != 0;
    return probe_set_field(settings, fields, sizeof fields / sizeof fields[0], key, value);
}

void probe_own_state(const test_connection_status *status)
{
    (void)status;
}

bool probe_own_command(const char *command, const char *first, const char *second)
{
    (void)command;
    (void)first;
    (void)second;
    return false;
}

void probe_own_counters(void)
{
    const struct mqb_paho_counters *counters = &probe_connection.counters;
    console_number("user_properties_omitted", counters->user_properties_omitted);
}
