/* Fingerprints of arbitrary values, computed in one pass. */
#include "payload/constraint/fingerprint.h"

#include "json/bytes.h"
#include "json/decimal_to_double.h"
#include "json/number.h"
#include "json/siphash.h"
#include "json/skip.h"
#include "payload/constraint/numbers.h"

/* Cost of a value in addition to its bytes. */
#define VALUE_STEPS 64

uint64_t mqb_check_key(struct mqb_check *check, struct mqb_json value)
{
    mqb_check_spend(check, value.len);
    return mqb_fingerprint_string(0, MQB_SALT_TEXT, (struct mqb_str){value.ptr, value.len});
}

/* ---- Scalars ---- */

/*
 * The sign, the position of the first digit, and the digits: the same however the number is
 * written. Nobody knows the modulus beforehand.
 */
static uint64_t print_number(uint64_t key, struct mqb_str number)
{
    const struct mqb_decimal decimal = mqb_number_decimal(number);
    struct mqb_sip sip = mqb_sip_begin(key, MQB_SALT_NUMBER);
    const char *at = decimal.first;
    if (decimal.count == 0)
        return mqb_sip_end(&sip);
    mqb_sip_word(&sip, decimal.negative);
    mqb_sip_word(&sip, mqb_decimal_exponent(&decimal, (key | UINT64_C(1) << 63) >> 4));
    for (size_t i = 0; i < decimal.count; i++, at++) {
        if (*at == '.')
            at++;
        mqb_sip_byte(&sip, (unsigned char)*at);
    }
    return mqb_sip_end(&sip);
}

static uint64_t print_scalar(struct mqb_check *check, uint64_t key, struct mqb_str text)
{
    char buf[MQB_NUMBER_BYTES];

    switch (mqb_byte_type(text.ptr[0])) {
    case MQB_JSON_STRING:
        return mqb_fingerprint_raw(key, (struct mqb_str){text.ptr + 1, text.len - 2});
    case MQB_JSON_NUMBER:
        return print_number(
            key, mqb_check_number(check, (struct mqb_json){text.ptr, text.len}, buf));
    default:
        return mqb_fingerprint_string(key, MQB_SALT_LITERAL, (struct mqb_str){text.ptr, 1});
    }
}

/* ---- Containers ---- */

/*
 * An open container. The members of an object may come in any order, so their fingerprints are
 * added.
 */
struct level {
    uint64_t print;
    uint64_t name; /* The fingerprint of the name whose value comes next. */
    uint64_t count;
    bool object;
    bool name_due;
};

static void add_value(uint64_t key, struct level *level, uint64_t print)
{
    if (level->object)
        level->print += mqb_fingerprint_pair(key, MQB_SALT_MEMBER, level->name, print);
    else
        level->print = mqb_fingerprint_pair(key, MQB_SALT_ITEM, level->print, print);
    level->name_due = level->object;
    level->count++;
}

static uint64_t print_level(uint64_t key, const struct level *level)
{
    return mqb_fingerprint_pair(
        key, level->object ? MQB_SALT_OBJECT : MQB_SALT_ARRAY, level->print, level->count);
}

uint64_t mqb_check_fingerprint(struct mqb_check *check, uint64_t key, struct mqb_json value)
{
    const struct mqb_str text = {value.ptr, value.len};
    struct level levels[MQB_DEPTH_MAX + 1]; /* The first is for the value itself. */
    struct level *level = levels;
    mqb_check_spend(check, VALUE_STEPS + 4 * text.len);
    *level = (struct level){.print = 0};
    for (size_t at = 0; at < text.len;) {
        const char byte = text.ptr[at];
        if (byte == ',' || byte == ':' || mqb_byte_is(byte, MQB_BLANK)) {
            at++;
        } else if (byte == '{' || byte == '[') {
            *++level = (struct level){.object = byte == '{', .name_due = byte == '{'};
            at++;
        } else if (byte == '}' || byte == ']') {
            const uint64_t print = print_level(key, level);
            add_value(key, --level, print);
            at++;
        } else {
            const size_t end = mqb_json_value_end(text, at);
            const uint64_t print =
                print_scalar(check, key, (struct mqb_str){text.ptr + at, end - at});
            if (level->name_due) {
                level->name = print;
                level->name_due = false;
            } else
                add_value(key, level, print);
            at = end;
        }
    }
    return levels[0].print;
}
