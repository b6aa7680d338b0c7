/*
 * topic_filter.h - filters of subscriptions, shared ones too.
 */
#ifndef MQB_TOPIC_FILTER_H
#define MQB_TOPIC_FILTER_H

#include <mqbind/mqbind.h>

/** Reduce "$share/group/filter" to the filter; false, without a change, if it is something else. */
bool mqb_topic_split_group(struct mqb_str *filter, struct mqb_str *group);

/** True for a filter that MQTT allows: wildcards are whole levels, "#" is the last one. */
bool mqb_topic_filter_valid(struct mqb_str filter);

/** True if a subscription to the valid filter matches the topic. */
bool mqb_topic_filter_matches(struct mqb_str filter, struct mqb_str topic);

#endif
