/*
 * reader.h - reads a payload; called by generated code.
 *
 * The reader keeps its first error: after it every function does nothing and returns zero, so
 * generated code reads from top to bottom and checks once, at the end.
 */
#ifndef MQBIND_DETAIL_READER_H
#define MQBIND_DETAIL_READER_H

#include <mqbind/detail/constraint.h>
#include <mqbind/detail/inline.h>
#include <mqbind/detail/values.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Reader: one JSON payload, from the first byte to the last ---- */

/*
 * There are two engines: one uses the tokens of jsmn, the other reads the bytes directly and is
 * selected with MQB_PARSER_DIRECT. Their verdicts are the same. The second one has hot functions
 * inline.
 */
#ifdef MQB_PARSER_DIRECT
/* Code compiled for one engine does not link with the other. */
#define mqb_reader_open mqb_direct_begin
#define mqb_reader_object mqb_direct_read_object
#define mqb_reader_array mqb_direct_read_array
#define mqb_reader_entries mqb_direct_read_entries
#endif
/* runtime/payload/direct/inline_functions.c has the functions that are inline. */
#if defined(MQB_PARSER_DIRECT) && !defined(MQB_DIRECT_ONCE)
#define MQB_HOT MQB_SHARED
#define MQB_HOT_ALWAYS MQB_SHARED_ALWAYS
#else
#define MQB_HOT
#define MQB_HOT_ALWAYS
#endif

/** The state of reading; private to the engine. */
struct mqb_reader {
    struct mqb_str json;
    struct mqb_scratch *scratch;
    size_t scratch_used; /**< scratch->used and scratch->reserved when the reader was opened. */
    size_t scratch_reserved;
#ifdef MQB_PARSER_DIRECT
    const char *at; /**< The next byte; after an error the end. */
    const char *end;
    size_t depth; /**< Open containers. */
    const char
        *reached; /**< The value of `at` when a member was missing at the end of its object. */
    struct mqb_list *growing; /**< The list whose items are last in the allocated memory. */
#else
    void *tokens;
    size_t token_count;
    size_t position;
#endif
    size_t value; /**< The offset of the value read last. */
    bool escapes; /**< The string read last may have a backslash. */
    bool bare; /**< The payload is text that is one string: `json` without quotes and escapes. */
    bool shown; /**< The error is about the value at `offset`, which can be shown. */
    enum mqb_status status;
    const char *rule;
    size_t offset;
    struct mqb_str missing; /**< The name of the missing member if status is MQB_ERR_MISSING. */
    const char *rounded; /**< The last number whose double may be printed otherwise, or NULL. */
    uint64_t spent; /**< Steps spent on constraints and failed alternatives. */
    size_t skipped; /**< Number of members so far that their object does not name. */
#ifdef MQB_PARSER_DIRECT
    bool fresh; /**< Nothing was read, and no first pass was begun. */
    bool left; /**< The first pass found something unusual. */
#endif
};

/** The members of one object type. */
struct mqb_members {
    const struct mqb_str *names; /**< In schema order, without quotes, unescaped. */
    size_t count;
    const uint32_t *required; /**< A bit for each member; NULL if none is required. */
    bool closed; /**< Refuse other members. */
    bool escaped; /**< A name has a quote, a backslash or a control character. */
    const uint16_t *slot_places; /**< Hash table of names: index plus 1. NULL if there is none. */
    size_t slot_mask;
    size_t slot_words; /**< Words of eight bytes of a name that are hashed. */
};

/** An iteration over one object. At the end `seen` has a bit for each member that is present. */
struct mqb_object {
    const struct mqb_members *members;
    uint32_t *seen;
    size_t member; /**< The member found by mqb_reader_next_member(). */
    size_t offset; /**< Private, like all that follows. */
    size_t predicted; /**< The next member in schema order. */
#ifdef MQB_PARSER_DIRECT
    size_t run; /**< Members from here to `predicted` are not in `seen` yet. */
    size_t limit; /**< Members from here on are not predicted. */
    size_t names; /**< Number of unknown members so far. */
    char before; /**< What precedes the next member: "{", then ",". */
#else
    size_t unknown; /**< The last unknown member; 0 if there is none. */
    size_t left; /**< Remaining members. */
#endif
};

/** Words of `seen` and `required` for `count` members. */
#define MQB_SEEN_WORDS(count) (((count) + 31) / 32)

/**
 * Start to read `json`. If it is not strict JSON, that takes precedence over any other error.
 * Parser tokens use the end of the scratch memory until mqb_reader_close(); decoded data stays at
 * the front.
 */
MQB_HOT void mqb_reader_open(
    struct mqb_reader *r,
    struct mqb_str json,
    struct mqb_scratch *scratch);

/**
 * Start to read a payload that is text: the JSON value that it spells if that has one of `types`
 * (bits), otherwise a string.
 */
void mqb_reader_open_text(
    struct mqb_reader *r,
    unsigned types,
    struct mqb_str text,
    struct mqb_scratch *scratch);

/** Finish reading: MQB_OK, or the first error, reported in *error unless it is NULL. */
MQB_HOT enum mqb_status mqb_reader_close(struct mqb_reader *r, struct mqb_error *error);

/**
 * Close the reader of a payload that fits no message tried so far, but may be another one
 * of its address, which is read differently. False, with the reason in *error, if there was not
 * enough scratch memory to find out.
 */
bool mqb_reader_close_raw(struct mqb_reader *r, struct mqb_error *error);

/** True until the first error. */
static inline bool mqb_reader_ok(const struct mqb_reader *r)
{
    return r->status == MQB_OK;
}

/** The JSON type of the next value where nothing is left to read. */
enum mqb_json_type mqb_reader_last_type(const struct mqb_reader *r);

/** The position of the next value. */
MQB_HOT size_t mqb_reader_mark(const struct mqb_reader *r);
/** Go back to `mark`. Only whole values may have been read since. */
void mqb_reader_rewind(struct mqb_reader *r, size_t mark);

/**
 * Refuse the value read last with MQB_ERR_VALUE unless `holds`. An object or array is the value
 * read last when it was entered, and again when it has ended. `rule` is a static string.
 */
void mqb_reader_check(struct mqb_reader *r, bool holds, const char *rule);

/**
 * Refuse the value at `mark`, which was read since, unless it satisfies `constraint`. If it only
 * does as long as its numbers are not rounded to the doubles that were read, MQB_ERR_PRECISION.
 */
void mqb_reader_constrain(
    struct mqb_reader *r,
    size_t mark,
    const struct mqb_constraint *constraint);

/** The JSON type of the next value, which is not consumed. MQB_JSON_NULL after an error. */
MQB_HOT enum mqb_json_type mqb_reader_peek_type(const struct mqb_reader *r);
/** True if the next value is a number, with a point or an exponent if `decimal`, else without. */
bool mqb_reader_peek_number(const struct mqb_reader *r, bool decimal);

/**
 * The constant of a string member of the next value, an object, in `choices`. -1 with an error if
 * the member is missing, not a string, or not one of the choices. Nothing is consumed.
 */
int mqb_reader_peek_choice(
    struct mqb_reader *r,
    struct mqb_str name,
    const struct mqb_choices *choices);

/** Enter an object. `seen` has MQB_SEEN_WORDS(members->count) words of zero. */
MQB_HOT void mqb_reader_object(
    struct mqb_reader *r,
    struct mqb_object *object,
    const struct mqb_members *members,
    uint32_t *seen);

/**
 * Step to the next known member, whose value must then be read; unknown ones are skipped. False
 * after an error, and at the end, when all required members were present and none was repeated. At
 * the end the value read last is the object itself, so that mqb_reader_check() refers to it.
 */
MQB_HOT bool mqb_reader_next_member(struct mqb_reader *r, struct mqb_object *object);

/** An iteration over the items of an array, or over the members of an object with any names. */
struct mqb_list {
    size_t count; /**< Items so far; at the end one more if there are too many. */
    size_t item; /**< The index of the current item. */
    struct mqb_str key; /**< Its name, unescaped, for members. */
    size_t offset; /**< Private, like all that follows. */
    size_t most;
    size_t names; /**< As in struct mqb_object: `names` or `unknown`. */
#ifdef MQB_PARSER_DIRECT
    const char *mark; /**< The start of the current item. */
    char *items;
    size_t size;
    size_t room; /**< The number of items with memory, unless something else is allocated. */
    size_t total; /**< The number of items, once they were counted; else 0. */
    char before; /**< What precedes the next item: a bracket, then ",". */
#else
    size_t left; /**< Remaining items. */
#endif
};

/**
 * Enter an array of at most `most` items, and return memory for all of them, of `size` bytes each.
 * NULL if it is empty, after an error, and if `size` is 0, for items that are stored elsewhere.
 */
void *mqb_reader_array(struct mqb_reader *r, struct mqb_list *list, size_t size, size_t most);

/**
 * Step to the next item, which must then be read; its memory is zeroed. False after an error, at
 * the end, and after `most` items. The value read last is then the array itself, so that
 * mqb_reader_check() refers to it; the caller must refuse a count greater than `most`.
 */
MQB_HOT bool mqb_reader_next_item(struct mqb_reader *r, struct mqb_list *list);

/** Enter an object with any members, as a list of them. Repeated names are refused. */
void *mqb_reader_entries(struct mqb_reader *r, struct mqb_list *list, size_t size);
/** Step to its next member, like mqb_reader_next_item(). */
bool mqb_reader_next_entry(struct mqb_reader *r, struct mqb_list *list);
/** True if one of the `count` entries that were read has this name; false after an error. */
bool mqb_reader_has_key(
    const struct mqb_reader *r,
    const void *entries,
    size_t count,
    size_t size,
    struct mqb_str name);
/** The same for a struct of entries, and a name as a string literal. */
#define MQB_READER_HAS(r, map, name)                                                               \
    mqb_reader_has_key(r, (map).entries, (map).count, sizeof(*(map).entries), MQB_STR(name))

/** The members of an object that have no field, read once the iteration over the object ended. */
struct mqb_others {
    const struct mqb_object *object;
    size_t mark; /**< The position of the object. */
    uint32_t *misfits; /**< A bit for each member whose value does not fit its field; or NULL. */
    bool unknown; /**< Members that the schema does not name are others, too. */
    const struct mqb_pattern *pattern; /**< Of these, only those whose names match; or NULL. */
    const struct mqb_beside *beside; /**< Those kept beside the form of a union; or NULL. */
    int form; /**< The number of that form, from 1. */
};

/** Start to enter the others as a list of members, like mqb_reader_entries(). */
void *mqb_reader_others(
    struct mqb_reader *r,
    struct mqb_list *list,
    const struct mqb_others *others,
    size_t size);
/** Step to the next of them, like mqb_reader_next_entry(). */
bool mqb_reader_next_other(
    struct mqb_reader *r,
    struct mqb_list *list,
    const struct mqb_others *others);
/** Read all of them as JSON values. */
struct mqb_map mqb_reader_other_map(struct mqb_reader *r, const struct mqb_others *others);

/** The members of a union's objects that some form names, but for which others have no place. */
struct mqb_beside {
    const struct mqb_members *members;
    /** Numbers of the members that have a place, form by form; members->count: all of them. */
    const uint32_t *places;
    const uint32_t *ends; /**< Where those of each form end. */
};

/** The position of a union, and r->skipped there. Private. */
struct mqb_beside_mark {
    size_t mark;
    size_t skipped;
};

/** Before a union is read. */
static inline struct mqb_beside_mark mqb_reader_beside_mark(const struct mqb_reader *r)
{
    struct mqb_beside_mark start;
    start.mark = mqb_reader_mark(r);
    start.skipped = r->skipped;
    return start;
}

/** After the `form` (from 1) of a union was read: the members that only other forms name. */
struct mqb_map mqb_reader_beside(
    struct mqb_reader *r,
    struct mqb_beside_mark start,
    const struct mqb_beside *beside,
    int form);

/** Allocate zeroed memory for `count` items of `size` bytes; NULL if it is 0 or after an error. */
void *mqb_reader_take(struct mqb_reader *r, size_t count, size_t size);

/** The error of an alternative; MQB_OK if none was tried. Private. */
struct mqb_failure {
    enum mqb_status status;
    bool shown;
    const char *rule;
    size_t offset;
    struct mqb_str missing;
};

/** A value with several alternatives, which are tried one after the other. Private. */
struct mqb_alternatives {
    size_t mark; /**< The position of the value, and the state of the reader there. */
    size_t value;
#ifdef MQB_PARSER_DIRECT
    size_t depth;
    struct mqb_list *growing;
#else
    size_t token_count;
#endif
    size_t used; /**< scratch->used and scratch->reserved. */
    size_t reserved;
    const char *rounded;
    size_t skipped;
    bool failed; /**< There was an error before. */
    struct mqb_failure farthest; /**< The error at the highest offset; of several, the first. */
};

/**
 * Start to try the alternatives of the next value. Those that never have its JSON type, which
 * mqb_reader_peek_type() returns, need not be tried.
 */
void mqb_reader_alternatives(const struct mqb_reader *r, struct mqb_alternatives *alternatives);

/**
 * True if the value was read without an error; otherwise the reader is back at its start, and the
 * next alternative may be tried. Also true, with the error, if there is too little memory, or if
 * nested alternatives take longer than MQB_CONSTRAINT_STEPS allows: MQB_ERR_LIMIT.
 */
bool mqb_reader_alternative_fits(struct mqb_reader *r, struct mqb_alternatives *alternatives);

/**
 * No alternative fits: keep the error at the highest offset. `types` is the rule in words if none
 * has the JSON type of the value.
 */
void mqb_reader_refuse_alternatives(
    struct mqb_reader *r,
    const struct mqb_alternatives *alternatives,
    const char *types);

/**
 * True if the value of a member fits its field, which was tried as an alternative. Otherwise the
 * value is skipped, and the member is one of the others.
 */
bool mqb_reader_member_fits(
    struct mqb_reader *r,
    struct mqb_alternatives *alternatives,
    const struct mqb_others *others);

/** Skip the next value. */
void mqb_reader_skip(struct mqb_reader *r);

/** Consume the next value and return true if it is null. */
bool mqb_reader_null(struct mqb_reader *r);
/** Read a boolean. */
bool mqb_reader_bool(struct mqb_reader *r);

/** Read an integer within bounds; "1.0" and "1e0" are integers. 0 after an error. */
MQB_HOT int64_t
mqb_reader_int(struct mqb_reader *r, int64_t minimum, int64_t maximum, const char *rule);
MQB_HOT uint64_t
mqb_reader_uint(struct mqb_reader *r, uint64_t minimum, uint64_t maximum, const char *rule);

/**
 * Read an integer from a string: an optional "-" and digits only. The bounds are those of the C
 * type. If a number is allowed, too, mqb_reader_peek_type() says which is next. Any other string
 * violates `rule`. *text is the string, for further checks.
 */
int64_t mqb_reader_quoted_int(
    struct mqb_reader *r,
    int64_t minimum,
    int64_t maximum,
    const char *rule,
    struct mqb_str *text);
uint64_t mqb_reader_quoted_uint(
    struct mqb_reader *r,
    uint64_t minimum,
    uint64_t maximum,
    const char *rule,
    struct mqb_str *text);

/**
 * Read a number, correctly rounded. Beyond the largest double is MQB_ERR_LIMIT, an integer that no
 * double holds MQB_ERR_PRECISION.
 */
double mqb_reader_double(struct mqb_reader *r);

/** Read a string: a view of the payload, or of the scratch memory if it had escapes. */
struct mqb_str mqb_reader_string(struct mqb_reader *r);
/**
 * Copy a string into `buf` with a NUL after it. A longer string violates `rule`; one that contains
 * NUL is refused with MQB_ERR_LIMIT.
 */
struct mqb_str mqb_reader_copy_string(
    struct mqb_reader *r,
    char *buf,
    size_t cap,
    const char *rule);
/** Read a string enum: its constant. */
int mqb_reader_choice(struct mqb_reader *r, const struct mqb_choices *choices);

/** Read an integer of 64 bits or a string. */
struct mqb_scalar mqb_reader_scalar(struct mqb_reader *r);

/** Read any value, as a view of the payload. */
struct mqb_json mqb_reader_json(struct mqb_reader *r);

/** Read an object with any members; the entries are in scratch memory. */
struct mqb_map mqb_reader_map(struct mqb_reader *r);

#ifdef __cplusplus
}
#endif

#ifdef MQB_PARSER_DIRECT
#include <mqbind/detail/reader_direct.h>
#include <mqbind/detail/reader_fast.h>
#endif

#endif
