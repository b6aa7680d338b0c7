/* A second opinion on JSON: recursive descent, one rule of RFC 8259 after the other. */
#ifndef MQB_TEST_JSON_OPINION_H
#define MQB_TEST_JSON_OPINION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

struct opinion {
    const unsigned char *at;
    const unsigned char *end;
};

static inline bool value(struct opinion *o);

static inline bool take(struct opinion *o, unsigned char byte)
{
    if (o->at == o->end || *o->at != byte)
        return false;
    o->at++;
    return true;
}

static inline void blanks(struct opinion *o)
{
    while (take(o, ' ') || take(o, '\t') || take(o, '\n') || take(o, '\r'))
        continue;
}

static inline bool word(struct opinion *o, const char *text)
{
    for (; *text != '\0'; text++) {
        if (!take(o, (unsigned char)*text))
            return false;
    }
    return true;
}

static inline bool some_digits(struct opinion *o)
{
    const unsigned char *start = o->at;
    while (o->at < o->end && *o->at >= '0' && *o->at <= '9')
        o->at++;
    return o->at != start;
}

static inline bool number(struct opinion *o)
{
    take(o, '-');
    if (!take(o, '0') && !some_digits(o))
        return false;
    if (take(o, '.') && !some_digits(o))
        return false;
    if (take(o, 'e') || take(o, 'E')) {
        if (!take(o, '+'))
            take(o, '-');
        return some_digits(o);
    }
    return true;
}

static inline bool code_unit(struct opinion *o, long *unit)
{
    static const char digits[] = "0123456789abcdefABCDEF";
    *unit = 0;
    for (int i = 0; i < 4; i++, o->at++) {
        const char *digit = o->at == o->end ? NULL : memchr(digits, *o->at, 22);
        if (digit == NULL)
            return false;
        *unit = *unit * 16 + (digit - digits) - (digit - digits > 15 ? 6 : 0);
    }
    return true;
}

static inline bool escape(struct opinion *o)
{
    long unit;
    if (o->at == o->end)
        return false;
    if (*o->at != 'u')
        return *o->at != '\0' && strchr("\"\\/bfnrt", *o->at++) != NULL;
    o->at++;
    if (!code_unit(o, &unit))
        return false;
    if (unit >= 0xDC00 && unit <= 0xDFFF)
        return false;
    if (unit < 0xD800 || unit > 0xDBFF)
        return true;
    return word(o, "\\u") && code_unit(o, &unit) && unit >= 0xDC00 && unit <= 0xDFFF;
}

/* One character beyond ASCII, by its value. */
static inline bool sequence(struct opinion *o)
{
    static const unsigned long smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned first = *o->at++;
    const unsigned count = first >= 0xF8 ? 0 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    unsigned long code = first & (0xFFU >> (count + 1));
    if (count == 0 || first < 0xC0)
        return false;
    for (unsigned i = 1; i < count; i++) {
        if (o->at == o->end || (*o->at & 0xC0) != 0x80)
            return false;
        code = code << 6 | (*o->at++ & 0x3F);
    }
    return code >= smallest[count] && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
}

static inline bool string(struct opinion *o)
{
    if (!take(o, '"'))
        return false;
    while (!take(o, '"')) {
        if (o->at == o->end || *o->at < 0x20)
            return false;
        if (*o->at >= 0x80 ? !sequence(o) : *o->at++ == '\\' && !escape(o))
            return false;
    }
    return true;
}

static inline bool member(struct opinion *o)
{
    blanks(o);
    if (!string(o))
        return false;
    blanks(o);
    return take(o, ':') && value(o);
}

static inline bool list(struct opinion *o, bool (*item)(struct opinion *), unsigned char last)
{
    blanks(o);
    if (take(o, last))
        return true;
    do {
        if (!item(o))
            return false;
        blanks(o);
    } while (take(o, ','));
    return take(o, last);
}

static inline bool value(struct opinion *o)
{
    blanks(o);
    if (take(o, '{'))
        return list(o, member, '}');
    if (take(o, '['))
        return list(o, value, ']');
    if (o->at == o->end)
        return false;
    switch (*o->at) {
    case '"':
        return string(o);
    case 't':
        return word(o, "true");
    case 'f':
        return word(o, "false");
    case 'n':
        return word(o, "null");
    default:
        return number(o);
    }
}

static inline bool is_json(const char *text, size_t len)
{
    struct opinion o = {(const unsigned char *)text, (const unsigned char *)text + len};
    if (!value(&o))
        return false;
    blanks(&o);
    return o.at == o.end;
}

#endif
