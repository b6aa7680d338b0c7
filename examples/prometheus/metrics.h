/* Counters in the text format of Prometheus. */
#ifndef METRICS_H
#define METRICS_H

#include <mqbind/mosquitto.h>

/**
 * Replace the file at once, so that nobody reads half of it: for the textfile collector of
 * node_exporter, which takes every *.prom in its folder. Returns false if it cannot be written.
 */
bool metrics_write(
    const char *file,
    const struct mqb_topic_counters *topics,
    size_t topic_count,
    const struct mqb_mosquitto *mosquitto);

#endif
