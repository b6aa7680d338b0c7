/*
 * reader.h - how generated code reads a payload.
 *
 * The reader keeps its first error: after it every call does nothing and returns zero, so generated
 * code reads top to bottom and asks once, at the end.
 */
#ifndef MQBIND_DETAIL_READER_H
#define MQBIND_DETAIL_READER_H

#include <mqbind/detail/constraint.h>
#include <mqbind/detail/values.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Reader: one JSON payload, from the first byte to the last ---- */

/*
 * Two engines read: one on jsmn's tokens, and one straight from the bytes, which is chosen with
 * MQB_PARSER_DIRECT. Their verdicts are the same. What is hot is inline in the second one.
 */
#ifdef MQB_PARSER_DIRECT
/* Code that was compiled for one engine does not link with the other. */
#define mqb_reader_open mqb_direct_begin
#define mqb_reader_object mqb_direct_read_object
#define mqb_reader_array mqb_direct_read_array
#define mqb_reader_entries mqb_direct_read_entries
#endif
#if !defined(MQB_PARSER_DIRECT) || defined(MQB_DIRECT_ONCE)
#define MQB_HOT
#elif defined(__OPTIMIZE_SIZE__)
#define MQB_HOT                                                                                    \
    inline /* Or called, as the compiler likes: runtime/payload/direct/inline_functions.c has it.  \
            */
#else
#define MQB_HOT static inline
#endif

/** Private to the engine. `value` is the offset of the value read last. */
struct mqb_reader {
    struct mqb_str json;
    struct mqb_scratch *scratch;
    size_t scratch_used; /**< scratch->used and scratch->reserved when the reader was opened. */
    size_t scratch_reserved;
#ifdef MQB_PARSER_DIRECT
    const char *at; /**< The next byte; after an error the end. */
    const char *end;
    size_t depth; /**< Open containers. */
    const char *reached; /**< What `at` was when a member was missing at the end of its object. */
    struct mqb_list *growing; /**< Its items end where the memory that is taken ends. */
#else
    void *tokens;
    size_t token_count;
    size_t position;
#endif
    size_t value;
    bool escapes; /**< There may be a backslash in the string read last. */
    bool shown; /**< The error is about the value at `offset`, which can be shown. */
    enum mqb_status status;
    const char *rule;
    size_t offset;
    struct mqb_str missing; /**< Name of the absent member when status is MQB_ERR_MISSING. */
    uint64_t spent; /**< Steps of constraints, and of forms that did not fit. */
};

/** The members of one object type. */
struct mqb_members {
    const struct mqb_str *names; /**< In schema order, without quotes, not escaped. */
    size_t count;
    const uint32_t *required; /**< A bit for each member; NULL if none is required. */
    bool closed; /**< Refuse members that have no name here. */
    bool escaped; /**< A name has a quote, a backslash or a control character. */
    const uint16_t *slot_places; /**< 1 + the member at the hash of its name; NULL if not hashed. */
    size_t slot_mask;
    size_t slot_words; /**< Times eight bytes of a name that are its hash. */
};

/** A walk over one object. At its end `seen` has a bit for each member that the payload carries. */
struct mqb_object {
    const struct mqb_members *members;
    uint32_t *seen;
    size_t member; /**< The member that mqb_reader_next_member() stopped at. */
    size_t offset; /**< Private, like all that follows. */
    size_t predicted; /**< The member that comes next in schema order. */
#ifdef MQB_PARSER_DIRECT
    size_t run; /**< `seen` does not have the members from here to `predicted` yet. */
    size_t limit; /**< Members from here on are not predicted. */
    size_t names; /**< Members without a name in `members`, so far. */
    char before; /**< What stands before the next member: "{", then ",". */
#else
    size_t unknown; /**< The last member without a name in `members`; 0 if there is none. */
    size_t left; /**< Members not stepped to yet. */
#endif
};

/** Words of `seen` and `required` for `count` members. */
#define MQB_SEEN_WORDS(count) (((count) + 31) / 32)

/**
 * Prepare to read `json`. It must be strict JSON; if it is not, that is the error, wherever it is.
 * Parser tokens take the far end of the scratch memory until mqb_reader_close(); decoded data
 * stays at the front.
 */
MQB_HOT void mqb_reader_open(
    struct mqb_reader *r,
    struct mqb_str json,
    struct mqb_scratch *scratch);

/** End reading: MQB_OK, or the first error, told in *error unless it is NULL. */
MQB_HOT enum mqb_status mqb_reader_close(struct mqb_reader *r, struct mqb_error *error);

/** True until the first error. */
static inline bool mqb_reader_ok(const struct mqb_reader *r)
{
    return r->status == MQB_OK;
}

/** The place of the next value. */
MQB_HOT size_t mqb_reader_mark(const struct mqb_reader *r);
/** Go back to the value at `mark`. Whole values were read since. */
void mqb_reader_rewind(struct mqb_reader *r, size_t mark);

/**
 * Refuse the value read last with MQB_ERR_VALUE unless `holds`. An object or array is it when it
 * was just entered, and once it has ended. `rule` is static text.
 */
void mqb_reader_check(struct mqb_reader *r, bool holds, const char *rule);

/**
 * Refuse the value that was read since `mark`, as mqb_reader_mark() gave it before, unless it
 * satisfies `constraint`.
 */
void mqb_reader_constrain(
    struct mqb_reader *r,
    size_t mark,
    const struct mqb_constraint *constraint);

/** JSON type of the next value; it is not consumed. MQB_JSON_NULL after an error. */
MQB_HOT enum mqb_json_type mqb_reader_peek_type(const struct mqb_reader *r);

/**
 * The text of a member of the next value, an object, found in `choices`: the constant, or -1
 * with an error if the member is absent, no string, or none of them. Nothing is consumed.
 */
int mqb_reader_peek_choice(
    struct mqb_reader *r,
    struct mqb_str name,
    const struct mqb_choices *choices);

/** Enter an object. `seen` has MQB_SEEN_WORDS(members->count) words, all zero. */
MQB_HOT void mqb_reader_object(
    struct mqb_reader *r,
    struct mqb_object *object,
    const struct mqb_members *members,
    uint32_t *seen);

/**
 * Step to the next known member, skipping unknown ones. False at the end, once every required
 * member was there and none came twice, and after an error. The value must then be read. At the
 * end the value read last is the object itself, so that mqb_reader_check() can speak of it.
 */
MQB_HOT bool mqb_reader_next_member(struct mqb_reader *r, struct mqb_object *object);

/** A walk over the items of an array, or over the members of an object with any names. */
struct mqb_list {
    size_t count; /**< Those that were stepped to; in the end one more if there are too many. */
    size_t item; /**< The one that was stepped to last. */
    struct mqb_str key; /**< Its name, unescaped, if there are names. */
    size_t offset; /**< Private, like all that follows. */
    size_t most;
    size_t names; /**< As in struct mqb_object: a count, or the last one. */
#ifdef MQB_PARSER_DIRECT
    const char *mark; /**< Where the item that was stepped to last begins. */
    char *items;
    size_t size;
    size_t room; /**< So many may be there in all, and have memory while nothing else takes it. */
    size_t total; /**< How many items there are, once they were counted; else 0. */
    char before; /**< What stands before the next item: a bracket, then ",". */
#else
    size_t left; /**< Items not stepped to yet. */
#endif
};

/**
 * Enter an array of at most `most` items, and return the memory for them: as many as there are, of
 * `size` bytes each. NULL for none, after an error, and if `size` is 0: they go elsewhere then.
 */
void *mqb_reader_array(struct mqb_reader *r, struct mqb_list *list, size_t size, size_t most);

/**
 * Step to the next item, whose memory is all zero; it must then be read. False after an error, at
 * the end, and after `most` items even if there are more. The value read last is the array itself
 * then, so that mqb_reader_check() can speak of it; the caller must refuse a count above `most`.
 */
MQB_HOT bool mqb_reader_next_item(struct mqb_reader *r, struct mqb_list *list);

/** The same for an object: its members are the items. No two of them may have one name. */
void *mqb_reader_entries(struct mqb_reader *r, struct mqb_list *list, size_t size);
bool mqb_reader_next_entry(struct mqb_reader *r, struct mqb_list *list);

/** Memory for `count` items of `size` bytes, all zero; NULL for none or after an error. */
void *mqb_reader_take(struct mqb_reader *r, size_t count, size_t size);

/** Private. What went wrong when a form of a value was tried; MQB_OK if none was. */
struct mqb_failure {
    enum mqb_status status;
    bool shown;
    const char *rule;
    size_t offset;
    struct mqb_str missing;
};

/** A value that may have several forms, which are tried one after the other. */
struct mqb_alternatives {
    size_t mark; /**< Where each form is tried from: what the reader was like there. */
    size_t value;
#ifdef MQB_PARSER_DIRECT
    size_t depth;
    struct mqb_list *growing;
#else
    size_t token_count;
#endif
    size_t used; /**< scratch->used and scratch->reserved. */
    size_t reserved;
    bool failed; /**< There is an error from before. */
    struct mqb_failure farthest; /**< The failure that got farthest; of several, the first. */
};

/**
 * The forms of the next value are tried from here on. One that never has the type which
 * mqb_reader_peek_type() tells need not be tried.
 */
void mqb_reader_alternatives(const struct mqb_reader *r, struct mqb_alternatives *alternatives);

/**
 * True if what was read since fits; else the reader is back at the start, and the next form may be
 * tried. Memory that is too small fits, so that its error stays; and so does what would take
 * longer than MQB_CONSTRAINT_STEPS allows, as forms within forms multiply: MQB_ERR_LIMIT.
 */
bool mqb_reader_alternative_fits(struct mqb_reader *r, struct mqb_alternatives *alternatives);

/**
 * No form fits: keep the error of the one that got farthest. `types` is the rule in words if none
 * has the JSON type of the value.
 */
void mqb_reader_refuse_alternatives(
    struct mqb_reader *r,
    const struct mqb_alternatives *alternatives,
    const char *types);

/** Consume the next value. */
void mqb_reader_skip(struct mqb_reader *r);

/** True, and consumed, if the next value is null. */
bool mqb_reader_null(struct mqb_reader *r);
bool mqb_reader_bool(struct mqb_reader *r);

/** An integer within bounds; "1.0" and "1e0" are integers. 0 after an error. */
MQB_HOT int64_t
mqb_reader_int(struct mqb_reader *r, int64_t minimum, int64_t maximum, const char *rule);
MQB_HOT uint64_t
mqb_reader_uint(struct mqb_reader *r, uint64_t minimum, uint64_t maximum, const char *rule);

/**
 * The same, carried by a string: an optional "-", then digits and nothing else. The bounds are
 * those of the C type. Where a number is allowed too, mqb_reader_peek_type() tells which is next.
 * A string that is no such integer breaks `rule`. *text is the string, for its own checks.
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

/** Correctly rounded; a number beyond the largest double is MQB_ERR_LIMIT. */
double mqb_reader_double(struct mqb_reader *r);

/** A view of the payload, or of the scratch memory if the text had escapes. */
struct mqb_str mqb_reader_string(struct mqb_reader *r);
/**
 * The same, copied into `buf`, with a NUL behind it. A text that is longer breaks `rule`; one that
 * has a NUL itself is MQB_ERR_LIMIT.
 */
struct mqb_str mqb_reader_copy_string(
    struct mqb_reader *r,
    char *buf,
    size_t cap,
    const char *rule);
int mqb_reader_choice(struct mqb_reader *r, const struct mqb_choices *choices);

/** An integer of 64 bits, or a string. */
struct mqb_scalar mqb_reader_scalar(struct mqb_reader *r);

/** Any value, as a view of the payload. */
struct mqb_json mqb_reader_json(struct mqb_reader *r);

/** An object with any members. Entries lie in the scratch memory. */
struct mqb_map mqb_reader_map(struct mqb_reader *r);

#ifdef __cplusplus
}
#endif

#ifdef MQB_PARSER_DIRECT
#include <mqbind/detail/reader_direct.h>
#endif

#endif
