/* Commands for paho and events from it: see paho_threads.h. */
#define _POSIX_C_SOURCE 200809L
#include "transport/paho_threads.h"

#include <string.h>

#include "transport/posix_pipe.h"

/* A command that is lent is done by the thread that passes a message on. */
enum progress { NOTHING, GIVEN, RUNNING, LENT, DONE };

#define CONNECT_TIMEOUT_S 10

/* ---- Events: callbacks of paho ---- */

static void run_command(struct mqb_paho *p, enum progress progress);

/* Whether a thread of paho that passes a message on may do it. */
static bool is_lent(const struct mqb_paho *p)
{
    const int kind = p->command.kind;
    return p->arrived &&
           (kind == MQB_PAHO_SUBSCRIBE || kind == MQB_PAHO_UNSUBSCRIBE || kind == MQB_PAHO_SEND);
}

/* The lock is held. A thread that passes a message on holds paho's mutex and does the calls. */
static void wait_until_handled(struct mqb_paho *p, const struct mqb_paho_event *event)
{
    while (!event->is_handled) {
        if (event->kind == MQB_PAHO_EVENT_MESSAGE && p->command.progress == GIVEN && is_lent(p))
            run_command(p, LENT);
        else
            pthread_cond_wait(&p->change, &p->lock);
    }
}

static void raise_event(struct mqb_paho *p, struct mqb_paho_event *event)
{
    pthread_mutex_lock(&p->lock);
    struct mqb_paho_event **end = &p->first_event;
    while (*end)
        end = &(*end)->next;
    *end = event;
    if (event->kind == MQB_PAHO_EVENT_MESSAGE)
        p->arrived = true;
    mqb_posix_write_byte(p->wake);
    wait_until_handled(p, event);
    pthread_mutex_unlock(&p->lock);
}

/* paho sends PUBACK when this returns 1. */
static int paho_called_message(
    void *context,
    char *topic,
    int topic_bytes,
    MQTTAsync_message *message)
{
    struct mqb_paho_event event = {.kind = MQB_PAHO_EVENT_MESSAGE};
    event.message.topic.ptr = topic;
    event.message.topic.len = topic_bytes != 0 ? (size_t)topic_bytes : strlen(topic);
    event.message.payload.ptr = message->payload;
    event.message.payload.len = (size_t)message->payloadlen;
    event.message.qos = message->qos;
    event.message.retain = message->retained != 0;
    event.message.duplicate = message->dup != 0;
    raise_event(context, &event);
    MQTTAsync_freeMessage(&message);
    MQTTAsync_free(topic);
    return 1;
}

static void paho_called_lost(void *context, char *cause)
{
    struct mqb_paho_event event = {.kind = MQB_PAHO_EVENT_LOST, .text = cause};
    raise_event(context, &event);
}

static void paho_called_connect(void *context, MQTTAsync_successData *data)
{
    struct mqb_paho_event event = {.kind = MQB_PAHO_EVENT_CONNECTED};
    event.value = data ? data->alt.connect.sessionPresent : 0;
    raise_event(context, &event);
}

static void on_connect_failure(void *context, MQTTAsync_failureData *data)
{
    struct mqb_paho_event event = {.kind = MQB_PAHO_EVENT_FAILED};
    if (data) {
        event.value = data->code;
        event.text = data->message;
    }
    raise_event(context, &event);
}

static void paho_called_disconnect(void *context, MQTTAsync_successData *data)
{
    (void)data;
    struct mqb_paho_event event = {.kind = MQB_PAHO_EVENT_DISCONNECTED};
    raise_event(context, &event);
}

static void on_disconnect_failure(void *context, MQTTAsync_failureData *data)
{
    (void)data;
    paho_called_disconnect(context, NULL);
}

static void raise_answer(
    void *context,
    enum mqb_paho_event_kind kind,
    MQTTAsync_token token,
    int value)
{
    struct mqb_paho_event event = {.kind = kind, .value = value, .id = (uint32_t)token};
    raise_event(context, &event);
}

static void on_subscribe(void *context, MQTTAsync_successData *data)
{
    raise_answer(context, MQB_PAHO_EVENT_SUBSCRIBED, data->token, data->alt.qos > 2);
}

static void on_subscribe_failure(void *context, MQTTAsync_failureData *data)
{
    raise_answer(context, MQB_PAHO_EVENT_SUBSCRIBED, data->token, 1);
}

static void on_send(void *context, MQTTAsync_successData *data)
{
    raise_answer(context, MQB_PAHO_EVENT_SENT, data->token, 0);
}

static void on_send_failure(void *context, MQTTAsync_failureData *data)
{
    raise_answer(context, MQB_PAHO_EVENT_SENT, data->token, 1);
}

/* ---- Commands ---- */

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
    options.MQTTVersion = MQTTVERSION_3_1_1;
    MQTTAsync handle = NULL;
    destroy_handle(p);
    const int rc = MQTTAsync_createWithOptions(
        &handle, p->uri, p->settings.client_id, MQTTCLIENT_PERSISTENCE_NONE, NULL, &options);
    p->handle = handle;
    return rc == MQTTASYNC_SUCCESS
               ? MQTTAsync_setCallbacks(handle, p, paho_called_lost, paho_called_message, NULL)
               : rc;
}

static int call_connect(struct mqb_paho *p)
{
    const int rc = create_handle(p);
    if (rc != MQTTASYNC_SUCCESS)
        return rc;
    MQTTAsync_connectOptions options = MQTTAsync_connectOptions_initializer;
    options.MQTTVersion = MQTTVERSION_3_1_1;
    options.cleansession = 0;
    options.keepAliveInterval = p->settings.keepalive_s;
    options.connectTimeout = CONNECT_TIMEOUT_S;
    options.maxInflight = 65535; /* The outbox limits them. */
    options.username = p->settings.username;
    options.password = p->settings.password;
    options.onSuccess = paho_called_connect;
    options.onFailure = on_connect_failure;
    options.context = p;
    return MQTTAsync_connect(p->handle, &options);
}

static int call_disconnect(struct mqb_paho *p)
{
    MQTTAsync_disconnectOptions options = MQTTAsync_disconnectOptions_initializer;
    options.onSuccess = paho_called_disconnect;
    options.onFailure = on_disconnect_failure;
    options.context = p;
    return MQTTAsync_disconnect(p->handle, &options);
}

static int call_destroy(struct mqb_paho *p)
{
    destroy_handle(p);
    return MQTTASYNC_SUCCESS;
}

static int call_with_filter(struct mqb_paho *p)
{
    MQTTAsync_responseOptions options = MQTTAsync_responseOptions_initializer;
    options.context = p;
    if (p->command.kind == MQB_PAHO_UNSUBSCRIBE)
        return MQTTAsync_unsubscribe(p->handle, p->command.filter, &options);
    options.onSuccess = on_subscribe;
    options.onFailure = on_subscribe_failure;
    const int rc = MQTTAsync_subscribe(p->handle, p->command.filter, p->command.qos, &options);
    p->command.id = (uint32_t)options.token;
    return rc;
}

static int call_send(struct mqb_paho *p)
{
    const struct mqb_publish *message = &p->command.message;
    MQTTAsync_responseOptions options = MQTTAsync_responseOptions_initializer;
    options.context = p;
    if (message->qos != 0) {
        options.onSuccess = on_send;
        options.onFailure = on_send_failure;
    }
    const int rc = MQTTAsync_send(
        p->handle, message->topic.ptr, (int)message->payload.len, message->payload.ptr,
        message->qos, message->retain, &options);
    p->command.id = (uint32_t)options.token;
    return rc;
}

static int call(struct mqb_paho *p)
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

/* The lock is held, but not while paho is called. */
static void run_command(struct mqb_paho *p, enum progress progress)
{
    p->command.progress = (int)progress;
    pthread_mutex_unlock(&p->lock);
    const int rc = call(p);
    pthread_mutex_lock(&p->lock);
    p->command.rc = rc;
    p->command.progress = DONE;
    mqb_posix_write_byte(p->wake);
    pthread_cond_broadcast(&p->change);
}

static void *run_commands(void *context)
{
    struct mqb_paho *p = context;
    pthread_mutex_lock(&p->lock);
    while (!p->ends) {
        if (p->command.progress == GIVEN && !is_lent(p))
            run_command(p, RUNNING);
        else
            pthread_cond_wait(&p->change, &p->lock);
    }
    pthread_mutex_unlock(&p->lock);
    return NULL;
}

bool mqb_paho_is_free(struct mqb_paho *p)
{
    pthread_mutex_lock(&p->lock);
    const bool is_free = p->command.progress == NOTHING;
    pthread_mutex_unlock(&p->lock);
    return is_free;
}

void mqb_paho_command(struct mqb_paho *p, enum mqb_paho_command_kind kind)
{
    pthread_mutex_lock(&p->lock);
    p->command.kind = (int)kind;
    p->command.progress = GIVEN;
    pthread_cond_broadcast(&p->change);
    while (p->command.progress == LENT || (p->command.progress == GIVEN && is_lent(p)))
        pthread_cond_wait(&p->change, &p->lock);
    pthread_mutex_unlock(&p->lock);
}

int mqb_paho_take_done(struct mqb_paho *p)
{
    pthread_mutex_lock(&p->lock);
    const int kind = p->command.progress == DONE ? p->command.kind : -1;
    if (kind >= 0)
        p->command.progress = NOTHING;
    pthread_mutex_unlock(&p->lock);
    return kind;
}

struct mqb_paho_event *mqb_paho_peek_event(struct mqb_paho *p)
{
    pthread_mutex_lock(&p->lock);
    struct mqb_paho_event *event = p->first_event;
    pthread_mutex_unlock(&p->lock);
    return event;
}

void mqb_paho_release(struct mqb_paho *p)
{
    pthread_mutex_lock(&p->lock);
    struct mqb_paho_event *event = p->first_event;
    p->first_event = event->next;
    event->is_handled = true;
    if (event->kind == MQB_PAHO_EVENT_MESSAGE)
        p->arrived = false;
    pthread_cond_broadcast(&p->change);
    pthread_mutex_unlock(&p->lock);
}

/* ---- The thread ---- */

bool mqb_paho_start(struct mqb_paho *p)
{
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->change, NULL);
    return pthread_create(&p->thread, NULL, run_commands, p) == 0;
}

void mqb_paho_end_thread(struct mqb_paho *p)
{
    pthread_mutex_lock(&p->lock);
    p->ends = true;
    pthread_cond_broadcast(&p->change);
    pthread_mutex_unlock(&p->lock);
    pthread_join(p->thread, NULL);
    pthread_cond_destroy(&p->change);
    pthread_mutex_destroy(&p->lock);
}
