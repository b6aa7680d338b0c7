/* Sets each member of a message without its presence flag: prints what validate reports. */
#include <stdio.h>
#include <stdlib.h>

#include "absent_all.h"

static struct absent_all message;

static void start(void)
{
    absent_all_init(&message);
}

static void report(const char *member)
{
    struct mqb_error error = {0};
    char json[512];
    const enum mqb_status status = absent_all_validate(&message, &error);
    const enum mqb_status encoded =
        absent_all_encode(&message, json, sizeof json, NULL, status == MQB_OK ? &error : NULL);
    if (encoded != status)
        abort();
    printf("%s: %s\n", member, status == MQB_OK ? "sent" : error.rule);
    start();
}

#define SET(member, expression)                                                                    \
    do {                                                                                           \
        expression;                                                                                \
        report(member);                                                                            \
    } while (0)

int main(void)
{
    static const struct absent_all other = {0};
    static const struct absent_all zero = {0};

    start();
    report("none");
    SET("zero", message = zero);
    SET("default of count", message.count = 7);
    SET("default of open", message.open = true);
    SET("empty object", message.has.inner = true);
    SET("count", message.count = 1);
    SET("small", message.small_ = 1);
    SET("ratio", message.ratio = -0.25);
    SET("on", message.on = true);
    SET("mode", message.mode = ABSENT_ALL_MODE_NEVER);
    SET("text", message.text = MQB_STR("nine"));
    SET("short", (void)absent_all_short_set(&message.short_, MQB_STR("nine")));
    SET("serial", (void)absent_serial_set(&message.serial, MQB_STR("nine")));
    SET("tags", message.tags.count = 1);
    SET("odd as null", message.odd.is_null = true);
    SET("any", message.any = MQB_JSON("1"));
    SET("id", message.id.integer = 1);
    SET("id as a string", message.id.string = MQB_STR("a"));
    SET("list", message.list.count = 1);
    SET("map", message.map.count = 1);
    SET("empty", message.empty = 1);
    SET("null", message.is_null.empty = true);
    SET("either", message.either.kind = ABSENT_ALL_EITHER_STRING);
    SET("self", message.self = &other);
    SET("inner", message.inner.needed = 4);
    SET("flag of inner", message.inner.has.spare = true);
    SET("setter", absent_all_set_count(&message, 1));
    SET("setter of serial", (void)absent_all_set_serial(&message, MQB_STR("nine")));
    return 0;
}
