/*
 * announced.h - what a broker says of itself: that it cannot do something (MQTT 5), and that it
 * refuses the client.
 */
#ifndef MQB_ANNOUNCED_H
#define MQB_ANNOUNCED_H

#include <mqbind/queue.h>

/** What a SUBSCRIBE has before its first filter, and the length and options of a filter (3.8). */
#define MQB_SUBSCRIBE_OVERHEAD 8U
#define MQB_FILTER_OVERHEAD 3U

/** Why the broker would refuse a subscription to the filter, or NULL. */
const char *mqb_announced_filter_rule(
    const struct mqb_broker_limits *limits,
    struct mqb_str filter);

/** What the broker would refuse a message for, or lose its flag for. */
struct mqb_announced_limit {
    int reason; /**< Of MQTT 5. */
    const char *rule; /**< In words. */
};

/** The limit that a message is beyond, by what the broker last announced, or NULL. */
const struct mqb_announced_limit *mqb_announced_limit_of(
    const struct mqb_broker_limits *limits,
    const struct mqb_publish *message);

/** Whether this is a code of CONNACK that comes from MQTT 3.1.1, also if `protocol` is 5. */
bool mqb_announced_is_old_code(int protocol, int code);
/** Whether a code of CONNACK or DISCONNECT would be the same after a retry. */
bool mqb_announced_is_refusal(int protocol, int code);

#endif
