/* Ids: SipHash as published, and numbers that are uniform and do not come again. */
#include "client/random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Key 00 01 .. 0f, bytes 00 01 ..: from the reference implementation of its authors. */
static void siphash_gives_the_published_values(void **state)
{
    static const struct {
        size_t len;
        uint64_t hash;
    } known[] = {
        {0, UINT64_C(0x726fdb47dd0e0e31)},  {1, UINT64_C(0x74f839c593dc67fd)},
        {7, UINT64_C(0xab0200f58b01d137)},  {8, UINT64_C(0x93f5f5799a932462)},
        {15, UINT64_C(0xa129ca6149be45e5)}, {16, UINT64_C(0x3f2acc7f57c29bdb)},
        {63, UINT64_C(0x958a324ceb064572)},
    };
    const uint64_t key[2] = {UINT64_C(0x0706050403020100), UINT64_C(0x0f0e0d0c0b0a0908)};
    unsigned char bytes[64];
    (void)state;
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)i;
    for (size_t i = 0; i < COUNT(known); i++)
        assert_true(mqb_siphash(key, bytes, known[i].len) == known[i].hash);
}

static struct mqb_random seeded(uint64_t number)
{
    struct mqb_random random = {{0, 0}, 0, 0, false};
    unsigned char bytes[MQB_SEED_BYTES] = {0};
    for (size_t i = 0; i < sizeof number; i++)
        bytes[i] = (unsigned char)(number >> (8 * i));
    mqb_random_seed(&random, bytes, sizeof bytes);
    return random;
}

/* What a device draws must not depend on its byte order. */
static void a_seed_gives_the_same_numbers_everywhere(void **state)
{
    struct mqb_random random = seeded(1);
    uint64_t bits[2];
    (void)state;
    mqb_random_draw(&random, bits);
    assert_true(bits[0] == UINT64_C(0xe06d7307b345905f));
    assert_true(bits[1] == UINT64_C(0xf47666d463764c3a));
    assert_int_equal(mqb_random_pick(&random, INT32_MAX), 87724688);
    assert_int_equal(mqb_random_pick(&random, 9999999), 3320026);
    assert_true(mqb_random_pick(&random, UINT64_MAX) == UINT64_C(0x975a2ac56c313620));
}

static void every_byte_of_a_seed_counts(void **state)
{
    unsigned char bytes[40] = {0};
    struct mqb_random first = {{0, 0}, 0, 0, false};
    (void)state;
    mqb_random_seed(&first, bytes, sizeof bytes);
    for (size_t i = 0; i < sizeof bytes; i++) {
        struct mqb_random other = {{0, 0}, 0, 0, false};
        bytes[i] = 1;
        mqb_random_seed(&other, bytes, sizeof bytes);
        bytes[i] = 0;
        assert_true(first.key[0] != other.key[0] && first.key[1] != other.key[1]);
    }
    struct mqb_random shorter = {{0, 0}, 0, 0, false};
    mqb_random_seed(&shorter, bytes, sizeof bytes - 1);
    assert_true(first.key[0] != shorter.key[0]);
    struct mqb_random twice = first;
    mqb_random_seed(&twice, bytes, sizeof bytes);
    assert_true(first.key[0] != twice.key[0] && first.key[1] != twice.key[1]);
}

/* ---- Picks ---- */

static const uint64_t ranges[] = {0, 1, 2, 3, 4, 9, 15, 16, 99, 255, 999, 4095, 65537};

static void a_range_is_gone_through_before_a_number_comes_again(void **state)
{
    static unsigned seen[65538];
    (void)state;
    for (size_t i = 0; i < COUNT(ranges); i++) {
        struct mqb_random random = seeded(i);
        random.picked = 0; /* Where a round begins. */
        memset(seen, 0, sizeof seen);
        for (unsigned round = 1; round <= 3; round++) {
            for (uint64_t j = 0; j <= ranges[i]; j++) {
                const uint64_t number = mqb_random_pick(&random, ranges[i]);
                assert_true(number <= ranges[i]);
                assert_int_equal(++seen[number], round);
            }
        }
    }
}

static void large_ranges_do_not_repeat_either(void **state)
{
    static const uint64_t large[] = {INT32_MAX, 9999999, UINT32_MAX, UINT64_MAX, UINT64_MAX - 1};
    static uint64_t table[1 << 18];
    (void)state;
    for (size_t i = 0; i < COUNT(large); i++) {
        struct mqb_random random = seeded(i);
        memset(table, 0xff, sizeof table);
        for (int j = 0; j < 100000; j++) {
            const uint64_t number = mqb_random_pick(&random, large[i]);
            assert_true(number <= large[i]);
            size_t at = (size_t)(number * UINT64_C(0x9e3779b97f4a7c15) >> 46);
            for (; table[at] != UINT64_MAX; at = (at + 1) % COUNT(table))
                assert_true(table[at] != number);
            table[at] = number;
        }
    }
}

/* Pearson's test: how far counts are from equal, in standard deviations of its distribution. */
static double deviation(const unsigned *counts, size_t cells, size_t total)
{
    const double expected = (double)total / (double)cells;
    double sum = 0;
    for (size_t i = 0; i < cells; i++)
        sum += ((double)counts[i] - expected) * ((double)counts[i] - expected) / expected;
    const double freedom = (double)cells - 1;
    return (sum - freedom) / sqrt(2 * freedom);
}

#define PROGRAMS 20000

/* Of many programs, that is seeds, the n-th numbers are spread evenly, and so are their pairs. */
static void programs_pick_uniformly_and_independently(void **state)
{
    static const size_t sizes[] = {2, 3, 5, 10, 16, 17};
    (void)state;
    for (size_t i = 0; i < COUNT(sizes); i++) {
        unsigned counts[17] = {0};
        unsigned pairs[17 * 17] = {0};
        uint64_t before = 0;
        for (uint64_t program = 0; program < PROGRAMS; program++) {
            struct mqb_random random = seeded(program);
            mqb_random_pick(&random, sizes[i] - 1);
            const uint64_t number = mqb_random_pick(&random, sizes[i] - 1);
            counts[number]++;
            pairs[before * sizes[i] + number]++;
            before = number;
        }
        assert_true(deviation(counts, sizes[i], PROGRAMS) < 6);
        assert_true(deviation(pairs, sizes[i] * sizes[i], PROGRAMS) < 6);
    }
}

static void a_large_range_is_filled_evenly(void **state)
{
    static const uint64_t large[] = {INT32_MAX, 9999999};
    (void)state;
    for (size_t i = 0; i < COUNT(large); i++) {
        unsigned ours[100] = {0};
        unsigned theirs[100] = {0};
        struct mqb_random random = seeded(i);
        for (uint64_t j = 0; j < PROGRAMS; j++) {
            struct mqb_random other = seeded(1000 + j);
            ours[mqb_random_pick(&random, large[i]) * 100 / (large[i] + 1)]++;
            theirs[mqb_random_pick(&other, large[i]) * 100 / (large[i] + 1)]++;
        }
        assert_true(deviation(ours, 100, PROGRAMS) < 6);
        assert_true(deviation(theirs, 100, PROGRAMS) < 6);
    }
}

static void every_bit_of_a_draw_is_set_half_the_time(void **state)
{
    unsigned set[128] = {0};
    struct mqb_random random = seeded(7);
    (void)state;
    for (int i = 0; i < PROGRAMS; i++) {
        uint64_t bits[2];
        mqb_random_draw(&random, bits);
        for (size_t bit = 0; bit < 128; bit++)
            set[bit] += bits[bit / 64] >> (bit % 64) & 1;
    }
    for (size_t bit = 0; bit < 128; bit++)
        assert_true(fabs((double)set[bit] - PROGRAMS / 2.0) < 6 * sqrt(PROGRAMS / 4.0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(siphash_gives_the_published_values),
        cmocka_unit_test(a_seed_gives_the_same_numbers_everywhere),
        cmocka_unit_test(every_byte_of_a_seed_counts),
        cmocka_unit_test(a_range_is_gone_through_before_a_number_comes_again),
        cmocka_unit_test(large_ranges_do_not_repeat_either),
        cmocka_unit_test(programs_pick_uniformly_and_independently),
        cmocka_unit_test(a_large_range_is_filled_evenly),
        cmocka_unit_test(every_bit_of_a_draw_is_set_half_the_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
