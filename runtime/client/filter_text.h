/*
 * filter_text.h - the topic filter of a route, as text.
 */
#ifndef MQB_FILTER_TEXT_H
#define MQB_FILTER_TEXT_H

#include <mqbind/detail/side.h>

/** Write the filter of a route, with its NUL, into the free part of the send buffer. */
enum mqb_status mqb_filter_make(
    const struct mqb_binding *binding,
    const struct mqb_route *route,
    struct mqb_str *filter,
    struct mqb_error *error);

/** The filter cannot be written: report the address instead. Returns the status of the error. */
enum mqb_status mqb_filter_refuse(
    const struct mqb_binding *binding,
    const struct mqb_route *route,
    const struct mqb_error *error);

/** The highest QoS that any binding wants the filter with; -1 if none wants it. */
int mqb_filter_qos(const struct mqb_client *client, struct mqb_str filter);

#endif
