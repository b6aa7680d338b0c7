/*
 * Members of an object must be distinct (RFC 7493). The reader checks only unknown names here, as
 * known ones have a bit each; so there is no cost without unknown names.
 */
#include "payload/jsmn/token_names.h"

#include "json/bytes.h"
#include "json/text.h"
#include "payload/jsmn/values.h"
#include "payload/reader.h"

#define FEW_TOKENS 8

/*
 * An order in which equal names are adjacent: by length, then from the end, where long names
 * usually differ.
 */
static int compare_bytes(const char *name, const char *other, size_t len)
{
    size_t at = 0;
    if (len >= 8) {
        const uint64_t end = mqb_bytes_word(name + len - 8);
        const uint64_t other_end = mqb_bytes_word(other + len - 8);
        if (end != other_end)
            return end < other_end ? -1 : 1;
        while (len - at >= 8 && mqb_bytes_same_eight(name + at, other + at))
            at += 8;
    }
    return at == len ? 0 : memcmp(name + at, other + at, len - at);
}

static int compare_names(const struct mqb_reader *r, size_t a, size_t b)
{
    const struct mqb_str name = mqb_token_text(r, mqb_token_at(r, a));
    const struct mqb_str other = mqb_token_text(r, mqb_token_at(r, b));
    if (r->escapes)
        return mqb_json_text_compare(name, other);
    if (name.len != other.len)
        return name.len < other.len ? -1 : 1;
    return compare_bytes(name.ptr, other.ptr, name.len);
}

static size_t link_of(const struct mqb_reader *r, size_t name)
{
    return (size_t)mqb_token_at(r, name)->parent;
}

/* The name after `count` names from `name` on; 0 if there are no more. */
static size_t pass(const struct mqb_reader *r, size_t name, size_t count)
{
    for (; count > 0 && name != 0; count--)
        name = link_of(r, name);
    return name;
}

/*
 * One round of an in-place merge sort: adjacent runs of `width` names are merged. Returns the new
 * head; *merges is the number of pairs.
 */
static size_t merge_runs(const struct mqb_reader *r, size_t head, size_t width, size_t *merges)
{
    size_t left = head;
    size_t tail = 0;
    head = 0;
    for (*merges = 0; left != 0; ++*merges) {
        size_t right = pass(r, left, width);
        const size_t next = pass(r, right, width);
        const size_t middle = right;
        while (left != middle || right != next) {
            const bool from_left =
                right == next || (left != middle && compare_names(r, left, right) <= 0);
            size_t *source = from_left ? &left : &right;
            const size_t name = *source;
            *source = link_of(r, name);
            if (tail == 0)
                head = name;
            else
                mqb_name_link(r, tail, name);
            tail = name;
        }
        left = next;
    }
    if (tail != 0)
        mqb_name_link(r, tail, 0);
    return head;
}

static inline bool is_same_name(
    const struct mqb_reader *r,
    struct mqb_str name,
    struct mqb_str other)
{
    if (r->escapes)
        return mqb_json_text_compare(name, other) == 0;
    return mqb_bytes_equal(name, other);
}

/* Few names are compared pairwise; the later ones come first. */
static size_t compare_few_tokens(const struct mqb_reader *r, size_t head)
{
    size_t twice = 0;
    for (size_t later = head; later != 0; later = link_of(r, later)) {
        const struct mqb_str text = mqb_token_text(r, mqb_token_at(r, later));
        for (size_t name = link_of(r, later); name != 0; name = link_of(r, name)) {
            if (is_same_name(r, text, mqb_token_text(r, mqb_token_at(r, name))))
                twice = later;
        }
    }
    return twice;
}

/* Sorting keeps equal names in the order of the list, that is, the later one first. */
size_t mqb_name_twice(const struct mqb_reader *r, size_t head)
{
    if (pass(r, head, FEW_TOKENS) == 0)
        return compare_few_tokens(r, head);
    size_t twice = 0;
    size_t merges = 2;
    for (size_t width = 1; merges > 1; width *= 2)
        head = merge_runs(r, head, width, &merges);
    for (size_t name = head; name != 0; name = link_of(r, name)) {
        const size_t next = link_of(r, name);
        if (next != 0 && (twice == 0 || name < twice) && compare_names(r, name, next) == 0)
            twice = name;
    }
    return twice;
}

static size_t after(const struct mqb_reader *r, size_t value)
{
    const jsmntok_t *token = mqb_token_at(r, value);
    return mqb_token_is_container(token) ? (size_t)token->parent : value + 1;
}

/*
 * Record the token after a container whose inner containers are done. For an object, return the
 * result of mqb_name_twice() for its names.
 */
static size_t finish_container(const struct mqb_reader *r, size_t container)
{
    jsmntok_t *token = mqb_token_at(r, container);
    const bool object = token->type == JSMN_OBJECT;
    size_t names = 0;
    size_t at = container + 1;
    for (int left = token->size; left > 0; left--) {
        if (object) {
            mqb_name_link(r, at, names);
            names = at++;
        }
        at = after(r, at);
    }
    token->parent = (int)at;
    return mqb_name_twice(r, names);
}

size_t mqb_token_after(const struct mqb_reader *r, size_t value)
{
    const jsmntok_t *first = mqb_token_at(r, value);
    if (!mqb_token_is_container(first))
        return value + 1;
    if (first->parent > (int)value)
        return (size_t)first->parent;
    size_t at = value + 1;
    while (at < r->token_count && mqb_token_at(r, at)->start < first->end)
        at++;
    return at;
}

/*
 * The value may be read again in another form: a container with a duplicate name must not count as
 * done.
 */
static void forget_containers(const struct mqb_reader *r, size_t value, size_t end)
{
    for (size_t at = value; at < end; at++) {
        if (mqb_token_is_container(mqb_token_at(r, at)))
            mqb_token_at(r, at)->parent = 0;
    }
}

/* The contents of a value. A container that is done has been checked. */
static bool check_tokens(struct mqb_reader *r, size_t value, size_t end)
{
    while (value < end) {
        const jsmntok_t *token = mqb_token_at(r, value);
        const bool container = mqb_token_is_container(token);
        if (!container && !mqb_token_check(r, token))
            return false;
        value = container && token->parent > (int)value ? (size_t)token->parent : value + 1;
    }
    return true;
}

size_t mqb_token_after_distinct(struct mqb_reader *r, size_t container)
{
    const size_t end = mqb_token_after(r, container);
    size_t twice = 0;
    if (mqb_token_at(r, container)->parent > (int)container || !check_tokens(r, container, end))
        return end;
    for (size_t at = end; at-- > container;) {
        if (!mqb_token_is_container(mqb_token_at(r, at)))
            continue;
        const size_t found = finish_container(r, at);
        if (found != 0 && (twice == 0 || found < twice))
            twice = found;
    }
    if (twice != 0) {
        forget_containers(r, container, end);
        mqb_reader_twice(r, mqb_token_offset(mqb_token_at(r, twice)));
    }
    return end;
}
