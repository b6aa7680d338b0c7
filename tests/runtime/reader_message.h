/* A message with a member of each kind, which is decoded as generated code does it. */
#ifndef MQB_TEST_READER_MESSAGE_H
#define MQB_TEST_READER_MESSAGE_H

#include "assert_text.h"
#include "exactly.h"
#include "json_texts.h"
#include "payload/engine.h"
#include "payload/reader.h"

#include <mqbind/detail/reader.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- A message with a member of each kind ---- */

enum { I, N, U, V, D, B, S, C, O, A, J, M, Z, T, W, K, X, MEMBERS };

static const struct mqb_str names[MEMBERS] = {
    TEXT("i"),
    TEXT("n"),
    TEXT("u"),
    TEXT("v"),
    TEXT("d"),
    TEXT("b"),
    TEXT("s"),
    TEXT("c"),
    TEXT("o"),
    TEXT("a"),
    TEXT("j"),
    TEXT("m"),
    TEXT("z"),
    TEXT("t"),
    TEXT("w"),
    TEXT("k"),
    TEXT("back\\nslash \xC3\xA9 and more"),
};
static const struct mqb_members members = {.names = names, .count = MEMBERS, .escaped = true};

static const struct mqb_str inner_names[] = {TEXT("first"), TEXT("second"), TEXT("third")};
static const uint32_t inner_required[] = {5};
static const struct mqb_members inner_members = {
    .names = inner_names,
    .count = 3,
    .required = inner_required};
static const struct mqb_members closed_members = {.names = inner_names, .count = 3, .closed = true};

static const struct mqb_choice spellings[] = {
    {TEXT("MD5"), 0},
    {TEXT("md5"), 0},
    {TEXT("SHA256"), 1},
    {TEXT("caf\xC3\xA9 \n"), -7},
};
static const struct mqb_choices choices = {
    .items = spellings,
    .count = COUNT(spellings),
    .rule = "must be MD5 or SHA256",
    .escaped = true};

struct message {
    uint32_t seen[1];
    int64_t i, n, t;
    uint64_t u, v, w;
    double d;
    bool b;
    struct mqb_str s, t_text, w_text;
    int c;
    int64_t first, second;
    size_t a_count;
    int64_t *a;
    struct mqb_json j;
    struct mqb_map m;
    bool z_is_null;
    struct mqb_str z;
};

static inline void read_inner(
    struct mqb_reader *r,
    struct message *m,
    const struct mqb_members *which)
{
    struct mqb_object object;
    uint32_t seen[1] = {0};
    mqb_reader_object(r, &object, which, seen);
    while (mqb_reader_next_member(r, &object)) {
        switch (object.member) {
        case 0:
            m->first = mqb_reader_int(r, 0, 9, "must be a digit");
            break;
        case 1:
            m->second = mqb_reader_int(r, 0, 9, "must be a digit");
            break;
        default:
            mqb_reader_skip(r);
            break;
        }
    }
    mqb_reader_check(r, m->first != 9, "must not have a 9");
}

static inline void read_array(struct mqb_reader *r, struct message *m)
{
    struct mqb_list list;
    m->a = mqb_reader_array(r, &list, sizeof(*m->a), 3);
    while (mqb_reader_next_item(r, &list))
        m->a[list.item] = mqb_reader_int(r, 0, 9, "must be a digit");
    mqb_reader_check(r, list.count <= 3, "must have at most 3 items");
    m->a_count = list.count;
    if (mqb_reader_ok(r) && m->a_count == 2)
        mqb_reader_check(r, m->a[0] <= m->a[1], "must go up");
}

static inline void read_nullable(struct mqb_reader *r, struct message *m)
{
    m->z_is_null = mqb_reader_null(r);
    if (!m->z_is_null)
        m->z = mqb_reader_string(r);
}

static inline void read_member(struct mqb_reader *r, struct message *m, size_t member)
{
    switch (member) {
    case I:
        m->i = mqb_reader_int(r, -5, 100, "must be -5 to 100");
        break;
    case N:
        m->n = mqb_reader_int(r, INT64_MIN, INT64_MAX, "never used");
        break;
    case U:
        m->u = mqb_reader_uint(r, 0, UINT64_MAX, "must not be negative");
        break;
    case V:
        m->v = mqb_reader_uint(r, 5, 10, "must be 5 to 10");
        break;
    case D:
        m->d = mqb_reader_double(r);
        break;
    case B:
        m->b = mqb_reader_bool(r);
        break;
    case S:
        m->s = mqb_reader_string(r);
        break;
    case C:
        m->c = mqb_reader_choice(r, &choices);
        break;
    case O:
        read_inner(r, m, &inner_members);
        break;
    case A:
        read_array(r, m);
        break;
    case J:
        m->j = mqb_reader_json(r);
        break;
    case M:
        m->m = mqb_reader_map(r);
        mqb_reader_check(r, m->m.count <= 3, "must have at most 3 members");
        break;
    case Z:
        read_nullable(r, m);
        break;
    case T:
        m->t = mqb_reader_quoted_int(r, -4, INT64_MAX, "must be a step", &m->t_text);
        break;
    case W:
        m->w = mqb_reader_quoted_uint(r, 1, UINT64_MAX, "must be a count", &m->w_text);
        break;
    case K:
        read_inner(r, m, &closed_members);
        break;
    default:
        m->first = mqb_reader_int(r, 0, 9, "must be a digit");
        break;
    }
}

static inline enum mqb_status decode_into(
    struct message *m,
    struct mqb_str json,
    struct mqb_scratch *scratch,
    struct mqb_error *error)
{
    struct mqb_reader reader;
    struct mqb_object object;
    memset(m, 0, sizeof(*m));
    mqb_reader_open(&reader, json, scratch);
    mqb_reader_object(&reader, &object, &members, m->seen);
    while (mqb_reader_next_member(&reader, &object))
        read_member(&reader, m, object.member);
    return mqb_reader_close(&reader, error);
}

static char memory[4096];

static inline enum mqb_status decode(
    struct message *m,
    struct mqb_str json,
    struct mqb_error *error)
{
    struct mqb_scratch scratch = mqb_scratch_from(memory, sizeof(memory));
    const enum mqb_status status = decode_into(m, json, &scratch, error);
    assert_int_equal(scratch.reserved, 0);
    if (status != MQB_OK)
        assert_int_equal(scratch.used, 0);
    return status;
}

static inline void accept(struct message *m, const char *text)
{
    struct mqb_error error = {.rule = ""};
    if (decode(m, exactly(text, strlen(text)), &error) != MQB_OK)
        fail_msg("%s: %s: %s", text, error.path, error.rule);
}

static inline void same_json(struct mqb_json json, const char *expected)
{
    assert_text((struct mqb_str){json.ptr, json.len}, expected);
}

/* What a value takes while it is read. */
#ifdef MQB_PARSER_DIRECT
#define TOKEN_BYTES 0
#else
#define TOKEN_BYTES 20
#endif

/* A payload that is refused, and the error. */
struct refusal {
    const char *text;
    enum mqb_status status;
    const char *path;
    const char *rule;
    size_t offset;
    const char *value;
};

#endif
