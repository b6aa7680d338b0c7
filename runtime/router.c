#include "router.h"

#include <string.h>

#include "json_bytes.h"

/* A walk down the tree and back. Where it has been is known from the tree and from the levels. */
struct walk {
    const struct mqb_topic_node *nodes;
    const struct mqb_str *values;
    const char *at; /* What is left of the topic. */
    const char *end;
    struct mqb_str *levels; /* Those taken; in the match as long as it is not found. */
    size_t count;
    size_t ways; /* Nodes on the way that have an alternative which was not tried. */
};

static inline uint64_t load_word(const char *ptr)
{
    uint64_t word;
    memcpy(&word, ptr, sizeof(word));
    return word;
}

static inline uint32_t load_half(const char *ptr)
{
    uint32_t half;
    memcpy(&half, ptr, sizeof(half));
    return half;
}

/* In words, of which the last overlaps the one before. */
static inline bool same_bytes(const char *one, const char *other, size_t len)
{
    if (len >= 8) {
        for (size_t at = 0; at < len - 8; at += 8) {
            if (load_word(one + at) != load_word(other + at))
                return false;
        }
        return load_word(one + len - 8) == load_word(other + len - 8);
    }
    if (len >= 4)
        return load_half(one) == load_half(other) &&
               load_half(one + len - 4) == load_half(other + len - 4);
    while (len != 0 && one[len - 1] == other[len - 1])
        len--;
    return len == 0;
}

/* The high bit of each of eight bytes that is this one. */
static inline uint64_t bytes_equal(uint64_t word, char byte)
{
    const uint64_t low = UINT64_C(0x7f7f7f7f7f7f7f7f);
    word ^= UINT64_C(0x0101010101010101) * (unsigned char)byte;
    return ~(((word & low) + low) | word | low);
}

static inline const char *level_end(const char *at, const char *end)
{
    for (; end - at >= 8; at += 8) {
        const uint64_t slashes = bytes_equal(load_word(at), '/');
        if (slashes != 0)
            return at + mqb_bytes_first(slashes);
    }
    while (at != end && *at != '/')
        at++;
    return at;
}

static inline bool starts_with(const char *at, const char *end, const char *text, size_t len)
{
    return len <= (size_t)(end - at) && same_bytes(at, text, len);
}

/* Where a level ends for the node, its slash included; NULL if it does not end as it should. */
static inline const char *take_level(
    const struct mqb_topic_node *node,
    const char *at,
    const char *end,
    struct mqb_str *level)
{
    const char *stop = level_end(at, end);
    const size_t len = (size_t)(stop - at);
    *level = (struct mqb_str){at, len};
    if (node->tail_bytes != 0) {
        if (node->tail_bytes > len)
            return NULL;
        level->len -= node->tail_bytes;
        if (!same_bytes(at + level->len, node->tail, node->tail_bytes))
            return NULL;
    }
    if (!node->slash)
        return stop;
    return stop != end ? stop + 1 : NULL;
}

/* Where the parameters of the node end; NULL if they are not here. The first stands for all. */
static inline const char *take_part(
    const struct mqb_topic_node *node,
    const struct walk *walk,
    const char *at)
{
    struct mqb_str *level = &walk->levels[walk->count];
    if (node->part == MQB_TOPIC_REST) {
        *level = (struct mqb_str){at, (size_t)(walk->end - at)};
        return walk->end;
    }
    if (node->part != MQB_TOPIC_VALUE)
        return take_level(node, at, walk->end, level);
    const struct mqb_str value = walk->values[node->place];
    *level = (struct mqb_str){at, value.len};
    if (value.len == 0 || !starts_with(at, walk->end, value.ptr, value.len))
        return NULL;
    return at + value.len;
}

static inline bool take(const struct mqb_topic_node *node, struct walk *walk)
{
    const char *at = walk->at;
    if (node->text_bytes != 0) {
        if (!starts_with(at, walk->end, node->text, node->text_bytes))
            return false;
        at += node->text_bytes;
    }
    if (node->part != MQB_TOPIC_TEXT) {
        at = take_part(node, walk, at);
        if (!at)
            return false;
        walk->count += node->parameters;
    }
    walk->at = at;
    return true;
}

static inline void give_back(const struct mqb_topic_node *node, struct walk *walk)
{
    if (node->part != MQB_TOPIC_TEXT) {
        walk->count -= node->parameters;
        walk->at = walk->levels[walk->count].ptr;
    }
    walk->at -= node->text_bytes;
}

/* The place of the branch that begins with the byte; 0: there is none. */
static inline size_t branch_of(const struct mqb_topic_node *node, char byte)
{
    for (size_t i = 0; i < node->branch_count; i += 8) {
        const uint64_t found = bytes_equal(load_word(node->branches + i), byte);
        if (found == 0)
            continue;
        i += mqb_bytes_first(found);
        return i < node->branch_count ? node->branch + i : 0;
    }
    return 0;
}

/* The node to try first behind one that was taken; 0: none. */
static inline size_t first_behind(const struct mqb_topic_node *node, struct walk *walk)
{
    size_t behind = walk->at != walk->end ? branch_of(node, *walk->at) : 0;
    if (behind == 0)
        behind = node->open;
    if (behind != 0)
        walk->ways += walk->nodes[behind].next != 0;
    return behind;
}

/* Of the nodes on the way up from `place`, where there are ways left: the next one to try. */
static size_t next_way(struct walk *walk, size_t place)
{
    while (walk->nodes[place].next == 0) {
        place = walk->nodes[place].parent;
        give_back(&walk->nodes[place], walk);
    }
    place = walk->nodes[place].next;
    walk->ways -= walk->nodes[place].next == 0;
    return place;
}

/* What is taken from here on does not overwrite what was found. */
static void spare_match(const struct mqb_match *match, struct mqb_str *others, struct walk *walk)
{
    if (match->route == SIZE_MAX || walk->levels != match->levels)
        return;
    memcpy(others, walk->levels, walk->count * sizeof others[0]);
    walk->levels = others;
}

/* Of the routes that end where the walk is, and the one found before, keep the first. */
static void keep_first(
    const struct mqb_router *router,
    size_t route,
    size_t from,
    const struct walk *walk,
    struct mqb_match *match)
{
    for (; route != 0; route = router->routes[route - 1].twin) {
        if (route - 1 < from)
            continue;
        match->more = match->route != SIZE_MAX;
        if (route - 1 >= match->route)
            return;
        match->route = route - 1;
        if (walk->levels != match->levels)
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
    struct mqb_str others[MQB_PARAMETERS_MAX];
    struct walk walk = {
        .nodes = router->topics,
        .values = values,
        .at = topic.ptr,
        .end = topic.ptr + topic.len,
        .levels = match->levels,
    };
    match->route = SIZE_MAX;
    match->more = false;
    size_t place = 0;
    for (;;) {
        const struct mqb_topic_node *node = &walk.nodes[place];
        size_t behind = 0;
        const bool taken = take(node, &walk);
        if (taken) {
            if (walk.at == walk.end && node->route != 0)
                keep_first(router, node->route, from, &walk, match);
            behind = first_behind(node, &walk);
        }
        if (behind == 0) {
            if (walk.ways == 0)
                return match->route != SIZE_MAX;
            if (taken)
                give_back(node, &walk);
            spare_match(match, others, &walk);
            behind = next_way(&walk, place);
        }
        place = behind;
    }
}
