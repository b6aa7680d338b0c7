/*
 * topic.h - topics, filters and addresses.
 *
 * Rules come back as static text, NULL when nothing is wrong.
 */
#ifndef MQB_TOPIC_H
#define MQB_TOPIC_H

#include <mqbind/generated.h>

/** Longest topic or filter that MQTT can carry, in bytes. */
#define MQB_TOPIC_MAX 65535

/** The rule that a topic of a PUBLISH breaks. */
const char *mqb_topic_rule(struct mqb_str topic);

/** The rule that a value breaks that is about to become a parameter of a topic. */
const char *mqb_topic_value_rule(const struct mqb_parameter *parameter, struct mqb_str value);

/** The same for what mqb_topic_match() found in a topic that mqb_topic_rule() found good. */
const char *mqb_topic_level_rule(const struct mqb_parameter *parameter, struct mqb_str level);

/** The first rule that the parameters of a topic break. */
const char *mqb_topic_levels_rule(const struct mqb_address *address, const struct mqb_str *levels);

/** The rule that the start of a topic or filter breaks, which is made of the address. */
const char *mqb_topic_start_rule(const struct mqb_address *address, const char *text);

/** What a topic breaks that another address has as well, which is tried first. */
#define MQB_TOPIC_TAKEN "the topic would reach the handler of another address"

/**
 * True if the topic has the shape of the address; *levels are then views of its parameters. Of
 * `values` only those of `bound` parameters are looked at, and these are what the topic must have.
 */
bool mqb_topic_match(
    const struct mqb_address *address,
    const struct mqb_str *values,
    struct mqb_str topic,
    struct mqb_str levels[MQB_PARAMETERS_MAX]);

/** True if it has, and the address allows the parameters. */
bool mqb_topic_fits(
    const struct mqb_address *address,
    const struct mqb_str *values,
    struct mqb_str topic);

/*
 * `values` below has an entry for each parameter of the address; an empty one stands for any value.
 */

/**
 * Put the values into the address and a NUL behind it. A level with an empty one becomes "+", or
 * "#" if it spans several. Returns the length without NUL, also when it does not fit; `buf` then
 * holds nothing of use.
 */
size_t mqb_topic_write(
    const struct mqb_address *address,
    const struct mqb_str *values,
    char *buf,
    size_t cap);

/** True if `text` is what mqb_topic_write() makes of the address and the values. */
bool mqb_topic_written(
    const struct mqb_address *address,
    const struct mqb_str *values,
    struct mqb_str text);

/**
 * True if mqb_topic_write() might make `text` of the address and values that are empty where these
 * are; *levels are then what it takes for each that is not. What spans levels and does not end the
 * address must be one of `values` itself.
 */
bool mqb_topic_read(
    const struct mqb_address *address,
    const struct mqb_str *values,
    struct mqb_str text,
    struct mqb_str levels[MQB_PARAMETERS_MAX]);

/** The rule that a group of a shared subscription breaks; it is not empty. */
const char *mqb_topic_group_rule(struct mqb_str group);

/** Of "$share/group/filter" cut all but the filter; false, and no change, if it is none of these.
 */
bool mqb_topic_split_group(struct mqb_str *filter, struct mqb_str *group);

/** True for a filter that MQTT allows: wildcards are whole levels, "#" is the last one. */
bool mqb_topic_filter_valid(struct mqb_str filter);

/** True if a subscription to the valid filter gets the topic. */
bool mqb_topic_filter_matches(struct mqb_str filter, struct mqb_str topic);

#endif
