/*
 * topic.h - topics, filters and addresses.
 *
 * Rules are returned as static strings, NULL if nothing is wrong.
 */
#ifndef MQB_TOPIC_H
#define MQB_TOPIC_H

#include <mqbind/detail/side.h>

/** Longest topic or filter that MQTT can carry, in bytes. */
#define MQB_TOPIC_MAX 65535

/** The rule that a topic of a PUBLISH breaks. */
const char *mqb_topic_rule(struct mqb_str topic);

/** The rule that a value breaks as a parameter of a topic to be sent. */
const char *mqb_topic_value_rule(const struct mqb_parameter *parameter, struct mqb_str value);

/** The same for a value that mqb_topic_match() found in a topic that mqb_topic_rule() accepted. */
const char *mqb_topic_level_rule(const struct mqb_parameter *parameter, struct mqb_str level);

/** The first rule that the parameters of a topic break. */
const char *mqb_topic_levels_rule(const struct mqb_address *address, const struct mqb_str *levels);

/** The rule that the start of a topic or filter made from the address breaks. */
const char *mqb_topic_start_rule(const struct mqb_address *address, const char *text);

/** The rule for a topic that also matches another address, which is tried first. */
#define MQB_TOPIC_TAKEN "the topic would reach the handler of another address"

/**
 * True if the topic has the shape of the address; *levels are then views of its parameters. Only
 * the `values` of `bound` parameters are used; the topic must contain them.
 */
bool mqb_topic_match(
    const struct mqb_address *address,
    const struct mqb_str *values,
    struct mqb_str topic,
    struct mqb_str levels[MQB_PARAMETERS_MAX]);

/** True if it has the shape, and the address allows the parameters. */
bool mqb_topic_fits(
    const struct mqb_address *address,
    const struct mqb_str *values,
    struct mqb_str topic);

/* `values` below has an entry for each parameter of the address; an empty one means any value. */

/**
 * Insert the values into the address and append a NUL. A level with an empty one becomes "+", or
 * "#" if it spans several. Returns the length without NUL, even if it does not fit; the content of
 * `buf` is then unspecified.
 */
size_t mqb_topic_write(
    const struct mqb_address *address,
    const struct mqb_str *values,
    char *buf,
    size_t cap);

/** True if `text` is what mqb_topic_write() writes for the address and the values. */
bool mqb_topic_written(
    const struct mqb_address *address,
    const struct mqb_str *values,
    struct mqb_str text);

/**
 * True if mqb_topic_write() could write `text` for the address and values that are empty where
 * these are; *levels are then the required values of the others. A value that spans levels and does
 * not end the address must be in `values`.
 */
bool mqb_topic_read(
    const struct mqb_address *address,
    const struct mqb_str *values,
    struct mqb_str text,
    struct mqb_str levels[MQB_PARAMETERS_MAX]);

/** The rule that a group of a shared subscription breaks; it is not empty. */
const char *mqb_topic_group_rule(struct mqb_str group);

/** Reduce "$share/group/filter" to the filter; false, without a change, if it is something else. */
bool mqb_topic_split_group(struct mqb_str *filter, struct mqb_str *group);

/** True for a filter that MQTT allows: wildcards are whole levels, "#" is the last one. */
bool mqb_topic_filter_valid(struct mqb_str filter);

/** True if a subscription to the valid filter matches the topic. */
bool mqb_topic_filter_matches(struct mqb_str filter, struct mqb_str topic);

#endif
