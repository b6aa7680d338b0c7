/*
 * constraint.h - what a JSON value must satisfy beyond its C type: the rules of a schema as
 * constant data, which generated code builds and the runtime checks over the text of the value.
 *
 * Each constraint speaks of one value. One that speaks of a kind of value (a range, a length, the
 * members of an object) holds for values of all other kinds. Numbers are compared exactly, as
 * written; texts are compared unescaped, lengths count code points.
 *
 * MQB_ERR_TYPE, MQB_ERR_MISSING or MQB_ERR_VALUE: a constraint is broken. The error is that of the
 * innermost value that breaks a rule of its own. Of several parts of which one should hold it is
 * that of the value as a whole, unless only one part allows its type. MQB_ERR_LIMIT: it would take
 * longer than MQB_CONSTRAINT_STEPS allows, as parts within parts can that must be tried again and
 * again, level by level. MQB_ERR_SPACE: items must be unique, and there is less free scratch memory
 * than a quarter of MQB_UNIQUE_BYTES for each, and 3 bytes to align them; up to 64 need none. With
 * all of MQB_UNIQUE_BYTES for each, as `scratch->peak` counts it, the array is passed once, with a
 * quarter four times.
 *
 * Stack: 3 KB on 64-bit machines, and 50 to 300 bytes for each constraint that lies in another,
 * counted anew for each level of the value; a little more than half of that on 32-bit machines.
 */
#ifndef MQBIND_DETAIL_CONSTRAINT_H
#define MQBIND_DETAIL_CONSTRAINT_H

#include <mqbind/mqbind.h>

#ifdef __cplusplus
extern "C" {
#endif

struct mqb_pattern;
struct mqb_constraint;

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
    MQB_CONSTRAINT_CONTAINS, /**< `part`: of at least one item of an array. */
    MQB_CONSTRAINT_UNIQUE, /**< No two items of an array are equal. */
    MQB_CONSTRAINT_MEMBER_COUNT, /**< `count`: members of an object. */
    MQB_CONSTRAINT_REQUIRED, /**< `names`: members that an object has. */
    MQB_CONSTRAINT_MEMBERS, /**< `members` */
    MQB_CONSTRAINT_MEMBER_NAMES, /**< `part`: of the name of each member, as a string. */
    MQB_CONSTRAINT_IF_MEMBER, /**< `if_member` */
    MQB_CONSTRAINT_ALL, /**< `parts`: each of them. */
    MQB_CONSTRAINT_ANY, /**< `parts`: at least one of them. */
    MQB_CONSTRAINT_ONE, /**< `parts`: exactly one of them. */
    MQB_CONSTRAINT_NOT, /**< `part`: does not hold. */
    MQB_CONSTRAINT_IF, /**< `branch` */
};

/** Bits of `types`: a JSON type, and the numbers without a fraction (1.0 is one). */
#define MQB_TYPE_BIT(type) (1U << (unsigned)(type))
#define MQB_TYPE_BIT_INTEGER (1U << 7)

/** A count from `low` to `high`, which is SIZE_MAX if there is no limit. */
struct mqb_constraint_count {
    size_t low;
    size_t high;
};

/** Numbers as JSON text; an empty one means no bound. */
struct mqb_constraint_range {
    struct mqb_str low;
    struct mqb_str high;
    bool low_exclusive;
    bool high_exclusive;
};

/** The number `digits` * 10^`exponent`, above zero. */
struct mqb_constraint_divisor {
    uint64_t digits;
    int32_t exponent;
};

/** Texts: names of members, or values as compact JSON. */
struct mqb_constraint_texts {
    const struct mqb_str *items;
    size_t count;
};

struct mqb_constraint_parts {
    const struct mqb_constraint *const *items;
    size_t count;
};

/** Item i of an array satisfies first[i], or `rest` behind these; NULL is anything. */
struct mqb_constraint_items {
    const struct mqb_constraint *const *first;
    size_t first_count;
    const struct mqb_constraint *rest;
};

/** What the members with one name satisfy; NULL is anything. */
struct mqb_constraint_named {
    struct mqb_str name;
    const struct mqb_constraint *part;
};

/** What the members whose name matches satisfy; NULL is anything. */
struct mqb_constraint_matching {
    const struct mqb_pattern *pattern;
    const struct mqb_constraint *part;
};

/**
 * A member satisfies what belongs to its name, and what belongs to each pattern that its name
 * matches; if there is neither, `other`. NULL is anything.
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

/** What satisfies `condition` satisfies `then`, all else `otherwise`; NULL is anything. */
struct mqb_constraint_branch {
    const struct mqb_constraint *condition;
    const struct mqb_constraint *then;
    const struct mqb_constraint *otherwise;
};

/** One constraint. It may lead back to itself, but only further inside the value. */
struct mqb_constraint {
    enum mqb_constraint_kind kind;
    /** In words: "must be a multiple of 0.01"; NULL where the parts speak for it (ALL, ITEMS). */
    const char *rule;
    union {
        unsigned types;
        struct mqb_constraint_texts values;
        struct mqb_constraint_range range;
        struct mqb_constraint_divisor divisor;
        struct mqb_constraint_count count;
        const struct mqb_pattern *pattern;
        struct mqb_constraint_items items;
        struct mqb_constraint_texts names;
        struct mqb_constraint_members members;
        struct mqb_constraint_if_member if_member;
        const struct mqb_constraint *part;
        struct mqb_constraint_parts parts;
        struct mqb_constraint_branch branch;
    } is;
};

#ifdef __cplusplus
}
#endif

#endif
