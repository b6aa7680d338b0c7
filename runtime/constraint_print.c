/* Fingerprints of values: 64 bits that are the same for equal ones, found in one pass. */
#include "constraint.h"

#include "json.h"
#include "json_text.h"
#include "raw.h"

/* What a value costs on top of its bytes. */
#define VALUE_STEPS 16

/* An open container. An object's members may come in any order, so theirs are summed up. */
struct level {
    uint64_t print;
    uint64_t name; /* Of the member whose value comes next. */
    bool object;
    bool name_due;
};

static uint64_t stir(uint64_t print, uint64_t more)
{
    print = (print ^ more) * UINT64_C(0x9E3779B97F4A7C15);
    return print ^ print >> 29;
}

/* ---- Scalars ---- */

static uint64_t print_bytes(uint64_t print, struct mqb_str bytes)
{
    for (size_t i = 0; i < bytes.len; i++)
        print = (print ^ (unsigned char)bytes.ptr[i]) * UINT64_C(0x100000001B3);
    return print;
}

static uint64_t print_string(struct mqb_str raw)
{
    struct mqb_json_cursor cursor = {.raw = raw};
    uint64_t print = MQB_JSON_STRING;
    if (!mqb_json_text_escaped(raw))
        return stir(print_bytes(print, raw), 0);
    for (int byte = mqb_json_cursor_next(&cursor); byte >= 0;
         byte = mqb_json_cursor_next(&cursor)) {
        const char next = (char)byte;
        print = print_bytes(print, (struct mqb_str){&next, 1});
    }
    return stir(print, 0);
}

/* The sign, where the digits begin, and which: the same however the number is written. */
static uint64_t print_number(struct mqb_str number)
{
    const struct mqb_decimal decimal = mqb_number_decimal(number);
    const char *at = decimal.first;
    uint64_t print = MQB_JSON_NUMBER;
    if (decimal.count == 0)
        return stir(print, 0);
    if (decimal.negative)
        print = ~print;
    for (size_t i = 0; i < decimal.count; i++, at++) {
        if (*at == '.')
            at++;
        print = print_bytes(print, (struct mqb_str){at, 1});
    }
    return stir(print, (uint64_t)mqb_decimal_exponent(&decimal));
}

static uint64_t print_scalar(struct mqb_str text)
{
    switch (mqb_raw_type(text.ptr[0])) {
    case MQB_JSON_STRING:
        return print_string((struct mqb_str){text.ptr + 1, text.len - 2});
    case MQB_JSON_NUMBER:
        return print_number(text);
    default:
        return stir((unsigned char)text.ptr[0], 0);
    }
}

/* ---- Containers ---- */

static void add_value(struct level *level, uint64_t print)
{
    if (level->object)
        level->print += stir(level->name, print);
    else
        level->print = stir(level->print, print);
    level->name_due = level->object;
}

uint64_t mqb_check_print(struct mqb_check *check, struct mqb_json value)
{
    const struct mqb_str text = {value.ptr, value.len};
    struct level levels[MQB_DEPTH_MAX + 1]; /* The first stands for the value itself. */
    struct level *level = levels;
    mqb_check_spend(check, VALUE_STEPS + 2 * text.len);
    *level = (struct level){.print = 0};
    for (size_t at = 0; at < text.len;) {
        const char byte = text.ptr[at];
        if (byte == ',' || byte == ':' || mqb_json_blanks(text, at) != at) {
            at++;
        } else if (byte == '{' || byte == '[') {
            *++level = (struct level){.object = byte == '{', .name_due = byte == '{'};
            at++;
        } else if (byte == '}' || byte == ']') {
            const uint64_t print = stir(level->print, (unsigned char)byte);
            add_value(--level, print);
            at++;
        } else {
            const size_t end = mqb_json_value_end(text, at);
            const uint64_t print = print_scalar((struct mqb_str){text.ptr + at, end - at});
            if (level->name_due)
                *level = (struct level){.print = level->print, .name = print, .object = true};
            else
                add_value(level, print);
            at = end;
        }
    }
    return levels[0].print;
}
