/*
 * connection.h - the transport that a program of these tests is built over: libmosquitto, or paho
 * with MQB_TEST_PAHO. What both have is called by CONNECTION(step).
 */
#ifndef MQB_TEST_CONNECTION_H
#define MQB_TEST_CONNECTION_H

#ifdef MQB_TEST_PAHO

#include <mqbind/paho.h>

typedef struct mqb_paho test_connection;
typedef struct mqb_paho_settings test_connection_settings;
typedef struct mqb_paho_status test_connection_status;

#define CONNECTION(name) mqb_paho_##name
#define CONNECTION_IS(state) MQB_PAHO_##state

/* All that paho has to say comes through the wake-up. */

static inline int mqb_paho_socket(const test_connection *paho)
{
    (void)paho;
    return -1;
}

static inline bool mqb_paho_want_read(const test_connection *paho)
{
    (void)paho;
    return false;
}

static inline bool mqb_paho_want_write(const test_connection *paho)
{
    (void)paho;
    return false;
}

#else

#include <mqbind/mosquitto.h>

typedef struct mqb_mosquitto test_connection;
typedef struct mqb_mosquitto_settings test_connection_settings;
typedef struct mqb_mosquitto_status test_connection_status;

#define CONNECTION(name) mqb_mosquitto_##name
#define CONNECTION_IS(state) MQB_MOSQUITTO_##state

#endif

#endif
