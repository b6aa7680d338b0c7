/*
 * constraint.h - rules for a JSON value beyond its C type: the rules of a schema as constant data,
 * which generated code contains and the runtime checks on the JSON of the value.
 *
 * A constraint for one JSON type (a range, a length, the members of an object) is satisfied by
 * values of all other types. Numbers are compared exactly, as written; strings are compared
 * unescaped, and lengths count code points.
 */
#ifndef MQBIND_DETAIL_CONSTRAINT_H
#define MQBIND_DETAIL_CONSTRAINT_H

#include <mqbind/mqbind.h>

#ifdef __cplusplus
extern "C" {
#endif

struct mqb_pattern;
struct mqb_constraint;

/** The kinds of constraints, with the member of mqb_constraint.is that each has. */
enum mqb_constraint_kind {
    MQB_CONSTRAINT_NEVER, /**< No value is valid. */
    MQB_CONSTRAINT_TYPE, /**< `types` */
    MQB_CONSTRAINT_VALUES, /**< `values`: equal to one of them; 1 equals 1.0. */
    MQB_CONSTRAINT_RANGE, /**< `range` */
    MQB_CONSTRAINT_MULTIPLE, /**< `divisor` */
    MQB_CONSTRAINT_LENGTH, /**< `count`: code points of a string. */
    MQB_CONSTRAINT_PATTERN, /**< `pattern`: of a string. */
    MQB_CONSTRAINT_ITEM_COUNT, /**< `count`: items of an array. */
    MQB_CONSTRAINT_ITEMS, /**< `items` */
    MQB_CONSTRAINT_CONTAINS, /**< `contains` */
    MQB_CONSTRAINT_UNIQUE, /**< No two items of an array are equal. */
    MQB_CONSTRAINT_MEMBER_COUNT, /**< `count`: members of an object. */
    MQB_CONSTRAINT_REQUIRED, /**< `names`: members that an object must have. */
    MQB_CONSTRAINT_MEMBERS, /**< `members` */
    MQB_CONSTRAINT_MEMBER_NAMES, /**< `part`: for the name of each member, as a string. */
    MQB_CONSTRAINT_IF_MEMBER, /**< `if_member` */
    MQB_CONSTRAINT_ALL, /**< `parts`: all of them. */
    MQB_CONSTRAINT_ANY, /**< `parts`: at least one of them. */
    MQB_CONSTRAINT_ONE, /**< `parts`: exactly one of them. */
    MQB_CONSTRAINT_NOT, /**< `part`: is not satisfied. */
    MQB_CONSTRAINT_IF, /**< `branch` */
    MQB_CONSTRAINT_UNEVALUATED_ITEMS, /**< `unevaluated` */
    MQB_CONSTRAINT_UNEVALUATED_MEMBERS, /**< `unevaluated` */
};

/** A count from `low` to `high`, which is SIZE_MAX for no limit. */
struct mqb_constraint_count {
    size_t low;
    size_t high;
};

/** Numbers as JSON; an empty one means no bound. */
struct mqb_constraint_range {
    struct mqb_str low;
    struct mqb_str high;
    bool low_exclusive;
    bool high_exclusive;
};

/** The number `digits` * 10^`exponent`, greater than zero. */
struct mqb_constraint_divisor {
    uint64_t digits;
    int32_t exponent;
};

/** Names of members, or values as compact JSON. */
struct mqb_constraint_texts {
    const struct mqb_str *items;
    size_t count;
};

/** Several constraints. */
struct mqb_constraint_parts {
    const struct mqb_constraint *const *items;
    size_t count;
};

/** Item i of an array satisfies first[i], later ones `rest`; NULL for any value. */
struct mqb_constraint_items {
    const struct mqb_constraint *const *first;
    size_t first_count;
    const struct mqb_constraint *rest;
};

/** From `count.low` to `count.high` items of an array satisfy `part`. */
struct mqb_constraint_contains {
    const struct mqb_constraint *part;
    struct mqb_constraint_count count;
};

/** What the member with this name satisfies; NULL for any value. */
struct mqb_constraint_named {
    struct mqb_str name;
    const struct mqb_constraint *part;
};

/** What members with matching names satisfy; NULL for any value. */
struct mqb_constraint_matching {
    const struct mqb_pattern *pattern;
    const struct mqb_constraint *part;
};

/**
 * A member satisfies the constraint of its name and those of each pattern that its name matches; if
 * there are none, `other`. NULL for any value.
 */
struct mqb_constraint_members {
    const struct mqb_constraint_named *named;
    size_t named_count;
    const struct mqb_constraint_matching *matching;
    size_t matching_count;
    const struct mqb_constraint *other;
};

/** An object with the member `name` satisfies `then`. */
struct mqb_constraint_if_member {
    struct mqb_str name;
    const struct mqb_constraint *then;
};

/** A value that satisfies `condition` satisfies `then`, others `otherwise`; NULL for any value. */
struct mqb_constraint_branch {
    const struct mqb_constraint *condition;
    const struct mqb_constraint *then;
    const struct mqb_constraint *otherwise;
};

/**
 * What other constraints of a container evaluate in it, if it satisfies `condition` (NULL: always).
 * `covers` is not checked itself: its kind is ITEMS for the first items, and those that satisfy
 * `rest`; MEMBERS for those that are named or match; NULL for everything.
 */
struct mqb_constraint_evaluated {
    const struct mqb_constraint *condition;
    const struct mqb_constraint *covers;
};

/** Items or members that nothing covers satisfy `other`. There are at most 64 that may cover. */
struct mqb_constraint_unevaluated {
    const struct mqb_constraint_evaluated *items;
    size_t count;
    const struct mqb_constraint *other;
};

/** One constraint. It may refer to itself, but only for values inside the value. */
struct mqb_constraint {
    enum mqb_constraint_kind kind;
    /** In words: "must be a multiple of 0.01"; NULL if the parts have their own (ALL, ITEMS). */
    const char *rule;
    union {
        unsigned types;
        struct mqb_constraint_texts values;
        struct mqb_constraint_range range;
        struct mqb_constraint_divisor divisor;
        struct mqb_constraint_count count;
        const struct mqb_pattern *pattern;
        struct mqb_constraint_items items;
        struct mqb_constraint_contains contains;
        struct mqb_constraint_texts names;
        struct mqb_constraint_members members;
        struct mqb_constraint_if_member if_member;
        const struct mqb_constraint *part;
        struct mqb_constraint_parts parts;
        struct mqb_constraint_branch branch;
        struct mqb_constraint_unevaluated unevaluated;
    } is;
};

#ifdef __cplusplus
}
#endif

#endif
