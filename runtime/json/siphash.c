#include "json/siphash.h"

#include "json/bytes.h"
#include "json/text.h"

void mqb_sip_word(struct mqb_sip *sip, uint64_t word)
{
    sip->v[3] ^= word;
    mqb_sip_round(sip->v);
    sip->v[0] ^= word;
}

void mqb_sip_byte(struct mqb_sip *sip, unsigned byte)
{
    sip->word |= (uint64_t)byte << sip->count % 8 * 8;
    if (++sip->count % 8 != 0)
        return;
    mqb_sip_word(sip, sip->word);
    sip->word = 0;
}

uint64_t mqb_sip_end(struct mqb_sip *sip)
{
    mqb_sip_word(sip, sip->word | sip->count << 56);
    sip->v[2] ^= 0xFF;
    for (int i = 0; i < 3; i++)
        mqb_sip_round(sip->v);
    return sip->v[0] ^ sip->v[1] ^ sip->v[2] ^ sip->v[3];
}

uint64_t mqb_fingerprint_string(uint64_t key, enum mqb_salt salt, struct mqb_str text)
{
    struct mqb_sip sip = mqb_sip_begin(key, salt);
    size_t at = 0;
    for (; text.len - at >= 8; at += 8)
        mqb_sip_word(&sip, mqb_bytes_word(text.ptr + at));
    for (sip.count = at; at < text.len; at++)
        mqb_sip_byte(&sip, (unsigned char)text.ptr[at]);
    return mqb_sip_end(&sip);
}

uint64_t mqb_fingerprint_pair(uint64_t key, enum mqb_salt salt, uint64_t first, uint64_t second)
{
    struct mqb_sip sip = mqb_sip_begin(key, salt);
    mqb_sip_word(&sip, first);
    mqb_sip_word(&sip, second);
    return mqb_sip_end(&sip);
}

uint64_t mqb_fingerprint_raw(uint64_t key, struct mqb_str raw)
{
    struct mqb_json_cursor cursor = {.raw = raw};
    struct mqb_sip sip = mqb_sip_begin(key, MQB_SALT_TEXT);
    if (!mqb_json_text_escaped(raw))
        return mqb_fingerprint_string(key, MQB_SALT_TEXT, raw);
    for (int byte = mqb_json_cursor_next(&cursor); byte >= 0; byte = mqb_json_cursor_next(&cursor))
        mqb_sip_byte(&sip, (unsigned)byte);
    return mqb_sip_end(&sip);
}
