/* What only the probe over libmosquitto has. */
#define _POSIX_C_SOURCE 200809L
#include "console.h"
#include "probe.h"

#include <openssl/ssl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define AT(member) offsetof(test_connection_settings, member)

static const struct probe_field fields[] = {
    {"protocol", 'i', AT(protocol)},
    {"allow_abort", 'b', AT(allow_abort)},
    {"no_local", 'b', AT(no_local)},
    {"directions_apart", 'b', AT(directions_apart)},
    {"keep_session", 'b', AT(keep_session)},
    {"session_expiry_s", 'u', AT(session_expiry_s)},
    {"receive_max", 'i', AT(receive_max)},
    {"tls", 'b', AT(tls)},
    {"ca_file", 's', AT(ca_file)},
    {"ca_path", 's', AT(ca_path)},
    {"certificate_file", 's', AT(certificate_file)},
    {"key_file", 's', AT(key_file)},
    {"key_password", 's', AT(key_password)},
    {"insecure", 'b', AT(insecure)},
    {"psk", 's', AT(psk)},
    {"psk_identity", 's', AT(psk_identity)},
    {"will_delay_s", 'u', AT(will_delay_s)},
    {"stable_ms", 'i', AT(stable_ms)},
    {"connect_timeout_ms", 'i', AT(connect_timeout_ms)},
    {"groups_topic", 's', AT(groups_topic)},
    {"groups_ms", 'i', AT(groups_ms)},
    {"filters_per_subscribe", 'i', AT(filters_per_subscribe)},
    {"address_timeout_ms", 'i', AT(address_timeout_ms)},
    {"server_name", 's', AT(server_name)},
    {"alpn", 's', AT(alpn)},
};

/* The password of the user "toy", given when a connect begins; NULL: none. */
static const char *token;

/* ---- Events ---- */

static void on_groups(void *user, enum mqb_mosquitto_groups groups)
{
    static const char *const names[] = {"unknown", "served", "absent"};
    (void)user;
    console_begin("groups");
    console_text("groups", mqb_str_from(names[groups]));
    console_end();
}

static void on_packet(void *user, const struct mqb_mosquitto_packet *packet)
{
    (void)user;
    console_begin("packet");
    console_number("sent", packet->sent);
    console_text("type", packet->type);
    console_text("topic", packet->topic);
    console_number("bytes", packet->bytes);
    console_end();
}

void probe_own_state(const test_connection_status *status)
{
    if (token && status->state == MQB_MOSQUITTO_CONNECTING)
        mqb_mosquitto_set_credentials(&probe_connection, "toy", token);
}

void probe_own_counters(void)
{
    const struct mqb_mosquitto_counters *counters = &probe_connection.counters;
    console_number("deferred", counters->deferred);
    console_number("handled_without_room", counters->handled_without_room);
    console_number("user_properties_omitted", counters->user_properties_omitted);
}

/* ---- Settings ---- */

/* "name:port,name:port"; the text is changed. */
static void set_hosts(test_connection_settings *settings, char *text)
{
    static struct mqb_mosquitto_host hosts[8];
    char *save = NULL;
    for (char *at = strtok_r(text, ",", &save); at; at = strtok_r(NULL, ",", &save)) {
        char *port = strrchr(at, ':');
        *port++ = '\0';
        hosts[settings->host_count].name = at;
        hosts[settings->host_count++].port = atoi(port);
    }
    settings->hosts = hosts;
}

/* A context of the application's own, which trusts the certificates of a file. */
static void set_context(test_connection_settings *settings, const char *file)
{
    settings->ssl_ctx = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_verify(settings->ssl_ctx, SSL_VERIFY_PEER, NULL);
    SSL_CTX_load_verify_locations(settings->ssl_ctx, file, NULL);
}

void probe_own_defaults(test_connection_settings *settings)
{
    settings->on_groups = on_groups;
}

bool probe_own_set(test_connection_settings *settings, const char *key, char *value)
{
    if (strcmp(key, "hosts") == 0)
        set_hosts(settings, value);
    else if (strcmp(key, "context") == 0)
        set_context(settings, value);
    else if (strcmp(key, "token") == 0)
        token = value;
    else if (strcmp(key, "trace") == 0)
        settings->on_packet = on_packet;
    else
        return probe_set_field(settings, fields, sizeof fields / sizeof fields[0], key, value);
    return true;
}

/* ---- Commands ---- */

bool probe_own_command(const char *command, const char *first, const char *second)
{
    if (strcmp(command, "credentials") == 0)
        console_status("changed", mqb_mosquitto_set_credentials(&probe_connection, first, second));
    else if (strcmp(command, "reconnect") == 0)
        mqb_mosquitto_reconnect(&probe_connection);
    else
        return false;
    return true;
}
