/*
 * topic_match.h - matches a received topic with the addresses of a side.
 *
 * Generated code matches the topic part by part, with `at` as the rest of it. If several parts may
 * follow, each is tried. Functions that return false found no match.
 */
#ifndef MQBIND_DETAIL_TOPIC_MATCH_H
#define MQBIND_DETAIL_TOPIC_MATCH_H

#include <string.h>

#include <mqbind/mqbind.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A topic while it is matched. Private. */
struct mqb_match {
    const char *end; /**< End of the topic. */
    size_t len; /**< Length of the whole topic. */
    const struct mqb_str *values; /**< Values of a binding. */
    size_t from; /**< Routes before this one are ignored. */
    size_t route; /**< The first route that was found; SIZE_MAX: none. */
    bool more; /**< Later routes were found, too. */
    bool held; /**< `levels` belong to the route that was found and must be saved. */
    struct mqb_str levels[MQB_PARAMETERS_MAX]; /**< Parameters up to `at`. */
    struct mqb_str aside[MQB_PARAMETERS_MAX]; /**< Saved parameters of the route. */
};

/** The end of the level that starts at `at`. */
const char *mqb_match_level_end(const struct mqb_match *walk, const char *at);

/** Save the parameters of the route that was found, before another is tried. */
void mqb_match_hold(struct mqb_match *walk);

/** The address of the route matches the topic. */
void mqb_match_found(struct mqb_match *walk, size_t route);

/** Set a parameter. */
static inline void mqb_match_set(
    struct mqb_match *walk,
    size_t place,
    const char *ptr,
    const char *end)
{
    if (walk->held)
        mqb_match_hold(walk);
    walk->levels[place].ptr = ptr;
    walk->levels[place].len = (size_t)(end - ptr);
}

/** Match a literal. */
static inline bool mqb_match_text(
    const struct mqb_match *walk,
    const char **at,
    const char *text,
    size_t len)
{
    if (len > (size_t)(walk->end - *at) || memcmp(*at, text, len) != 0)
        return false;
    *at += len;
    return true;
}

/** The byte `ahead` bytes after `at`; 0, which no topic contains, after the end. */
static inline int mqb_match_peek(const struct mqb_match *walk, const char *at, size_t ahead)
{
    return ahead < (size_t)(walk->end - at) ? (unsigned char)at[ahead] : 0;
}

/** Match the rest of the level as the parameter with this index. */
static inline void mqb_match_level(struct mqb_match *walk, const char **at, size_t place)
{
    const char *const end = mqb_match_level_end(walk, *at);
    mqb_match_set(walk, place, *at, end);
    *at = end;
}

/** Match the level up to a literal at its end as the parameter. */
bool mqb_match_level_before(
    struct mqb_match *walk,
    const char **at,
    size_t place,
    const char *text,
    size_t len);

/** Match the rest of the topic as the parameter. */
void mqb_match_rest(struct mqb_match *walk, const char **at, size_t place);

/** Match the binding's value, which may span levels, as the parameter. */
bool mqb_match_value(struct mqb_match *walk, const char **at, size_t place, size_t value);

/** Match the end of the topic: the route is found. */
static inline void mqb_match_route(struct mqb_match *walk, const char *at, size_t route)
{
    if (at == walk->end)
        mqb_match_found(walk, route);
}

#ifdef __cplusplus
}
#endif

#endif
