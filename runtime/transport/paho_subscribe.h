/*
 * paho_subscribe.h - subscriptions through paho: one filter at a time.
 */
#ifndef MQB_PAHO_SUBSCRIBE_H
#define MQB_PAHO_SUBSCRIBE_H

#include <mqbind/paho.h>

/** There is a connection, which subscribes to everything. */
void mqb_paho_subscribe_all(struct mqb_paho *paho);
/** Give the next command for a filter, if there is one; false if none is waiting. */
bool mqb_paho_subscribe_next(struct mqb_paho *paho);
/** The command that subscribes is done. */
void mqb_paho_subscribe_done(struct mqb_paho *paho);
/** The broker has answered the subscription with this token; 2 or less grants it. */
void mqb_paho_subscribe_answered(struct mqb_paho *paho, uint32_t id, int code);
/** If nothing is left to subscribe to, say so, once. */
void mqb_paho_report_subscribed(struct mqb_paho *paho);
/** The connection was lost. */
void mqb_paho_forget_subscribes(struct mqb_paho *paho);
/** How many were refused since the connect. */
size_t mqb_paho_filters_refused(const struct mqb_paho *paho);

/* For the transport. */
enum mqb_status mqb_paho_subscribe_many(void *context);
enum mqb_status mqb_paho_unsubscribe(void *context, const char *filter);

#endif
