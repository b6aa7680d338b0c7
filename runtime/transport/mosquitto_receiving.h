/*
 * mosquitto_receiving.h - from libmosquitto to the client, if a reply has room.
 */
#ifndef MQB_MOSQUITTO_RECEIVING_H
#define MQB_MOSQUITTO_RECEIVING_H

#include <mqbind/mosquitto.h>

/**
 * For callbacks of libmosquitto: if reading should stop here, let it not go on with the next
 * packet, as it does unless errno says that there is none. With TLS it goes on, since what was
 * decrypted is not seen at the socket.
 */
void mqb_mosquitto_pause_if_crowded(const struct mqb_mosquitto *m);

/** Pass a message to the client, or keep it until there is room for a reply. */
void mqb_mosquitto_receive(struct mqb_mosquitto *m, const struct mqb_publish *message);

/**
 * Whether messages are kept, and nothing is handed over until all acknowledgements are here: then
 * reading can stop, which keeps the broker from sending more.
 */
bool mqb_mosquitto_is_crowded(const struct mqb_mosquitto *m);

/** Pass on messages that were kept, while there is room. True if some could still be passed on. */
bool mqb_mosquitto_receive_kept(struct mqb_mosquitto *m, size_t most);

/** Pass on all that was kept, with or without room. */
void mqb_mosquitto_receive_rest(struct mqb_mosquitto *m);

#endif
