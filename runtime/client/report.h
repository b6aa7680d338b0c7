/*
 * report.h - errors that have no place in a payload, and who hears of them.
 */
#ifndef MQB_REPORT_H
#define MQB_REPORT_H

#include <mqbind/mqbind.h>

/** Convert any number returned by a function of the application or the transport to a status. */
enum mqb_status mqb_client_status(enum mqb_status status);

/** Fill an error that is not about a place in a payload. */
enum mqb_status mqb_client_refuse(
    enum mqb_status status,
    const char *rule,
    struct mqb_error *error);

/** Report to on_error, unless on_error caused this. */
void mqb_client_report(
    struct mqb_client *client,
    struct mqb_str topic,
    const struct mqb_error *error);

#endif
