/*
 * writer.h - how generated code writes a payload.
 *
 * The writer keeps its first error: after it every call does nothing, so generated code writes top
 * to bottom and asks once, at the end.
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

/** Private. The place that a run of JSON has come to, as a JSON pointer. */
struct mqb_pointer {
    char path[MQB_PATH_BYTES];
    size_t length; /**< Bytes in `path`. */
    uint64_t arrays; /**< A bit for each open container, the innermost lowest: 1 is an array. */
    uint32_t code; /**< A \u escape in a name, so far. */
    unsigned depth; /**< Open containers. */
    unsigned cut; /**< The depth whose part no longer fits in `path`; 0 while all fits. */
    unsigned char digits;
    unsigned char state;
};

/** Private. */
struct mqb_writer {
    char *at; /**< Where the next byte goes. */
    char *easy; /**< Before it there is room for MQB_NUMBER_BYTES; `buf` if there is nowhere. */
    char *end; /**< Where none goes: `at` after an error, or when the text no longer fits. */
    char *buf;
    char *value; /**< The value written last, or where the next one goes. */
    size_t depth; /**< Open containers. */
    size_t beyond; /**< Bytes that did not fit. They are counted only. */
    size_t value_beyond; /**< Of them those before the value. */
    uint64_t spent;
    struct mqb_str source; /**< Raw JSON whose copy ends at `source_end`. */
    const char *source_end;
    size_t drafted; /**< Where the array begins of which `distinct` tells; SIZE_MAX: none. */
    bool distinct;
    bool drafting; /**< What is written is only looked at, and written again. */
    char before; /**< What stands before the next member or item: "{" or "[", then ",". */
    enum mqb_status status;
    /* Once there is an error. */
    const char *rule;
    size_t offset;
    struct mqb_str missing; /**< As in struct mqb_reader. */
    /* Once the text no longer fits. */
    char shown[MQB_EXCERPT_BYTES]; /**< The start of the value written last. */
    struct mqb_pointer pointer;
};

/** `buf` may be NULL when `cap` is 0: the text is then checked and counted only. */
void mqb_writer_init(struct mqb_writer *w, char *buf, size_t cap);

/**
 * End writing: MQB_OK, or the first error, told in *error unless it is NULL. *len, unless NULL, is
 * the length of the text; with MQB_ERR_SPACE it is the length that would be needed.
 */
enum mqb_status mqb_writer_close(struct mqb_writer *w, size_t *len, struct mqb_error *error);

/** True until the first error. */
static inline bool mqb_writer_ok(const struct mqb_writer *w)
{
    return w->status == MQB_OK;
}

/** End a check without a buffer: like mqb_writer_close(), but space is no error. */
enum mqb_status mqb_writer_verdict(struct mqb_writer *w, struct mqb_error *error);

/** Refuse the value written last, or about to be written, unless `holds`; a container before it. */
static inline void mqb_writer_check(struct mqb_writer *w, bool holds, const char *rule);

/** Where the next value will start, for mqb_writer_constrain(). */
static inline size_t mqb_writer_mark(const struct mqb_writer *w)
{
    return (size_t)(w->at - w->buf) + w->beyond;
}
/**
 * Refuse the value that was written since `mark` unless it satisfies `constraint`. What lies past
 * the end of the buffer is not there to be checked: without a buffer nothing is. More than 64
 * items that must be unique take up to MQB_UNIQUE_BYTES each of the rest of the buffer, a quarter
 * at least; or none, if they are raw JSON, or were drafts.
 */
void mqb_writer_constrain(
    struct mqb_writer *w,
    size_t mark,
    const struct mqb_constraint *constraint);

/*
 * Objects and arrays. The bracket of one that begins is written with its first member or item, or
 * when it ends. Each value stands behind a name, behind the start of an item, or alone.
 */
static inline void mqb_writer_object(struct mqb_writer *w);
static inline void mqb_writer_object_end(struct mqb_writer *w);
static inline void mqb_writer_array(struct mqb_writer *w);
static inline void mqb_writer_array_end(struct mqb_writer *w);
/*
 * Start a member. `chunk` is what comes before its value, as it stands in JSON: with names, and
 * with members before it whose values are constants.
 */

/** Of an object that begins here: `{"name":`. */
static inline void mqb_writer_first_name(struct mqb_writer *w, struct mqb_str chunk);
/** Where another member is known to stand before: `,"name":`. */
static inline void mqb_writer_next_name(struct mqb_writer *w, struct mqb_str chunk);
/** Where that is not known: `,"name":`, which gets the bracket for its comma if it is the first. */
static inline void mqb_writer_name(struct mqb_writer *w, struct mqb_str chunk);
/** Start an array item. */
static inline void mqb_writer_item(struct mqb_writer *w);
/** Items that are written to be compared, before the array that has them is written. */
struct mqb_drafts {
    size_t item; /**< The one to write. */
    size_t count; /**< Private, like all that follows. */
    size_t longest;
    size_t total;
    size_t pair[2];
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
 * The array of `count` items that is written next must have each once, as a constraint will ask.
 * If there are many, they are compared now, while the rest of the buffer is free for it.
 */
void mqb_writer_drafts(struct mqb_writer *w, struct mqb_drafts *drafts, size_t count);
/** True if drafts->item is to be written, as in the array, but without a comma. */
bool mqb_writer_next_draft(struct mqb_writer *w, struct mqb_drafts *drafts);

/**
 * Begin an object with any members. `entries` are structs of `size` bytes that begin with a struct
 * mqb_str, the name. Returns the index of the first one whose name repeats an earlier one, or
 * `count`. Where the entries do not fit in the buffer, more than 64 of them are not compared.
 */
size_t mqb_writer_entries(struct mqb_writer *w, const void *entries, size_t size, size_t count);
/** Start its next member; the name is refused unless it is `distinct`. */
void mqb_writer_key(struct mqb_writer *w, struct mqb_str key, bool distinct);
/** True if one of the first `count` of such entries has this name. */
bool mqb_writer_has_key(const void *entries, size_t count, size_t size, struct mqb_str name);

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
/** An integer as a string. It breaks `rule` if the text does not match `pattern` (may be NULL). */
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
/** Shortest text that reads back, always with a point or exponent; NaN and infinities break it. */
static inline void mqb_writer_double(struct mqb_writer *w, double value);
/** Checked to be UTF-8, and escaped. */
void mqb_writer_string(struct mqb_writer *w, struct mqb_str text);
void mqb_writer_choice(struct mqb_writer *w, int value, const struct mqb_choices *choices);
void mqb_writer_scalar(struct mqb_writer *w, struct mqb_scalar scalar);
/** A payload that is not JSON, as it is. */
void mqb_writer_bytes(struct mqb_writer *w, struct mqb_str bytes);
/** Checked to be strict JSON. */
void mqb_writer_json(struct mqb_writer *w, struct mqb_json json);
/** Keys must be distinct UTF-8 text, values strict JSON. */
void mqb_writer_map(struct mqb_writer *w, const struct mqb_map *map);

/* Private: the same out of line, in full. What is inline leaves to them what is not common. */
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
/** The length of the text; 0 if there is none. */
size_t mqb_number_write_double(double value, char buf[MQB_NUMBER_BYTES]);
/** Write the digits of a number; where they end. */
char *mqb_number_write_digits(char *at, uint64_t value);

#ifdef __cplusplus
}
#endif

#include <mqbind/detail/writer_inline.h>

#endif
