/* The common forms of raw JSON: a scalar, or small objects and lists. */
#include "json/simple_value.h"

#include "compiler.h"
#include "json/bytes.h"
#include "json/duplicate_entries.h"
#include "json/scanner.h"

#define NAMES_MAX 8

static inline bool starts_with_byte(const char *at, const char *end, char byte)
{
    return at != end && *at == byte;
}

/* The closing quote of the string at `at` if all of it is plain; else NULL. */
static inline const char *pass_plain(const char *at, const char *end)
{
    if (!starts_with_byte(at, end, '"'))
        return NULL;
    at = mqb_bytes_plain(at + 1, end);
    return starts_with_byte(at, end, '"') ? at : NULL;
}

/* Usually only digits. */
static const char *pass_simple_number(const char *at, const char *end)
{
    const char *digits = mqb_bytes_digits(at, end);
    if (digits != at && digits != end && *at != '0' && mqb_byte_is(*digits, MQB_BREAK))
        return digits;
    return mqb_json_pass_number(at, end);
}

static const char *pass_other(const char *at, const char *end, unsigned levels);

MQB_INLINE const char *pass_simple_value(const char *at, const char *end, unsigned levels)
{
    at = mqb_bytes_next(at, end);
    const char *quote = pass_plain(at, end);
    return quote != NULL ? quote + 1 : pass_other(at, end, levels);
}

static const char *pass_object(const char *at, const char *end, unsigned levels)
{
    struct mqb_str names[NAMES_MAX];
    for (size_t count = 0; count < NAMES_MAX; count++) {
        const char *name = mqb_bytes_line(at + 1, end);
        const char *quote = pass_plain(name, end);
        if (quote == NULL)
            return count == 0 && starts_with_byte(name, end, '}') ? name + 1 : NULL;
        names[count] = (struct mqb_str){name + 1, (size_t)(quote - name) - 1};
        at = mqb_bytes_next(quote + 1, end);
        if (!starts_with_byte(at, end, ':') ||
            mqb_entries_have(&(struct mqb_entries){names, sizeof(names[0]), count}, names[count]))
            return NULL;
        at = pass_simple_value(at + 1, end, levels);
        if (at == NULL)
            return NULL;
        at = mqb_bytes_line(at, end);
        if (!starts_with_byte(at, end, ','))
            return starts_with_byte(at, end, '}') ? at + 1 : NULL;
    }
    return NULL;
}

static const char *pass_array(const char *at, const char *end, unsigned levels)
{
    const char *first = mqb_bytes_line(at + 1, end);
    if (starts_with_byte(first, end, ']'))
        return first + 1;
    do {
        at = pass_simple_value(at + 1, end, levels);
        if (at == NULL)
            return NULL;
        at = mqb_bytes_line(at, end);
    } while (starts_with_byte(at, end, ','));
    return starts_with_byte(at, end, ']') ? at + 1 : NULL;
}

/* Anything but a plain string. */
MQB_RARE static const char *pass_other(const char *at, const char *end, unsigned levels)
{
    bool escapes;
    if (at == end)
        return NULL;
    if (*at == '{')
        return levels != 0 ? pass_object(at, end, levels - 1) : NULL;
    if (*at == '[')
        return levels != 0 ? pass_array(at, end, levels - 1) : NULL;
    if (*at == '"')
        return mqb_json_pass_string(at, end, &escapes);
    if (*at == '-' || mqb_byte_is(*at, MQB_DIGIT))
        return pass_simple_number(at, end);
    return mqb_json_pass_literal(at, end);
}

const char *mqb_json_pass_simple(const char *at, const char *end, unsigned levels)
{
    return pass_simple_value(at, end, levels);
}
