/*
 * Fingerprints of values: 64 bits that are the same for equal ones, found in one pass. They are
 * made with a key: SipHash, with one round for eight bytes and three at the end.
 */
#include "constraint.h"

#include "json.h"
#include "json_bytes.h"
#include "json_text.h"
#include "raw.h"

/* What a value costs on top of its bytes. */
#define VALUE_STEPS 64

/* What a fingerprint is of, so that no two kinds have the same. */
enum salt {
    SALT_TEXT = 1,
    SALT_NUMBER,
    SALT_LITERAL,
    SALT_ITEM,
    SALT_MEMBER,
    SALT_ARRAY,
    SALT_OBJECT,
};

/* ---- The hash ---- */

struct sip {
    uint64_t v[4];
    uint64_t word; /* Bytes that are still to come in. */
    uint64_t count;
};

static inline uint64_t turn(uint64_t word, unsigned bits)
{
    return word << bits | word >> (64 - bits);
}

static inline void sip_round(uint64_t v[4])
{
    v[0] += v[1];
    v[2] += v[3];
    v[1] = turn(v[1], 13) ^ v[0];
    v[3] = turn(v[3], 16) ^ v[2];
    v[0] = turn(v[0], 32) + v[3];
    v[2] += v[1];
    v[1] = turn(v[1], 17) ^ v[2];
    v[3] = turn(v[3], 21) ^ v[0];
    v[2] = turn(v[2], 32);
}

static inline struct sip sip_begin(uint64_t key, enum salt salt)
{
    return (struct sip){
        .v =
            {
                key ^ UINT64_C(0x736F6D6570736575),
                (uint64_t)salt ^ UINT64_C(0x646F72616E646F6D),
                key ^ UINT64_C(0x6C7967656E657261),
                (uint64_t)salt ^ UINT64_C(0x7465646279746573),
            },
    };
}

static inline void sip_word(struct sip *sip, uint64_t word)
{
    sip->v[3] ^= word;
    sip_round(sip->v);
    sip->v[0] ^= word;
}

static inline void sip_byte(struct sip *sip, unsigned byte)
{
    sip->word |= (uint64_t)byte << sip->count % 8 * 8;
    if (++sip->count % 8 != 0)
        return;
    sip_word(sip, sip->word);
    sip->word = 0;
}

static uint64_t sip_end(struct sip *sip)
{
    sip_word(sip, sip->word | sip->count << 56);
    sip->v[2] ^= 0xFF;
    for (int i = 0; i < 3; i++)
        sip_round(sip->v);
    return sip->v[0] ^ sip->v[1] ^ sip->v[2] ^ sip->v[3];
}

static uint64_t print_bytes(uint64_t key, enum salt salt, struct mqb_str bytes)
{
    struct sip sip = sip_begin(key, salt);
    size_t at = 0;
    for (; bytes.len - at >= 8; at += 8)
        sip_word(&sip, mqb_bytes_word(bytes.ptr + at));
    for (sip.count = at; at < bytes.len; at++)
        sip_byte(&sip, (unsigned char)bytes.ptr[at]);
    return sip_end(&sip);
}

static uint64_t print_two(uint64_t key, enum salt salt, uint64_t first, uint64_t second)
{
    struct sip sip = sip_begin(key, salt);
    sip_word(&sip, first);
    sip_word(&sip, second);
    return sip_end(&sip);
}

uint64_t mqb_check_key(struct mqb_check *check, struct mqb_json value)
{
    mqb_check_spend(check, value.len);
    return print_bytes(0, SALT_TEXT, (struct mqb_str){value.ptr, value.len});
}

/* ---- Scalars ---- */

static uint64_t print_string(uint64_t key, struct mqb_str raw)
{
    struct mqb_json_cursor cursor = {.raw = raw};
    struct sip sip = sip_begin(key, SALT_TEXT);
    if (!mqb_json_text_escaped(raw))
        return print_bytes(key, SALT_TEXT, raw);
    for (int byte = mqb_json_cursor_next(&cursor); byte >= 0; byte = mqb_json_cursor_next(&cursor))
        sip_byte(&sip, (unsigned)byte);
    return sip_end(&sip);
}

/*
 * The sign, where the digits begin, and which: the same however the number is written. Nobody
 * knows the modulus beforehand either.
 */
static uint64_t print_number(uint64_t key, struct mqb_str number)
{
    const struct mqb_decimal decimal = mqb_number_decimal(number);
    struct sip sip = sip_begin(key, SALT_NUMBER);
    const char *at = decimal.first;
    if (decimal.count == 0)
        return sip_end(&sip);
    sip_word(&sip, decimal.negative);
    sip_word(&sip, mqb_decimal_exponent(&decimal, (key | UINT64_C(1) << 63) >> 4));
    for (size_t i = 0; i < decimal.count; i++, at++) {
        if (*at == '.')
            at++;
        sip_byte(&sip, (unsigned char)*at);
    }
    return sip_end(&sip);
}

static uint64_t print_scalar(uint64_t key, struct mqb_str text)
{
    switch (mqb_raw_type(text.ptr[0])) {
    case MQB_JSON_STRING:
        return print_string(key, (struct mqb_str){text.ptr + 1, text.len - 2});
    case MQB_JSON_NUMBER:
        return print_number(key, text);
    default:
        return print_bytes(key, SALT_LITERAL, (struct mqb_str){text.ptr, 1});
    }
}

/* ---- Containers ---- */

/* An open container. An object's members may come in any order, so theirs are summed up. */
struct level {
    uint64_t print;
    uint64_t name; /* Of the member whose value comes next. */
    uint64_t count;
    bool object;
    bool name_due;
};

static void add_value(uint64_t key, struct level *level, uint64_t print)
{
    if (level->object)
        level->print += print_two(key, SALT_MEMBER, level->name, print);
    else
        level->print = print_two(key, SALT_ITEM, level->print, print);
    level->name_due = level->object;
    level->count++;
}

static uint64_t print_level(uint64_t key, const struct level *level)
{
    return print_two(key, level->object ? SALT_OBJECT : SALT_ARRAY, level->print, level->count);
}

uint64_t mqb_check_print(struct mqb_check *check, uint64_t key, struct mqb_json value)
{
    const struct mqb_str text = {value.ptr, value.len};
    struct level levels[MQB_DEPTH_MAX + 1]; /* The first stands for the value itself. */
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
            const uint64_t print = print_scalar(key, (struct mqb_str){text.ptr + at, end - at});
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
