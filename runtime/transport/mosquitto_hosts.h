/*
 * mosquitto_hosts.h - which host, and which of its addresses, is tried next.
 */
#ifndef MQB_MOSQUITTO_HOSTS_H
#define MQB_MOSQUITTO_HOSTS_H

#include <mqbind/mosquitto.h>

/** The rule about hosts that the settings break, or NULL. */
const char *mqb_mosquitto_hosts_rule(const struct mqb_mosquitto_settings *s);

/** Host and port that are tried or connected to. */
const char *mqb_mosquitto_host(const struct mqb_mosquitto *m);
int mqb_mosquitto_port(const struct mqb_mosquitto *m);

/** Resolve the host, unless it is. False if it has no address. */
bool mqb_mosquitto_resolve(struct mqb_mosquitto *m);

/** The address to try, in numbers. False if the system cannot express it. */
bool mqb_mosquitto_write_address(const struct mqb_mosquitto *m, char *text, size_t size);

/** True if another address can be tried without a delay. */
bool mqb_mosquitto_has_next_address(const struct mqb_mosquitto *m);

/**
 * Go on to the next address, or the next host if the broker itself failed or refused. False if all
 * hosts were tried: then there is a delay.
 */
bool mqb_mosquitto_next_address(struct mqb_mosquitto *m, bool next_host);

/** After the connection was lost: all hosts may be tried again, this one last. */
void mqb_mosquitto_leave_host(struct mqb_mosquitto *m);

void mqb_mosquitto_forget_addresses(struct mqb_mosquitto *m);

#endif
