/* Forms of a value, which are tried as generated code does it. */
#ifndef MQB_TEST_ALTERNATIVES_H
#define MQB_TEST_ALTERNATIVES_H

#include "exactly.h"
#include "json_texts.h"

#include <mqbind/detail/reader.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static char memory[8192];

/* ---- Forms ---- */

/*
 * What a form has found, as short text. All forms use the names a, b and c, each in its own way:
 *   point    {"a": 0 to 9, "b": text}, both required; others are skipped
 *   closed   {"c": any}; nothing else
 *   nested   {"a": box, "b": any}
 *   box      a point, or else an array of boxes of at most two items, or else a string
 *   open     any object
 *   any      any value
 */
struct found {
    char text[600];
    size_t boxes;
};

static inline void say(struct found *found, const char *text)
{
    const size_t used = strlen(found->text);
    snprintf(found->text + used, sizeof found->text - used, "%s", text);
}

static const struct mqb_str names_ab[] = {TEXT("a"), TEXT("b")};
static const struct mqb_str names_c[] = {TEXT("c")};
static const uint32_t both[] = {3};
static const struct mqb_members point_members = {.names = names_ab, .count = 2, .required = both};
static const struct mqb_members nested_members = {.names = names_ab, .count = 2};
static const struct mqb_members closed_members = {.names = names_c, .count = 1, .closed = true};

static inline void read_point(struct mqb_reader *r, struct found *found)
{
    struct mqb_object object;
    uint32_t seen[1] = {0};
    mqb_reader_object(r, &object, &point_members, seen);
    while (mqb_reader_next_member(r, &object)) {
        if (object.member == 0)
            mqb_reader_int(r, 0, 9, "must be a digit");
        else
            mqb_reader_string(r);
    }
    say(found, "point ");
}

static inline void read_closed(struct mqb_reader *r, struct found *found)
{
    struct mqb_object object;
    uint32_t seen[1] = {0};
    mqb_reader_object(r, &object, &closed_members, seen);
    while (mqb_reader_next_member(r, &object))
        mqb_reader_skip(r);
    say(found, "closed ");
}

static inline void read_open(struct mqb_reader *r, struct found *found)
{
    mqb_reader_map(r);
    say(found, "open ");
}

static inline void read_any(struct mqb_reader *r, struct found *found)
{
    mqb_reader_json(r);
    say(found, "any ");
}

static inline void read_box(struct mqb_reader *r, struct found *found);

static inline void read_boxes(struct mqb_reader *r, struct found *found)
{
    struct mqb_list list;
    mqb_reader_array(r, &list, sizeof(struct mqb_str), 2);
    say(found, "[");
    while (mqb_reader_next_item(r, &list))
        read_box(r, found);
    mqb_reader_check(r, list.count <= 2, "must have at most 2 items");
    say(found, "] ");
}

static inline void read_text(struct mqb_reader *r, struct found *found)
{
    mqb_reader_string(r);
    say(found, "text ");
}

typedef void form_reader(struct mqb_reader *r, struct found *found);

/* As generated code does it, once for each form. */
static inline void read_one_of(
    struct mqb_reader *r,
    struct found *found,
    form_reader *const *forms,
    size_t count)
{
    const struct found start = *found;
    struct mqb_alternatives alternatives;
    mqb_reader_alternatives(r, &alternatives);
    for (size_t i = 0; i < count; i++) {
        *found = start;
        forms[i](r, found);
        if (mqb_reader_alternative_fits(r, &alternatives))
            return;
    }
    mqb_reader_refuse_alternatives(r, &alternatives, "must be one of the forms");
}

static inline void read_box(struct mqb_reader *r, struct found *found)
{
    static form_reader *const forms[] = {read_point, read_boxes, read_text};
    found->boxes++;
    read_one_of(r, found, forms, COUNT(forms));
}

static inline void read_nested(struct mqb_reader *r, struct found *found)
{
    struct mqb_object object;
    uint32_t seen[1] = {0};
    say(found, "nested ");
    mqb_reader_object(r, &object, &nested_members, seen);
    while (mqb_reader_next_member(r, &object)) {
        if (object.member == 0)
            read_box(r, found);
        else
            mqb_reader_skip(r);
    }
}

static form_reader *const all_forms[] = {
    read_point, read_closed, read_nested, read_box, read_open, read_any,
};

/* Decode one of the forms; what was taken of the scratch memory goes to *used. */
static inline enum mqb_status decode(
    struct mqb_str json,
    form_reader *const *forms,
    size_t count,
    struct found *found,
    struct mqb_error *error,
    size_t *used)
{
    struct mqb_scratch scratch = mqb_scratch_from(memory, sizeof memory);
    struct mqb_reader r;
    *found = (struct found){.boxes = 0};
    *error = (struct mqb_error){.rule = ""};
    mqb_reader_open(&r, json, &scratch);
    read_one_of(&r, found, forms, count);
    const enum mqb_status status = mqb_reader_close(&r, error);
    *used = scratch.used;
    assert_int_equal(scratch.reserved, 0);
    return status;
}

#endif
