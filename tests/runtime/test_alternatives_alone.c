/* Values of several forms, at random: the verdict is that of each form tried alone. */
#include "alternatives.h"

struct generator {
    uint32_t random;
    char text[600];
    size_t len;
};

static uint32_t roll(struct generator *g, uint32_t sides)
{
    g->random = g->random * 1664525 + 1013904223;
    return (g->random >> 16) % sides;
}

static void put(struct generator *g, const char *text)
{
    g->len += (size_t)snprintf(g->text + g->len, sizeof g->text - g->len, "%s", text);
}

static void put_value(struct generator *g, unsigned depth);

static void put_container(struct generator *g, unsigned depth, bool object)
{
    static const char *const names[] = {"\"a\":", "\"b\":", "\"c\":", "\"d\":", "\"\\u0064\":"};
    const uint32_t count = roll(g, 4);
    put(g, object ? "{" : "[");
    for (uint32_t i = 0; i < count; i++) {
        if (i != 0)
            put(g, ",");
        if (object)
            put(g, names[roll(g, COUNT(names))]);
        put_value(g, depth - 1);
    }
    put(g, object ? "}" : "]");
}

static void put_value(struct generator *g, unsigned depth)
{
    static const char *const scalars[] = {"1", "10", "\"\"", "\"x\\n\"", "null"};
    const uint32_t kind = roll(g, 10);
    if (depth == 0 || kind < 4)
        put(g, scalars[roll(g, COUNT(scalars))]);
    else
        put_container(g, depth, kind < 8);
}

/* A fresh reader for each form: the first that accepts, or the error that is farthest. */
static size_t find_form(struct mqb_str json, size_t count, struct found *found, size_t *offset)
{
    size_t used;
    *offset = 0;
    for (size_t i = 0; i < count; i++) {
        struct mqb_error error;
        if (decode(json, &all_forms[i], 1, found, &error, &used) == MQB_OK)
            return i;
        if (error.offset > *offset)
            *offset = error.offset;
    }
    return count;
}

static void trying_forms_in_turn_is_trying_each_alone(void **state)
{
    struct generator g = {.random = 7};
    size_t verdicts[COUNT(all_forms) + 1] = {0};
    (void)state;
    for (int round = 0; round < 60000; round++) {
        struct found expected;
        struct found found;
        struct mqb_error error;
        size_t offset;
        size_t used;
        g.len = 0;
        put_value(&g, 4);
        if (g.len >= sizeof g.text)
            continue;
        /* Without the last form now and then: it accepts whatever has no name twice. */
        const size_t count = COUNT(all_forms) - roll(&g, 3);
        const struct mqb_str json = exactly(g.text, g.len);
        const size_t form = find_form(json, count, &expected, &offset);
        const enum mqb_status status = decode(json, all_forms, count, &found, &error, &used);
        if ((status == MQB_OK) != (form < count))
            fail_msg("%s: %s, alone %zu", g.text, mqb_status_text(status), form);
        if (status == MQB_OK)
            assert_string_equal(found.text, expected.text);
        else
            assert_int_equal(error.offset, offset);
        verdicts[form == count ? COUNT(all_forms) : form]++;
    }
    for (size_t i = 0; i < COUNT(verdicts); i++)
        assert_true(verdicts[i] > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trying_forms_in_turn_is_trying_each_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
