/*
 * topic_match.h - a received topic on its way through the addresses of a side.
 *
 * Generated code takes from the topic what the addresses have, piece by piece; `at` is what is left
 * of it. Where several pieces may follow, each is tried. Functions that return false found another
 * text than theirs.
 */
#ifndef MQBIND_DETAIL_TOPIC_MATCH_H
#define MQBIND_DETAIL_TOPIC_MATCH_H

#include <string.h>

#include <mqbind/mqbind.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Private. */
struct mqb_match {
    const char *end; /**< Of the topic. */
    size_t len; /**< The same for all of it. */
    const struct mqb_str *values; /**< Of a binding. */
    size_t from; /**< Routes before this one are not looked for. */
    size_t route; /**< The first that was found; SIZE_MAX: none. */
    bool more; /**< Routes behind it were found too. */
    bool held; /**< `levels` are those of the route, and not to be lost. */
    struct mqb_str levels[MQB_PARAMETERS_MAX]; /**< Those taken on the way to `at`. */
    struct mqb_str aside[MQB_PARAMETERS_MAX]; /**< Those of the route, where others followed. */
};

/** Where the level ends that begins at `at`. */
const char *mqb_match_level_end(const struct mqb_match *walk, const char *at);

/** Put the levels of the route that was found aside: another way is tried. */
void mqb_match_hold(struct mqb_match *walk);

/** The address of the route has the shape of the topic. */
void mqb_match_found(struct mqb_match *walk, size_t route);

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

/** The byte that stands so many bytes behind `at`; 0, which is in no topic, if none does. */
static inline int mqb_match_peek(const struct mqb_match *walk, const char *at, size_t ahead)
{
    return ahead < (size_t)(walk->end - at) ? (unsigned char)at[ahead] : 0;
}

/** What is left of a level is the parameter at this place of the address. */
static inline void mqb_match_level(struct mqb_match *walk, const char **at, size_t place)
{
    const char *const end = mqb_match_level_end(walk, *at);
    mqb_match_set(walk, place, *at, end);
    *at = end;
}

/** The same for a level that ends in a text. */
bool mqb_match_level_before(
    struct mqb_match *walk,
    const char **at,
    size_t place,
    const char *text,
    size_t len);

/** What is left of the topic is the parameter. */
void mqb_match_rest(struct mqb_match *walk, const char **at, size_t place);

/** The parameter is what the binding has for it, which may span levels. */
bool mqb_match_value(struct mqb_match *walk, const char **at, size_t place, size_t value);

/** If nothing is left, this is the topic of a route. */
static inline void mqb_match_route(struct mqb_match *walk, const char *at, size_t route)
{
    if (at == walk->end)
        mqb_match_found(walk, route);
}

#ifdef __cplusplus
}
#endif

#endif
