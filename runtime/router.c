#include "router.h"

#include <string.h>

#include "json_bytes.h"

/* A walk down the tree and back. Where it has been is known from the tree and from the levels. */
struct walk {
    const struct mqb_router *router;
    const struct mqb_str *values;
    const char *at; /* What is left of the topic. */
    const char *end;
    size_t count; /* Levels taken. */
    struct mqb_str levels[MQB_PARAMETERS_MAX];
};

static inline uint64_t load(const char *ptr)
{
    uint64_t word;
    memcpy(&word, ptr, sizeof(word));
    return word;
}

/* Short texts mostly: the last word of a long one overlaps the one before. */
static inline bool same_bytes(const char *one, const char *other, size_t len)
{
    if (len < 8) {
        while (len != 0 && one[len - 1] == other[len - 1])
            len--;
        return len == 0;
    }
    for (size_t at = 0; at < len - 8; at += 8) {
        if (load(one + at) != load(other + at))
            return false;
    }
    return load(one + len - 8) == load(other + len - 8);
}

static inline const char *level_end(const char *at, const char *end)
{
    const uint64_t each = UINT64_C(0x0101010101010101);
    for (; end - at >= 8; at += 8) {
        const uint64_t word = load(at) ^ each * '/';
        const uint64_t zero = (word - each) & ~word & each * 0x80;
        if (zero != 0)
            return at + mqb_bytes_first(zero);
    }
    while (at != end && *at != '/')
        at++;
    return at;
}

static inline size_t left(const struct walk *walk)
{
    return (size_t)(walk->end - walk->at);
}

static inline bool take_text(struct walk *walk, const char *text, size_t len)
{
    if (len > left(walk) || !same_bytes(walk->at, text, len))
        return false;
    walk->at += len;
    return true;
}

/* A node with several parameters takes what it takes as the first of them. */
static inline void take_level(struct walk *walk, const struct mqb_topic_node *node, size_t len)
{
    walk->levels[walk->count] = (struct mqb_str){walk->at, len};
    walk->count += node->parameters;
}

static inline bool take_part(struct walk *walk, const struct mqb_topic_node *node)
{
    const char *end = level_end(walk->at, walk->end);
    const size_t len = (size_t)(end - walk->at);
    if (node->text_bytes > len)
        return false;
    const size_t value = len - node->text_bytes;
    if (!same_bytes(walk->at + value, node->text, node->text_bytes))
        return false;
    take_level(walk, node, value);
    walk->at = end;
    return true;
}

static bool take_value(struct walk *walk, const struct mqb_topic_node *node)
{
    const struct mqb_str value = walk->values[node->place];
    const char *start = walk->at;
    if (value.len == 0 || !take_text(walk, value.ptr, value.len))
        return false;
    walk->at = start;
    take_level(walk, node, value.len);
    walk->at += value.len;
    return true;
}

static inline bool take(struct walk *walk, const struct mqb_topic_node *node)
{
    switch (node->part) {
    case MQB_TOPIC_TEXT:
        return take_text(walk, node->text, node->text_bytes);
    case MQB_TOPIC_REST:
        take_level(walk, node, left(walk));
        walk->at = walk->end;
        return true;
    case MQB_TOPIC_VALUE:
        return take_value(walk, node);
    default:
        return take_part(walk, node);
    }
}

static inline void give_back(struct walk *walk, const struct mqb_topic_node *node)
{
    if (node->part == MQB_TOPIC_TEXT) {
        walk->at -= node->text_bytes;
        return;
    }
    walk->count -= node->parameters;
    walk->at = walk->levels[walk->count].ptr;
}

/* The node to try first behind one that was taken; 0: none. */
static inline size_t first_behind(const struct walk *walk, const struct mqb_topic_node *node)
{
    if (walk->at != walk->end) {
        for (size_t i = 0; i < node->branch_count; i++) {
            if (node->branches[i] == *walk->at)
                return node->branch + i;
        }
    }
    return node->open;
}

/* The node to try after `place` did not lead on, or led as far as it does; 0: the walk is over. */
static inline size_t next_way(struct walk *walk, size_t place)
{
    const struct mqb_topic_node *nodes = walk->router->topics;
    while (place != 0) {
        const struct mqb_topic_node *node = &nodes[place];
        const size_t next = node->part == MQB_TOPIC_TEXT ? nodes[node->parent].open : node->next;
        if (next != 0)
            return next;
        place = node->parent;
        give_back(walk, &nodes[place]);
    }
    return 0;
}

/* The routes that end here, in their order: keep the first of all. */
static inline void keep_first(
    const struct walk *walk,
    size_t route,
    size_t from,
    struct mqb_match *match)
{
    for (; route != 0; route = walk->router->routes[route - 1].twin) {
        if (route - 1 < from)
            continue;
        match->more = match->route != SIZE_MAX;
        if (route - 1 >= match->route)
            return;
        match->route = route - 1;
        memcpy(match->levels, walk->levels, walk->count * sizeof walk->levels[0]);
    }
}

bool mqb_router_find(
    const struct mqb_router *router,
    const struct mqb_str *values,
    struct mqb_str topic,
    size_t from,
    struct mqb_match *match)
{
    struct walk walk;
    walk.router = router;
    walk.values = values;
    walk.at = topic.ptr;
    walk.end = topic.ptr + topic.len;
    walk.count = 0;
    match->route = SIZE_MAX;
    match->more = false;
    size_t place = 0;
    do {
        const struct mqb_topic_node *node = &router->topics[place];
        size_t behind = 0;
        const bool taken = take(&walk, node);
        if (taken) {
            if (walk.at == walk.end)
                keep_first(&walk, node->route, from, match);
            behind = first_behind(&walk, node);
            if (behind == 0)
                give_back(&walk, node);
        }
        place = behind != 0 ? behind : next_way(&walk, place);
    } while (place != 0);
    return match->route != SIZE_MAX;
}
