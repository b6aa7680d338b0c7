/* Settings of the connection, by their names. */
#define _POSIX_C_SOURCE 200809L
#include "probe.h"

#include <openssl/ssl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define AT(member) offsetof(struct mqb_mosquitto_settings, member)

static const struct {
    const char *key;
    char type; /**< 's' text, 'i' int, 'u' uint32_t, 'z' size_t, 'b' bool */
    size_t offset;
} fields[] = {
    {"host", 's', AT(host)},
    {"port", 'i', AT(port)},
    {"protocol", 'i', AT(protocol)},
    {"allow_abort", 'b', AT(allow_abort)},
    {"no_local", 'b', AT(no_local)},
    {"directions_apart", 'b', AT(directions_apart)},
    {"client_id", 's', AT(client_id)},
    {"keep_session", 'b', AT(keep_session)},
    {"session_expiry_s", 'u', AT(session_expiry_s)},
    {"receive_max", 'i', AT(receive_max)},
    {"keepalive_s", 'i', AT(keepalive_s)},
    {"username", 's', AT(username)},
    {"password", 's', AT(password)},
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
    {"queue_bytes", 'z', AT(queue.bytes)},
    {"when_full", 'i', AT(queue.when_full)},
    {"queue_qos_0", 'b', AT(queue.queue_qos_0)},
    {"in_flight_max", 'i', AT(queue.in_flight_max)},
    {"in_flight_bytes", 'z', AT(queue.in_flight_bytes)},
    {"reply_bytes", 'z', AT(queue.reply_bytes)},
    {"close_timeout_ms", 'i', AT(close_timeout_ms)},
    {"retry_min_ms", 'i', AT(retry_min_ms)},
    {"retry_max_ms", 'i', AT(retry_max_ms)},
    {"retry_refused_ms", 'i', AT(retry_refused_ms)},
    {"stable_ms", 'i', AT(stable_ms)},
    {"connect_timeout_ms", 'i', AT(connect_timeout_ms)},
    {"groups_topic", 's', AT(groups_topic)},
    {"groups_ms", 'i', AT(groups_ms)},
    {"ack_timeout_ms", 'i', AT(ack_timeout_ms)},
    {"filters_per_subscribe", 'i', AT(filters_per_subscribe)},
    {"address_timeout_ms", 'i', AT(address_timeout_ms)},
    {"server_name", 's', AT(server_name)},
    {"alpn", 's', AT(alpn)},
};

/* "name:port,name:port"; the text is changed. */
static void set_hosts(struct mqb_mosquitto_settings *settings, char *text)
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
static void set_context(struct mqb_mosquitto_settings *settings, const char *file)
{
    settings->ssl_ctx = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_verify(settings->ssl_ctx, SSL_VERIFY_PEER, NULL);
    SSL_CTX_load_verify_locations(settings->ssl_ctx, file, NULL);
}

bool probe_set(struct mqb_mosquitto_settings *settings, const char *key, char *value)
{
    if (strcmp(key, "hosts") == 0) {
        set_hosts(settings, value);
        return true;
    }
    if (strcmp(key, "context") == 0) {
        set_context(settings, value);
        return true;
    }
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        void *place = (char *)settings + fields[i].offset;
        if (strcmp(fields[i].key, key) != 0)
            continue;
        if (fields[i].type == 's')
            *(const char **)place = value;
        else if (fields[i].type == 'i')
            *(int *)place = atoi(value);
        else if (fields[i].type == 'u')
            *(uint32_t *)place = (uint32_t)strtoul(value, NULL, 10);
        else if (fields[i].type == 'z')
            *(size_t *)place = strtoul(value, NULL, 10);
        else
            *(bool *)place = atoi(value) != 0;
        if (settings->queue.bytes != 0 && !settings->queue.memory)
            settings->queue.memory = malloc(settings->queue.bytes);
        return true;
    }
    return false;
}
