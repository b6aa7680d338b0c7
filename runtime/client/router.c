#include "client/router.h"

#include <string.h>

#include "json/bytes.h"

/* The high bit of each of eight bytes that is a slash. */
static inline uint64_t slashes_in(uint64_t word)
{
    const uint64_t low = UINT64_C(0x7f7f7f7f7f7f7f7f);
    word ^= UINT64_C(0x0101010101010101) * '/';
    return ~(((word & low) + low) | word | low);
}

/* The same for the last bytes of a topic of eight or more; those before them are not looked at. */
static inline uint64_t last_slashes(const char *end, size_t len)
{
    static const char last[] = "\0\0\0\0\0\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff";
    return slashes_in(mqb_bytes_word(end - 8)) & mqb_bytes_word(last + len);
}

const char *mqb_match_level_end(const struct mqb_match *walk, const char *at)
{
    const char *const end = walk->end;
    for (; end - at >= 8; at += 8) {
        const uint64_t slashes = slashes_in(mqb_bytes_word(at));
        if (slashes != 0)
            return at + mqb_bytes_first(slashes);
    }
    if (walk->len >= 8) {
        const uint64_t slashes = last_slashes(end, (size_t)(end - at));
        return slashes != 0 ? end - 8 + mqb_bytes_first(slashes) : end;
    }
    while (at != end && *at != '/')
        at++;
    return at;
}

bool mqb_match_level_before(
    struct mqb_match *walk,
    const char **at,
    size_t place,
    const char *text,
    size_t len)
{
    struct mqb_str *const level = &walk->levels[place];
    mqb_match_level(walk, at, place);
    if (len > level->len)
        return false;
    level->len -= len;
    return memcmp(level->ptr + level->len, text, len) == 0;
}

void mqb_match_rest(struct mqb_match *walk, const char **at, size_t place)
{
    mqb_match_set(walk, place, *at, walk->end);
    *at = walk->end;
}

bool mqb_match_value(struct mqb_match *walk, const char **at, size_t place, size_t value)
{
    const struct mqb_str text = walk->values[value];
    const char *const start = *at;
    if (text.len == 0 || !mqb_match_text(walk, at, text.ptr, text.len))
        return false;
    mqb_match_set(walk, place, start, *at);
    return true;
}

void mqb_match_hold(struct mqb_match *walk)
{
    memcpy(walk->aside, walk->levels, sizeof walk->levels);
    walk->held = false;
}

/* If several are found, the first counts. */
void mqb_match_found(struct mqb_match *walk, size_t route)
{
    if (route < walk->from)
        return;
    walk->more = walk->route != SIZE_MAX;
    if (route >= walk->route)
        return;
    walk->route = route;
    walk->held = true;
}

bool mqb_router_find(
    const struct mqb_router *router,
    const struct mqb_str *values,
    struct mqb_str topic,
    size_t from,
    struct mqb_match *walk)
{
    walk->end = topic.ptr + topic.len;
    walk->len = topic.len;
    walk->values = values;
    walk->from = from;
    walk->route = SIZE_MAX;
    walk->more = false;
    walk->held = false;
    router->walk(walk, topic.ptr);
    return walk->route != SIZE_MAX;
}
