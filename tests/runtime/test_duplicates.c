/* Duplicate names among names of one hash, few and many: what a sender may choose on purpose. */
#include "json/duplicate_entries.h"
#include "json/duplicate_members.h"
#include "json/duplicate_names.h"
#include "json/hash_rounds.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#define NAME_BYTES 16
#define NAMES_MAX 40
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const size_t counts[] = {2, 3, 5, 16, 17, 18, NAMES_MAX};

/* Letters only. */
static bool is_plain_name(uint64_t word)
{
    for (int i = 0; i < 8; i++, word >>= 8) {
        if ((word & 0xC0) != 0x40 || (word & 0xFF) == '\\')
            return false;
    }
    return true;
}

/* Different names of 16 bytes with the same hash. */
static void collide(char names[NAMES_MAX][NAME_BYTES])
{
    const uint64_t target =
        mqb_hash_multiply(0, mqb_bytes_word("AAAAAAAA")) ^ mqb_bytes_word("BBBBBBBB");
    uint64_t random = 1;
    size_t found = 0;
    while (found < NAMES_MAX) {
        random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        const uint64_t first =
            (random >> 3 & UINT64_C(0x1F1F1F1F1F1F1F1F)) + UINT64_C(0x4040404040404040);
        const uint64_t second = mqb_hash_multiply(0, first) ^ target;
        if (!is_plain_name(first) || !is_plain_name(second))
            continue;
        for (int i = 0; i < 8; i++) {
            names[found][i] = (char)(first >> 8 * i & 0xFF);
            names[found][8 + i] = (char)(second >> 8 * i & 0xFF);
        }
        found++;
    }
}

struct list {
    char names[NAMES_MAX][NAME_BYTES];
    struct mqb_map_entry entries[NAMES_MAX + 1];
    char json[(NAMES_MAX + 1) * (NAME_BYTES + 5) + 2];
    size_t len;
    size_t offsets[NAMES_MAX + 1]; /* Of the names in `json`. */
};

/* `count` names, of which the last one is that at `again`; all differ if that is `count`. */
static void fill(struct list *list, size_t count, size_t again)
{
    list->len = 0;
    for (size_t i = 0; i < count; i++) {
        const char *name = list->names[i == count - 1 && again != count ? again : i];
        list->entries[i].key = (struct mqb_str){name, NAME_BYTES};
        list->offsets[i] = list->len + 1;
        list->len += (size_t)sprintf(
            list->json + list->len, "%c\"%.*s\":0", i == 0 ? '{' : ',', NAME_BYTES, name);
    }
    list->len += (size_t)sprintf(list->json + list->len, "}");
}

static void read_names(const struct list *list, size_t count, size_t wanted)
{
    static char memory[NAMES_MAX * sizeof(struct mqb_hashed) + 8];
    struct mqb_scratch scratch = {.ptr = memory, .cap = sizeof(memory)};
    struct mqb_names names;
    mqb_scratch_align_end(&scratch);
    mqb_names_begin(&names, (struct mqb_str){list->json, list->len}, &scratch, 0);
    for (size_t i = 0; i < count; i++) {
        const struct mqb_str name = {list->json + list->offsets[i] + 1, NAME_BYTES};
        assert_true(mqb_names_add(&names, name, i % 2 != 0));
    }
    mqb_names_end(&names);
    assert_true(names.twice == wanted);
}

static void check_list(struct list *list, size_t count, size_t again)
{
    const struct mqb_entries entries = {list->entries, sizeof(list->entries[0]), count};
    const size_t wanted = again == count ? SIZE_MAX : list->offsets[count - 1];
    struct mqb_hashed memory[MQB_DISTINCT_FEW];
    struct mqb_distinct names;
    size_t offset = SIZE_MAX;
    mqb_distinct_few(&names, memory);
    assert_int_equal(mqb_entries_twice(&entries, &names), again == count ? count : count - 1);
    mqb_raw_twice((struct mqb_json){list->json, list->len}, NULL, 0, &offset);
    assert_true(offset == wanted);
    read_names(list, count, wanted);
}

static void the_second_of_two_names_is_found(void **state)
{
    static struct list list;
    (void)state;
    collide(list.names);
    for (size_t i = 0; i < COUNT(counts); i++) {
        for (size_t again = 0; again <= counts[i]; again++) {
            if (again == counts[i] - 1)
                continue; /* the name itself */
            fill(&list, counts[i], again);
            check_list(&list, counts[i], again);
        }
    }
}

/* In rounds: memory for a quarter of the names is enough. */
static void little_memory_is_enough(void **state)
{
    static struct list list;
    (void)state;
    collide(list.names);
    for (size_t again = 0; again < NAMES_MAX - 1; again++) {
        struct mqb_hashed memory[NAMES_MAX / MQB_DISTINCT_ROUNDS];
        struct mqb_distinct names;
        fill(&list, NAMES_MAX, again);
        const struct mqb_entries entries = {list.entries, sizeof(list.entries[0]), NAMES_MAX};
        assert_true(mqb_distinct_begin(&names, NAMES_MAX, (char *)(void *)memory, sizeof(memory)));
        assert_int_equal(mqb_entries_twice(&entries, &names), NAMES_MAX - 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_second_of_two_names_is_found),
        cmocka_unit_test(little_memory_is_enough),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
