/*
 * mosquitto_transport.h - what the parts of the libmosquitto transport share.
 *
 * mosquitto_loop.c      the loop: attempts, waiting, serving, stopping
 * mosquitto_entropy.c   random bytes of the operating system
 * mosquitto_settings.c  settings, from init to close
 * mosquitto_state.c     states and their reasons, delays
 * mosquitto_traffic.c   publishes and subscriptions, and what becomes of them
 */
#ifndef MQB_MOSQUITTO_TRANSPORT_H
#define MQB_MOSQUITTO_TRANSPORT_H

#include <mqbind/mosquitto.h>

/** Fill the memory with random bytes from the operating system. False if there are none. */
bool mqb_mosquitto_entropy(void *context, void *bytes, size_t count);

/** Milliseconds of the monotonic clock. */
int64_t mqb_mosquitto_now(void);

/**
 * The client if it may have pending calls, or NULL: before anything is published it may not even be
 * initialised.
 */
struct mqb_client *mqb_mosquitto_caller(const struct mqb_mosquitto *m);

/** Copy text into a reason, cut to fit. */
void mqb_mosquitto_copy(char *to, size_t cap, const char *text);

/** Change the state and call on_state. */
void mqb_mosquitto_enter(
    struct mqb_mosquitto *m,
    enum mqb_mosquitto_state state,
    const char *reason);

/** The attempt or the connection ended with this code of libmosquitto: settle, plan a retry. */
void mqb_mosquitto_lost(struct mqb_mosquitto *m, int rc, int error_number);

/** Close what is open without notifying the broker, and settle what was in progress. */
void mqb_mosquitto_settle(struct mqb_mosquitto *m);

/** Register the callbacks for connections and messages. */
void mqb_mosquitto_listen(struct mqb_mosquitto *m);

/** Forget what a new connection does not continue: publishes of QoS 0, unanswered subscriptions. */
void mqb_mosquitto_forget_volatile(struct mqb_mosquitto *m);

/** Send what is queued and disconnect, if the broker responds. The state is then idle. */
void mqb_mosquitto_leave(struct mqb_mosquitto *m);

#endif
