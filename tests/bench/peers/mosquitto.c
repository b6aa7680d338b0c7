/* libmosquitto: the topic against one filter after the other, without taking parameters out. */
#include "harness.h"

#include <mosquitto.h>
#include <stdio.h>

#define FILTERS_MAX 10000

static char filters[FILTERS_MAX][64];
static size_t filter_count;

/* As in routes.c: kinds of messages of any device. */
static bool prepare_kinds(struct bench_text text)
{
    (void)text;
    filter_count = 32;
    for (size_t i = 0; i < filter_count; i++)
        snprintf(filters[i], sizeof filters[i], "fleet/+/kind%02zu/+", i);
    return true;
}

static bool prepare_devices(size_t count)
{
    filter_count = count;
    for (size_t i = 0; i < count; i++)
        snprintf(filters[i], sizeof filters[i], "fleet/device%05zu/kind00/+", i);
    return true;
}

static bool prepare_1000(struct bench_text text)
{
    (void)text;
    return prepare_devices(1000);
}

static bool prepare_10000(struct bench_text text)
{
    (void)text;
    return prepare_devices(10000);
}

static bool route(struct bench_text topic)
{
    size_t matching = 0;

    for (size_t i = 0; i < filter_count; i++) {
        bool matches = false;

        if (mosquitto_topic_matches_sub(filters[i], topic.ptr, &matches) != MOSQ_ERR_SUCCESS)
            return false;
        matching += matches;
    }
    return matching == 1;
}

const struct bench_work bench_works[] = {
    {"route:32", prepare_kinds, route},
    {"route:1000", prepare_1000, route},
    {"route:10000", prepare_10000, route},
    {NULL, NULL, NULL},
};
