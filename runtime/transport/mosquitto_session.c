/* What CONNECT asks for. */
#define _POSIX_C_SOURCE 200809L
#include "transport/mosquitto_session.h"

#include <sys/socket.h>

#include <mosquitto.h>
#include <mqtt_protocol.h>

#include "transport/mosquitto_hosts.h"
#include "transport/mosquitto_properties.h"
#include "transport/mosquitto_tls.h"
#include "transport/posix_clock.h"

/* An IPv6 address with its interface. */
#define ADDRESS_BYTES 80

static const char *will_delay_rule(const struct mqb_mosquitto_settings *s)
{
    if (s->will_delay_s != 0 && !s->will)
        return "will_delay_s needs a will";
    return NULL;
}

const char *mqb_mosquitto_session_rule(const struct mqb_mosquitto_settings *s)
{
    const bool is_asked = s->session_expiry_s != 0 || s->receive_max != 0 || s->will_delay_s != 0;
    if (is_asked && s->protocol != MQTT_PROTOCOL_V5)
        return "session_expiry_s, receive_max and will_delay_s need protocol 5";
    if ((s->session_expiry_s != 0 || s->will_delay_s != 0) && !s->keep_session)
        return "session_expiry_s and will_delay_s need keep_session";
    if (s->receive_max < 0 || s->receive_max > 65535)
        return "receive_max must be 1 to 65535";
    return will_delay_rule(s);
}

/* ---- The will ---- */

static int set_will(
    const struct mqb_mosquitto *m,
    const struct mqb_publish *will,
    mosquitto_property **list)
{
    const uint32_t delay_s = m->settings.will_delay_s;
    int rc = mqb_mosquitto_add_properties(list, &will->properties);
    if (delay_s != 0 && rc == MOSQ_ERR_SUCCESS)
        rc = mosquitto_property_add_int32(list, MQTT_PROP_WILL_DELAY_INTERVAL, delay_s);
    if (rc == MOSQ_ERR_SUCCESS)
        rc = mosquitto_will_set_v5(
            m->mosq, will->topic.ptr, (int)will->payload.len, will->payload.ptr, will->qos,
            will->retain, *list);
    /* After a success, the list belongs to libmosquitto. */
    if (rc == MOSQ_ERR_SUCCESS)
        *list = NULL;
    return rc;
}

const char *mqb_mosquitto_apply_will(const struct mqb_mosquitto *m)
{
    const struct mqb_publish *will = mqb_capture_message(m->settings.will);
    mosquitto_property *list = NULL;
    if (!m->settings.will)
        return NULL;
    if (!will)
        return "the will was not captured";
    if (will->payload.len > UINT16_MAX)
        return "the will must have at most 65535 bytes";
    const int rc = set_will(m, will, &list);
    mosquitto_property_free_all(&list);
    if (rc == MOSQ_ERR_NOT_SUPPORTED)
        return "the properties of the will need protocol 5";
    return rc == MOSQ_ERR_SUCCESS ? NULL : "the will is not allowed, or memory is short";
}

/* ---- CONNECT ---- */

/* Without a session expiry, MQTT 5 ends a session with its connection. */
static int describe_session(mosquitto_property **list, const struct mqb_mosquitto_settings *s)
{
    const uint32_t expiry_s =
        s->session_expiry_s != 0 ? s->session_expiry_s : MQB_MOSQUITTO_SESSION_FOREVER;
    int rc = MOSQ_ERR_SUCCESS;
    if (s->keep_session)
        rc = mosquitto_property_add_int32(list, MQTT_PROP_SESSION_EXPIRY_INTERVAL, expiry_s);
    if (s->receive_max != 0 && rc == MOSQ_ERR_SUCCESS)
        rc =
            mosquitto_property_add_int16(list, MQTT_PROP_RECEIVE_MAXIMUM, (uint16_t)s->receive_max);
    return rc;
}

/*
 * libmosquitto has no function that takes properties and does not block. The one that blocks keeps
 * the properties for later connects, even if it then fails, as it does here for want of a host.
 */
static int keep_properties(struct mqb_mosquitto *m, const mosquitto_property *list)
{
    if (!list)
        return MOSQ_ERR_SUCCESS;
    const int rc = mosquitto_connect_bind_v5(m->mosq, NULL, 0, m->settings.keepalive_s, NULL, list);
    return rc == MOSQ_ERR_INVAL ? MOSQ_ERR_SUCCESS : rc;
}

static int connect_to(struct mqb_mosquitto *m, const char *address)
{
    const struct mqb_mosquitto_settings *s = &m->settings;
    mosquitto_property *list = NULL;
    int rc = MOSQ_ERR_SUCCESS;
    if (s->protocol == MQTT_PROTOCOL_V5)
        rc = describe_session(&list, s);
    if (rc == MOSQ_ERR_SUCCESS)
        rc = keep_properties(m, list);
    mqb_mosquitto_tls_expect(m);
    if (rc == MOSQ_ERR_SUCCESS)
        rc = mosquitto_connect_async(m->mosq, address, mqb_mosquitto_port(m), s->keepalive_s);
    mqb_mosquitto_tls_expect(NULL);
    mosquitto_property_free_all(&list);
    return rc;
}

int mqb_mosquitto_connect(struct mqb_mosquitto *m)
{
    char address[ADDRESS_BYTES];
    m->fault = mqb_mosquitto_tls_renew(m);
    if (m->fault)
        return MOSQ_ERR_TLS;
    if (!mqb_mosquitto_resolve(m) || !mqb_mosquitto_write_address(m, address, sizeof address))
        return MOSQ_ERR_EAI;
    const int64_t now_ms = mqb_posix_now();
    m->answer_due_ms = now_ms + m->settings.connect_timeout_ms;
    m->due_ms = m->answer_due_ms;
    if (mqb_mosquitto_has_next_address(m) && m->settings.address_timeout_ms < m->due_ms - now_ms)
        m->due_ms = now_ms + m->settings.address_timeout_ms;
    return connect_to(m, address);
}

bool mqb_mosquitto_is_reached(struct mqb_mosquitto *m)
{
    struct sockaddr_storage peer;
    socklen_t len = sizeof peer;
    if (m->due_ms == m->answer_due_ms ||
        getpeername(mosquitto_socket(m->mosq), (struct sockaddr *)&peer, &len) != 0)
        return false;
    m->due_ms = m->answer_due_ms;
    return true;
}

enum mqb_status mqb_mosquitto_set_credentials(
    struct mqb_mosquitto *m,
    const char *username,
    const char *password)
{
    if (!m || !m->mosq)
        return MQB_ERR_ARGUMENT;
    if (password && !username)
        return MQB_ERR_VALUE;
    const int rc = mosquitto_username_pw_set(m->mosq, username, password);
    return rc == MOSQ_ERR_SUCCESS ? MQB_OK : MQB_ERR_VALUE;
}

void mqb_mosquitto_reconnect(struct mqb_mosquitto *m)
{
    if (m)
        m->reconnect = true;
}
