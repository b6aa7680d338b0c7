/* Ids of calls, by SipHash-2-4. */
#include "client/random.h"

/* ---- SipHash-2-4 ---- */

struct sip {
    uint64_t v[4];
};

static uint64_t rotate(uint64_t value, unsigned bits)
{
    return value << bits | value >> (64 - bits);
}

static void mix_lanes(struct sip *s, unsigned rounds)
{
    uint64_t *v = s->v;
    while (rounds-- != 0) {
        v[0] += v[1];
        v[2] += v[3];
        v[1] = rotate(v[1], 13) ^ v[0];
        v[3] = rotate(v[3], 16) ^ v[2];
        v[0] = rotate(v[0], 32) + v[3];
        v[2] += v[1];
        v[3] = rotate(v[3], 21) ^ v[0];
        v[1] = rotate(v[1], 17) ^ v[2];
        v[2] = rotate(v[2], 32);
    }
}

static struct sip begin(const uint64_t key[2])
{
    return (struct sip){{
        key[0] ^ UINT64_C(0x736f6d6570736575),
        key[1] ^ UINT64_C(0x646f72616e646f6d),
        key[0] ^ UINT64_C(0x6c7967656e657261),
        key[1] ^ UINT64_C(0x7465646279746573),
    }};
}

static void absorb(struct sip *s, uint64_t word)
{
    s->v[3] ^= word;
    mix_lanes(s, 2);
    s->v[0] ^= word;
}

/* The last word has the remaining bytes and, at the top, their total number. */
static uint64_t finish_siphash(struct sip *s, uint64_t rest, size_t len)
{
    absorb(s, rest | (uint64_t)(len & 0xff) << 56);
    s->v[2] ^= 0xff;
    mix_lanes(s, 4);
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
    struct sip s = begin(key);
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
    struct sip s = begin(random->key);
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
