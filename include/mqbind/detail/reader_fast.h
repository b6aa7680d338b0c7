/*
 * reader_fast.h - the first pass of the profile `speed`. Part of reader.h.
 *
 * A fast function reads a value in the notation that senders use: members that the schema names,
 * each once, plain strings, numbers of few digits. It leaves at anything else, be it an error or
 * only unusual; then the payload is read again by the functions of reader.h, which say what is
 * wrong. Values without a fast function are read by those of reader.h in the first pass, too.
 *
 * The payload ends with a bracket, before which all blanks, digits and names stop. A value that
 * ends where the payload ends leaves, because its container is still open. Having left, `at` is the
 * end, at which nothing more is read.
 */
#ifndef MQBIND_DETAIL_READER_FAST_H
#define MQBIND_DETAIL_READER_FAST_H

#include <mqbind/detail/reader_direct.h>

#ifdef MQB_PARSER_DIRECT

#ifdef __cplusplus
extern "C" {
#endif

/** The index of no member. */
#define MQB_FAST_NONE SIZE_MAX
/** A name, given as a string literal, with its quotes. */
#define MQB_FAST_NAME(name) MQB_STR("\"" name "\"")

/** An object or array while a fast function reads it. */
struct mqb_fast {
    struct mqb_reader *r;
    const char *at; /**< The next byte; the end once the pass has been left. */
    const char *end; /**< The end of the payload. */
    uint64_t seen; /**< A bit for each member that is present. */
    bool at_name; /**< The name of a member begins at `at`. */
};

/* ---- In runtime/payload/direct/ ---- */

/** A number, and where it ends; NULL if it has another notation than a few digits. */
struct mqb_fast_decimal {
    const char *at;
    double value;
};

/** A member, and where its value begins, or the blanks before it; NULL if there is none. */
struct mqb_fast_found {
    const char *at;
    size_t member;
};

/** The closing quote of the text that begins at `at`; NULL if it has escapes or is wrong. */
const char *mqb_fast_text(const char *at, const char *end);
struct mqb_fast_decimal mqb_fast_number(const char *at, const char *end);
/** Find the member whose name begins at `at`. */
struct mqb_fast_found mqb_fast_search(
    const char *at,
    const char *end,
    const struct mqb_members *members);
/** Just past indentation and other blanks. */
const char *mqb_fast_blanks(const char *at, const char *end);
/** Read the payload from its start again. */
void mqb_fast_restart(struct mqb_reader *r);

/* ---- The pass ---- */

/** True if a first pass can begin: at the start of a payload, once. */
MQB_INLINE bool mqb_fast_begins(struct mqb_reader *r)
{
    const bool begins = r->fresh && r->json.len > 1 && (r->end[-1] | 0x20) == '}';
    r->fresh = false;
    return begins;
}

/** True if the pass has read the payload. Otherwise the reader is back at the start. */
MQB_INLINE bool mqb_fast_ended(struct mqb_reader *r)
{
    if (r->at == r->end && r->depth == 0 && !r->left && r->status == MQB_OK)
        return true;
    mqb_fast_restart(r);
    return false;
}

MQB_INLINE void mqb_fast_leave(struct mqb_fast *f)
{
    f->r->left = true;
    f->at = f->end;
    f->at_name = false;
}

/** Begin at the next value of the reader. */
MQB_INLINE void mqb_fast_enter(struct mqb_fast *f, struct mqb_reader *r)
{
    f->r = r;
    f->at = r->at;
    f->end = r->end;
    f->seen = 0;
    f->at_name = false;
}

/** The reader, at the next value, for a function that is given it. */
MQB_INLINE struct mqb_reader *mqb_fast_out(struct mqb_fast *f)
{
    f->r->at = f->at;
    return f->r;
}

/** After such a function, which leaves `at` at the end if it has failed. */
MQB_INLINE void mqb_fast_in(struct mqb_fast *f)
{
    f->at = f->r->at;
}

/** Leave unless a rule holds. */
MQB_INLINE void mqb_fast_check(struct mqb_fast *f, bool holds)
{
    if (!holds)
        mqb_fast_leave(f);
}

/* ---- Objects ---- */

MQB_INLINE const char *mqb_fast_next(const char *at, const char *end)
{
    if (!mqb_byte_may_be_blank(*at))
        return at;
    if (*at == ' ' && !mqb_byte_may_be_blank(at[1]))
        return at + 1;
    return mqb_fast_blanks(at, end);
}

/** Enter the container that is the next value of the reader: past its bracket. Or leave: false. */
MQB_INLINE bool mqb_fast_open(struct mqb_fast *f, struct mqb_reader *r, char bracket)
{
    mqb_fast_enter(f, r);
    if (f->at != f->end)
        f->at = mqb_fast_next(f->at, f->end);
    if (f->end - f->at < 2 || *f->at != bracket || r->depth >= MQB_DEPTH_MAX) {
        mqb_fast_leave(f);
        return false;
    }
    r->depth++;
    f->at = mqb_fast_next(f->at + 1, f->end);
    return true;
}

/* To the name that should begin at `at`. */
MQB_INLINE void mqb_fast_expect_name(struct mqb_fast *f)
{
    f->at_name = *f->at == '"';
    if (!f->at_name)
        mqb_fast_leave(f);
}

/** True past the bracket, if it closes the container at `at`. */
MQB_INLINE bool mqb_fast_shut(struct mqb_fast *f, char bracket)
{
    if (*f->at != bracket)
        return false;
    f->at++;
    f->r->depth--;
    return true;
}

/** Enter the object that is the next value of the reader: to its first name, if it has one. */
MQB_INLINE void mqb_fast_object(struct mqb_fast *f, struct mqb_reader *r)
{
    if (mqb_fast_open(f, r, '{') && !mqb_fast_shut(f, '}'))
        mqb_fast_expect_name(f);
}

/* False if the member was there before: that is an error. */
MQB_INLINE bool mqb_fast_see(struct mqb_fast *f, size_t index)
{
    const uint64_t bit = UINT64_C(1) << index;
    if ((f->seen & bit) != 0) {
        mqb_fast_leave(f);
        return false;
    }
    f->seen |= bit;
    return true;
}

/* To the value behind the name and the colon at `at`. There are two bytes more at least. */
MQB_INLINE bool mqb_fast_value(struct mqb_fast *f, const char *at)
{
    if (*at != ':')
        at = mqb_fast_next(at, f->end);
    if (*at != ':') {
        mqb_fast_leave(f);
        return false;
    }
    f->at = mqb_fast_next(at + 1, f->end);
    return true;
}

/** True, and at its value, if the next member has this name, given in quotes, and is the first. */
MQB_INLINE bool mqb_fast_is(struct mqb_fast *f, unsigned index, struct mqb_str name)
{
    if ((size_t)(f->end - f->at) < name.len + 3 || memcmp(f->at, name.ptr, name.len) != 0)
        return false;
    return mqb_fast_see(f, index) && mqb_fast_value(f, f->at + name.len);
}

/** The index of the member at `at`, at its value, usually 0, which has the `first` name. */
MQB_INLINE size_t
mqb_fast_member(struct mqb_fast *f, struct mqb_str first, const struct mqb_members *members)
{
    if (mqb_fast_is(f, 0, first))
        return 0;
    const struct mqb_fast_found found = mqb_fast_search(f->at, f->end, members);
    if (found.at == NULL)
        mqb_fast_leave(f);
    if (found.at == NULL || !mqb_fast_see(f, found.member))
        return MQB_FAST_NONE;
    f->at = mqb_fast_next(found.at, f->end);
    return found.member;
}

/** After the value of a member: to the next name, past the bracket, or leave. */
MQB_INLINE void mqb_fast_step(struct mqb_fast *f)
{
    f->at_name = false;
    if (f->at == f->end)
        return;
    if (*f->at != ',') {
        f->at = mqb_fast_next(f->at, f->end);
        if (mqb_fast_shut(f, '}'))
            return;
        if (*f->at != ',') {
            mqb_fast_leave(f);
            return;
        }
    }
    f->at = mqb_fast_next(f->at + 1, f->end);
    mqb_fast_expect_name(f);
}

/** The same. The index of the next member, at its value, if it has this name, as usual. */
MQB_INLINE size_t mqb_fast_follows(struct mqb_fast *f, unsigned index, struct mqb_str name)
{
    mqb_fast_step(f);
    return f->at_name && mqb_fast_is(f, index, name) ? index : MQB_FAST_NONE;
}

/** The end of a value that is neither an object nor an array. */
MQB_INLINE void mqb_fast_close(struct mqb_fast *f)
{
    f->r->at = f->at;
}

/** The end of an object, which must have these members. */
MQB_INLINE void mqb_fast_object_end(struct mqb_fast *f, uint64_t required)
{
    if ((f->seen & required) != required)
        mqb_fast_leave(f);
    f->r->at = f->at;
}

/* ---- Arrays ---- */

/** The items of an array, which take no memory but their own. */
struct mqb_fast_list {
    size_t count; /**< Items so far. */
    size_t item; /**< The index of the current item. */
    size_t most; /**< Most items that fit, and are allowed. */
    size_t size;
};

/** Enter the array that is the next value of the reader. Memory for its items; NULL if none. */
void *mqb_fast_array(
    struct mqb_fast *f,
    struct mqb_reader *r,
    struct mqb_fast_list *list,
    size_t size,
    size_t most);
/** The end of the array: its memory is taken. */
void mqb_fast_array_end(struct mqb_fast *f, struct mqb_fast_list *list);

/** To the next item, whose memory is not cleared; false at the end, and after leaving. */
MQB_INLINE bool mqb_fast_next_item(struct mqb_fast *f, struct mqb_fast_list *list)
{
    const char *at = f->at;
    if (at == f->end)
        return false;
    if (list->count != 0 && *at != ',')
        at = mqb_fast_next(at, f->end);
    f->at = at;
    if (*at == ']')
        return false;
    if (list->count == list->most || (list->count != 0 && *at != ',')) {
        mqb_fast_leave(f);
        return false;
    }
    f->at = mqb_fast_next(at + (list->count != 0), f->end);
    list->item = list->count++;
    return true;
}

/* ---- Values ---- */

MQB_INLINE enum mqb_json_type mqb_fast_peek_type(const struct mqb_fast *f)
{
    return f->at == f->end ? MQB_JSON_NULL : mqb_byte_type(*f->at);
}

MQB_INLINE bool mqb_fast_null(struct mqb_fast *f)
{
    if (f->end - f->at < 5 || !mqb_bytes_same_four(f->at, "null"))
        return false;
    f->at += 4;
    return true;
}

MQB_INLINE bool mqb_fast_bool(struct mqb_fast *f)
{
    if (f->end - f->at > 5 && mqb_bytes_same_four(f->at, "true")) {
        f->at += 4;
        return true;
    }
    if (f->end - f->at > 5 && memcmp(f->at, "false", 5) == 0)
        f->at += 5;
    else
        mqb_fast_leave(f);
    return false;
}

/* Just past the digits at `at`, at most 18, without leading zeros; NULL for anything else. */
MQB_INLINE const char *mqb_fast_digits(const char *at, const char *end, uint64_t *value)
{
    const char *behind = at == end ? at : mqb_bytes_ended_number(at, value);
    const size_t count = (size_t)(behind - at);
    if (count == 1)
        return behind;
    return count - 1 > 17 || *at == '0' ? NULL : behind;
}

/* What follows the digits, if it is a "." for example, is not what may follow a value. */
MQB_INLINE uint64_t mqb_fast_uint(struct mqb_fast *f, uint64_t minimum, uint64_t maximum)
{
    uint64_t value = 0;
    const char *at = mqb_fast_digits(f->at, f->end, &value);
    if (at == NULL || value < minimum || value > maximum) {
        mqb_fast_leave(f);
        return 0;
    }
    f->at = at;
    return value;
}

MQB_INLINE int64_t mqb_fast_int(struct mqb_fast *f, int64_t minimum, int64_t maximum)
{
    uint64_t digits = 0;
    const bool negative = f->at != f->end && *f->at == '-';
    const char *at = mqb_fast_digits(f->at + negative, f->end, &digits);
    const int64_t value = at == NULL ? 0 : negative ? -(int64_t)digits : (int64_t)digits;
    if (at == NULL || value < minimum || value > maximum) {
        mqb_fast_leave(f);
        return 0;
    }
    f->at = at;
    return value;
}

/** A number of at most 15 digits, so that rounding does not matter for any rule. */
MQB_INLINE double mqb_fast_short_double(struct mqb_fast *f)
{
    const struct mqb_fast_decimal number = mqb_fast_number(f->at, f->end);
    f->at = number.at;
    if (number.at == NULL)
        mqb_fast_leave(f);
    return number.value;
}

MQB_INLINE double mqb_fast_double(struct mqb_fast *f)
{
    const struct mqb_fast_decimal number = mqb_fast_number(f->at, f->end);
    if (number.at != NULL) {
        f->at = number.at;
        return number.value;
    }
    const double value = mqb_reader_double(mqb_fast_out(f));
    mqb_fast_in(f);
    return value;
}

MQB_INLINE struct mqb_str mqb_fast_string(struct mqb_fast *f)
{
    struct mqb_str text = {NULL, 0};
    const char *start = f->at;
    const char *quote = start == f->end || *start != '"' ? NULL : mqb_fast_text(start + 1, f->end);
    if (quote == NULL) {
        mqb_fast_leave(f);
        return text;
    }
    text.ptr = start + 1;
    text.len = (size_t)(quote - start) - 1;
    f->at = quote + 1;
    return text;
}

/** The only string that is valid, given in quotes. */
MQB_INLINE void mqb_fast_constant(struct mqb_fast *f, struct mqb_str text)
{
    if ((size_t)(f->end - f->at) <= text.len || memcmp(f->at, text.ptr, text.len) != 0)
        mqb_fast_leave(f);
    else
        f->at += text.len;
}

MQB_INLINE struct mqb_scalar mqb_fast_scalar(struct mqb_fast *f)
{
    struct mqb_scalar value;
    value.integer = 0;
    value.string.ptr = NULL;
    value.string.len = 0;
    value.is_string = mqb_fast_peek_type(f) == MQB_JSON_STRING;
    if (value.is_string)
        value.string = mqb_fast_string(f);
    else
        value.integer = mqb_fast_int(f, INT64_MIN, INT64_MAX);
    return value;
}

#ifdef __cplusplus
}
#endif

#endif

#endif
