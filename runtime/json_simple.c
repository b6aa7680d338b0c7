/* What raw JSON mostly is: a scalar, or a small object. */
#include "json.h"
#include "json_bytes.h"
#include "rare.h"

#define NAMES_MAX 8

MQB_RARE static const char *pass_blanks(const char *at, const char *end)
{
    mqb_byte_next(&at, end);
    return at;
}

/* What comes behind blanks, perhaps the end. */
static inline const char *next(const char *at, const char *end)
{
    return at != end && (unsigned char)*at > ' ' ? at : pass_blanks(at, end);
}

static inline bool starts(const char *at, const char *end, char byte)
{
    return at != end && *at == byte;
}

/* The closing quote of the string at `at`, if all in it is plain; else NULL. */
static inline const char *pass_plain(const char *at, const char *end)
{
    at = mqb_bytes_plain(at + 1, end);
    return starts(at, end, '"') ? at : NULL;
}

MQB_RARE static const char *pass_any_scalar(const char *at, const char *end)
{
    bool escapes;
    if (starts(at, end, '"'))
        return mqb_json_pass_string(at, end, &escapes);
    if (at != end && (*at == '-' || mqb_byte_is(*at, MQB_DIGIT)))
        return mqb_json_pass_number(at, end);
    return mqb_json_pass_literal(at, end);
}

static inline const char *pass_scalar(const char *at, const char *end)
{
    const char *quote = starts(at, end, '"') ? pass_plain(at, end) : NULL;
    return quote != NULL ? quote + 1 : pass_any_scalar(at, end);
}

/* Names that are alike mostly differ in their last byte. */
static inline bool is_same(struct mqb_str a, struct mqb_str b)
{
    if (a.len != b.len)
        return false;
    size_t left = a.len;
    while (left != 0 && a.ptr[left - 1] == b.ptr[left - 1])
        left--;
    return left == 0;
}

static inline bool repeats(const struct mqb_str *names, size_t last)
{
    for (size_t i = 0; i < last; i++) {
        if (is_same(names[i], names[last]))
            return true;
    }
    return false;
}

static const char *pass_object(const char *at, const char *end, unsigned levels)
{
    struct mqb_str names[NAMES_MAX];
    for (size_t count = 0; count < NAMES_MAX; count++) {
        const char *name = next(at + 1, end);
        const char *quote = starts(name, end, '"') ? pass_plain(name, end) : NULL;
        if (quote == NULL)
            return NULL;
        names[count] = (struct mqb_str){name + 1, (size_t)(quote - name) - 1};
        at = next(quote + 1, end);
        if (!starts(at, end, ':') || repeats(names, count))
            return NULL;
        at = next(at + 1, end);
        at = starts(at, end, '{') ? mqb_json_pass_simple(at, end, levels) : pass_scalar(at, end);
        if (at == NULL)
            return NULL;
        at = next(at, end);
        if (!starts(at, end, ','))
            return starts(at, end, '}') ? at + 1 : NULL;
    }
    return NULL;
}

const char *mqb_json_pass_simple(const char *at, const char *end, unsigned levels)
{
    at = next(at, end);
    if (levels != 0 && starts(at, end, '{'))
        return pass_object(at, end, levels - 1);
    return pass_scalar(at, end);
}
