/*
 * topic.h - what MQTT, and a parameter, allow in a topic.
 *
 * Rules come back as static text, NULL when nothing is wrong.
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

/** The rule that a group of a shared subscription breaks; it is not empty. */
const char *mqb_topic_group_rule(struct mqb_str group);

#endif
