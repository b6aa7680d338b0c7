#define _POSIX_C_SOURCE 200809L
#include "transport/paho_callbacks.h"

#include <string.h>

#include "transport/paho_properties.h"
#include "transport/paho_threads.h"

static bool has_version_5(const struct mqb_paho *p)
{
    return p->settings.protocol == MQTTVERSION_5;
}

/* ---- Of the connection ---- */

/* paho sends PUBACK when this returns 1. */
static int paho_called_message(
    void *context,
    char *topic,
    int topic_bytes,
    MQTTAsync_message *message)
{
    struct mqb_paho_received extra;
    struct mqb_paho_event event = {.kind = MQB_PAHO_EVENT_MESSAGE};
    mqb_paho_read_properties(&extra, &message->properties);
    event.message.properties = extra.properties;
    event.omitted = extra.omitted;
    event.message.topic.ptr = topic;
    event.message.topic.len = topic_bytes != 0 ? (size_t)topic_bytes : strlen(topic);
    event.message.payload.ptr = message->payload;
    event.message.payload.len = (size_t)message->payloadlen;
    event.message.qos = message->qos;
    event.message.retain = message->retained != 0;
    event.message.duplicate = message->qos == 1 && message->dup != 0;
    mqb_paho_raise(context, &event);
    MQTTAsync_freeMessage(&message);
    MQTTAsync_free(topic);
    return 1;
}

static void paho_called_lost(void *context, char *cause)
{
    struct mqb_paho_event event = {.kind = MQB_PAHO_EVENT_LOST, .text = cause};
    mqb_paho_raise(context, &event);
}

static void paho_called_disconnected(
    void *context,
    MQTTProperties *properties,
    enum MQTTReasonCodes reason)
{
    (void)properties;
    struct mqb_paho_event event = {.kind = MQB_PAHO_EVENT_LOST, .value = (int)reason};
    event.text = MQTTReasonCode_toString(reason);
    mqb_paho_raise(context, &event);
}

int mqb_paho_listen(struct mqb_paho *p)
{
    if (has_version_5(p))
        MQTTAsync_setDisconnected(p->handle, p, paho_called_disconnected);
    return MQTTAsync_setCallbacks(p->handle, p, paho_called_lost, paho_called_message, NULL);
}

/* ---- Of CONNECT and DISCONNECT ---- */

static void raise_connected(void *context, int resumed, const MQTTProperties *properties)
{
    struct mqb_paho_event event = {.kind = MQB_PAHO_EVENT_CONNECTED, .value = resumed};
    if (properties)
        mqb_paho_read_limits(&event.limits, properties);
    mqb_paho_raise(context, &event);
}

static void raise_failed(void *context, int code, const char *text)
{
    struct mqb_paho_event event = {.kind = MQB_PAHO_EVENT_FAILED, .value = code, .text = text};
    mqb_paho_raise(context, &event);
}

static void raise_disconnected(void *context)
{
    struct mqb_paho_event event = {.kind = MQB_PAHO_EVENT_DISCONNECTED};
    mqb_paho_raise(context, &event);
}

static void paho_called_connect(void *context, MQTTAsync_successData *data)
{
    raise_connected(context, data->alt.connect.sessionPresent, NULL);
}

static void paho_called_connect_5(void *context, MQTTAsync_successData5 *data)
{
    raise_connected(context, data->alt.connect.sessionPresent, &data->properties);
}

static void on_connect_failure(void *context, MQTTAsync_failureData *data)
{
    raise_failed(context, data ? data->code : MQTTASYNC_FAILURE, data ? data->message : NULL);
}

static void on_connect_failure_5(void *context, MQTTAsync_failureData5 *data)
{
    raise_failed(context, data->code, data->message);
}

static void paho_called_disconnect(void *context, MQTTAsync_successData *data)
{
    (void)data;
    raise_disconnected(context);
}

static void on_disconnect_failure(void *context, MQTTAsync_failureData *data)
{
    (void)data;
    raise_disconnected(context);
}

static void paho_called_disconnect_5(void *context, MQTTAsync_successData5 *data)
{
    (void)data;
    raise_disconnected(context);
}

static void on_disconnect_failure_5(void *context, MQTTAsync_failureData5 *data)
{
    (void)data;
    raise_disconnected(context);
}

void mqb_paho_expect_connect(const struct mqb_paho *p, MQTTAsync_connectOptions *options)
{
    if (has_version_5(p)) {
        options->onSuccess5 = paho_called_connect_5;
        options->onFailure5 = on_connect_failure_5;
    } else {
        options->onSuccess = paho_called_connect;
        options->onFailure = on_connect_failure;
    }
}

void mqb_paho_expect_disconnect(const struct mqb_paho *p, MQTTAsync_disconnectOptions *options)
{
    if (has_version_5(p)) {
        options->onSuccess5 = paho_called_disconnect_5;
        options->onFailure5 = on_disconnect_failure_5;
    } else {
        options->onSuccess = paho_called_disconnect;
        options->onFailure = on_disconnect_failure;
    }
}

/* ---- Of SUBSCRIBE and PUBLISH ---- */

static void raise_answer(
    void *context,
    enum mqb_paho_event_kind kind,
    MQTTAsync_token token,
    int value)
{
    struct mqb_paho_event event = {.kind = kind, .value = value, .id = (uint32_t)token};
    mqb_paho_raise(context, &event);
}

/* The broker's reason, or paho's own code, which is negative. */
static int failure_value(const MQTTAsync_failureData5 *data)
{
    return data->code != MQTTASYNC_SUCCESS ? MQTTASYNC_FAILURE : (int)data->reasonCode;
}

static void on_subscribe(void *context, MQTTAsync_successData *data)
{
    raise_answer(context, MQB_PAHO_EVENT_SUBSCRIBED, data->token, data->alt.qos);
}

static void on_subscribe_failure(void *context, MQTTAsync_failureData *data)
{
    raise_answer(context, MQB_PAHO_EVENT_SUBSCRIBED, data->token, MQTT_BAD_SUBSCRIBE);
}

static void on_subscribe_5(void *context, MQTTAsync_successData5 *data)
{
    raise_answer(context, MQB_PAHO_EVENT_SUBSCRIBED, data->token, (int)data->reasonCode);
}

static void on_subscribe_failure_5(void *context, MQTTAsync_failureData5 *data)
{
    const int value = failure_value(data);
    raise_answer(
        context, MQB_PAHO_EVENT_SUBSCRIBED, data->token, value < 0 ? MQTT_BAD_SUBSCRIBE : value);
}

static void on_send(void *context, MQTTAsync_successData *data)
{
    raise_answer(context, MQB_PAHO_EVENT_SENT, data->token, 0);
}

static void on_send_failure(void *context, MQTTAsync_failureData *data)
{
    raise_answer(context, MQB_PAHO_EVENT_SENT, data->token, MQTTASYNC_FAILURE);
}

static void on_send_5(void *context, MQTTAsync_successData5 *data)
{
    raise_answer(context, MQB_PAHO_EVENT_SENT, data->token, 0);
}

static void on_send_failure_5(void *context, MQTTAsync_failureData5 *data)
{
    raise_answer(context, MQB_PAHO_EVENT_SENT, data->token, failure_value(data));
}

void mqb_paho_expect_subscribe(const struct mqb_paho *p, MQTTAsync_responseOptions *options)
{
    if (has_version_5(p)) {
        options->onSuccess5 = on_subscribe_5;
        options->onFailure5 = on_subscribe_failure_5;
    } else {
        options->onSuccess = on_subscribe;
        options->onFailure = on_subscribe_failure;
    }
}

void mqb_paho_expect_send(const struct mqb_paho *p, MQTTAsync_responseOptions *options)
{
    if (has_version_5(p)) {
        options->onSuccess5 = on_send_5;
        options->onFailure5 = on_send_failure_5;
    } else {
        options->onSuccess = on_send;
        options->onFailure = on_send_failure;
    }
}
