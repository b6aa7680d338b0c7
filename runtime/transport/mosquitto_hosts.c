/*
 * Hosts and addresses. libmosquitto tries one address of a host, or blocks while it tries all, so
 * it is given one address after the other.
 */
#define _POSIX_C_SOURCE 200809L
#include "transport/mosquitto_hosts.h"

#include <netdb.h>
#include <string.h>
#include <sys/socket.h>

static size_t host_count(const struct mqb_mosquitto *m)
{
    return m->settings.host_count != 0 ? m->settings.host_count : 1;
}

static bool is_host(const struct mqb_mosquitto_host *host)
{
    return host->name && host->port >= 0 && host->port <= 65535;
}

const char *mqb_mosquitto_hosts_rule(const struct mqb_mosquitto_settings *s)
{
    if (s->port < 1 || s->port > 65535)
        return "port must be 1 to 65535";
    if (s->host_count != 0 && !s->hosts)
        return "host_count needs hosts";
    for (size_t i = 0; i < s->host_count; i++) {
        if (!is_host(&s->hosts[i]))
            return "each of hosts needs a name, and a port from 0 to 65535";
    }
    return s->address_timeout_ms < 0 ? "times must not be negative" : NULL;
}

const char *mqb_mosquitto_host(const struct mqb_mosquitto *m)
{
    const struct mqb_mosquitto_settings *s = &m->settings;
    return s->host_count != 0 ? s->hosts[m->host_at].name : s->host;
}

int mqb_mosquitto_port(const struct mqb_mosquitto *m)
{
    const struct mqb_mosquitto_settings *s = &m->settings;
    const int own = s->host_count != 0 ? s->hosts[m->host_at].port : 0;
    return own != 0 ? own : s->port;
}

bool mqb_mosquitto_resolve(struct mqb_mosquitto *m)
{
    struct addrinfo hints;
    if (m->addresses)
        return true;
    memset(&hints, 0, sizeof hints);
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    if (getaddrinfo(mqb_mosquitto_host(m), NULL, &hints, &m->addresses) != 0)
        m->addresses = NULL;
    m->address = m->addresses;
    return m->addresses != NULL;
}

bool mqb_mosquitto_write_address(const struct mqb_mosquitto *m, char *text, size_t size)
{
    const struct addrinfo *address = m->address;
    return getnameinfo(
               address->ai_addr, address->ai_addrlen, text, (socklen_t)size, NULL, 0,
               NI_NUMERICHOST) == 0;
}

void mqb_mosquitto_forget_addresses(struct mqb_mosquitto *m)
{
    if (m->addresses)
        freeaddrinfo(m->addresses);
    m->addresses = NULL;
    m->address = NULL;
}

static void next_host(struct mqb_mosquitto *m)
{
    mqb_mosquitto_forget_addresses(m);
    m->host_at = (m->host_at + 1) % host_count(m);
}

bool mqb_mosquitto_has_next_address(const struct mqb_mosquitto *m)
{
    return (m->address && m->address->ai_next) || m->hosts_tried + 1 < host_count(m);
}

bool mqb_mosquitto_next_address(struct mqb_mosquitto *m, bool skip_host)
{
    if (!skip_host && m->address && m->address->ai_next) {
        m->address = m->address->ai_next;
        return true;
    }
    next_host(m);
    m->hosts_tried = (m->hosts_tried + 1) % host_count(m);
    return m->hosts_tried != 0;
}

void mqb_mosquitto_leave_host(struct mqb_mosquitto *m)
{
    next_host(m);
    m->hosts_tried = 0;
}
