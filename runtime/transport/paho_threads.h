/*
 * paho_threads.h - between paho's threads and the application's.
 *
 * paho calls back in threads of its own and holds its mutex while it passes a message on; whoever
 * calls it meanwhile waits. So the application's thread never calls it. Each callback is an event
 * that waits until the application's thread has handled it, and each call is a command, for the
 * connection's own thread or, while a message is handled, for the one that passes it on.
 */
#ifndef MQB_PAHO_THREADS_H
#define MQB_PAHO_THREADS_H

#include <mqbind/paho.h>

enum mqb_paho_event_kind {
    MQB_PAHO_EVENT_CONNECTED, /* value: whether the broker had a session. */
    MQB_PAHO_EVENT_FAILED, /* value: paho's code or the broker's. */
    MQB_PAHO_EVENT_LOST, /* value: the broker's reason of MQTT 5, or 0. */
    MQB_PAHO_EVENT_DISCONNECTED,
    MQB_PAHO_EVENT_SUBSCRIBED, /* id: paho's token; value: the broker's code. */
    MQB_PAHO_EVENT_SENT, /* id: paho's token; value: 0 if acknowledged, or why not. */
    MQB_PAHO_EVENT_MESSAGE,
};

struct mqb_paho_event {
    enum mqb_paho_event_kind kind;
    int value;
    uint32_t id;
    const char *text; /* Why; may be NULL. */
    struct mqb_publish message;
    size_t omitted; /* User properties that the message lacks. */
    struct mqb_broker_limits limits; /* What the broker announced. */
    bool is_handled;
    struct mqb_paho_event *next;
};

enum mqb_paho_command_kind {
    MQB_PAHO_CONNECT,
    MQB_PAHO_DISCONNECT,
    MQB_PAHO_DESTROY,
    MQB_PAHO_SUBSCRIBE,
    MQB_PAHO_UNSUBSCRIBE,
    MQB_PAHO_SEND,
};

/** Create the thread, in which `obey` does what `paho->command` describes; false if that fails. */
bool mqb_paho_start(struct mqb_paho *paho, int (*obey)(struct mqb_paho *paho));
/** End the thread, after MQB_PAHO_DESTROY. */
void mqb_paho_end_thread(struct mqb_paho *paho);

/** Whether a command can be given. */
bool mqb_paho_is_free(struct mqb_paho *paho);
/** Do what `paho->command` describes; if a message is being handled, it is done on return. */
void mqb_paho_command(struct mqb_paho *paho, enum mqb_paho_command_kind kind);
/** The kind of the command that is done and was not taken, or -1. */
int mqb_paho_take_done(struct mqb_paho *paho);
/**
 * Wait until the command of this kind is done, and take it. False if a thread of paho waits for
 * this one, as the command may be waiting for that.
 */
bool mqb_paho_wait_for_done(struct mqb_paho *paho, enum mqb_paho_command_kind kind);

/** In a thread of paho: let the application's thread handle an event, and wait until it has. */
void mqb_paho_raise(struct mqb_paho *paho, struct mqb_paho_event *event);
/** The first event, or NULL. Its thread waits for mqb_paho_release(). */
struct mqb_paho_event *mqb_paho_peek_event(struct mqb_paho *paho);
/** The first event is handled. */
void mqb_paho_release(struct mqb_paho *paho);

#endif
