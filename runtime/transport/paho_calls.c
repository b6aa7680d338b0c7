/* What paho is asked to do, each time in a thread that may wait for its mutex. */
#define _POSIX_C_SOURCE 200809L
#include "transport/paho_calls.h"

#include <MQTTAsync.h>

#include "transport/paho_callbacks.h"
#include "transport/paho_properties.h"
#include "transport/paho_threads.h"
#include "transport/paho_tls.h"

#define CONNECT_TIMEOUT_S 10

static void destroy_handle(struct mqb_paho *p)
{
    MQTTAsync handle = p->handle;
    if (handle)
        MQTTAsync_destroy(&handle);
    p->handle = NULL;
}

/*
 * Each connection has a handle of its own: when paho sends again what an earlier one left, it uses
 * memory that it has freed (1.3.12).
 */
static int create_handle(struct mqb_paho *p)
{
    MQTTAsync_createOptions options = MQTTAsync_createOptions_initializer;
    options.sendWhileDisconnected = 1; /* What is sent while the connection breaks. */
    options.maxBufferedMessages = 65535;
    options.MQTTVersion = p->settings.protocol;
    MQTTAsync handle = NULL;
    destroy_handle(p);
    const int rc = MQTTAsync_createWithOptions(
        &handle, p->uri, p->settings.client_id, MQTTCLIENT_PERSISTENCE_NONE, NULL, &options);
    p->handle = handle;
    return rc == MQTTASYNC_SUCCESS ? mqb_paho_listen(p) : rc;
}

/* ---- CONNECT ---- */

/* paho takes a payload for missing if it is NULL. */
static void describe_will(
    struct mqb_paho *p,
    MQTTAsync_willOptions *options,
    MQTTProperties *properties)
{
    const struct mqb_publish *will = mqb_capture_message(p->settings.will);
    options->topicName = will->topic.ptr;
    options->payload.len = (int)will->payload.len;
    options->payload.data = will->payload.len != 0 ? will->payload.ptr : "";
    options->qos = will->qos;
    options->retained = will->retain;
    mqb_paho_add_properties(properties, &will->properties);
    if (p->settings.will_delay_s != 0)
        mqb_paho_add_number(
            properties, MQTTPROPERTY_CODE_WILL_DELAY_INTERVAL, p->settings.will_delay_s);
}

/* Without a session expiry, MQTT 5 ends a session with its connection. */
static void describe_paho_session(MQTTProperties *properties, const struct mqb_paho_settings *s)
{
    mqb_paho_add_number(
        properties, MQTTPROPERTY_CODE_SESSION_EXPIRY_INTERVAL,
        s->session_expiry_s != 0 ? s->session_expiry_s : MQB_PAHO_SESSION_FOREVER);
    if (s->receive_max != 0)
        mqb_paho_add_number(
            properties, MQTTPROPERTY_CODE_RECEIVE_MAXIMUM, (uint32_t)s->receive_max);
}

static void describe_connection(struct mqb_paho *p, MQTTAsync_connectOptions *options)
{
    options->MQTTVersion = p->settings.protocol;
    options->cleansession = 0;
    options->cleanstart = 0;
    options->keepAliveInterval = p->settings.keepalive_s;
    options->connectTimeout = CONNECT_TIMEOUT_S;
    options->maxInflight = 65535; /* The outbox limits them. */
    options->username = p->settings.username;
    options->password = p->settings.password;
    options->context = p;
    mqb_paho_expect_connect(p, options);
}

static int call_connect(struct mqb_paho *p)
{
    MQTTAsync_connectOptions options = MQTTAsync_connectOptions_initializer;
    MQTTAsync_willOptions will = MQTTAsync_willOptions_initializer;
    MQTTAsync_SSLOptions tls = MQTTAsync_SSLOptions_initializer;
    MQTTProperties properties = MQTTProperties_initializer;
    MQTTProperties will_properties = MQTTProperties_initializer;
    int rc = create_handle(p);
    if (rc != MQTTASYNC_SUCCESS)
        return rc;
    describe_connection(p, &options);
    if (p->settings.will) {
        describe_will(p, &will, &will_properties);
        options.will = &will;
    }
    if (p->settings.tls) {
        mqb_paho_describe_tls(p, &tls);
        options.ssl = &tls;
    }
    if (p->settings.protocol == MQTTVERSION_5) {
        describe_paho_session(&properties, &p->settings);
        options.connectProperties = &properties;
        options.willProperties = options.will ? &will_properties : NULL;
    }
    rc = MQTTAsync_connect(p->handle, &options);
    MQTTProperties_free(&properties);
    MQTTProperties_free(&will_properties);
    return rc;
}

static int call_disconnect(struct mqb_paho *p)
{
    MQTTAsync_disconnectOptions options = MQTTAsync_disconnectOptions_initializer;
    options.context = p;
    mqb_paho_expect_disconnect(p, &options);
    return MQTTAsync_disconnect(p->handle, &options);
}

static int call_destroy(struct mqb_paho *p)
{
    destroy_handle(p);
    return MQTTASYNC_SUCCESS;
}

/* ---- Traffic ---- */

static int call_with_filter(struct mqb_paho *p)
{
    MQTTAsync_responseOptions options = MQTTAsync_responseOptions_initializer;
    options.context = p;
    if (p->command.kind == MQB_PAHO_UNSUBSCRIBE)
        return MQTTAsync_unsubscribe(p->handle, p->command.filter, &options);
    mqb_paho_expect_subscribe(p, &options);
    options.subscribeOptions.noLocal = p->settings.no_local;
    const int rc = MQTTAsync_subscribe(p->handle, p->command.filter, p->command.qos, &options);
    p->command.id = (uint32_t)options.token;
    return rc;
}

static int call_send(struct mqb_paho *p)
{
    const struct mqb_publish *message = &p->command.message;
    MQTTAsync_responseOptions options = MQTTAsync_responseOptions_initializer;
    options.context = p;
    if (message->qos != 0)
        mqb_paho_expect_send(p, &options);
    if (p->settings.protocol == MQTTVERSION_5)
        mqb_paho_add_properties(&options.properties, &message->properties);
    const int rc = MQTTAsync_send(
        p->handle, message->topic.ptr, (int)message->payload.len, message->payload.ptr,
        message->qos, message->retain, &options);
    MQTTProperties_free(&options.properties);
    p->command.id = (uint32_t)options.token;
    return rc;
}

int mqb_paho_call(struct mqb_paho *p)
{
    switch (p->command.kind) {
    case MQB_PAHO_CONNECT:
        return call_connect(p);
    case MQB_PAHO_DISCONNECT:
        return call_disconnect(p);
    case MQB_PAHO_DESTROY:
        return call_destroy(p);
    case MQB_PAHO_SEND:
        return call_send(p);
    default:
        return call_with_filter(p);
    }
}
