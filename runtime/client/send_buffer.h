/*
 * send_buffer.h - the memory in which a client writes topics, filters and payloads.
 */
#ifndef MQB_SEND_BUFFER_H
#define MQB_SEND_BUFFER_H

#include <mqbind/mqbind.h>

/** The free bytes of the send buffer; `ptr` is NULL if there are none. */
struct mqb_send_space {
    char *ptr;
    size_t cap;
};

struct mqb_send_space mqb_client_send_space(const struct mqb_client *client);

#endif
