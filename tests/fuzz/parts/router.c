/*
 * Routing: for a topic of any bytes, which routes of each side take it, and what their parameters
 * are, against a matcher that splits both into levels.
 */
#include "client/router.h"
#include "host.h"
#include "target.h"

#include <mqbind/detail/side.h>

/* ---- What host_sides.c calls: handlers get no message here ---- */

struct mqb_str host_parameter(const char *name)
{
    (void)name;
    return (struct mqb_str){NULL, 0};
}

bool host_begin(struct mqb_str message)
{
    (void)message;
    return false;
}

void host_text(struct mqb_str name, struct mqb_str value)
{
    (void)name;
    (void)value;
}

void host_int(struct mqb_str name, int64_t value)
{
    (void)name;
    (void)value;
}

void host_uint(struct mqb_str name, uint64_t value)
{
    (void)name;
    (void)value;
}

void host_property(const char *name, struct mqb_str value)
{
    (void)name;
    (void)value;
}

enum mqb_status host_json(const void *message, mqb_payload_write *write)
{
    (void)message;
    (void)write;
    return MQB_OK;
}

enum mqb_status host_bytes(struct mqb_str payload)
{
    (void)payload;
    return MQB_OK;
}

/* ---- The other matcher ---- */

static const char *find(struct mqb_str text, const char *piece, size_t len)
{
    for (size_t at = 0; at + len <= text.len; at++) {
        if (memcmp(text.ptr + at, piece, len) == 0)
            return text.ptr + at;
    }
    return NULL;
}

/* A level of an address beside one of a topic; a parameter that is not the last ends early. */
static bool match_level(struct mqb_str wanted, struct mqb_str level, struct mqb_str **parameter)
{
    while (wanted.len != 0) {
        if (wanted.len < 2 || memcmp(wanted.ptr, "{}", 2) != 0) {
            if (level.len == 0 || *wanted.ptr != *level.ptr)
                return false;
            wanted = (struct mqb_str){wanted.ptr + 1, wanted.len - 1};
            level = (struct mqb_str){level.ptr + 1, level.len - 1};
            continue;
        }
        wanted = (struct mqb_str){wanted.ptr + 2, wanted.len - 2};
        const char *const next = find(wanted, "{}", 2);
        const size_t text = next == NULL ? wanted.len : (size_t)(next - wanted.ptr);
        size_t taken = level.len;
        if (next == NULL) {
            if (text > level.len || memcmp(level.ptr + level.len - text, wanted.ptr, text) != 0)
                return false;
            taken = level.len - text;
        } else {
            const char *const end = find(level, wanted.ptr, text);
            if (end == NULL)
                return false;
            taken = (size_t)(end - level.ptr);
        }
        *(*parameter)++ = (struct mqb_str){level.ptr, taken};
        wanted = (struct mqb_str){wanted.ptr + text, wanted.len - text};
        level = (struct mqb_str){level.ptr + taken + text, level.len - taken - text};
    }
    return level.len == 0;
}

static struct mqb_str next_level(struct mqb_str *rest, bool *more)
{
    const char *const slash = find(*rest, "/", 1);
    const struct mqb_str level = {
        rest->ptr, slash == NULL ? rest->len : (size_t)(slash - rest->ptr)};
    *more = slash != NULL;
    rest->ptr += level.len + *more;
    rest->len -= level.len + *more;
    return level;
}

static bool match(
    const struct mqb_address *address,
    struct mqb_str topic,
    struct mqb_str *parameter)
{
    struct mqb_str wanted = mqb_str_from(address->text);
    const size_t count = address->parameter_count;
    const bool spans = count != 0 && address->parameters[count - 1]->multi_level;
    bool more_wanted;
    bool more;
    do {
        if (spans && wanted.len == 2 && memcmp(wanted.ptr, "{}", 2) == 0) {
            *parameter = topic;
            return true;
        }
        const struct mqb_str piece = next_level(&wanted, &more_wanted);
        const struct mqb_str level = next_level(&topic, &more);
        if (!match_level(piece, level, &parameter))
            return false;
    } while (more_wanted && more);
    return more_wanted == more;
}

/* ---- Comparing ---- */

static void check_route(
    const struct mqb_binding *binding,
    size_t place,
    struct mqb_str topic,
    bool found,
    const struct mqb_match *walk)
{
    const struct mqb_route *const route = &binding->router->routes[place];
    struct mqb_str levels[MQB_PARAMETERS_MAX];
    if (route->loose || route->dynamic)
        return;
    FUZZ_CHECK(found == match(route->address, topic, levels));
    const struct mqb_str *const held = mqb_router_levels(walk);
    for (size_t i = 0; found && i < route->address->parameter_count; i++)
        FUZZ_CHECK(held[i].ptr == levels[i].ptr && held[i].len == levels[i].len);
}

static void check_binding(const struct mqb_binding *binding, struct mqb_str topic)
{
    const struct mqb_router *const router = binding->router;
    struct mqb_match walk;
    for (size_t place = 0; place < router->route_count; place++) {
        const bool any = mqb_router_find(router, binding->values, topic, place, &walk);
        FUZZ_CHECK(!any || (walk.route >= place && walk.route < router->route_count));
        check_route(binding, place, topic, any && walk.route == place, &walk);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct mqb_client client;
    static char send_buffer[1024];
    static char scratch[1024];
    if (client.config.send_buffer == NULL) {
        const struct mqb_client_config config = {
            .scratch = scratch,
            .scratch_bytes = sizeof scratch,
            .send_buffer = send_buffer,
            .send_buffer_bytes = sizeof send_buffer,
        };
        mqb_client_init(&client, &config);
        for (size_t i = 0; i < host_side_count; i++) {
            if (host_sides[i].bind != NULL)
                FUZZ_CHECK(host_sides[i].bind(&client) == MQB_OK);
        }
    }
    struct bytes bytes = {data, size};
    const struct mqb_str topic = take_rest(&bytes);
    if (topic.len != 0) {
        for (const struct mqb_binding *each = client.bindings; each; each = each->next_sort)
            check_binding(each, topic);
        const struct mqb_publish message = {.topic = topic};
        const enum mqb_status status = mqb_client_receive(&client, &message);
        FUZZ_CHECK((unsigned)status < MQB_STATUS_COUNT);
    }
    give_back(topic);
    return 0;
}
