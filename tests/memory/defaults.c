/* Decodes an object without members, and one with an object in it: each absent member holds its
 * default. Nothing of that is sent. Then strings with NUL, and raw JSON with blanks. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "defaults_all.h"

#define EXPECT(condition) expect(condition, #condition)

static void expect(bool holds, const char *condition)
{
    if (holds)
        return;
    (void)fprintf(stderr, "not true: %s\n", condition);
    exit(1);
}

static bool says(struct mqb_str text, const char *expected)
{
    return mqb_str_equal(text, mqb_str_from(expected));
}

static void check_scalars(const struct defaults_all *m)
{
    EXPECT(m->on && m->count == 200 && m->ratio == 3.7 && m->mode == DEFAULTS_ALL_MODE_B);
    EXPECT(says(m->text, "x.y"));
    EXPECT(m->short_.len == 4 && memcmp(m->short_.data, "\303\244bc", 5) == 0);
    EXPECT(m->id.is_string && says(m->id.string, "auto"));
    EXPECT(!m->number.is_string && m->number.integer == 12);
    EXPECT(says((struct mqb_str){m->any.ptr, m->any.len}, "{\"q\":[1.50,\"\303\251\"]}"));
    EXPECT(m->is_null.none && !m->is_null.some && m->some == 5);
    EXPECT(m->invalid == 0);
}

static void check_lists(const struct defaults_all *m)
{
    EXPECT(m->list.count == 2 && m->list.items[0] == 1 && m->list.items[1] == 2);
    EXPECT(m->few.count == 2 && says(m->few.items[1], "b"));
    EXPECT(m->lists.count == 3 && m->lists.items[1].count == 0);
    EXPECT(m->lists.items[2].count == 2 && says(m->lists.items[2].items[1], "c"));
    EXPECT(m->objects.count == 2 && m->objects.items[0].k == 3 && !m->objects.items[0].has.k);
    EXPECT(m->objects.items[1].k == 4 && m->objects.items[1].has.k);
    EXPECT(m->objects.items[1].l.count == 1 && m->objects.items[1].l.items[0] == 0.5);
    EXPECT(m->nulls.count == 2 && m->nulls.items[0].value == 1 && m->nulls.items[1].is_null);
    EXPECT(m->modes.count == 2 && m->modes.items[1] == DEFAULTS_ALL_MODES_ITEM_A);
    EXPECT(m->map.count == 2 && says(m->map.entries[1].key, "y z") && m->map.entries[1].value == 2);
    EXPECT(m->open.count == 1 && m->open.entries[0].value.len == 5);
}

static void check_objects(const struct defaults_all *m)
{
    EXPECT(m->object.k == 9 && m->object.has.k && m->object.l.count == 1);
    EXPECT(m->plain.k == 3 && !m->plain.has.k && m->plain.l.items[0] == 0.5);
    EXPECT(m->either.kind == DEFAULTS_ALL_EITHER_BOOLEAN && m->either.as.boolean_);
    EXPECT(m->other.kind == DEFAULTS_ALL_OTHER_OBJECT && m->other.as.object.a == 1);
    EXPECT(m->tree.v == 1 && m->tree.has.child && m->tree.child->v == 7);
}

static void decode(const char *json, struct defaults_all *message)
{
    static char memory[8192];
    struct mqb_scratch scratch = mqb_scratch_from(memory, sizeof memory);
    struct mqb_error error;
    char sent[256];
    size_t length = 0;
    const struct mqb_str text = mqb_str_from(json);

    EXPECT(defaults_all_decode(message, text, &scratch, &error) == MQB_OK);
    EXPECT(defaults_all_encode(message, sent, sizeof sent, &length, &error) == MQB_OK);
    EXPECT(says((struct mqb_str){sent, length}, json));
}

/* A string in the struct has no NUL: the setter, sending and receiving refuse it. */
static void check_nul(struct defaults_all *message)
{
    static char memory[8192];
    struct mqb_scratch scratch = mqb_scratch_from(memory, sizeof memory);
    struct mqb_error received;
    struct mqb_error sent;

    EXPECT(!defaults_all_short_set(&message->short_, MQB_STR("a\0b")));
    EXPECT(defaults_all_short_set(&message->short_, MQB_STR("abc")));
    message->has.short_ = true;
    EXPECT(defaults_all_validate(message, &sent) == MQB_OK);
    message->short_.data[1] = '\0';
    EXPECT(defaults_all_validate(message, &sent) == MQB_ERR_LIMIT);
    EXPECT(strcmp(sent.path, "/short") == 0);
    EXPECT(
        defaults_all_decode(message, MQB_STR("{\"short\":\"a\\u0000b\"}"), &scratch, &received) ==
        MQB_ERR_LIMIT);
    EXPECT(strcmp(received.path, sent.path) == 0 && strcmp(received.rule, sent.rule) == 0);
}

/* Raw JSON is sent without the blanks that it came with. */
static void check_blanks(struct defaults_all *message)
{
    static const char compact[] = "{\"any\":{\"a b\":[1,\" \\\" \"]},\"open\":{\"x\":[1,{}]}}";
    const char *json = "{ \"any\" : { \"a b\":[1 ,\t\" \\\" \" ]},\"open\":{\"x\": [1,\n{ } ] } }";
    static char memory[8192];
    struct mqb_scratch scratch = mqb_scratch_from(memory, sizeof memory);
    char sent[sizeof compact];
    size_t length = 0;

    EXPECT(defaults_all_decode(message, mqb_str_from(json), &scratch, NULL) == MQB_OK);
    EXPECT(defaults_all_encode(message, sent, sizeof compact - 1, &length, NULL) == MQB_OK);
    EXPECT(says((struct mqb_str){sent, length}, compact));
    EXPECT(defaults_all_encode(message, sent, 10, &length, NULL) == MQB_ERR_SPACE);
    EXPECT(length == sizeof compact - 1);
}

int main(void)
{
    static struct defaults_all message;

    defaults_all_init(&message);
    check_scalars(&message);
    check_lists(&message);
    check_objects(&message);
    memset(&message, 0x5a, sizeof message);
    decode("{}", &message);
    check_scalars(&message);
    check_lists(&message);
    check_objects(&message);
    decode(
        "{\"list\":[],\"objects\":[{\"k\":1},{}],\"object\":{},\"either\":{},\"none\":1}",
        &message);
    EXPECT(message.list.count == 0 && message.objects.items[1].k == 3 && message.object.k == 3);
    EXPECT(message.either.kind == DEFAULTS_ALL_EITHER_OBJECT && !message.is_null.none);
    defaults_all_init(&message);
    check_nul(&message);
    check_blanks(&message);
    return 0;
}
