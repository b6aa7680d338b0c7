/*
 * mosquitto_patience.h - how long to wait for what the broker must acknowledge.
 *
 * A broker acknowledges in order. So what has waited longest is due next, and its time begins only
 * when all before it is acknowledged: a slow broker that goes on is not taken for a deaf one.
 */
#ifndef MQB_MOSQUITTO_PATIENCE_H
#define MQB_MOSQUITTO_PATIENCE_H

#include <mqbind/mosquitto.h>

/** A connection is made: nothing that it is to carry has left yet. */
void mqb_mosquitto_begin_waiting(struct mqb_mosquitto *m);

/** Look at what is acknowledged. `flows`: bytes have left; `all_left`: all of them. */
void mqb_mosquitto_watch_progress(struct mqb_mosquitto *m, bool flows, bool all_left);

/** What the broker did not acknowledge in time, as a reason to end the connection, or NULL. */
const char *mqb_mosquitto_overdue(const struct mqb_mosquitto *m);

/** It ends for that reason: the next connection has more time. */
void mqb_mosquitto_have_more_patience(struct mqb_mosquitto *m);

#endif
