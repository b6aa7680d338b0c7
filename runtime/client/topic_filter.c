#include "client/topic_filter.h"

#include <string.h>

#include "client/topic.h"
#include "json/utf8.h"
#include <mqbind/detail/contracts.h>

/* Remove the first level from `rest`; false if it was the last one. */
static bool next_level(struct mqb_str *rest, struct mqb_str *level)
{
    const char *slash = rest->len == 0 ? NULL : memchr(rest->ptr, '/', rest->len);
    if (!slash) {
        *level = *rest;
        return false;
    }
    level->ptr = rest->ptr;
    level->len = (size_t)(slash - rest->ptr);
    rest->ptr += level->len + 1;
    rest->len -= level->len + 1;
    return true;
}

/*@ requires readable_text(level);
    assigns \nothing;
    ensures wildcard: \result <==> level.len == 1 && level.ptr[0] == wildcard; */
static bool is_wildcard(struct mqb_str level, char wildcard)
{
    return level.len == 1 && level.ptr[0] == wildcard;
}

static bool has_wildcard(struct mqb_str level)
{
    return memchr(level.ptr, '+', level.len) || memchr(level.ptr, '#', level.len);
}

bool mqb_topic_split_group(struct mqb_str *filter, struct mqb_str *group)
{
    struct mqb_str rest = *filter;
    struct mqb_str level;
    if (!next_level(&rest, &level) || !mqb_str_equal(level, MQB_STR("$share")))
        return false;
    if (!next_level(&rest, group))
        return false;
    *filter = rest;
    return true;
}

/* A wildcard is a level of its own, and `#` the last one. */
static bool is_level_valid(struct mqb_str level, bool last)
{
    if (level.len == 0 || !has_wildcard(level))
        return true;
    return is_wildcard(level, '+') || (is_wildcard(level, '#') && last);
}

bool mqb_topic_filter_valid(struct mqb_str filter)
{
    if (filter.len == 0 || filter.len > MQB_TOPIC_MAX || memchr(filter.ptr, '\0', filter.len))
        return false;
    if (!mqb_utf8_valid(filter))
        return false;
    struct mqb_str level;
    bool more;
    do {
        more = next_level(&filter, &level);
        if (!is_level_valid(level, !more))
            return false;
    } while (more);
    return true;
}

/* A leading wildcard does not reach the broker's own topics (MQTT 4.7.2). */
static bool is_out_of_reach(struct mqb_str filter, struct mqb_str topic)
{
    return topic.len != 0 && topic.ptr[0] == '$' && filter.ptr[0] != '$';
}

bool mqb_topic_filter_matches(struct mqb_str filter, struct mqb_str topic)
{
    if (is_out_of_reach(filter, topic))
        return false;
    struct mqb_str wanted;
    struct mqb_str level;
    bool more_wanted;
    bool more_levels;
    do {
        more_wanted = next_level(&filter, &wanted);
        if (is_wildcard(wanted, '#'))
            return true;
        more_levels = next_level(&topic, &level);
        if (!is_wildcard(wanted, '+') && !mqb_str_equal(wanted, level))
            return false;
    } while (more_wanted && more_levels);
    /* "a/#" also matches "a". */
    return more_wanted == more_levels || (more_wanted && is_wildcard(filter, '#'));
}
