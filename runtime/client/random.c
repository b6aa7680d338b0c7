/* Ids of calls, by SipHash-2-4. */
#include "client/random.h"

#include "json/siphash.h"

/* ---- SipHash-2-4 ---- */

static void absorb(struct mqb_sip *s, uint64_t word)
{
    s->v[3] ^= word;
    mqb_sip_round(s->v);
    mqb_sip_round(s->v);
    s->v[0] ^= word;
}

/* The last word has the remaining bytes and, at the top, their total number. */
static uint64_t finish_siphash(struct mqb_sip *s, uint64_t rest, size_t len)
{
    absorb(s, rest | (uint64_t)(len & 0xff) << 56);
    s->v[2] ^= 0xff;
    for (int i = 0; i < 4; i++)
        mqb_sip_round(s->v);
    return s->v[0] ^ s->v[1] ^ s->v[2] ^ s->v[3];
}

static uint64_t load(const unsigned char *bytes, size_t count)
{
    uint64_t word = 0;
    while (count-- != 0)
        word = word << 8 | bytes[count];
    return word;
}

uint64_t mqb_siphash(const uint64_t key[2], const void *bytes, size_t len)
{
    struct mqb_sip s = mqb_sip_start(key[0], key[1]);
    const unsigned char *at = bytes;
    size_t left = len;
    for (; left >= 8; left -= 8, at += 8)
        absorb(&s, load(at, 8));
    return finish_siphash(&s, load(at, left), len);
}

/* ---- From the seed to ids ---- */

/* Separates the uses of the hash: no two hash the same input. */
enum purpose { LOW_BITS, HIGH_BITS, START, ROUND };

/* The hash of the 16 bytes of both words, least significant first. */
static uint64_t hash(const struct mqb_random *random, uint64_t value, uint64_t purpose)
{
    struct mqb_sip s = mqb_sip_start(random->key[0], random->key[1]);
    absorb(&s, value);
    absorb(&s, purpose);
    return finish_siphash(&s, 0, 16);
}

void mqb_random_seed(struct mqb_random *random, const void *bytes, size_t len)
{
    const uint64_t other[2] = {~random->key[0], random->key[1]};
    const uint64_t low = mqb_siphash(random->key, bytes, len);
    random->key[1] = mqb_siphash(other, bytes, len);
    random->key[0] = low;
    random->drawn = 0;
    random->picked = hash(random, 0, START);
    random->seeded = true;
}

void mqb_random_draw(struct mqb_random *random, uint64_t bits[2])
{
    bits[0] = hash(random, random->drawn, LOW_BITS);
    bits[1] = hash(random, random->drawn, HIGH_BITS);
    random->drawn++;
}

/*
 * A Feistel network: a permutation of the numbers of 2 * half bits, a different one for each half.
 */
static uint64_t permute(const struct mqb_random *random, uint64_t number, unsigned half)
{
    const uint64_t mask = (UINT64_C(1) << half) - 1;
    uint64_t left = number >> half;
    uint64_t right = number & mask;
    for (unsigned round = 0; round < 4; round++) {
        const uint64_t purpose = ROUND + round + ((uint64_t)half << 8);
        const uint64_t mixed = left ^ (hash(random, right, purpose) & mask);
        left = right;
        right = mixed;
    }
    return left << half | right;
}

/*
 * The position in the range counts up from a random start. Permuting until the number is in the
 * range gives a permutation of the range ("cycle walking"); it takes fewer than four steps on
 * average.
 */
uint64_t mqb_random_pick(struct mqb_random *random, uint64_t most)
{
    uint64_t number = random->picked++;
    unsigned half = 1;
    if (most != UINT64_MAX)
        number %= most + 1;
    while (half < 32 && most >> (2 * half) != 0)
        half++;
    do {
        number = permute(random, number, half);
    } while (number > most);
    return number;
}
