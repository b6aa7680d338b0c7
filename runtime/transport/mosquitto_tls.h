/*
 * mosquitto_tls.h - TLS: its settings, and why it failed.
 *
 * libmosquitto gets a ready-made context. With its own it would verify the certificate against the
 * address, which is not the name of the host, and it would not say what is wrong with it.
 */
#ifndef MQB_MOSQUITTO_TLS_H
#define MQB_MOSQUITTO_TLS_H

#include <mqbind/mosquitto.h>

/** True if the settings ask for TLS. */
bool mqb_mosquitto_uses_tls(const struct mqb_mosquitto_settings *s);

/** The rule about TLS that the settings break, or NULL. */
const char *mqb_mosquitto_tls_rule(const struct mqb_mosquitto_settings *s);

/** Make the context and read the files. NULL, or what is wrong. */
const char *mqb_mosquitto_tls_open(struct mqb_mosquitto *m);

/** Before an attempt: read the files again, which may have been renewed. NULL, or what is wrong. */
const char *mqb_mosquitto_tls_renew(struct mqb_mosquitto *m);

/** The handshake that begins in this thread is that of the connection; NULL: of none. */
void mqb_mosquitto_tls_expect(struct mqb_mosquitto *m);

/** True if the first byte is of TLS, which was not asked for: the reason is noted. */
bool mqb_mosquitto_tls_is_foreign(struct mqb_mosquitto *m, unsigned char byte);

/**
 * True if the broker may have rejected the client's certificate or key, should it close the
 * connection now: a reset can overtake the alert that says so.
 */
bool mqb_mosquitto_tls_is_doubtful(const struct mqb_mosquitto *m);

/** The peer closed the connection before it answered: what that may mean, or NULL. */
const char *mqb_mosquitto_tls_hint(const struct mqb_mosquitto *m);

/** An error of OpenSSL in the words of this library, if it has some. */
const char *mqb_mosquitto_tls_text(const char *error);

void mqb_mosquitto_tls_close(struct mqb_mosquitto *m);

#endif
