/*
 * writer.h - writes a payload; called by generated code.
 *
 * The writer keeps its first error: after it every function does nothing, so generated code writes
 * from top to bottom and checks once, at the end.
 */
#ifndef MQBIND_DETAIL_WRITER_H
#define MQBIND_DETAIL_WRITER_H

#include <mqbind/detail/constraint.h>
#include <mqbind/detail/distinct.h>
#include <mqbind/detail/values.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Writer: compact JSON into a buffer; past its end it only counts ---- */

/** The current position in JSON, as a JSON pointer. Private. */
struct mqb_pointer {
    char path[MQB_PATH_BYTES];
    size_t length; /**< Bytes in `path`. */
    uint64_t arrays; /**< A bit for each open container, the innermost lowest: 1 is an array. */
    uint32_t code; /**< A \u escape in a name so far. */
    unsigned depth; /**< Open containers. */
    unsigned cut; /**< The depth whose part does not fit in `path`; 0 while all fit. */
    unsigned char digits;
    unsigned char state;
    char last; /**< The last byte. */
};

/** How many constraints of one object may wait for members that are added to it. */
#define MQB_HELD_MAX 4

struct mqb_beside;
struct mqb_members;

/** The state of writing. Private. */
struct mqb_writer {
    char *at; /**< Where the next byte goes. */
    char *easy; /**< Before it there is room for MQB_NUMBER_BYTES; `buf` if nowhere. */
    char *end; /**< The end of the buffer; `at` after an error, or if the JSON does not fit. */
    char *buf;
    char *value; /**< The value written last, or where the next one goes. */
    size_t depth; /**< Open containers. */
    size_t beyond; /**< Bytes that did not fit, and are only counted. */
    size_t value_beyond; /**< Of these, the bytes before the value. */
    uint64_t spent;
    struct mqb_str source; /**< Raw JSON, copied to `source_mark` without blanks. */
    size_t source_mark;
    const char *source_end;
    size_t drafted; /**< The start of the array to which `distinct` refers; SIZE_MAX: none. */
    bool distinct;
    bool drafting; /**< The output is only compared, and written again later. */
    size_t open; /**< One more than the position of an object that gets more members, or 0. */
    size_t held_count; /**< Its constraints so far, and those of objects around it. */
    const struct mqb_constraint *held[MQB_HELD_MAX];
    unsigned text; /**< Bits of JSON types, strings included, if the output is text; 0 for JSON. */
    char *limit; /**< The end of the buffer for text, whose `end` is always `at`. */
    char before; /**< What precedes the next member or item: "{" or "[", then ",". */
    enum mqb_status status;
    /* After an error. */
    const char *rule;
    size_t offset;
    struct mqb_str missing; /**< As in struct mqb_reader. */
    /* If the JSON does not fit. */
    char shown[MQB_EXCERPT_BYTES]; /**< The start of the value written last. */
    struct mqb_pointer pointer;
};

/** Start to write. `buf` may be NULL if `cap` is 0: the output is then only checked and counted. */
void mqb_writer_init(struct mqb_writer *w, char *buf, size_t cap);

/**
 * Write text instead of JSON, before anything is written: a string as it stands. It is refused if a
 * receiver would read it as another JSON value, with one of `types` (bits).
 */
void mqb_writer_as_text(struct mqb_writer *w, unsigned types);

/**
 * Finish writing: MQB_OK, or the first error, reported in *error unless it is NULL. *len, unless
 * NULL, is the length of the output; with MQB_ERR_SPACE it is the length that is needed.
 */
enum mqb_status mqb_writer_close(struct mqb_writer *w, size_t *len, struct mqb_error *error);

/** True until the first error. */
static inline bool mqb_writer_ok(const struct mqb_writer *w)
{
    return w->status == MQB_OK;
}

/** Finish checking without a buffer: like mqb_writer_close() without MQB_ERR_SPACE. */
enum mqb_status mqb_writer_verdict(struct mqb_writer *w, struct mqb_error *error);

/**
 * Refuse the value written last, or the next one, unless `holds`. For an object or array call it
 * before it is written.
 */
static inline void mqb_writer_check(struct mqb_writer *w, bool holds, const char *rule);

#ifdef MQB_CHECKED
/** In a checked build, refuse an object with a member that was set without its presence flag. */
#define MQB_WRITER_ABSENT(w, in, member, unset)                                                    \
    mqb_writer_check(                                                                              \
        w, (in)->has.member || (unset), "must set has." #member " where " #member " is set")
#else
#define MQB_WRITER_ABSENT(w, in, member, unset) ((void)0)
#endif

/** The position of the next value, for mqb_writer_constrain(). */
static inline size_t mqb_writer_mark(const struct mqb_writer *w)
{
    return (size_t)(w->at - w->buf) + w->beyond;
}
/**
 * Refuse the value written since `mark` unless it satisfies `constraint`. What did not fit into the
 * buffer is not checked: without a buffer nothing is. If more than 64 items must be unique, the
 * rest of the buffer is used, with up to MQB_UNIQUE_BYTES and at least a quarter of it for each;
 * unless they are raw JSON, or were drafted.
 */
void mqb_writer_constrain(
    struct mqb_writer *w,
    size_t mark,
    const struct mqb_constraint *constraint);

/** Refuse the value written since `mark` unless `holds`, also without a buffer. */
void mqb_writer_check_since(struct mqb_writer *w, size_t mark, bool holds, const char *rule);

/*
 * Objects and arrays. The opening bracket is written with the first member or item, or at the end.
 * A value follows a name, the start of an item, or nothing.
 */

static inline void mqb_writer_object(struct mqb_writer *w);
static inline void mqb_writer_object_end(struct mqb_writer *w);
static inline void mqb_writer_array(struct mqb_writer *w);
static inline void mqb_writer_array_end(struct mqb_writer *w);

/*
 * Start a member. `chunk` is the JSON before its value: the name, and members before it whose
 * values are constants.
 */

/** Start an object and its first member: `{"name":`. */
static inline void mqb_writer_first_name(struct mqb_writer *w, struct mqb_str chunk);
/** Start a member that follows another one: `,"name":`. */
static inline void mqb_writer_next_name(struct mqb_writer *w, struct mqb_str chunk);
/** Start a member that may be the first: `,"name":`, with the bracket instead of the comma then. */
static inline void mqb_writer_name(struct mqb_writer *w, struct mqb_str chunk);
/** Start an array item. */
static inline void mqb_writer_item(struct mqb_writer *w);

/** Items that are written to compare them before their array is written. */
struct mqb_drafts {
    size_t item; /**< The index of the item to write. */
    size_t count; /**< Private, like all that follows. */
    size_t longest;
    size_t total;
    struct mqb_hashed_pair pair;
    uint64_t key;
    uint64_t print[2];
    char *start;
    char *end;
    size_t depth;
    char before;
    char phase;
    struct mqb_distinct distinct;
};

/**
 * Start drafts: the items of the next array, of `count` items, must be distinct, as a constraint
 * will check. Many items are compared now, while the rest of the buffer is free.
 */
void mqb_writer_drafts(struct mqb_writer *w, struct mqb_drafts *drafts, size_t count);
/** True if drafts->item must be written, as in the array but without a comma. */
bool mqb_writer_next_draft(struct mqb_writer *w, struct mqb_drafts *drafts);

/**
 * Start an object with any members. `entries` are structs of `size` bytes that start with a struct
 * mqb_str, the name. Returns the index of the first one whose name is repeated, or `count`. If the
 * entries do not fit in the buffer, more than 64 of them are not compared.
 */
size_t mqb_writer_entries(struct mqb_writer *w, const void *entries, size_t size, size_t count);
/** Start its next member; refuse the name unless it is `distinct`. */
void mqb_writer_key(struct mqb_writer *w, struct mqb_str key, bool distinct);
/**
 * Continue an object with members that have no field: such entries. `fields` has a bit for each of
 * the `members` that must be set in its field. Returns the index of the first entry whose name is
 * repeated or that of such a member, or `count`.
 */
size_t mqb_writer_others(
    struct mqb_writer *w,
    const struct mqb_members *members,
    const uint32_t *fields,
    const void *entries,
    size_t size,
    size_t count);
/** The same for a map, which is written as well. */
void mqb_writer_other_map(
    struct mqb_writer *w,
    const struct mqb_members *members,
    const uint32_t *fields,
    const struct mqb_map *map);
/** The position of a union, and the state of the writer there. Private. */
struct mqb_beside_start {
    size_t mark;
    size_t open; /**< w->open and w->held_count. */
    size_t held_count;
};

/** Before a union is written: with members in `map`, constraints of its form must wait for them. */
struct mqb_beside_start mqb_writer_beside_start(struct mqb_writer *w, const struct mqb_map *map);
/**
 * Add to the object written since then, the `form` (from 1) of the union, the members in `map`,
 * which only other forms name. All others are refused.
 */
void mqb_writer_beside(
    struct mqb_writer *w,
    struct mqb_beside_start start,
    const struct mqb_beside *beside,
    int form,
    const struct mqb_map *map);
/** True if one of the `count` entries that were written has this name; false after an error. */
bool mqb_writer_has_key(
    const struct mqb_writer *w,
    const void *entries,
    size_t count,
    size_t size,
    struct mqb_str name);
/** The same for a struct of entries, and a name as a string literal. */
#define MQB_WRITER_HAS(w, map, name)                                                               \
    mqb_writer_has_key(w, (map).entries, (map).count, sizeof(*(map).entries), MQB_STR(name))

void mqb_writer_null(struct mqb_writer *w);
static inline void mqb_writer_bool(struct mqb_writer *w, bool value);
static inline void mqb_writer_int(
    struct mqb_writer *w,
    int64_t value,
    int64_t minimum,
    int64_t maximum,
    const char *rule);
static inline void mqb_writer_uint(
    struct mqb_writer *w,
    uint64_t value,
    uint64_t minimum,
    uint64_t maximum,
    const char *rule);
/** An integer as a string. It violates `rule` if it does not match `pattern` (may be NULL). */
void mqb_writer_quoted_int(
    struct mqb_writer *w,
    int64_t value,
    const struct mqb_pattern *pattern,
    const char *rule);
void mqb_writer_quoted_uint(
    struct mqb_writer *w,
    uint64_t value,
    const struct mqb_pattern *pattern,
    const char *rule);
/** The shortest number that is read back, with a point or exponent. Refuses NaN and infinities. */
static inline void mqb_writer_double(struct mqb_writer *w, double value);
/** A string, escaped. Refused unless it is valid UTF-8. */
void mqb_writer_string(struct mqb_writer *w, struct mqb_str text);
/** Refuse the string written last, stored as a C string, with MQB_ERR_LIMIT if it has a NUL. */
void mqb_writer_no_nul(struct mqb_writer *w, struct mqb_str text);
void mqb_writer_choice(struct mqb_writer *w, int value, const struct mqb_choices *choices);
void mqb_writer_scalar(struct mqb_writer *w, struct mqb_scalar scalar);
/** A payload that is not JSON, unchanged. */
void mqb_writer_bytes(struct mqb_writer *w, struct mqb_str bytes);
/** A value as JSON. Refused unless it is strict JSON. */
void mqb_writer_json(struct mqb_writer *w, struct mqb_json json);
/** An object with any members. Keys must be distinct UTF-8, values strict JSON. */
void mqb_writer_map(struct mqb_writer *w, const struct mqb_map *map);

/* Private: the functions above in full, not inline. The inline ones call them in uncommon cases. */
MQB_COLD void mqb_writer_refuse(struct mqb_writer *w, const char *rule);
MQB_COLD void mqb_writer_name_slow(struct mqb_writer *w, struct mqb_str chunk);
MQB_COLD void mqb_writer_open_slow(struct mqb_writer *w, char bracket);
MQB_COLD void mqb_writer_end_slow(struct mqb_writer *w, const char *brackets);
MQB_COLD void mqb_writer_bool_slow(struct mqb_writer *w, bool value);
MQB_COLD void mqb_writer_int_slow(
    struct mqb_writer *w,
    int64_t value,
    int64_t minimum,
    int64_t maximum,
    const char *rule);
MQB_COLD void mqb_writer_uint_slow(
    struct mqb_writer *w,
    uint64_t value,
    uint64_t minimum,
    uint64_t maximum,
    const char *rule);
MQB_COLD void mqb_writer_double_slow(struct mqb_writer *w, double value);
/** Write a number; returns its length, 0 for NaN and infinities. */
size_t mqb_number_write_double(double value, char buf[MQB_NUMBER_BYTES]);
/** Write the digits of a number; returns their end. */
char *mqb_number_write_digits(char *at, uint64_t value);

#ifdef __cplusplus
}
#endif

#include <mqbind/detail/writer_inline.h>

#endif
