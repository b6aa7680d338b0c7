/*
 * send_buffer.h - the memory in which a client writes topics, filters and payloads.
 */
#ifndef MQB_SEND_BUFFER_H
#define MQB_SEND_BUFFER_H

#include <mqbind/detail/side.h>

/** The free bytes of the send buffer; `ptr` is NULL if there are none. */
struct mqb_send_space {
    char *ptr;
    size_t cap;
};

struct mqb_send_space mqb_client_send_space(const struct mqb_client *client);

/** The same for a message, which may be captured. */
struct mqb_send_space mqb_outbound_space(const struct mqb_outbound *outbound);
/** From here on, the first bytes of that space are in use. */
void mqb_outbound_keep(const struct mqb_outbound *outbound, size_t bytes);

/*
 * A client that sends nothing needs no send buffer: filters are then written into the free part of
 * the scratch memory.
 */

/** True if filters are written into the send buffer. */
bool mqb_client_has_send_buffer(const struct mqb_client *client);
/** The free bytes for a filter. */
struct mqb_send_space mqb_client_filter_space(const struct mqb_client *client);
/** Keep the first bytes of them. Returns a mark for mqb_client_free_filter(). */
size_t mqb_client_keep_filter(struct mqb_client *client, size_t bytes);
void mqb_client_free_filter(struct mqb_client *client, size_t mark);

#endif
