/*
 * paho_tls.h - TLS of a connection through paho, and why it failed.
 */
#ifndef MQB_PAHO_TLS_H
#define MQB_PAHO_TLS_H

#include <MQTTAsync.h>

#include <mqbind/paho.h>

/** Whether the settings ask for TLS. */
bool mqb_paho_uses_tls(const struct mqb_paho_settings *settings);
/** What the settings violate, or NULL. A static string. */
const char *mqb_paho_tls_rule(const struct mqb_paho_settings *settings);
/** Describe it for paho, before an attempt. */
void mqb_paho_describe_tls(struct mqb_paho *paho, MQTTAsync_SSLOptions *options);

#endif
