/*
 * next.h - what an application sets for the next message that it sends.
 */
#ifndef MQB_NEXT_H
#define MQB_NEXT_H

#include <mqbind/mqbind.h>

/** The next message has been started or refused. */
void mqb_client_reset_next(struct mqb_client *client);

#endif
