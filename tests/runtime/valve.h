/*
 * valve.h - a side as the generator would write it, for tests of what lies below.
 *
 * A valve receives its opening in percent on valve/{id}/open (and valve/all/open, where no answer
 * is wanted) and publishes on valve/{id}/state/{part}.
 */
#ifndef MQB_TEST_VALVE_H
#define MQB_TEST_VALVE_H

#include <mqbind/detail/side.h>

struct valve;

struct valve_handlers {
    enum mqb_status (*open)(struct valve *valve, struct mqb_str id, int64_t percent);
    enum mqb_status (*open_all)(struct valve *valve, int64_t percent);
};

struct valve {
    struct mqb_binding binding;
    struct mqb_binding_link links[1];
    struct mqb_client *client;
    const struct valve_handlers *handlers;
    struct mqb_str id; /**< Empty: any valve. */
    void *user;
};

/* Lower-case letters: what "^[a-z]+$" compiles to. */
static const struct mqb_byte_range valve_id_ranges[] = {{'a', 'z', 1}, {'{', 0xFF, 0}};
static const uint16_t valve_id_next[] = {2, 1, 2, 1, 2, 2};
static const uint8_t valve_id_accepting[] = {1U << 1};
static const struct mqb_pattern valve_id_pattern = {
    .ranges = valve_id_ranges,
    .next = valve_id_next,
    .accepting = valve_id_accepting,
    .class_count = 2,
    .dead = 2,
};

static const struct mqb_parameter valve_id = {
    .name = "id",
    .pattern = &valve_id_pattern,
    .max_length = 8,
    .rule = "must be 1 to 8 lower-case letters",
};
static const struct mqb_parameter valve_part = {
    .name = "part",
    .max_length = 3,
    .rule = "must have at most 3 characters",
};
static const struct mqb_parameter *const valve_parameters[] = {&valve_id, &valve_part};
static const struct mqb_address valve_open_all_address = {"valve/all/open", NULL, 0};
static const struct mqb_address valve_open_address = {"valve/{}/open", valve_parameters, 1};
static const struct mqb_address valve_state_address = {"valve/{}/state/{}", valve_parameters, 2};

static inline enum mqb_status valve_percent_decode(struct mqb_inbound *inbound, int64_t *percent)
{
    struct mqb_reader r;
    mqb_reader_open(&r, inbound->message->payload, inbound->scratch);
    *percent = mqb_reader_int(&r, 0, 100, "must be 0 to 100");
    return mqb_reader_close(&r, inbound->error);
}

static inline enum mqb_status valve_receive_open(
    struct mqb_binding *binding,
    struct mqb_inbound *inbound)
{
    struct valve *valve = binding->side;
    int64_t percent;
    const enum mqb_status status = valve_percent_decode(inbound, &percent);
    if (status != MQB_OK)
        return status;
    if (!valve->handlers->open)
        return mqb_inbound_refuse_unhandled(inbound);
    return valve->handlers->open(valve, inbound->parameters[0], percent);
}

static inline enum mqb_status valve_receive_open_all(
    struct mqb_binding *binding,
    struct mqb_inbound *inbound)
{
    struct valve *valve = binding->side;
    int64_t percent;
    const enum mqb_status status = valve_percent_decode(inbound, &percent);
    if (status != MQB_OK)
        return status;
    if (!valve->handlers->open_all)
        return mqb_inbound_refuse_unhandled(inbound);
    return valve->handlers->open_all(valve, percent);
}

static inline bool valve_wants_open(const struct mqb_binding *binding)
{
    return ((const struct valve *)binding->side)->handlers->open != NULL;
}

static inline bool valve_wants_open_all(const struct mqb_binding *binding)
{
    return ((const struct valve *)binding->side)->handlers->open_all != NULL;
}

static const uint8_t valve_open_values[] = {0};
static const struct mqb_route valve_routes[] = {
    {.address = &valve_open_all_address,
     .qos = 2,
     .receive = valve_receive_open_all,
     .wanted = valve_wants_open_all},
    {.address = &valve_open_address,
     .values = valve_open_values,
     .qos = 1,
     .key = 1,
     .receive = valve_receive_open,
     .wanted = valve_wants_open},
};

static inline void valve_walk_all(struct mqb_match *walk, const char *at)
{
    if (mqb_match_text(walk, &at, "all/open", 8))
        mqb_match_route(walk, at, 0);
}

static inline void valve_walk(struct mqb_match *walk, const char *at)
{
    if (!mqb_match_text(walk, &at, "valve/", 6))
        return;
    valve_walk_all(walk, at);
    mqb_match_level(walk, &at, 0);
    if (mqb_match_text(walk, &at, "/open", 5))
        mqb_match_route(walk, at, 1);
}

static const uint32_t valve_keys[] = {1};
static const struct mqb_router valve_router = {
    .routes = valve_routes,
    .walk = valve_walk,
    .keys = valve_keys,
    .route_count = 2,
    .value_count = 1,
    .key_count = 1,
};

static inline enum mqb_status valve_bind(struct valve *valve)
{
    if (mqb_binding_is_active(&valve->binding))
        return MQB_ERR_DUPLICATE;
    valve->binding = (struct mqb_binding){
        .client = valve->client,
        .router = &valve_router,
        .values = &valve->id,
        .links = valve->links,
        .side = valve,
    };
    return mqb_binding_add(&valve->binding);
}

static inline enum mqb_status valve_send_state(
    struct valve *valve,
    struct mqb_str id,
    struct mqb_str part,
    int64_t percent)
{
    struct mqb_outbound outbound;
    const struct mqb_str parameters[] = {id, part};
    mqb_outbound_begin(&outbound, valve->client, &valve_state_address, parameters);
    mqb_writer_int(&outbound.writer, percent, 0, 100, "must be 0 to 100");
    return mqb_outbound_send(&outbound, 1, false);
}

#endif
