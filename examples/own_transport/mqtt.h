/*
 * mqtt.h - a small transport: MQTT 3.1.1 over TCP, at QoS 0. docs/transports.md explains it.
 *
 * It accepts messages of QoS 1 as well, and acknowledges each after its handler has run.
 */
#ifndef MQTT_H
#define MQTT_H

#include <mqbind/mqbind.h>

struct mqtt {
    struct mqb_client *client; /**< Set it before any other use. */
    const char *client_id;
    unsigned short port; /**< Of a broker on this machine. */
    int fd; /**< -1 while there is no connection. */
    bool online; /**< The broker has accepted the client. */
    uint16_t packet_id;
    uint64_t next_ms; /**< When to connect, or to send the next ping. */
    size_t dropped; /**< Messages that were longer than `packet`. */
    size_t skip; /**< Bytes of such a message that are still to come. */
    size_t have; /**< Bytes of `packet` that have come. */
    unsigned char packet[4096]; /**< The packet that is being received. */
};

/** Prepare a connection; the first step connects. */
void mqtt_init(struct mqtt *mqtt);

struct mqb_transport mqtt_transport(struct mqtt *mqtt);

/** Wait for up to `timeout_ms`, and do what is due: receive, ping, reconnect, end calls. */
void mqtt_step(struct mqtt *mqtt, int timeout_ms);

#endif
