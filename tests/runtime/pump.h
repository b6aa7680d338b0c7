/*
 * pump.h - a side with calls as the generator would write it, for tests of what lies below.
 *
 * It asks on pump/{name}/ask with an id and gets the level in percent, or a failure, on
 * pump/{name}/answer: {"id":1,"level":42} or {"id":1,"failed":true}.
 */
#ifndef MQB_TEST_PUMP_H
#define MQB_TEST_PUMP_H

#include <mqbind/detail/side.h>

struct pump_answer {
    int64_t id;
    int64_t level;
    bool failed;
};

struct pump {
    struct mqb_binding binding;
    struct mqb_binding_link links[1];
    struct mqb_client *client;
    /** May be NULL: answers that no call waits for are then refused. */
    enum mqb_status (*on_answer)(struct pump *pump, const struct pump_answer *answer);
    struct mqb_str name; /**< Empty: any pump. */
    void *user;
};

typedef void pump_on_reply(
    struct pump *pump,
    void *user,
    enum mqb_status status,
    const struct pump_answer *answer);

static const struct mqb_parameter pump_name = {.name = "name"};
static const struct mqb_parameter *const pump_parameters[] = {&pump_name};
static const struct mqb_address pump_ask_address = {"pump/{}/ask", pump_parameters, 1};
static const struct mqb_address pump_answer_address = {"pump/{}/answer", pump_parameters, 1};

static const struct mqb_str pump_answer_names[] = {{"id", 2}, {"level", 5}, {"failed", 6}};
static const uint32_t pump_answer_required[] = {1};
static const struct mqb_members pump_answer_members = {
    .names = pump_answer_names,
    .count = 3,
    .required = pump_answer_required};

static inline enum mqb_status pump_answer_decode(
    struct mqb_inbound *inbound,
    struct pump_answer *answer)
{
    struct mqb_reader r;
    struct mqb_object object;
    uint32_t seen[1] = {0};
    *answer = (struct pump_answer){0};
    mqb_reader_open(&r, inbound->message->payload, inbound->scratch);
    mqb_reader_object(&r, &object, &pump_answer_members, seen);
    while (mqb_reader_next_member(&r, &object)) {
        if (object.member == 0)
            answer->id = mqb_reader_int(&r, 0, INT64_MAX, "must not be negative");
        else if (object.member == 1)
            answer->level = mqb_reader_int(&r, 0, 100, "must be 0 to 100");
        else
            answer->failed = mqb_reader_bool(&r);
    }
    return mqb_reader_close(&r, inbound->error);
}

static inline void pump_key(
    struct mqb_call_key *key,
    const struct pump *pump,
    struct mqb_str name,
    int64_t id)
{
    mqb_call_key_init(key, pump, 1);
    mqb_call_key_add_string(key, name);
    mqb_call_key_add_int(key, id);
}

static inline enum mqb_status pump_receive_answer(
    struct mqb_binding *binding,
    struct mqb_inbound *inbound)
{
    struct pump *pump = binding->side;
    struct pump_answer answer;
    struct mqb_call_key key;
    const enum mqb_status status = pump_answer_decode(inbound, &answer);
    if (status != MQB_OK)
        return status;
    pump_key(&key, pump, inbound->parameters[0], answer.id);
    if (mqb_call_reply(pump->client, &key, &answer))
        return MQB_OK;
    return pump->on_answer ? pump->on_answer(pump, &answer) : mqb_inbound_refuse_reply(inbound);
}

static inline bool pump_wants_answer(const struct mqb_binding *binding)
{
    (void)binding;
    return true;
}

static const uint8_t pump_answer_values[] = {0};
static const struct mqb_route pump_routes[] = {
    {
        .address = &pump_answer_address,
        .values = pump_answer_values,
        .qos = 1,
        .key = 1,
        .takes_replies = true,
        .receive = pump_receive_answer,
        .wanted = pump_wants_answer,
    },
};

static inline void pump_walk(struct mqb_match *walk, const char *at)
{
    if (!mqb_match_text(walk, &at, "pump/", 5))
        return;
    mqb_match_level(walk, &at, 0);
    if (mqb_match_text(walk, &at, "/answer", 7))
        mqb_match_route(walk, at, 0);
}

static const uint32_t pump_keys[] = {1};
static const struct mqb_router pump_router = {
    .routes = pump_routes,
    .walk = pump_walk,
    .keys = pump_keys,
    .route_count = 1,
    .value_count = 1,
    .key_count = 1,
};

static inline enum mqb_status pump_bind(struct pump *pump)
{
    pump->binding = (struct mqb_binding){
        .client = pump->client,
        .router = &pump_router,
        .values = &pump->name,
        .links = pump->links,
        .side = pump,
    };
    return mqb_binding_add(&pump->binding);
}

static inline void pump_finish(
    const struct mqb_call *call,
    enum mqb_status status,
    const void *reply)
{
    pump_on_reply *on_reply = (pump_on_reply *)call->on_reply;
    on_reply((struct pump *)call->side, call->user, status, (const struct pump_answer *)reply);
}

static inline enum mqb_status pump_send_ask(struct pump *pump, struct mqb_str name, int64_t id)
{
    struct mqb_outbound outbound;
    mqb_outbound_begin(&outbound, pump->client, &pump_ask_address, &name);
    mqb_writer_int(&outbound.writer, id, 0, INT64_MAX, "must not be negative");
    return mqb_outbound_send(&outbound, 1, false);
}

static inline enum mqb_status pump_call_ask(
    struct pump *pump,
    struct mqb_str name,
    int64_t id,
    uint32_t timeout_ms,
    pump_on_reply *on_reply,
    void *user)
{
    const struct mqb_call_request request = {
        .timeout_ms = timeout_ms,
        .finish = pump_finish,
        .on_reply = (void (*)(void))on_reply,
        .binding = &pump->binding,
        .side = pump,
        .user = user,
    };
    struct mqb_call_key key;
    pump_key(&key, pump, name, id);
    const enum mqb_status status = mqb_call_begin(pump->client, &pump_ask_address, &key, &request);
    if (status != MQB_OK)
        return status;
    return mqb_call_mark_sent(pump->client, &key, pump_send_ask(pump, name, id));
}

#endif
