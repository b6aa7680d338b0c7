/*
 * mosquitto_state.h - states of the connection, and their reasons.
 */
#ifndef MQB_MOSQUITTO_STATE_H
#define MQB_MOSQUITTO_STATE_H

#include <mqbind/mosquitto.h>

/**
 * The client if it may have pending calls, or NULL: before anything is published it may not even be
 * initialised.
 */
struct mqb_client *mqb_mosquitto_caller(const struct mqb_mosquitto *m);

/** Change the state and call on_state. */
void mqb_mosquitto_enter(
    struct mqb_mosquitto *m,
    enum mqb_mosquitto_state state,
    const char *reason);

/** End the connection: the loop finds it closed, with this reason, which is a static string. */
void mqb_mosquitto_end(struct mqb_mosquitto *m, const char *reason);

/** The attempt or the connection ended with this code of libmosquitto: settle, plan a retry. */
void mqb_mosquitto_lost(struct mqb_mosquitto *m, int rc, int error_number);

/** Disconnect, if connected, and let the next attempt be due. */
void mqb_mosquitto_restart(struct mqb_mosquitto *m);

/** Close what is open without notifying the broker, and settle what was in progress. */
void mqb_mosquitto_settle(struct mqb_mosquitto *m);

#endif
